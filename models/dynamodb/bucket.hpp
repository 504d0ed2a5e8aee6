// A token bucket as DynamoDB's admission control uses it: it is filled up when somebody looks, never by an
// event.
//
// Levels are doubles, because controllers set any rate. Rounding moves a level by some 1e-16 of itself a
// request, so a demand that lacks less than kTolerance of a unit is admitted.
#pragma once

#include <algorithm>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

inline constexpr double kTolerance = 1e-6;  // units

// Whether a bucket can pay. A demand dearer than the bucket can hold is admitted when the bucket is full, and
// leaves it in debt: a query's page of 128 units passes a table of 5 units/s now and then, as it does on AWS.
constexpr bool can_pay(double level, double capacity, double cost) {
  return capacity > 0 && level + kTolerance >= std::min(cost, capacity);
}

class RateBucket final {
 public:
  // Empty forever.
  RateBucket() = default;
  // Holds `span` of its rate; full.
  RateBucket(Rate rate, Duration span)
      : rate_(rate.per_second), capacity_(rate.per_second * to_seconds(span)), level_(capacity_) {}

  // Tokens over the new capacity are lost.
  void set(Time now, Rate rate, Duration span) {
    refill(now);
    rate_ = rate.per_second;
    capacity_ = rate.per_second * to_seconds(span);
    level_ = std::min(level_, capacity_);
  }
  void refill(Time now) {
    level_ = std::min(capacity_, level_ + rate_ * to_seconds(now - settled_));
    settled_ = now;
  }
  bool has(Time now, CapacityUnits units) {
    refill(now);
    return can_pay(level_, capacity_, units.value());
  }
  // The level may fall below zero; debt beyond one filling is forgiven, unless one demand makes it.
  // REQUIRES: refilled at this instant.
  void take(CapacityUnits units) {
    level_ = std::max(level_ - units.value(), -std::max(capacity_, units.value()));
  }
  void spend(Time now, CapacityUnits units) {
    refill(now);
    take(units);
  }
  // Holds what `idle` without traffic brings. REQUIRES: set at this instant.
  void fill(Duration idle) { level_ = std::min(capacity_, rate_ * to_seconds(idle)); }
  // Units, as of the last refill.
  double level() const { return level_; }

 private:
  double rate_ = 0;      // units/s
  double capacity_ = 0;  // units
  double level_ = 0;
  Time settled_{};
};

}  // namespace nephoscope::dynamodb
