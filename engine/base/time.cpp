#include "engine/base/time.hpp"

#include "engine/base/check.hpp"

namespace nephoscope {

Duration from_seconds(double seconds) {
  constexpr double limit = to_seconds(kMaxDuration);
  check(seconds >= -limit && seconds <= limit, "time", "{} s is outside +-100 years", seconds);
  const double nanoseconds = seconds * 1e9;
  return Duration(static_cast<std::int64_t>(nanoseconds < 0 ? nanoseconds - 0.5 : nanoseconds + 0.5));
}

}  // namespace nephoscope
