// Which CloudWatch metric a scaling policy looks at, and the alarm on it.
//
//   alarm: {metric_name: CPUUtilization, statistic: Average, period: 1m, evaluation_periods: 3,
//           threshold: 70, comparison_operator: GreaterThanThreshold}
//   customized_metric:
//     metrics:
//       - {id: backlog, namespace: AWS/SQS, metric_name: ApproximateNumberOfMessagesVisible,
//          dimensions: {QueueName: orders}, statistic: Sum}
//       - {id: workers, namespace: AWS/AutoScaling, metric_name: GroupInServiceInstances}
//       - {id: backlog_per_instance, expression: backlog / workers}
//
// Keys are those of AWS::CloudWatch::Alarm in snake_case; an element of `metrics` is a MetricDataQuery whose
// MetricStat is written flat. Not modelled: percentile statistics, metrics of other accounts, units.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/autoscaling/capacity.hpp"
#include "models/common/alarm_field.hpp"
#include "models/common/cloudwatch.hpp"

namespace nephoscope::autoscaling {

using Dimensions = std::vector<std::pair<std::string, std::string>>;

// One element of `metrics`: a metric's statistic, or an expression over the ids of earlier elements.
struct MetricQueryConfig {
  std::string id;
  std::string space = "AWS/EC2";
  std::optional<std::string> metric_name;
  std::optional<Dimensions> dimensions;  // none = the group's own
  Statistic statistic = Statistic::average;
  std::optional<std::string> expression;

  static const FieldTable<MetricQueryConfig>& fields();
  MetricQuery query(const Capacity& capacity) const;
};

// One metric, or several and an expression over them.
struct MetricSource {
  std::string space = "AWS/EC2";
  std::optional<std::string> metric_name;
  std::optional<Dimensions> dimensions;  // none = the group's own
  Statistic statistic = Statistic::average;
  std::vector<MetricQueryConfig> metrics;

  // What an alarm evaluates; the last one is compared.
  std::vector<MetricQuery> queries(const Capacity& capacity) const;
  // What event log lines call it: "CPUUtilization", or the last query's id.
  const std::string& label() const;

  static FieldRules metric_name_rules();
  static FieldRules metrics_rules();
  static FieldRules space_rules();
  static FieldRules dimensions_rules();
  static FieldRules statistic_rules();
  // Reports keys of a single metric beside `metrics`, ids that stand twice and expressions that are none.
  void check_metrics(const Node& node, Context& context) const;
};

// Adds a metric source's keys to a table.
template <std::derived_from<MetricSource> T>
FieldTable<T>&& with_metric_source(FieldTable<T>&& table) {
  const auto own = []<class M>(M MetricSource::*member) { return static_cast<M T::*>(member); };
  using S = MetricSource;
  return std::move(table)
      .field("namespace", own(&S::space), S::space_rules())
      .field("metric_name", own(&S::metric_name), S::metric_name_rules())
      .field("dimensions", own(&S::dimensions), S::dimensions_rules())
      .field("statistic", own(&S::statistic), S::statistic_rules())
      .field("metrics", own(&S::metrics), S::metrics_rules())
      .exactly_one_of({"metric_name", "metrics"});
}

struct CustomizedMetric final : MetricSource {
  static const FieldTable<CustomizedMetric>& fields();
};

// The alarm that drives a step or simple scaling policy.
struct PolicyAlarm final : MetricSource {
  Duration period = 60s;
  int evaluation_periods = 1;
  std::optional<int> datapoints_to_alarm;  // none = evaluation_periods
  double threshold = 0;
  ComparisonOperator comparison_operator = ComparisonOperator::greater_than;
  MissingData treat_missing_data = MissingData::missing;

  static const FieldTable<PolicyAlarm>& fields();
  AlarmSpec spec(std::string name, const Capacity& capacity) const;
};

// "83.3", "1500": what readings of alarms look like in event log lines, to one decimal.
std::string reading_text(double value);
// "alarm web-out in ALARM, CPUUtilization 83 > 70 for 3 of 3 min"
std::string alarm_text(const AlarmSpec& spec, const std::string& label, double value);

}  // namespace nephoscope::autoscaling
