#include "tests/models/autoscaling/policy_fakes.hpp"

namespace nephoscope::autoscaling {
namespace {

Time at(Duration since_start) { return Time{} + since_start; }

TEST_CASE("simple scaling: it waits while an activity is in progress, and then for its cooldown") {
  CHECK(blocked_until(at(10min), {.in_progress = true, .ended = {}}, 300s) == std::optional(Time::max()));
  CHECK(blocked_until(at(10min), {.in_progress = false, .ended = {}}, 300s) == std::nullopt);
  // Ended at 6:00, 300 s later is 11:00.
  CHECK(blocked_until(at(10min), {.in_progress = false, .ended = at(6min)}, 300s) ==
        std::optional(at(11min)));
  CHECK(blocked_until(at(11min), {.in_progress = false, .ended = at(6min)}, 300s) == std::nullopt);
  CHECK(blocked_until(at(10min), {.in_progress = false, .ended = at(10min)}, 0s) == std::nullopt);
}

TEST_CASE("simple scaling: it counts from the desired capacity and never below 0") {
  using Type = AdjustmentType;
  CHECK(simple_capacity(4, {Type::change_in_capacity, 2, {}}) == 6);
  CHECK(simple_capacity(4, {Type::change_in_capacity, -6, {}}) == 0);
  CHECK(simple_capacity(4, {Type::percent_change_in_capacity, 50, {}}) == 6);
  CHECK(simple_capacity(4, {Type::exact_capacity, 3, {}}) == 3);
}

std::string policy(const std::string& more) {
  return R"({scaling_policies: {out: {simple_scaling: {
      alarm: {metric_name: CPUUtilization, period: 1m, evaluation_periods: 1, threshold: 70,
              comparison_operator: GreaterThanThreshold},
      adjustment_type: ChangeInCapacity, scaling_adjustment: 2)" +
         more + "}}}}";
}

TEST_CASE("simple scaling: the group's default cooldown of 300 s counts from the end of its last activity") {
  PolicyFixture fixture(policy(""));
  fixture.start();
  fixture.fire(1, "web-out", 80);  // 10 + 2
  fixture.capacity.in_progress = true;
  for (int minute = 2; minute <= 4; ++minute) fixture.fire(minute, "web-out", 80);
  fixture.capacity.in_progress = false;
  fixture.capacity.ended = Time{} + 5min;  // serving since then
  for (int minute = 5; minute <= 10; ++minute) fixture.fire(minute, "web-out", 80);
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.changes[0].to == 12);
  CHECK(fixture.capacity.changes[0].at == Time{} + 1min);
  CHECK(fixture.capacity.changes[1].to == 14);
  CHECK(fixture.capacity.changes[1].at == Time{} + 10min);  // 5:00 + 300 s
}

TEST_CASE("simple scaling: it says once that it waits") {
  PolicyFixture fixture(policy(""));
  fixture.capacity.in_progress = true;
  fixture.start();
  fixture.fire(1, "web-out", 80);
  fixture.fire(2, "web-out", 80);
  CHECK(fixture.logged("scaling") ==
        std::vector<std::string>{"policy out waits: an activity is in progress"});
}

TEST_CASE("simple scaling: a cooldown of its own comes before the group's") {
  PolicyFixture fixture(policy(", cooldown: 30s"));
  fixture.capacity.ended = Time{} + 4min;
  fixture.start();
  fixture.fire(5, "web-out", 80);
  CHECK(fixture.capacity.changes.size() == 1);
}

TEST_CASE("simple scaling: an exact capacity may also remove") {
  PolicyFixture fixture(R"({scaling_policies: {night: {simple_scaling: {
      alarm: {metric_name: CPUUtilization, period: 1m, evaluation_periods: 1, threshold: 10,
              comparison_operator: LessThanThreshold},
      adjustment_type: ExactCapacity, scaling_adjustment: 2}}}})");
  fixture.start();
  fixture.fire(1, "web-night", 5);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 2);
}

}  // namespace
}  // namespace nephoscope::autoscaling
