#include "models/common/send_rate.hpp"

#include <algorithm>

#include "engine/random/elementary.hpp"

namespace nephoscope {

namespace {

// botocore retries/adaptive.py, retries/throttling.py, retries/bucket.py.
constexpr Duration kBucket = 500ms;
constexpr double kSmoothing = 0.8;
constexpr double kScale = 0.4;
constexpr double kBeta = 0.7;
constexpr double kMaxGrowth = 2.0;
constexpr double kMinRate = 0.5;

std::int64_t bucket_of(Time instant) { return instant.time_since_epoch() / kBucket; }

}  // namespace

// The first bucket is taken to begin with the whole second, as botocore does.
SendRate::SendRate(Time start) : last_bucket_(bucket_of(start) / 2 * 2), throttled_at_(start) {}

void SendRate::count(Time now) {
  ++counted_;
  const std::int64_t bucket = bucket_of(now);
  if (bucket <= last_bucket_) return;
  const double span = static_cast<double>(bucket - last_bucket_) * to_seconds(kBucket);
  const double current = static_cast<double>(counted_) / span;
  measured_ = kSmoothing * current + (1 - kSmoothing) * measured_;
  counted_ = 0;
  last_bucket_ = bucket;
}

double SendRate::after_throttle(Time now) {
  rate_at_throttle_ = limiting_ ? std::min(measured_, fill_rate_) : measured_;
  recovery_ = elementary::cbrt(rate_at_throttle_ * (1 - kBeta) / kScale);
  throttled_at_ = now;
  limiting_ = true;
  return kBeta * rate_at_throttle_;
}

double SendRate::after_success(Time now) const {
  const double since = to_seconds(now - throttled_at_) - recovery_;
  return kScale * since * since * since + rate_at_throttle_;
}

void SendRate::answered(Time now, bool throttled) {
  count(now);
  const double wanted = throttled ? after_throttle(now) : after_success(now);
  const double rate = std::min(wanted, kMaxGrowth * measured_);
  fill_rate_ = std::max(rate, kMinRate);
  capacity_ = std::max(rate, 1.0);
}

}  // namespace nephoscope
