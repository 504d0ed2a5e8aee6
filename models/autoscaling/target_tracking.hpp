// Target tracking: keeps a metric near its target by two alarms that it makes itself.
//
// AlarmHigh: 3 of 3 one-minute datapoints above the target. AlarmLow: 15 of 15 below 70 % of it. Between the
// two nothing happens. While an alarm is in ALARM its action comes every minute; the size is proportional to
// the metric. See policies.md for the sources of each number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/autoscaling/metric_source.hpp"
#include "models/autoscaling/proposal.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::autoscaling {

enum class PredefinedMetric : std::uint8_t {
  asg_average_cpu_utilization,
  asg_average_network_in,
  asg_average_network_out,
  alb_request_count_per_target,
};

struct TargetTrackingConfig {
  std::optional<PredefinedMetric> predefined_metric;
  std::optional<Reference> resource;  // of alb_request_count_per_target: the target group
  std::optional<CustomizedMetric> customized_metric;
  double target_value = 0;
  bool disable_scale_in = false;
  std::optional<Duration> estimated_instance_warmup;
  Probability low_alarm_ratio{0.7};
  Duration metric_lag = 7min;

  static const FieldTable<TargetTrackingConfig>& fields();
  // What event log lines call the metric.
  std::string label() const;
  // `target_group` is the one that `resource` names, if any.
  AlarmSpec alarm_high(const std::string& policy, const Capacity& capacity,
                       const TargetGroup* target_group) const;
  AlarmSpec alarm_low(const std::string& policy, const Capacity& capacity,
                      const TargetGroup* target_group) const;

 private:
  AlarmSpec alarm(std::string name, const Capacity& capacity, const TargetGroup* target_group) const;
};

// The capacity at which a metric that `current` instances share would be at its target, if the metric is
// above it: 10 instances at 1.5 times the target make 15. Additions round up. Never below `desired`, so a
// repetition at the same metric launches nothing while the newcomers warm up. A group of none grows to one.
int scale_out_capacity(const GroupView& group, double metric, double target);

// The same for a metric below its target: removals round down (1.5 to remove removes 1), never above
// `desired`. None while an instance is warming.
std::optional<int> scale_in_capacity(const GroupView& group, double metric, double target);

}  // namespace nephoscope::autoscaling

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<autoscaling::PredefinedMetric> = enum_names<autoscaling::PredefinedMetric>(
    {{"ASGAverageCPUUtilization", autoscaling::PredefinedMetric::asg_average_cpu_utilization},
     {"ASGAverageNetworkIn", autoscaling::PredefinedMetric::asg_average_network_in},
     {"ASGAverageNetworkOut", autoscaling::PredefinedMetric::asg_average_network_out},
     {"ALBRequestCountPerTarget", autoscaling::PredefinedMetric::alb_request_count_per_target}});

}  // namespace nephoscope
