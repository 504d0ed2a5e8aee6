#include "models/network/burst.hpp"

#include <algorithm>
#include <cmath>

namespace nephoscope::network {

void BurstBucket::settle(Time now) {
  const double earned = (rules_.baseline.value - rate_.value) * to_seconds(now - settled_);
  if (up_) credits_ = std::clamp(credits_ + earned, 0.0, capacity_of_bucket());
  settled_ = now;
}

void BurstBucket::set_rate(Time now, BytesPerSecond rate) {
  settle(now);
  rate_ = rate;
}

void BurstBucket::set_up(Time now, bool up) {
  settle(now);
  up_ = up;
}

std::optional<Time> BurstBucket::next_change() const {
  const double above = rate_.value - rules_.baseline.value;
  const bool changes = up_ && can_burst() && (bursts_ ? above > 0 : above < 0);
  if (!changes) return std::nullopt;
  const double missing = bursts_ ? credits_ : threshold() - credits_;
  const double seconds = std::max(missing, 0.0) / std::abs(above);
  if (seconds > to_seconds(kMaxDuration)) return std::nullopt;
  // A thousandth of a nanosecond forgives rounding.
  return settled_ + Duration(static_cast<std::int64_t>(std::ceil(seconds * 1e9 - 1e-3)));
}

void BurstBucket::change(Time now) {
  settled_ = now;
  credits_ = bursts_ ? 0 : std::max(credits_, threshold());
  bursts_ = !bursts_;
}

}  // namespace nephoscope::network
