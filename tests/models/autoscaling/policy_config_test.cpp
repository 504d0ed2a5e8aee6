#include <vector>

#include "tests/models/autoscaling/policy_fakes.hpp"

namespace nephoscope::autoscaling {
namespace {

std::string tracking(const std::string& keys) {
  return "{scaling_policies: {p: {target_tracking: {" + keys + "}}}}";
}

std::string stepping(const std::string& steps, const std::string& type = "ChangeInCapacity",
                     const std::string& more = "") {
  return "{scaling_policies: {p: {step_scaling: {alarm: {metric_name: m, period: 1m, evaluation_periods: 1, "
         "threshold: 1, comparison_operator: GreaterThanThreshold}, adjustment_type: " +
         type + ", step_adjustments: " + steps + more + "}}}}";
}

std::string alarm(const std::string& keys) {
  return "{scaling_policies: {p: {simple_scaling: {alarm: {threshold: 1, comparison_operator: "
         "GreaterThanThreshold, " +
         keys + "}, adjustment_type: ChangeInCapacity, scaling_adjustment: 1}}}}";
}

std::string predicting(const std::string& keys) {
  return "{scaling_policies: {p: {predictive_scaling: {target_value: 60, " + keys + "}}}}";
}

std::string action(const std::string& keys) { return "{scheduled_actions: {a: {" + keys + "}}}"; }

struct WrongPolicy {
  std::string yaml;
  const char* message;
};

void check_refused(const std::vector<WrongPolicy>& rows) {
  for (const WrongPolicy& row : rows) {
    CAPTURE(row.yaml);
    const ReadGroup read = read_group(row.yaml);
    CHECK(!read.config.has_value());
    INFO(read.diagnostics);
    CHECK(read.diagnostics.find(row.message) != std::string::npos);
  }
}

TEST_CASE("policies: what a scenario may not say of metrics and alarms, and what it is told") {
  check_refused({
      {tracking("predefined_metric: ALBRequestCountPerTarget, target_value: 60"),
       "missing key 'resource' for ALBRequestCountPerTarget"},
      {tracking("predefined_metric: ASGAverageCPUUtilization, target_value: 60, resource: front"),
       "'resource' has no meaning here"},
      {tracking("customized_metric: {metrics: [{id: a, metric_name: x}], statistic: Sum}, target_value: 60"),
       "'statistic' has no meaning with 'metrics'"},
      {tracking("customized_metric: {metrics: [{id: a, expression: x, namespace: y}]}, target_value: 60"),
       "'namespace' has no meaning for an expression"},
      {tracking("customized_metric: {metrics: [{id: a, metric_name: x}, {id: b, expression: a / c}]}, "
                "target_value: 60"),
       "there is no metric 'c' before it"},
      {tracking("customized_metric: {metrics: [{id: a, metric_name: x}, {id: a, metric_name: y}]}, "
                "target_value: 60"),
       "'a' stands twice"},
  });
}

TEST_CASE("step scaling: what a scenario may not say, and what it is told") {
  check_refused({
      {stepping("[{scaling_adjustment: 1}]"), "a step needs a bound"},
      {stepping("[{metric_interval_lower_bound: 5, metric_interval_upper_bound: 5, scaling_adjustment: 1}]"),
       "the step from 5 to 5 is empty"},
      {stepping("[{metric_interval_lower_bound: 0, metric_interval_upper_bound: 5, scaling_adjustment: 1}, "
                "{metric_interval_lower_bound: 6, scaling_adjustment: 2}]"),
       "the steps leave a gap between 5 and 6"},
      {stepping("[{metric_interval_lower_bound: 4, scaling_adjustment: 1}, {metric_interval_lower_bound: 0, "
                "metric_interval_upper_bound: 5, scaling_adjustment: 2}]"),
       "the steps overlap between 4 and 5"},
      {stepping("[{metric_interval_lower_bound: 0, metric_interval_upper_bound: 5, scaling_adjustment: 1}]"),
       "no step covers what lies above 5"},
      {stepping("[{metric_interval_lower_bound: -5, metric_interval_upper_bound: 0, scaling_adjustment: 1}]"),
       "no step covers what lies below -5"},
      {stepping("[{metric_interval_lower_bound: 0, scaling_adjustment: -1}]", "ExactCapacity"),
       "an exact capacity cannot be negative"},
      {stepping("[{metric_interval_lower_bound: 0, scaling_adjustment: 1}]", "ChangeInCapacity",
                ", min_adjustment_magnitude: 2"),
       "'min_adjustment_magnitude' has no meaning here"},
  });
}

TEST_CASE("policy alarms: what a scenario may not say, and what it is told") {
  check_refused({
      {alarm("metric_name: m, period: 90s, evaluation_periods: 1"), "CloudWatch has no period of 1m30s"},
      {alarm("metric_name: m, period: 1m, evaluation_periods: 1441"), "1441 periods of 1m are more than 1d"},
      {alarm("metric_name: m, period: 1m, evaluation_periods: 2, datapoints_to_alarm: 3"),
       "asks for 3 of 2 datapoints"},
  });
}

TEST_CASE("predictive scaling: what a scenario may not say, and what it is told") {
  check_refused({
      {predicting("predefined_metric_pair: ALBRequestCount"), "missing key 'resource' for ALBRequestCount"},
      {predicting("predefined_metric_pair: ASGCPUUtilization, resource: front"),
       "'resource' has no meaning here"},
      {predicting("predefined_metric_pair: ASGCPUUtilization, max_capacity_buffer: 3"),
       "'max_capacity_buffer' has no meaning here"},
      {predicting("predefined_metric_pair: ASGCPUUtilization, max_capacity_breach_behavior: "
                  "IncreaseMaxCapacity"),
       "missing key 'max_capacity_buffer' for IncreaseMaxCapacity"},
  });
}

TEST_CASE("scheduled actions: what a scenario may not say, and what it is told") {
  check_refused({
      {action("min_size: 1"), "missing key 'start_time' or 'recurrence'"},
      {action("start_time: 2026-03-02T08:00Z"),
       "missing key 'min_size', 'max_size' or 'desired_capacity': nothing would change"},
      {action("start_time: 2026-03-02T08:00Z, end_time: 2026-03-03T08:00Z, min_size: 1"),
       "'end_time' has no meaning here"},
      {action(
           "start_time: 2026-03-02T08:00Z, end_time: 2026-03-01T08:00Z, recurrence: 0 9 * * *, min_size: 1"),
       "it ends before it starts"},
      {action("recurrence: 0 9 * * *, min_size: 5, max_size: 4"), "'min_size' 5 is above 'max_size' 4"},
      {action("recurrence: 0 9 * * *, desired_capacity: 5, max_size: 4"),
       "'desired_capacity' 5 is above 'max_size' 4"},
      {action("recurrence: 0 9 * * *, desired_capacity: 5, min_size: 6"),
       "'min_size' 6 is above 'desired_capacity' 5"},
      {action("recurrence: 0 9 * *, min_size: 1"), "'0 9 * *' has 4 fields; a recurrence has 5"},
  });
}

TEST_CASE("policies: steps may stand in any order, also on both sides of the threshold") {
  CHECK(read_group(
            stepping("[{metric_interval_lower_bound: 5, scaling_adjustment: 2}, "
                     "{metric_interval_lower_bound: 0, metric_interval_upper_bound: 5, "
                     "scaling_adjustment: 1}, {metric_interval_upper_bound: 0, scaling_adjustment: -1}]"))
            .diagnostics == "");
}

TEST_CASE("policies: a target group that is none is reported where it is named") {
  const ReadGroup read = read_group(
      "{scaling_policies: {a: {target_tracking: {predefined_metric: ALBRequestCountPerTarget, resource: "
      "frnt, "
      "target_value: 9}}, b: {predictive_scaling: {predefined_metric_pair: ALBRequestCount, resource: db, "
      "target_value: 9}}, c: {target_tracking: {predefined_metric: ALBRequestCountPerTarget, resource: "
      "front, "
      "target_value: 9}}}}");
  REQUIRE(read.config.has_value());
  Defined defined;
  defined.resources = {{"front", "AWS::ElasticLoadBalancingV2::LoadBalancer"}, {"db", "Nephoscope::Station"}};
  defined.target_groups = {"front"};
  Diagnostics diagnostics;
  read.config->check_policies(defined, diagnostics);
  std::vector<std::string> messages;
  for (const Diagnostic& each : diagnostics.sorted()) messages.push_back(each.message);
  CHECK(messages == std::vector<std::string>{"no target group is named 'frnt'",
                                             "'db' is of type Nephoscope::Station; expected a target group"});
}

}  // namespace
}  // namespace nephoscope::autoscaling
