#include "models/cloudwatch/metric_watch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"
#include "models/common/alarm_field.hpp"

namespace nephoscope::cloudwatch {
namespace {

constexpr std::int64_t kMostMetrics =
    10;  // CloudWatch User Guide, CloudWatch quotas: metrics of a math alarm
constexpr std::size_t kMostValuesShown = 5;  // of our own

}  // namespace

MetricWatch::MetricWatch(const AlarmSpec& spec, const CloudWatchConfig& config, MetricStore& store)
    : spec_(spec), store_(store) {
  check_spec();
  const auto range = static_cast<std::size_t>(spec.evaluation_periods + config.extra_datapoints);
  values_.resize(range);
  points_.resize(range);
  rule_ = {.evaluation_periods = spec.evaluation_periods,
           .datapoints_to_alarm =
               spec.datapoints_to_alarm == 0 ? spec.evaluation_periods : spec.datapoints_to_alarm,
           .missing_data = spec.missing_data};
  std::vector<std::string> ids;
  for (const MetricQuery& query : spec.queries) add_input(query, ids);
  check(metric_count_ >= 1 && metric_count_ <= kMostMetrics, "cloudwatch", "alarm {} looks at {} metrics",
        spec.name, metric_count_);
}

// The rules of PutMetricAlarm (CloudWatch API reference; botocore cloudwatch).
void MetricWatch::check_spec() const {
  const Duration period = spec_.period;
  const bool known = period == 10s || period == 20s || period == 30s ||
                     (period > Duration{} && period % Duration(60s) == Duration{});
  check(known, "cloudwatch", "alarm {} has a period of {}", spec_.name, show(period));
  const Duration most = period >= 1h ? Duration(24h * 7) : Duration(24h);
  check(spec_.evaluation_periods >= 1 && period * spec_.evaluation_periods <= most, "cloudwatch",
        "alarm {} looks at {} periods", spec_.name, spec_.evaluation_periods);
  check(spec_.datapoints_to_alarm >= 0 && spec_.datapoints_to_alarm <= spec_.evaluation_periods, "cloudwatch",
        "alarm {}: {} of {} datapoints", spec_.name, spec_.datapoints_to_alarm, spec_.evaluation_periods);
  check(!spec_.queries.empty(), "cloudwatch", "alarm {} looks at nothing", spec_.name);
}

void MetricWatch::add_input(const MetricQuery& query, std::vector<std::string>& ids) {
  Input input{.metric = {}, .statistic = query.statistic, .expression = {}};
  if (query.expression.empty()) {
    input.metric = store_.id(query.metric);
    // What is stamped before the oldest period of an evaluation, which is at most a minute old, is not
    // needed.
    const auto range = static_cast<std::int64_t>(values_.size());
    store_.watch(input.metric, spec_.period * range + Duration(60s), interval());
    ++metric_count_;
    // Alarms on DynamoDB's metrics ignore missing data, whatever they say (User Guide, AlarmThatSendsEmail).
    if (query.metric.space == "AWS/DynamoDB") rule_.missing_data = MissingData::ignore;
  } else {
    auto parsed = MetricMath::parse(query.expression, ids);
    check(parsed.value.has_value(), "cloudwatch", "alarm {}: {}", spec_.name, parsed.problem);
    input.expression = std::move(parsed.value);
  }
  inputs_.push_back(std::move(input));
  ids.push_back(query.id);
}

Verdict MetricWatch::evaluate(Time now, AlarmState before) {
  Time to = now - now.time_since_epoch() % interval();
  for (std::size_t i = values_.size(); i-- > 0; to -= spec_.period) {
    values_[i] = value(to - spec_.period, to);
    points_[i] = !values_[i]                                                ? Datapoint::missing
                 : breaches(*values_[i], spec_.comparison, spec_.threshold) ? Datapoint::breaching
                                                                            : Datapoint::within;
  }
  return nephoscope::cloudwatch::evaluate(points_, rule_, before);
}

// The datapoint of [from, to): the last input's, from those before it.
std::optional<double> MetricWatch::value(Time from, Time to) {
  row_.clear();
  for (const Input& input : inputs_) {
    if (input.expression)
      row_.push_back(input.expression->value(row_));
    else
      row_.push_back(value_of(store_.visible(input.metric, from, to), input.statistic));
  }
  return row_.back();
}

std::optional<double> MetricWatch::newest() const {
  for (std::size_t i = values_.size(); i-- > 0;)
    if (values_[i]) return values_[i];
  return std::nullopt;
}

std::string MetricWatch::reason(Grounds grounds) const {
  std::vector<std::string> shown;
  int real = 0, breaching = 0;
  for (std::size_t i = values_.size(); i-- > 0 && real < rule_.evaluation_periods;) {
    if (!values_[i]) continue;
    ++real;
    if (points_[i] == Datapoint::breaching) ++breaching;
    if (shown.size() < kMostValuesShown) shown.push_back(fmt::format("{:.4g}", *values_[i]));
  }
  const int filled = rule_.evaluation_periods - real;
  if (real == 0)
    return fmt::format("no datapoint in {} x {}{}", values_.size(), show(spec_.period), missing_text(filled));
  const std::string threshold = fmt::format("{} {:.4g}", symbol(spec_.comparison), spec_.threshold);
  const std::string list = fmt::format("{}{}", fmt::join(shown, ", "),
                                       static_cast<std::size_t>(real) > shown.size() ? ", ..." : "");
  if (grounds == Grounds::premature)
    return fmt::format("all known datapoints {} ({} of {}): {}", threshold, breaching,
                       rule_.evaluation_periods, list);
  return fmt::format("{} of {} datapoints {}: {}{}", breaching, rule_.evaluation_periods, threshold, list,
                     missing_text(filled));
}

std::string MetricWatch::missing_text(int filled) const {
  if (filled == 0) return "";
  if (rule_.missing_data == MissingData::breaching)
    return fmt::format("; {} missing, as if breaching", filled);
  if (rule_.missing_data == MissingData::not_breaching)
    return fmt::format("; {} missing, as if not breaching", filled);
  return fmt::format("; {} missing", filled);
}

}  // namespace nephoscope::cloudwatch
