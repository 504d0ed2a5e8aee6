// A load balancer's own capacity, if the scenario assumes one. What is beyond it in a second is rejected. The
// first excess starts the clock; an excess 5 minutes later or more doubles the capacity and starts the clock
// anew. It does not shrink (AWS takes hours).
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"

namespace nephoscope::elasticloadbalancing {

class Admission final {
 public:
  static constexpr Duration kGrowth = 5min;

  explicit Admission(const std::optional<Rate>& initial) {
    if (initial) capacity_ = initial->per_second;
  }

  // Whether a request is let in now.
  bool admits(Time now) {
    if (capacity_ < 0) return true;
    const std::int64_t second = now.time_since_epoch() / Duration(1s);
    if (second != second_) {
      second_ = second;
      admitted_ = 0;
    }
    if (static_cast<double>(admitted_) < capacity_) {
      ++admitted_;
      return true;
    }
    grow(now);
    return false;
  }
  // Requests a second; negative without limit.
  double capacity() const { return capacity_; }

 private:
  void grow(Time now) {
    if (now < may_grow_) return;
    if (begun_) capacity_ *= 2;
    begun_ = true;
    may_grow_ = now + kGrowth;
  }

  double capacity_ = -1;
  std::int64_t second_ = -1;
  std::int64_t admitted_ = 0;
  Time may_grow_{};
  bool begun_ = false;  // the load has been too much once
};

}  // namespace nephoscope::elasticloadbalancing
