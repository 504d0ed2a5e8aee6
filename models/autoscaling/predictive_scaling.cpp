#include "models/autoscaling/predictive_scaling.hpp"

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::autoscaling {

namespace {

constexpr std::size_t kHoursOfDay = 24;
constexpr double kMinutesOfHour = 60;

void check_config(const PredictiveScalingConfig& config, const Node& node, Context& context) {
  const bool requests = config.predefined_metric_pair == PredefinedMetricPair::alb_request_count;
  if (requests && !config.resource)
    context.report_key(Code::missing_key, *node.find("predefined_metric_pair"),
                       "missing key 'resource' for ALBRequestCount",
                       "add 'resource:' with the id of the target group");
  if (!requests && config.resource)
    context.report_key(Code::inconsistent, *node.find("resource"), "'resource' has no meaning here",
                       "it belongs to 'predefined_metric_pair: ALBRequestCount'");
  const bool raises = config.max_capacity_breach_behavior == MaxCapacityBreach::increase_max_capacity;
  if (raises != config.max_capacity_buffer.has_value()) {
    if (raises)
      context.report_key(Code::missing_key, *node.find("max_capacity_breach_behavior"),
                         "missing key 'max_capacity_buffer' for IncreaseMaxCapacity",
                         "add 'max_capacity_buffer: 10'");
    else
      context.report_key(Code::inconsistent, *node.find("max_capacity_buffer"),
                         "'max_capacity_buffer' has no meaning here",
                         "it belongs to 'max_capacity_breach_behavior: IncreaseMaxCapacity'");
  }
}

}  // namespace

const FieldTable<PredictiveScalingConfig>& PredictiveScalingConfig::fields() {
  static const char* const kReference = "Auto Scaling API reference, PredictiveScalingConfiguration";
  using P = PredictiveScalingConfig;
  static const auto table =
      FieldTable<P>("predictive scaling", "Launches capacity before the hour that is expected to need it.")
          .required("predefined_metric_pair", &P::predefined_metric_pair,
                    {.doc = "the load that is forecast", .source = kReference})
          .field("resource", &P::resource,
                 {.doc = "of ALBRequestCount: the target group whose requests count",
                  .refers_to = "target group"})
          .required("target_value", &P::target_value,
                    {.doc = "of an instance: percent, bytes, requests per minute", .above = 0})
          .field("mode", &P::mode, {.doc = "whether it acts", .source = kReference})
          .field("scheduling_buffer_time", &P::scheduling_buffer_time,
                 {.doc = "how long before the hour it launches", .source = kReference, .max = 59min})
          .field("max_capacity_breach_behavior", &P::max_capacity_breach_behavior,
                 {.doc = "when more is forecast than max_size", .source = kReference})
          .field("max_capacity_buffer", &P::max_capacity_buffer,
                 {.doc = "of IncreaseMaxCapacity: percent on top of the forecast capacity",
                  .source = kReference,
                  .min = 0,
                  .max = 100})
          .assume(
              "past_capacity", &P::past_capacity,
              {.doc = "instances at the target value that each hour of the day (UTC) needed in the 14 days "
                      "before the run; none = the run makes its own history",
               .source = "assumption: the group is new",
               .min = 0,
               .max = 100'000,
               .min_items = kHoursOfDay,
               .max_items = kHoursOfDay})
          .validate(check_config);
  return table;
}

MetricName PredictiveScalingConfig::metric(const Capacity& capacity, const TargetGroup* target_group) const {
  switch (predefined_metric_pair) {
    case PredefinedMetricPair::asg_cpu_utilization:
      return capacity.group_metric("CPUUtilization");
    case PredefinedMetricPair::asg_network_in:
      return capacity.group_metric("NetworkIn");
    case PredefinedMetricPair::asg_network_out:
      return capacity.group_metric("NetworkOut");
    case PredefinedMetricPair::alb_request_count:
      break;
  }
  check(target_group != nullptr, "autoscaling", "predictive scaling without its target group");
  return target_group->request_count_per_target();
}

Statistic PredictiveScalingConfig::statistic() const {
  return predefined_metric_pair == PredefinedMetricPair::alb_request_count ? Statistic::sum
                                                                           : Statistic::average;
}

double PredictiveScalingConfig::load(double hourly_statistic, double instances) const {
  const bool requests = predefined_metric_pair == PredefinedMetricPair::alb_request_count;
  return (requests ? hourly_statistic / kMinutesOfHour : hourly_statistic) * instances;
}

int effective_maximum(const PredictiveScalingConfig& config, int forecast, int max_size) {
  if (config.max_capacity_breach_behavior == MaxCapacityBreach::honor_max_capacity) return max_size;
  const std::int64_t raised = std::int64_t{forecast} * (100 + config.max_capacity_buffer.value_or(0)) / 100;
  return static_cast<int>(std::max<std::int64_t>(max_size, std::min<std::int64_t>(raised, 1'000'000)));
}

}  // namespace nephoscope::autoscaling
