#include "models/cloudwatch/alarm.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "models/cloudwatch/alarm_resource.hpp"
#include "models/common/metric_math.hpp"

namespace nephoscope::cloudwatch {
namespace {

constexpr const char* kApi = "CloudWatch API reference, PutMetricAlarm";
constexpr int kMostPeriods = 10'080;  // a week of minutes; the span is checked on its own

std::vector<std::pair<std::string, std::string>> texts(const Dimensions& dimensions) {
  std::vector<std::pair<std::string, std::string>> result;
  for (const auto& [name, value] : dimensions) result.emplace_back(name, value.id);
  return result;
}

void needs_namespace(bool has_name, bool has_space, const Node& node, Context& context) {
  if (has_name && !has_space)
    context.report(Code::missing_key, node, "'metric_name' needs a 'namespace'", "for example: AWS/EC2");
  if (!has_name && has_space)
    context.report_key(Code::inconsistent, *node.find("namespace"), "'namespace' without 'metric_name'");
}

void has_no_use_for(std::initializer_list<const char*> keys, const char* why, const Node& node,
                    Context& context) {
  for (const char* key : keys)
    if (const Node* found = node.find(key))
      context.report_key(Code::inconsistent, *found, fmt::format("'{}' has no meaning here", key), why);
}

void check_periods(const AlarmConfig& alarm, const Node& node, Context& context) {
  const Duration period = alarm.period;
  const bool high = period == 10s || period == 20s || period == 30s;
  if (!high && period % Duration(60s) != Duration{})
    context.report(Code::inconsistent, *node.find("period"), "a period is 10s, 20s, 30s or a multiple of 1m",
                   kApi);
  const Duration most = period >= 1h ? Duration(24h * 7) : Duration(24h);
  if (period * alarm.evaluation_periods > most)
    context.report(Code::inconsistent, *node.find("evaluation_periods"),
                   fmt::format("{} x {} is more than {}", alarm.evaluation_periods, show(period), show(most)),
                   kApi);
  if (alarm.datapoints_to_alarm && *alarm.datapoints_to_alarm > alarm.evaluation_periods)
    context.report(Code::inconsistent, *node.find("datapoints_to_alarm"),
                   fmt::format("there are only {} evaluation periods", alarm.evaluation_periods));
}

// Expressions see the ids before them; the last entry is what the alarm compares.
void check_metrics(const AlarmConfig& alarm, const Node& list, Context& context) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < alarm.metrics.size(); ++i) {
    const AlarmMetricConfig& metric = alarm.metrics[i];
    const Node& node = list[i];
    if (std::find(ids.begin(), ids.end(), metric.id) != ids.end())
      context.report(Code::inconsistent, *node.find("id"), fmt::format("'{}' stands twice", metric.id));
    if (metric.expression)
      if (const auto parsed = MetricMath::parse(*metric.expression, ids); !parsed.value)
        context.report(Code::inconsistent, *node.find("expression"), parsed.problem,
                       "for example: 100 * errors / requests");
    ids.push_back(metric.id);
  }
}

void check_alarm(const AlarmConfig& alarm, const Node& node, Context& context) {
  check_periods(alarm, node, context);
  if (const Node* list = node.find("metrics")) {
    has_no_use_for({"namespace", "dimensions", "statistic"}, "it belongs to an entry of 'metrics'", node,
                   context);
    return check_metrics(alarm, *list, context);
  }
  needs_namespace(alarm.metric_name.has_value(), alarm.space.has_value(), node, context);
}

bool id_is_good(const std::string& id) {
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !id.empty() && id[0] >= 'a' && id[0] <= 'z' && std::all_of(id.begin(), id.end(), good);
}

void check_metric(const AlarmMetricConfig& metric, const Node& node, Context& context) {
  if (!id_is_good(metric.id))
    context.report(Code::inconsistent, *node.find("id"),
                   "an id begins with a small letter and has letters, digits and _", kApi);
  needs_namespace(metric.metric_name.has_value(), metric.space.has_value(), node, context);
  if (metric.expression)
    has_no_use_for({"dimensions", "statistic"}, "an expression is over other entries", node, context);
}

// Dimensions whose values are ids of the scenario; a composite's parts ("shop/LoadBalancer") are not known
// yet.
void check_dimensions(const Dimensions& dimensions, const Defined& defined, Diagnostics& diagnostics) {
  for (const auto& [name, value] : dimensions) {
    const bool names_resource =
        name == "AutoScalingGroupName" || name == "LoadBalancer" || name == "TargetGroup";
    const bool inside = value.id.find('/') != std::string::npos;
    if (!names_resource || inside || defined.resources.contains(value.id)) continue;
    std::vector<std::string_view> known;
    for (const auto& [id, type] : defined.resources) known.emplace_back(id);
    report_unknown_reference(value, "resource", known, diagnostics);
  }
}

}  // namespace

const FieldTable<AlarmMetricConfig>& AlarmMetricConfig::fields() {
  using M = AlarmMetricConfig;
  static const auto table =
      FieldTable<M>("alarm metric", "One of an alarm's metrics, or an expression over those before it.")
          .required("id", &M::id, {.doc = "by which expressions name it"})
          .field("namespace", &M::space, {.doc = "the metric's: AWS/EC2"})
          .field("metric_name", &M::metric_name, {.doc = "the metric's: CPUUtilization"})
          .field("dimensions", &M::dimensions, {.doc = "the metric's: {AutoScalingGroupName: web}"})
          .field("statistic", &M::statistic, {.doc = "over each period"})
          .field(
              "expression", &M::expression,
              {.doc = "metric math over the ids before it", .source = "CloudWatch User Guide, metric math"})
          .exactly_one_of({"metric_name", "expression"})
          .validate(check_metric);
  return table;
}

MetricQuery AlarmMetricConfig::query() const {
  MetricQuery query{.id = id, .metric = {}, .statistic = statistic, .expression = expression.value_or("")};
  if (!expression)
    query.metric = {.space = space.value_or(""), .name = *metric_name, .dimensions = texts(dimensions)};
  return query;
}

const FieldTable<AlarmConfig>& AlarmConfig::fields() {
  using A = AlarmConfig;
  static const auto table =
      FieldTable<A>("AWS::CloudWatch::Alarm", "An alarm on a metric or on an expression over metrics.")
          .typed()
          .field("namespace", &A::space, {.doc = "the metric's: AWS/EC2"})
          .field("metric_name", &A::metric_name, {.doc = "the metric's: CPUUtilization"})
          .field("dimensions", &A::dimensions,
                 {.doc = "the metric's, whose values are ids of resources: {AutoScalingGroupName: web}"})
          .field("statistic", &A::statistic, {.doc = "over each period"})
          .field("metrics", &A::metrics,
                 {.doc = "instead of one metric: several, and expressions; the last entry is compared",
                  .source = "CloudWatch User Guide, CloudWatch quotas: 10 metrics",
                  .min_items = 1,
                  .max_items = 10})
          .field("period", &A::period,
                 {.doc = "of a datapoint; under 1m only of high-resolution metrics",
                  .source = kApi,
                  .min = 10s,
                  .max = Duration(24h * 7)})
          .required(
              "evaluation_periods", &A::evaluation_periods,
              {.doc = "how many datapoints are looked at (N)", .source = kApi, .min = 1, .max = kMostPeriods})
          .field("datapoints_to_alarm", &A::datapoints_to_alarm,
                 {.doc = "how many of them must breach (M); none = all",
                  .source = kApi,
                  .min = 1,
                  .max = kMostPeriods})
          .required("threshold", &A::threshold, {.doc = "in the metric's unit"})
          .required("comparison_operator", &A::comparison_operator,
                    {.doc = "when a datapoint breaches the threshold"})
          .field("treat_missing_data", &A::treat_missing_data,
                 {.doc = "what counts for a datapoint that is not there",
                  .source = "CloudWatch User Guide, AlarmThatSendsEmail"})
          .exactly_one_of({"metric_name", "metrics"})
          .validate(check_alarm);
  return table;
}

void AlarmConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  check_dimensions(dimensions, defined, diagnostics);
  for (const AlarmMetricConfig& metric : metrics) check_dimensions(metric.dimensions, defined, diagnostics);
}

AlarmSpec AlarmConfig::spec(const std::string& id) const {
  AlarmSpec spec;
  spec.name = spec.owner = id;
  for (const AlarmMetricConfig& metric : metrics) spec.queries.push_back(metric.query());
  if (metric_name)
    spec.queries.push_back(
        {.id = "",
         .metric = {.space = space.value_or(""), .name = *metric_name, .dimensions = texts(dimensions)},
         .statistic = statistic,
         .expression = ""});
  spec.period = period;
  spec.evaluation_periods = evaluation_periods;
  spec.datapoints_to_alarm = datapoints_to_alarm.value_or(0);
  spec.threshold = threshold;
  spec.comparison = comparison_operator;
  spec.missing_data = treat_missing_data;
  return spec;
}

std::unique_ptr<Resource> AlarmConfig::build(World& world, const std::string& id) const {
  return std::make_unique<AlarmResource>(world, id, spec(id));
}

const FieldTable<CompositeAlarmConfig>& CompositeAlarmConfig::fields() {
  using C = CompositeAlarmConfig;
  static const auto table =
      FieldTable<C>("AWS::CloudWatch::CompositeAlarm", "An alarm over other alarms' states.")
          .typed()
          .required("alarm_rule", &C::alarm_rule,
                    {.doc = "ALARM(id), OK(id), INSUFFICIENT_DATA(id) with AND, OR, NOT and parentheses",
                     .source = "CloudWatch API reference, PutCompositeAlarm"});
  return table;
}

void CompositeAlarmConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  std::vector<std::string_view> known;
  for (const auto& [id, type] : defined.resources)
    if (type == AlarmConfig::fields().name() || type == fields().name()) known.emplace_back(id);
  for (const std::string& alarm : alarm_rule.alarms) {
    const Reference reference{alarm, alarm_rule.place, alarm_rule.path};
    const auto found = defined.resources.find(alarm);
    if (found == defined.resources.end())
      report_unknown_reference(reference, "alarm", known, diagnostics);
    else if (std::find(known.begin(), known.end(), alarm) == known.end())
      report_wrong_reference(reference, "an alarm", found->second, diagnostics);
  }
}

std::unique_ptr<Resource> CompositeAlarmConfig::build(World& world, const std::string& id) const {
  return std::make_unique<AlarmResource>(
      world, id, CompositeAlarmSpec{.name = id, .owner = id, .alarm_rule = alarm_rule.text});
}

}  // namespace nephoscope::cloudwatch

namespace nephoscope {

using cloudwatch::AlarmRule;
using cloudwatch::RuleText;

std::optional<RuleText> FieldType<RuleText>::read(const Node& node, Context& context, const FieldRules&) {
  const std::string* text =
      field_detail::scalar_text(node, context, "a rule over alarms", "ALARM(high) AND NOT ALARM(low)", false);
  if (text == nullptr) return std::nullopt;
  const auto parsed = AlarmRule::parse(*text);
  if (!parsed.value) {
    context.report(Code::inconsistent, node, parsed.problem, "for example: ALARM(high) AND NOT ALARM(low)");
    return std::nullopt;
  }
  return RuleText{*text, parsed.value->alarms(), node.place(), node.path()};
}

void FieldType<RuleText>::schema(Json& out, SchemaBook&, const FieldRules&) { schema::text(out); }

}  // namespace nephoscope
