// Predictive scaling: launches capacity before the hour in which past days say it is needed.
// Source: Auto Scaling User Guide, "Predictive scaling"; API reference, PredictiveScalingConfiguration.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/autoscaling/metric_source.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::autoscaling {

enum class PredefinedMetricPair : std::uint8_t {
  asg_cpu_utilization,
  asg_network_in,
  asg_network_out,
  alb_request_count,
};
enum class PredictiveMode : std::uint8_t { forecast_only, forecast_and_scale };
enum class MaxCapacityBreach : std::uint8_t { honor_max_capacity, increase_max_capacity };

struct PredictiveScalingConfig {
  PredefinedMetricPair predefined_metric_pair = PredefinedMetricPair::asg_cpu_utilization;
  std::optional<Reference> resource;  // of alb_request_count: the target group
  double target_value = 0;
  PredictiveMode mode = PredictiveMode::forecast_only;
  Duration scheduling_buffer_time = 5min;
  MaxCapacityBreach max_capacity_breach_behavior = MaxCapacityBreach::honor_max_capacity;
  std::optional<int> max_capacity_buffer;  // percent of the forecast capacity
  std::optional<std::vector<double>> past_capacity;

  static const FieldTable<PredictiveScalingConfig>& fields();
  MetricName metric(const Capacity& capacity, const TargetGroup* target_group) const;
  // An hour's load in the target's unit times instances, from the statistics of that hour and the mean number
  // of instances in it: CPU percent x instances, or requests per minute.
  double load(double hourly_statistic, double instances) const;
  Statistic statistic() const;
};

// The highest capacity that a forecast may reach: the group's maximum, or with IncreaseMaxCapacity the
// forecast and the buffer on top (rounded down), if that is more: forecast 50, maximum 40, buffer 10 % -> 55.
int effective_maximum(const PredictiveScalingConfig& config, int forecast, int max_size);

}  // namespace nephoscope::autoscaling

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<autoscaling::PredefinedMetricPair> =
    enum_names<autoscaling::PredefinedMetricPair>(
        {{"ASGCPUUtilization", autoscaling::PredefinedMetricPair::asg_cpu_utilization},
         {"ASGNetworkIn", autoscaling::PredefinedMetricPair::asg_network_in},
         {"ASGNetworkOut", autoscaling::PredefinedMetricPair::asg_network_out},
         {"ALBRequestCount", autoscaling::PredefinedMetricPair::alb_request_count}});
template <>
inline constexpr auto kEnumNames<autoscaling::PredictiveMode> = enum_names<autoscaling::PredictiveMode>(
    {{"ForecastOnly", autoscaling::PredictiveMode::forecast_only},
     {"ForecastAndScale", autoscaling::PredictiveMode::forecast_and_scale}});
template <>
inline constexpr auto kEnumNames<autoscaling::MaxCapacityBreach> = enum_names<autoscaling::MaxCapacityBreach>(
    {{"HonorMaxCapacity", autoscaling::MaxCapacityBreach::honor_max_capacity},
     {"IncreaseMaxCapacity", autoscaling::MaxCapacityBreach::increase_max_capacity}});

}  // namespace nephoscope
