// A clock that moves on by fractions of a nanosecond.
#pragma once

#include <cstdint>
#include <limits>

#include "engine/base/check.hpp"
#include "engine/base/time.hpp"

namespace nephoscope {

// Whole nanoseconds plus a carried fraction, so that rounding never accumulates: the mean rate of arrivals
// stays exact at any rate. It ends kMaxDuration after Time{}.
class ArrivalClock final {
 public:
  // REQUIRES: start within +-kMaxDuration.
  explicit ArrivalClock(Time start) : now_(start) {
    const Duration since = start.time_since_epoch();
    check(since <= kMaxDuration && since >= -kMaxDuration, "random", "arrivals start at {} ns",
          since.count());
  }

  // Moves on; false, now and ever after, if that would pass the end.
  // REQUIRES: nanoseconds >= 0 (or infinite).
  bool advance(double nanoseconds) {
    const double span = nanoseconds + fraction_;
    if (!(span < kFarthest)) [[unlikely]]
      return end();
    const auto whole = static_cast<std::int64_t>(span);
    if (whole > kMaxDuration.count() - now_.time_since_epoch().count()) [[unlikely]]
      return end();
    now_ += Duration(whole);
    fraction_ = span - static_cast<double>(whole);
    return true;
  }

  // Rounded down.
  Time now() const { return now_; }

 private:
  static constexpr double kFarthest = 2.0 * static_cast<double>(kMaxDuration.count());

  bool end() {
    fraction_ = std::numeric_limits<double>::infinity();
    return false;
  }

  Time now_;
  double fraction_ = 0;  // of a nanosecond, past now_; infinite after the end
};

}  // namespace nephoscope
