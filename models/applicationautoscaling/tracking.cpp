#include "models/applicationautoscaling/tracking.hpp"

#include <algorithm>
#include <cmath>

namespace nephoscope::applicationautoscaling {
namespace {

constexpr double kSecondsPerMinute = 60;
constexpr double kPercent = 100;
constexpr double kDigits = 1e6;  // 70 % of 60 is 42, not 41.99999999999999
constexpr double kSlack = 1e-9;  // 4200 of 70 % make 100, not 100.00000000000001

double rounded(double value) { return std::round(value * kDigits) / kDigits; }

}  // namespace

Thresholds thresholds(std::int64_t capacity, double target_percent, Probability margin) {
  const double minute = kSecondsPerMinute * static_cast<double>(capacity);
  const double low_percent = std::max(target_percent - kPercent * margin.value, target_percent / 2);
  return {.high = rounded(minute * target_percent / kPercent),
          .low = rounded(minute * low_percent / kPercent)};
}

std::int64_t capacity_for(double consumed, double target_percent) {
  const double needed = consumed * kPercent / (kSecondsPerMinute * target_percent);
  return static_cast<std::int64_t>(std::ceil(std::min(needed, static_cast<double>(kMostCapacity)) - kSlack));
}

void Cooldowns::ended(Time now, std::int64_t change) {
  if (change > 0) {
    last_out_ = now;
    added_ = change;
    last_in_.reset();
  } else {
    last_in_ = now;
  }
}

bool Cooldowns::allows(Time now, std::int64_t change) const {
  if (change > 0) return !last_out_ || now - *last_out_ >= out_ || change > added_;
  return !last_in_ || now - *last_in_ >= in_;
}

}  // namespace nephoscope::applicationautoscaling
