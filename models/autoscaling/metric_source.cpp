#include "models/autoscaling/metric_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/common/metric_math.hpp"

namespace nephoscope::autoscaling {

namespace {

constexpr std::size_t kMaxQueries = 10;  // CloudWatch User Guide, "CloudWatch service quotas"

MetricName metric_name_of(const std::string& space, const std::string& name,
                          const std::optional<Dimensions>& dimensions, const Capacity& capacity) {
  MetricName metric = capacity.group_metric(name);
  metric.space = space;
  if (dimensions) metric.dimensions = *dimensions;
  return metric;
}

void check_query(const MetricQueryConfig& query, const Node& node, Context& context) {
  if (!query.expression) return;
  for (const char* key : {"namespace", "dimensions", "statistic"})
    if (const Node* given = node.find(key))
      context.report_key(Code::inconsistent, *given,
                         fmt::format("'{}' has no meaning for an expression", key),
                         "it belongs to the metrics that the expression names");
}

// Expressions see the ids before them.
void check_expressions(const std::vector<MetricQueryConfig>& metrics, const Node& list, Context& context) {
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < metrics.size(); ++i) {
    const MetricQueryConfig& query = metrics[i];
    if (std::find(ids.begin(), ids.end(), query.id) != ids.end())
      context.report(Code::inconsistent, *list[i].find("id"), fmt::format("'{}' stands twice", query.id));
    if (query.expression)
      if (const auto parsed = MetricMath::parse(*query.expression, ids); !parsed.value)
        context.report(Code::inconsistent, *list[i].find("expression"), parsed.problem,
                       "for example: backlog / instances");
    ids.push_back(query.id);
  }
}

// CloudWatch API reference, PutMetricAlarm: 10, 20, 30 or a multiple of 60 seconds; all periods together at
// most a day, or 7 days if a period has an hour or more.
void check_alarm(const PolicyAlarm& alarm, const Node& node, Context& context) {
  alarm.check_metrics(node, context);
  const bool high_resolution = alarm.period == 10s || alarm.period == 20s || alarm.period == 30s;
  if (!high_resolution && alarm.period % Duration(60s) != Duration{})
    context.report(Code::inconsistent, *node.find("period"),
                   fmt::format("CloudWatch has no period of {}", show(alarm.period)),
                   "10s, 20s, 30s or whole minutes");
  const Duration most = alarm.period >= 1h ? Duration(24h * 7) : Duration(24h);
  if (alarm.period * alarm.evaluation_periods > most)
    context.report(Code::inconsistent, *node.find("evaluation_periods"),
                   fmt::format("{} periods of {} are more than {}", alarm.evaluation_periods,
                               show(alarm.period), show(most)));
  if (alarm.datapoints_to_alarm && *alarm.datapoints_to_alarm > alarm.evaluation_periods)
    context.report(
        Code::inconsistent, *node.find("datapoints_to_alarm"),
        fmt::format("asks for {} of {} datapoints", *alarm.datapoints_to_alarm, alarm.evaluation_periods));
}

}  // namespace

FieldRules MetricSource::space_rules() { return {.doc = "the metric's namespace"}; }
FieldRules MetricSource::metric_name_rules() { return {.doc = "the metric, by CloudWatch's name"}; }
FieldRules MetricSource::dimensions_rules() {
  return {.doc = "the metric's dimensions; none = AutoScalingGroupName of this group"};
}
FieldRules MetricSource::statistic_rules() { return {.doc = "how a period's values become one"}; }
FieldRules MetricSource::metrics_rules() {
  return {.doc = "instead: metrics by id, then an expression over them, which is compared",
          .source = "CloudWatch User Guide, service quotas: at most 10",
          .min_items = 1,
          .max_items = kMaxQueries};
}

void MetricSource::check_metrics(const Node& node, Context& context) const {
  const Node* list = node.find("metrics");
  if (list == nullptr) return;
  check_expressions(metrics, *list, context);
  for (const char* key : {"namespace", "dimensions", "statistic"})
    if (const Node* given = node.find(key))
      context.report_key(Code::inconsistent, *given, fmt::format("'{}' has no meaning with 'metrics'", key),
                         "write it in the elements of 'metrics'");
}

std::vector<MetricQuery> MetricSource::queries(const Capacity& capacity) const {
  std::vector<MetricQuery> result;
  for (const MetricQueryConfig& each : metrics) result.push_back(each.query(capacity));
  if (metric_name)
    result.push_back({.id = "",
                      .metric = metric_name_of(space, *metric_name, dimensions, capacity),
                      .statistic = statistic,
                      .expression = ""});
  return result;
}

const std::string& MetricSource::label() const { return metric_name ? *metric_name : metrics.back().id; }

const FieldTable<MetricQueryConfig>& MetricQueryConfig::fields() {
  using Q = MetricQueryConfig;
  static const auto table =
      FieldTable<Q>("metric query", "A metric under an id, or an expression over ids.")
          .required("id", &Q::id, {.doc = "by which expressions name it"})
          .field("namespace", &Q::space, MetricSource::space_rules())
          .field("metric_name", &Q::metric_name, MetricSource::metric_name_rules())
          .field("dimensions", &Q::dimensions, MetricSource::dimensions_rules())
          .field("statistic", &Q::statistic, MetricSource::statistic_rules())
          .field("expression", &Q::expression, {.doc = "arithmetic over earlier ids: backlog / workers"})
          .exactly_one_of({"metric_name", "expression"})
          .validate(check_query);
  return table;
}

MetricQuery MetricQueryConfig::query(const Capacity& capacity) const {
  MetricQuery query{.id = id, .metric = {}, .statistic = statistic, .expression = ""};
  if (expression) query.expression = *expression;
  if (metric_name) query.metric = metric_name_of(space, *metric_name, dimensions, capacity);
  return query;
}

const FieldTable<CustomizedMetric>& CustomizedMetric::fields() {
  static const auto table = with_metric_source(FieldTable<CustomizedMetric>(
                                                   "customized metric", "A metric that a policy works on."))
                                .validate([](const CustomizedMetric& metric, const Node& node,
                                             Context& context) { metric.check_metrics(node, context); });
  return table;
}

const FieldTable<PolicyAlarm>& PolicyAlarm::fields() {
  static const char* const kSource = "CloudWatch API reference, PutMetricAlarm";
  using A = PolicyAlarm;
  static const auto table =
      with_metric_source(FieldTable<A>("policy alarm", "The alarm that drives a scaling policy."))
          .required("period", &A::period,
                    {.doc = "one datapoint's span", .source = kSource, .min = 10s, .max = Duration(24h)})
          .required("evaluation_periods", &A::evaluation_periods,
                    {.doc = "datapoints that are looked at", .source = kSource, .min = 1, .max = 10'080})
          .field("datapoints_to_alarm", &A::datapoints_to_alarm,
                 {.doc = "of these, how many must breach; none = all", .source = kSource, .min = 1})
          .required("threshold", &A::threshold, {.doc = "in the metric's unit"})
          .required("comparison_operator", &A::comparison_operator, {.doc = "what breaches"})
          .field("treat_missing_data", &A::treat_missing_data,
                 {.doc = "what a datapoint that is not there counts as", .source = kSource})
          .validate(check_alarm);
  return table;
}

AlarmSpec PolicyAlarm::spec(std::string name, const Capacity& capacity) const {
  AlarmSpec spec;
  spec.name = std::move(name);
  spec.owner = capacity.group();
  spec.queries = queries(capacity);
  spec.period = period;
  spec.evaluation_periods = evaluation_periods;
  spec.datapoints_to_alarm = datapoints_to_alarm.value_or(0);
  spec.threshold = threshold;
  spec.comparison = comparison_operator;
  spec.missing_data = treat_missing_data;
  spec.repeats_action = true;
  return spec;
}

std::string reading_text(double value) { return fmt::format("{}", std::round(value * 10) / 10); }

std::string alarm_text(const AlarmSpec& spec, const std::string& label, double value) {
  const int needed = spec.datapoints_to_alarm == 0 ? spec.evaluation_periods : spec.datapoints_to_alarm;
  const std::string span = spec.period == 60s ? "min" : "x " + show(spec.period);
  return fmt::format("alarm {} in ALARM, {} {} {} {} for {} of {} {}", spec.name, label, reading_text(value),
                     symbol(spec.comparison), reading_text(spec.threshold), needed, spec.evaluation_periods,
                     span);
}

}  // namespace nephoscope::autoscaling
