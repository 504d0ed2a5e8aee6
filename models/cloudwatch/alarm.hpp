// AWS::CloudWatch::Alarm and AWS::CloudWatch::CompositeAlarm as resources of a scenario.
//
// They act on nothing here: they log their transitions and report how long and when they were in ALARM.
// Scaling policies put alarms of their own. Property names are CloudFormation's; see cloudwatch.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/cloudwatch/alarm_rule.hpp"
#include "models/common/alarm_field.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::cloudwatch {

// Their values are ids of resources under AutoScalingGroupName, LoadBalancer and TargetGroup.
using Dimensions = std::vector<std::pair<std::string, Reference>>;

// One of several metrics, or an expression over those before it.
struct AlarmMetricConfig {
  std::string id;
  std::optional<std::string> space;
  std::optional<std::string> metric_name;
  Dimensions dimensions;
  Statistic statistic = Statistic::average;
  std::optional<std::string> expression;

  static const FieldTable<AlarmMetricConfig>& fields();
  MetricQuery query() const;
};

struct AlarmConfig final : ResourceConfig {
  std::optional<std::string> space;
  std::optional<std::string> metric_name;
  Dimensions dimensions;
  Statistic statistic = Statistic::average;
  std::vector<AlarmMetricConfig> metrics;
  Duration period = 60s;
  int evaluation_periods = 1;
  std::optional<int> datapoints_to_alarm;
  double threshold = 0;
  ComparisonOperator comparison_operator = ComparisonOperator::greater_than;
  MissingData treat_missing_data = MissingData::missing;

  static const FieldTable<AlarmConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  AlarmSpec spec(const std::string& id) const;
};

// A composite alarm's rule with the place where it is written.
struct RuleText {
  std::string text;
  std::vector<std::string> alarms;
  Place place = {};
  std::string path = {};
};

struct CompositeAlarmConfig final : ResourceConfig {
  RuleText alarm_rule;

  static const FieldTable<CompositeAlarmConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
};

}  // namespace nephoscope::cloudwatch

namespace nephoscope {

template <>
struct FieldType<cloudwatch::RuleText> {
  static std::optional<cloudwatch::RuleText> read(const Node& node, Context& context,
                                                  const FieldRules& rules);
  static std::string show(const cloudwatch::RuleText& rule) { return rule.text.empty() ? "none" : rule.text; }
  static std::string type_name() { return "rule over alarms"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
