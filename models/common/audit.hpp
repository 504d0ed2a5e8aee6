// Self-audit: laws that must hold in every run, whatever is modelled. A broken one is an error exit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nephoscope {

struct AuditLine {
  std::string name;  // "conservation: resources.db"
  bool ok = true;
  std::string detail;  // the figures, whether it holds or not
};

class Audit {
 public:
  // What went in must have come out or still be inside.
  struct Flow {
    std::uint64_t arrived = 0, completed = 0, failed = 0, rejected = 0, in_flight = 0;
  };
  void conservation(std::string_view who, const Flow& flow);
  // Little's law in its exact sample-path form: the area under the number in system equals the summed time
  // in system, both in ns (Little, Operations Research 59(3), 2011).
  void little(std::string_view who, __int128 area_under_number, __int128 summed_times);
  void add(std::string name, bool ok, std::string detail) {
    lines_.push_back({std::move(name), ok, std::move(detail)});
  }
  const std::vector<AuditLine>& lines() const { return lines_; }

 private:
  std::vector<AuditLine> lines_;
};

}  // namespace nephoscope
