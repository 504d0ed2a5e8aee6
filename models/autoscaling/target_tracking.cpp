#include "models/autoscaling/target_tracking.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/base/check.hpp"

namespace nephoscope::autoscaling {

namespace {

// Console captures and containers-roadmap#1208: 3 of 3 and 15 of 15 one-minute datapoints.
constexpr int kHighPeriods = 3;
constexpr int kLowPeriods = 15;
// Ratios of decimals are not exact: 6 instances at 50 of 60 make 5.000000000000001.
constexpr double kSlack = 1e-9;

const char* metric_of(PredefinedMetric metric) {
  switch (metric) {
    case PredefinedMetric::asg_average_cpu_utilization:
      return "CPUUtilization";
    case PredefinedMetric::asg_average_network_in:
      return "NetworkIn";
    case PredefinedMetric::asg_average_network_out:
      return "NetworkOut";
    case PredefinedMetric::alb_request_count_per_target:
      return "RequestCountPerTarget";
  }
  return "";
}

void check_target_tracking(const TargetTrackingConfig& config, const Node& node, Context& context) {
  const bool per_target = config.predefined_metric == PredefinedMetric::alb_request_count_per_target;
  if (per_target && !config.resource)
    context.report_key(Code::missing_key, *node.find("predefined_metric"),
                       "missing key 'resource' for ALBRequestCountPerTarget",
                       "add 'resource:' with the id of the target group");
  if (!per_target && config.resource)
    context.report_key(Code::inconsistent, *node.find("resource"), "'resource' has no meaning here",
                       "it belongs to 'predefined_metric: ALBRequestCountPerTarget'");
}

}  // namespace

const FieldTable<TargetTrackingConfig>& TargetTrackingConfig::fields() {
  static const char* const kGuide = "Auto Scaling User Guide, target tracking scaling policies";
  using T = TargetTrackingConfig;
  static const auto table =
      FieldTable<T>("target tracking", "Keeps a metric near its target.")
          .field("predefined_metric", &T::predefined_metric, {.doc = "a usual one", .source = kGuide})
          .field("resource", &T::resource,
                 {.doc = "of ALBRequestCountPerTarget: the target group whose requests count",
                  .refers_to = "target group"})
          .field("customized_metric", &T::customized_metric,
                 {.doc = "any other; it must fall in proportion when instances are added"})
          .required(
              "target_value", &T::target_value,
              {.doc = "in the metric's unit: percent, bytes, requests per minute and target", .above = 0})
          .field("disable_scale_in", &T::disable_scale_in, {.doc = "only ever adds", .source = kGuide})
          .field("estimated_instance_warmup", &T::estimated_instance_warmup,
                 {.doc = "of instances launched for it; none = the group's default_instance_warmup",
                  .source = kGuide,
                  .max = 1h})
          .assume(
              "low_alarm_ratio", &T::low_alarm_ratio,
              {.doc = "AlarmLow's threshold as a share of the target",
               .source = "console captures of 2024 to 2026 (CPU): 60 -> 42, 50 -> 35; older notes say 90 %",
               .above = 0})
          .assume("metric_lag", &T::metric_lag,
                  {.doc = "so long after a scale-in the metric may still describe the larger group, which is "
                          "then what a further scale-in counts from",
                   .source = "model: a five-minute datapoint (basic monitoring) that is up to 2 minutes late",
                   .max = 1h})
          .exactly_one_of({"predefined_metric", "customized_metric"})
          .validate(check_target_tracking);
  return table;
}

std::string TargetTrackingConfig::label() const {
  return customized_metric ? customized_metric->label() : metric_of(*predefined_metric);
}

AlarmSpec TargetTrackingConfig::alarm(std::string name, const Capacity& capacity,
                                      const TargetGroup* target_group) const {
  AlarmSpec spec;
  spec.name = std::move(name);
  spec.owner = capacity.group();
  spec.repeats_action = true;
  if (customized_metric) {
    spec.queries = customized_metric->queries(capacity);
  } else if (*predefined_metric == PredefinedMetric::alb_request_count_per_target) {
    check(target_group != nullptr, "autoscaling", "target tracking without its target group");
    spec.queries.push_back({.id = "",
                            .metric = target_group->request_count_per_target(),
                            .statistic = Statistic::sum,
                            .expression = ""});
  } else {
    spec.queries.push_back({.id = "",
                            .metric = capacity.group_metric(metric_of(*predefined_metric)),
                            .statistic = Statistic::average,
                            .expression = ""});
  }
  return spec;
}

AlarmSpec TargetTrackingConfig::alarm_high(const std::string& policy, const Capacity& capacity,
                                           const TargetGroup* target_group) const {
  AlarmSpec spec =
      alarm(fmt::format("TargetTracking-{}-{}-AlarmHigh", capacity.group(), policy), capacity, target_group);
  spec.evaluation_periods = kHighPeriods;
  spec.threshold = target_value;
  spec.comparison = ComparisonOperator::greater_than;
  return spec;
}

AlarmSpec TargetTrackingConfig::alarm_low(const std::string& policy, const Capacity& capacity,
                                          const TargetGroup* target_group) const {
  constexpr double digits = 1e6;  // 70 % of 70 is 49, not 48.99999999999999
  AlarmSpec spec =
      alarm(fmt::format("TargetTracking-{}-{}-AlarmLow", capacity.group(), policy), capacity, target_group);
  spec.evaluation_periods = kLowPeriods;
  spec.threshold = std::round(target_value * low_alarm_ratio.value * digits) / digits;
  spec.comparison = ComparisonOperator::less_than;
  return spec;
}

int scale_out_capacity(const GroupView& group, double metric, double target) {
  if (group.desired == 0) return metric > target ? 1 : 0;
  const double needed = std::ceil(group.current * metric / target - kSlack);
  return std::max(group.desired, static_cast<int>(std::min(needed, 1e9)));
}

std::optional<int> scale_in_capacity(const GroupView& group, double metric, double target) {
  if (group.warming > 0) return std::nullopt;
  const int from = group.shrinking_from;
  const int surplus = static_cast<int>(std::floor(from - from * metric / target + kSlack));
  return std::min(group.desired, from - std::max(surplus, 0));
}

}  // namespace nephoscope::autoscaling
