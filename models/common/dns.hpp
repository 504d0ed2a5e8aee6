// A DNS name whose record may change: whoever resolved it earlier goes on with the old answer.
#pragma once

#include <algorithm>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "models/common/request.hpp"

namespace nephoscope {

class DnsName {
 public:
  virtual ~DnsName() = default;
  // Where a client goes that was told the record at `asked`. REQUIRES: asked <= now.
  virtual Endpoint& address_at(Time asked) const = 0;
  // How long resolvers may keep an answer.
  virtual Duration ttl() const = 0;
  // When the record last changed; Time{} if it never has.
  virtual Time last_change() const = 0;
};

// Resolvers of one name that a fault keeps from asking again. Such faults may overlap; of two equal shares
// the same resolvers are hit.
class StaleAnswers {
 public:
  void add(Time since, Probability share) { faults_.push_back({since, share}); }
  // REQUIRES: it was added.
  void remove(Time since, Probability share) {
    const auto same = [&](const Fault& each) { return each.since == since && each.share == share; };
    const auto found = std::find_if(faults_.begin(), faults_.end(), same);
    check(found != faults_.end(), "dns", "no such stale answers");
    faults_.erase(found);
  }
  bool any() const { return !faults_.empty(); }
  // Since when the resolver at `position` (uniform in [0, 1)) has not asked; `now` if it asks as usual.
  Time asks_until(double position, Time now) const {
    for (const Fault& fault : faults_)
      if (position < fault.share.value) now = std::min(now, fault.since);
    return now;
  }
  // What was answered before then matters no more to anybody hit; `now` without a fault.
  Time oldest(Time now) const { return asks_until(0, now); }

 private:
  struct Fault {
    Time since;
    Probability share;
  };
  std::vector<Fault> faults_;
};

}  // namespace nephoscope
