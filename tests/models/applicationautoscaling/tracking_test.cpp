#include <doctest/doctest.h>

#include "models/applicationautoscaling/tracking.hpp"

namespace nephoscope::applicationautoscaling {

TEST_CASE(
    "applicationautoscaling: thresholds are a minute of the capacity at the target, and 20 points below") {
  // 60 s x 100 units x 70 % = 4200, x 50 % = 3000.
  const Thresholds hundred = thresholds(100, 70, Probability(0.2));
  CHECK(hundred.high == 4200);
  CHECK(hundred.low == 3000);
  // The alarms that were seen on a table of one unit: 42 and 30 in a minute.
  const Thresholds one = thresholds(1, 70, Probability(0.2));
  CHECK(one.high == 42);
  CHECK(one.low == 30);
  // At 20 % the low alarm does not fall to nothing: half the target, 60 x 100 x 10 %.
  CHECK(thresholds(100, 20, Probability(0.2)).low == 600);
}

TEST_CASE("applicationautoscaling: the new capacity is what brings use to the target, rounded up") {
  CHECK(capacity_for(4200, 70) == 100);    // 4200 / (60 x 0.7) = 100
  CHECK(capacity_for(4201, 70) == 101);    // 100.02
  CHECK(capacity_for(18'000, 70) == 429);  // 428.6
  CHECK(capacity_for(0, 70) == 0);
  CHECK(capacity_for(1e18, 70) == 1'000'000'000);
}

TEST_CASE("applicationautoscaling: a scale-out within the cooldown must be larger than the one before") {
  Cooldowns cooldowns(5min, 3min);
  CHECK(cooldowns.allows(Time{}, 10));
  cooldowns.ended(Time{}, 10);
  CHECK_FALSE(cooldowns.allows(Time{} + 1min, 10));
  CHECK(cooldowns.allows(Time{} + 1min, 11));
  CHECK(cooldowns.allows(Time{} + 3min, 1));
}

TEST_CASE("applicationautoscaling: scale-ins keep their cooldown apart, and a scale-out ends it") {
  Cooldowns cooldowns(5min, 0s);
  cooldowns.ended(Time{}, -10);
  CHECK_FALSE(cooldowns.allows(Time{} + 4min, -1));
  CHECK(cooldowns.allows(Time{} + 4min, 1));
  CHECK(cooldowns.allows(Time{} + 5min, -1));
  cooldowns.ended(Time{} + 4min, 1);
  CHECK(cooldowns.allows(Time{} + 4min + 30s, -1));
}

}  // namespace nephoscope::applicationautoscaling
