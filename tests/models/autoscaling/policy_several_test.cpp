// Several policies on one group.
#include "tests/models/autoscaling/policy_fakes.hpp"

namespace nephoscope::autoscaling {
namespace {

const std::string kTwo =
    "{scaling_policies: {"
    "cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, target_value: 60}}, "
    "load: {target_tracking: {predefined_metric: ALBRequestCountPerTarget, resource: front, target_value: "
    "1000}}}}";
const std::string kCpu = "TargetTracking-web-cpu-Alarm";
const std::string kLoad = "TargetTracking-web-load-Alarm";

TEST_CASE("several policies: any scales out, and the largest capacity wins") {
  PolicyFixture fixture(kTwo);
  fixture.start();
  fixture.run(3min);
  fixture.metrics.fire(kCpu + "High", 72);     // 10 x 1.2 = 12
  fixture.metrics.fire(kLoad + "High", 1500);  // 10 x 1.5 = 15
  fixture.run(3min);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 15);
  CHECK(fixture.capacity.changes[0].reason ==
        "alarm TargetTracking-web-load-AlarmHigh in ALARM, RequestCountPerTarget 1500 > 1000 for 3 of 3 min");
}

TEST_CASE("several policies: they scale in only if all would, and then to the largest capacity") {
  PolicyFixture fixture(kTwo);
  fixture.start();
  fixture.fire(15, kCpu + "Low", 30);  // 5 would do for the CPU; the other is not ready
  CHECK(fixture.capacity.changes.empty());
  fixture.run(16min);
  fixture.metrics.fire(kCpu + "Low", 30);    // 5
  fixture.metrics.fire(kLoad + "Low", 600);  // 10 - floor(10 - 6) = 6
  fixture.run(16min);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 6);
}

TEST_CASE(
    "several policies: one without data keeps the others from scaling in, one without scale-in does not") {
  PolicyFixture blocked(kTwo);
  blocked.start();
  CHECK(blocked.metrics.state(AlarmId(3)) == AlarmState::insufficient_data);
  blocked.fire(15, kCpu + "Low", 30);
  CHECK(blocked.capacity.changes.empty());

  PolicyFixture free(
      "{scaling_policies: {"
      "cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, target_value: 60}}, "
      "load: {target_tracking: {predefined_metric: ALBRequestCountPerTarget, resource: front, target_value: "
      "1000, disable_scale_in: true}}}}");
  free.start();
  free.fire(15, kCpu + "Low", 30);
  REQUIRE(free.capacity.changes.size() == 1);
  CHECK(free.capacity.changes[0].to == 5);
}

TEST_CASE("several policies: one that wants more keeps the others from scaling in") {
  PolicyFixture fixture(R"({scaling_policies: {
      cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, target_value: 60}},
      in: {step_scaling: {alarm: {metric_name: NetworkIn, period: 1m, evaluation_periods: 1, threshold: 1000,
                                  comparison_operator: LessThanThreshold},
                          adjustment_type: ChangeInCapacity,
                          step_adjustments: [{metric_interval_upper_bound: 0, scaling_adjustment: -3}]}}}})");
  fixture.start();
  fixture.run(3min);
  fixture.metrics.fire("web-in", 500);
  fixture.metrics.fire(kCpu + "High", 61);  // 10.2: 11
  fixture.run(3min);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 11);
}

TEST_CASE(
    "several policies: what one wants holds for a minute, for alarms speak at different seconds of it") {
  PolicyFixture fixture(R"({scaling_policies: {
      cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, target_value: 60}},
      in: {step_scaling: {alarm: {metric_name: NetworkIn, period: 1m, evaluation_periods: 1, threshold: 1000,
                                  comparison_operator: LessThanThreshold},
                          adjustment_type: ChangeInCapacity,
                          step_adjustments: [{metric_interval_upper_bound: 0, scaling_adjustment: -3}]}}}})");
  fixture.start();
  fixture.run(3min);
  fixture.metrics.fire(kCpu + "High", 60.5);  // 10.08: 11
  fixture.run(3min + 20s);
  fixture.metrics.fire("web-in", 500);  // would remove 3
  fixture.run(3min + 50s);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 11);
  fixture.run(4min + 20s);
  fixture.metrics.fire("web-in", 500);  // the other has not spoken again
  fixture.run(5min);
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.changes[1].to == 7);
}

TEST_CASE("several policies: without alarm notifications nothing acts") {
  PolicyFixture fixture(kTwo);
  fixture.capacity.stopped = SuspendableProcess::alarm_notification;
  fixture.start();
  fixture.fire(3, kCpu + "High", 90);
  CHECK(fixture.capacity.changes.empty());
}

TEST_CASE("several policies: none is fine") {
  PolicyFixture fixture("{}");
  fixture.start();
  fixture.run(1h);
  CHECK(fixture.capacity.changes.empty());
}

}  // namespace
}  // namespace nephoscope::autoscaling
