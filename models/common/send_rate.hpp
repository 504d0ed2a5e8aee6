// The send rate of the adaptive retry mode: what throttling answers and the lack of them make of it. Pure.
//
// Unlimited until the first throttle. Then a token bucket that fills at fill_rate(), at most capacity()
// tokens, pays for every attempt:
//   measured   m: answers counted in buckets of 0.5 s; at a bucket's end m = 0.8 new + 0.2 m
//   throttled  w = m, or min(m, fill) if already limited; fill = 0.7 w; K = cbrt(w (1 - 0.7) / 0.4); t0 = now
//   otherwise  fill = 0.4 (now - t0 - K)^3 + w
//   always     fill at most 2 m and at least 0.5 a second; capacity = max(min(fill, 2 m), 1)
// Source: botocore retries/adaptive.py, retries/throttling.py (CubicCalculator), retries/bucket.py.
#pragma once

#include <cstdint>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"

namespace nephoscope {

class SendRate final {
 public:
  // `start`: when the client object is made.
  explicit SendRate(Time start);

  // An attempt has been answered, or given up. REQUIRES: `now` never goes back.
  void answered(Time now, bool throttled);

  // Whether attempts need tokens: from the first throttle on.
  bool limiting() const { return limiting_; }
  Rate fill_rate() const { return Rate(fill_rate_); }
  // Tokens; not whole.
  double capacity() const { return capacity_; }
  Rate measured() const { return Rate(measured_); }

 private:
  void count(Time now);
  double after_throttle(Time now);
  double after_success(Time now) const;

  std::int64_t last_bucket_;  // in half seconds since the run's start
  std::int64_t counted_ = 0;  // answers since
  double measured_ = 0;
  Time throttled_at_;
  double rate_at_throttle_ = 0;
  double recovery_ = 0;  // K, seconds
  double fill_rate_ = 1;
  double capacity_ = 1;
  bool limiting_ = false;
};

}  // namespace nephoscope
