#include <vector>

#include "tests/models/autoscaling/policy_fakes.hpp"

namespace nephoscope::autoscaling {
namespace {

const std::string kCpu60 =
    "{scaling_policies: {cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, "
    "target_value: 60}}}}";
const std::string kHigh = "TargetTracking-web-cpu-AlarmHigh";
const std::string kLow = "TargetTracking-web-cpu-AlarmLow";

GroupView group(int desired, int current, int warming = 0) {
  return {.min_size = 0,
          .max_size = 1000,
          .desired = desired,
          .current = current,
          .warming = warming,
          .shrinking_from = current};
}

TEST_CASE("target tracking: the capacity is proportional to the metric, and additions round up") {
  struct Row {
    GroupView group;
    double metric;
    double target;
    int capacity;
  };
  const std::vector<Row> rows = {
      {group(10, 10), 90, 60, 15},         // the guide's example: 10 at 1.5 times the target
      {group(3, 3), 75, 50, 5},            // 4.5: 1.5 to add adds 2
      {group(6, 6), 50, 60, 6},            // below the target: never fewer
      {group(6, 6), 60.0 * 7 / 6, 60, 7},  // 7 exactly, though 6 x 70 / 60 is not exact in binary
      {group(5, 4, 1), 75, 60, 5},         // 4 x 1.25 = 5 is wanted already
      {group(5, 4, 1), 90, 60, 6},         // 4 x 1.5 = 6: one more
      {group(4, 0, 4), 90, 60, 4},         // nobody is warm: nothing to be proportional to
      {group(0, 0), 90, 60, 1},            // a group of none begins with one
      {group(0, 0), 50, 60, 0},
  };
  for (const Row& row : rows) {
    CAPTURE(row.group.desired);
    CAPTURE(row.metric);
    CHECK(scale_out_capacity(row.group, row.metric, row.target) == row.capacity);
  }
}

TEST_CASE("target tracking: removals round down, and nothing is removed while an instance warms up") {
  struct Row {
    GroupView group;
    double metric;
    double target;
    std::optional<int> capacity;
  };
  GroupView shrinking = group(5, 5);
  shrinking.shrinking_from = 10;
  const std::vector<Row> rows = {
      {group(3, 3), 25, 50, 2},                // 1.5 to remove removes 1
      {group(10, 10), 30, 60, 5},              // 5 to remove
      {group(10, 10), 0, 60, 0},               // nobody comes: the group's minimum decides
      {group(2, 2), 41, 60, 2},                // 0.63 to remove
      {group(9, 8, 1), 30, 60, std::nullopt},  // one is warming
      {shrinking, 30, 60, 5},                  // the metric still describes ten: five are enough
      {shrinking, 20, 60, 4},                  // 10 - floor(10 - 3.33)
      {group(10, 10), 90, 60, 10},
  };
  for (const Row& row : rows) {
    CAPTURE(row.group.desired);
    CAPTURE(row.metric);
    CHECK(scale_in_capacity(row.group, row.metric, row.target) == row.capacity);
  }
}

TEST_CASE("target tracking: it makes two alarms, 3 of 3 above the target and 15 of 15 below 70 % of it") {
  PolicyFixture fixture(kCpu60);
  fixture.start();
  const AlarmSpec& high = fixture.metrics.spec(kHigh);
  CHECK(high.period == 60s);
  CHECK(high.evaluation_periods == 3);
  CHECK(high.datapoints_to_alarm == 0);  // all
  CHECK(high.threshold == 60);
  CHECK(high.comparison == ComparisonOperator::greater_than);
  CHECK(high.repeats_action);
  CHECK(high.owner == "web");
  REQUIRE(high.queries.size() == 1);
  CHECK(high.queries[0].metric.name == "CPUUtilization");
  CHECK(high.queries[0].statistic == Statistic::average);
  const AlarmSpec& low = fixture.metrics.spec(kLow);
  CHECK(low.evaluation_periods == 15);
  CHECK(low.threshold == 42);  // 0.7 x 60
  CHECK(low.comparison == ComparisonOperator::less_than);
  CHECK(low.missing_data == MissingData::missing);
}

TEST_CASE("target tracking: the low alarm's ratio is an assumption, and the threshold a clean decimal") {
  for (const auto& [ratio, threshold] : {std::pair("70%", 49.0), {"90%", 63.0}}) {
    PolicyFixture fixture(
        std::string("{scaling_policies: {cpu: {target_tracking: {predefined_metric: "
                    "ASGAverageCPUUtilization, target_value: 70, assume: {low_alarm_ratio: ") +
        ratio + "}}}}}");
    fixture.start();
    CHECK(fixture.metrics.spec(kLow).threshold == threshold);
  }
}

TEST_CASE("target tracking: requests per target are summed over the minute at the target group") {
  PolicyFixture fixture(
      "{scaling_policies: {load: {target_tracking: {predefined_metric: ALBRequestCountPerTarget, resource: "
      "front, target_value: 1000}}}}");
  fixture.start();
  const AlarmSpec& high = fixture.metrics.spec("TargetTracking-web-load-AlarmHigh");
  REQUIRE(high.queries.size() == 1);
  CHECK(high.queries[0].metric.space == "AWS/ApplicationELB");
  CHECK(high.queries[0].statistic == Statistic::sum);
}

TEST_CASE("target tracking: network metrics are the group's own") {
  for (const auto& [predefined, name] :
       {std::pair("ASGAverageNetworkIn", "NetworkIn"), {"ASGAverageNetworkOut", "NetworkOut"}}) {
    PolicyFixture fixture(std::string("{scaling_policies: {net: {target_tracking: {predefined_metric: ") +
                          predefined + ", target_value: 1000000}}}}");
    fixture.start();
    CHECK(fixture.metrics.alarms[0].spec.queries[0].metric.name == name);
  }
}

TEST_CASE("target tracking: a customized metric may be metric math, of which the last query is compared") {
  PolicyFixture fixture(
      R"({scaling_policies: {backlog: {target_tracking: {target_value: 10, customized_metric:
      {metrics: [{id: m, namespace: AWS/SQS, metric_name: ApproximateNumberOfMessagesVisible,
                  dimensions: {QueueName: orders}, statistic: Sum},
                 {id: n, namespace: AWS/AutoScaling, metric_name: GroupInServiceInstances},
                 {id: each, expression: m / n}]}}}}})");
  fixture.start();
  const auto& queries = fixture.metrics.alarms[0].spec.queries;
  REQUIRE(queries.size() == 3);
  CHECK(queries[0].metric.dimensions == Dimensions{{"QueueName", "orders"}});
  CHECK(queries[0].statistic == Statistic::sum);
  CHECK(queries[1].metric.space == "AWS/AutoScaling");
  CHECK(queries[1].metric.dimensions == Dimensions{{"AutoScalingGroupName", "web"}});
  CHECK(queries[2].expression == "m / n");
  fixture.fire(3, "TargetTracking-web-backlog-AlarmHigh", 15);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 15);  // 10 x 15 / 10
  CHECK(fixture.capacity.changes[0].reason ==
        "alarm TargetTracking-web-backlog-AlarmHigh in ALARM, each 15 > 10 for 3 of 3 min");
}

TEST_CASE("target tracking: an alarm's action comes each minute, but only a higher metric launches more") {
  PolicyFixture fixture(kCpu60);
  fixture.capacity.wanted = fixture.capacity.current = 4;
  fixture.start();
  fixture.fire(3, kHigh, 75);  // 4 x 1.25 = 5
  fixture.capacity.warming_up = 1;
  fixture.fire(4, kHigh, 75);  // 5 again
  fixture.fire(5, kHigh, 90);  // 4 x 1.5 = 6
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.changes[0].to == 5);
  CHECK(fixture.capacity.changes[0].reason ==
        "alarm TargetTracking-web-cpu-AlarmHigh in ALARM, CPUUtilization 75 > 60 for 3 of 3 min");
  CHECK(fixture.capacity.changes[1].to == 6);
  CHECK(fixture.capacity.changes[1].at == Time{} + 5min);
}

TEST_CASE(
    "target tracking: it scales in by the low alarm, once while the metric still describes the larger "
    "group") {
  PolicyFixture fixture(kCpu60);
  fixture.start();
  fixture.fire(15, kLow, 30);    // 10 - floor(10 - 10 x 30 / 60) = 5
  fixture.capacity.current = 5;  // the five others are gone at once
  fixture.fire(16, kLow, 30);    // a minute old: of ten instances
  fixture.fire(21, kLow, 30);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 5);
  CHECK(fixture.capacity.changes[0].reason ==
        "alarm TargetTracking-web-cpu-AlarmLow in ALARM, CPUUtilization 30 < 42 for 15 of 15 min");
  fixture.fire(22, kLow, 30);  // 7 minutes later it describes five: 5 - floor(5 - 2.5) = 3
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.changes[1].to == 3);
}

TEST_CASE("target tracking: instances that are still terminating count as capacity of a scale-in") {
  PolicyFixture fixture(kCpu60);
  fixture.start();
  fixture.fire(15, kLow, 30);
  fixture.capacity.current = 5;
  fixture.capacity.in_progress = true;  // draining takes 5 minutes
  for (int minute = 16; minute < 20; ++minute) fixture.fire(minute, kLow, 30);
  CHECK(fixture.capacity.changes.size() == 1);
}

TEST_CASE("target tracking: while an instance warms up nothing is removed") {
  PolicyFixture fixture(kCpu60);
  fixture.capacity.warming_up = 1;
  fixture.start();
  fixture.fire(15, kLow, 10);
  CHECK(fixture.capacity.changes.empty());
}

TEST_CASE("target tracking: without scale-in there is no low alarm") {
  PolicyFixture fixture(
      "{scaling_policies: {cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, "
      "target_value: 60, disable_scale_in: true}}}}");
  fixture.start();
  CHECK(fixture.metrics.alarms.size() == 1);
}

TEST_CASE("target tracking: an action without a value, and one that is not in ALARM, does nothing") {
  PolicyFixture fixture(kCpu60);
  fixture.start();
  fixture.fire(3, kHigh, std::nullopt);
  fixture.metrics.calm(kHigh);
  fixture.run(5min);
  CHECK(fixture.capacity.changes.empty());
}

TEST_CASE("target tracking: the group's limits hold, and the log says once that max_size stands in the way") {
  PolicyFixture fixture(kCpu60);
  fixture.capacity.max = 12;
  fixture.capacity.min = 8;
  fixture.start();
  fixture.fire(3, kHigh, 90);  // wants 15
  fixture.fire(4, kHigh, 90);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 12);
  REQUIRE(fixture.logged("scaling").size() == 1);
  CHECK(fixture.logged("scaling")[0] ==
        "wants 15, but max_size is 12: alarm TargetTracking-web-cpu-AlarmHigh in ALARM, CPUUtilization 90 > "
        "60 for 3 of 3 min");
  fixture.metrics.calm(kHigh);
  fixture.capacity.current = 12;
  fixture.fire(40, kLow, 20);  // 4 would do
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.changes[1].to == 8);
}

TEST_CASE("target tracking: the policy's warm-up travels with what it launches") {
  PolicyFixture fixture(
      "{scaling_policies: {cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, "
      "target_value: 60, estimated_instance_warmup: 90s}}}}");
  fixture.start();
  fixture.fire(3, kHigh, 90);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].warmup == std::optional<Duration>(90s));
}

TEST_CASE("target tracking: cooldowns do not bind it") {
  PolicyFixture fixture(kCpu60);
  fixture.capacity.ended = Time{} + 3min;
  fixture.capacity.in_progress = true;
  fixture.start();
  fixture.fire(3, kHigh, 90);
  CHECK(fixture.capacity.changes.size() == 1);
}

}  // namespace
}  // namespace nephoscope::autoscaling
