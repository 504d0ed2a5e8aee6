// The exact integral over time of an integer level: customers in a queue, busy servers, messages held.
//
// Unit of the integral: level x nanoseconds, in 128 bits, so that audits can ask for equality and months of
// simulated time lose nothing.
#pragma once

#include <cstdint>

#include "engine/base/time.hpp"

namespace nephoscope {

// Sums of products of nanoseconds, which 64 bits would not hold.
using WideInt = __int128;

class Level final {
 public:
  explicit Level(std::int64_t value = 0) : value_(value), peak_(value) {}

  // REQUIRES (all members): `now` never goes back.
  void change(Time now, std::int64_t by) {
    settle(now);
    value_ += by;
    if (value_ > peak_) peak_ = value_;
  }

  std::int64_t value() const { return value_; }
  // The highest value since the last reset.
  std::int64_t peak() const { return peak_; }
  // Level x ns since the last reset.
  WideInt integral(Time now) const { return integral_ + WideInt{value_} * (now - changed_).count(); }
  // The time-weighted mean since the last reset; the present value if no time has passed.
  double mean(Time now) const {
    const auto span = (now - reset_).count();
    return span == 0 ? static_cast<double>(value_)
                     : static_cast<double>(integral(now)) / static_cast<double>(span);
  }
  // Forgets the past; the level stays.
  void reset(Time now) {
    integral_ = 0;
    changed_ = reset_ = now;
    peak_ = value_;
  }

 private:
  void settle(Time now) {
    integral_ += WideInt{value_} * (now - changed_).count();
    changed_ = now;
  }

  WideInt integral_ = 0;
  Time changed_{};
  Time reset_{};
  std::int64_t value_;
  std::int64_t peak_;
};

}  // namespace nephoscope
