// What several faults at once do to one thing: a rack that two hold dark is dark until both let go.
#pragma once

#include <map>
#include <set>
#include <string>

namespace nephoscope::faults {

class Holds {
 public:
  // One more hold on `what`, leaving this share of its speed; whether it is the only one.
  bool add(const std::string& what, double left = 0) {
    std::multiset<double>& holds = holds_[what];
    holds.insert(left);
    return holds.size() == 1;
  }
  // Whether none is left. REQUIRES: it was added.
  bool remove(const std::string& what, double left = 0) {
    std::multiset<double>& holds = holds_[what];
    holds.erase(holds.find(left));
    if (!holds.empty()) return false;
    holds_.erase(what);
    return true;
  }
  // What the worst hold leaves; 1 without any.
  double left(const std::string& what) const {
    const auto found = holds_.find(what);
    return found == holds_.end() ? 1 : *found->second.begin();
  }

 private:
  std::map<std::string, std::multiset<double>> holds_;
};

}  // namespace nephoscope::faults
