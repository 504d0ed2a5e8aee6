#include "models/study/pooling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

double ratio(const RatioMeasure& measure) {
  return measure.denominator != 0 ? measure.numerator / measure.denominator : kNaN;
}

double quantile_if_enough(const QuantileSketch& sketch, double q) {
  return enough_for_quantile(sketch.count(), q) ? sketch.quantile(q) : kNaN;
}

bool is_bill(const MetricKey& key) {
  const MetricInfo* info = find_metric(key.name);
  return info != nullptr && info->kind == MetricKind::money;
}

bool same_everywhere(const std::vector<double>& values) {
  return values.size() > 1 &&
         std::all_of(values.begin(), values.end(), [&](double v) { return v == values[0]; });
}

// An interval of clusters (independent_counts) may lie beyond the pooled share itself when clusters differ
// much in size: it is stretched to reach that, and judged again.
void include_value(const PooledMetric& metric, const Expectation& condition, Judgement& judgement) {
  Interval& interval = judgement.interval;
  if (!interval.bounded() || !metric.counts || std::isnan(metric.value) || interval.contains(metric.value))
    return;
  interval.low = std::min(interval.low, metric.value);
  interval.high = std::max(interval.high, metric.value);
  if (compare(interval, condition) == Verdict::kInconclusive) judgement.verdict = Verdict::kInconclusive;
}

Judgement judge_values(const PooledMetric& metric, const Expectation& condition) {
  if (is_bill(metric.key) && same_everywhere(metric.values)) {
    const double value = metric.values.front();
    return {condition.met_by(value) ? Verdict::kPass : Verdict::kFail,
            {value, value, value},
            fmt::format("the same in all {} replications", metric.values.size())};
  }
  Evidence evidence;
  evidence.values = metric.values;
  evidence.counts = metric.counts;
  Judgement judgement = judge(evidence, condition);
  include_value(metric, condition, judgement);
  if (judgement.verdict == Verdict::kNoData && !metric.reason.empty()) judgement.reason = metric.reason;
  return judgement;
}

// About how many replications would take the bound out of the interval: half-widths shrink with the root.
std::string replications_needed(const PooledMetric& metric, const Interval& interval, double bound) {
  constexpr double sensible = 100'000;
  const double distance = std::fabs(interval.mean - bound);
  const double widths = interval.half_width() / distance;
  const double needed = std::ceil(static_cast<double>(metric.values.size()) * widths * widths);
  if (!(needed < sensible)) return "; the value is too close to the bound to decide";
  return fmt::format("; about {:.0f} replications may decide it", needed);
}

Judgement judge_replications(const PooledMetric& metric, const Expectation& condition, Probability share) {
  BinomialCounts held;
  for (const double value : metric.values) {
    if (std::isnan(value)) continue;
    ++held.trials;
    if (condition.met_by(value)) ++held.successes;
  }
  Judgement judgement = judge_share(held, {Relation::kGreaterEqual, share.value});
  const auto missing = static_cast<std::int64_t>(metric.values.size()) - held.trials;
  if (judgement.verdict == Verdict::kPass && missing > 0) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.reason += fmt::format(", but {} have no data", missing);
  }
  return judgement;
}

}  // namespace

bool enough_for_quantile(std::uint64_t samples, double q) {
  constexpr double rounding = 1e-6;  // 1 - 0.9 is not exactly 0.1
  return static_cast<double>(samples) * std::min(q, 1 - q) >= kFewestBeyond - rounding;
}

BinomialCounts independent_counts(std::span<const CallCounts> replications) {
  CallCounts total;
  for (const CallCounts& each : replications) total.part += each.part, total.all += each.all;
  const bool part_is_rare = 2 * total.part < total.all;
  double largest = 1;
  std::int64_t events = 0;
  for (const CallCounts& each : replications) {
    const double rare = part_is_rare ? each.part : each.all - each.part;
    largest = std::max(largest, rare);
    events += rare > 0 ? 1 : 0;
  }
  const auto trials = std::max(static_cast<std::int64_t>(std::floor(total.all / largest)), events);
  return {part_is_rare ? events : trials - events, trials};
}

Pooling::Pooling(std::span<const MetricKey> extra) {
  for (const MetricKey& key : extra)
    if (const auto quantile = parse_quantile(key.name); quantile && is_sketch(quantile->sketch))
      extra_.push_back(key);
}

// Suffixes and quantiles kept of a sketch: the usual ones, then what expectations name beyond.
std::vector<std::pair<std::string, double>> Pooling::quantiles_of(const MetricKey& sketch) const {
  std::vector<std::pair<std::string, double>> result;
  for (const auto& usual : kShownQuantiles) result.emplace_back(usual.suffix, usual.q);
  for (const MetricKey& key : extra_) {
    const auto name = parse_quantile(key.name);
    if (key.scope != sketch.scope || key.id != sketch.id || name->sketch != sketch.name) continue;
    const std::string suffix = key.name.substr(sketch.name.size() + 1);
    const auto same = [&](const auto& each) { return each.first == suffix; };
    if (std::none_of(result.begin(), result.end(), same)) result.emplace_back(suffix, name->q);
  }
  return result;
}

void Pooling::add(Report report) {
  const auto& measures = report.measures();
  if (replications_ == 0) columns_.resize(measures.size());
  check(columns_.size() == measures.size(), "study", "replications report different metrics");
  for (std::size_t i = 0; i < measures.size(); ++i) {
    Column& column = columns_[i];
    if (const auto* value = std::get_if<RatioMeasure>(&measures[i].value)) {
      column.ratios.push_back(*value);
      continue;
    }
    const auto quantiles = quantiles_of(measures[i].key);
    column.quantiles.resize(quantiles.size());
    for (std::size_t k = 0; k < quantiles.size(); ++k)
      column.quantiles[k].push_back(
          quantile_if_enough(std::get<QuantileSketch>(measures[i].value), quantiles[k].second));
  }
  if (replications_++ == 0)
    total_ = std::move(report);
  else
    total_.merge(report);
}

PooledMetric Pooling::pooled_ratio(const Measure& measure, const Column& column) const {
  PooledMetric metric{measure.key, measure.unit, ratio(std::get<RatioMeasure>(measure.value)), {}, {}, ""};
  for (const RatioMeasure& each : column.ratios) metric.values.push_back(ratio(each));
  const MetricInfo* info = find_metric(measure.key.name);
  if (info != nullptr && info->counts) {
    std::vector<CallCounts> counts;
    for (const RatioMeasure& each : column.ratios) counts.push_back({each.numerator, each.denominator});
    metric.counts = independent_counts(counts);
  }
  if (std::isnan(metric.value)) metric.reason = "nothing was measured";
  return metric;
}

PooledMetric Pooling::pooled_quantile(const Measure& measure, const std::string& suffix, double q,
                                      const std::vector<double>& values) const {
  const auto& sketch = std::get<QuantileSketch>(measure.value);
  PooledMetric metric{measure.key, measure.unit, quantile_if_enough(sketch, q), values, {}, ""};
  metric.key.name += "." + suffix;
  const bool none = std::all_of(values.begin(), values.end(), [](double v) { return std::isnan(v); });
  const double needed = std::ceil(kFewestBeyond / std::min(q, 1 - q) - 1e-6);
  if (none)
    metric.reason =
        fmt::format("too few samples: {} in all, a replication needs {:.0f}", sketch.count(), needed);
  return metric;
}

void Pooling::add_metrics(std::size_t index, std::vector<PooledMetric>& metrics) const {
  const Measure& measure = total_.measures()[index];
  const Column& column = columns_[index];
  if (std::holds_alternative<RatioMeasure>(measure.value)) {
    metrics.push_back(pooled_ratio(measure, column));
    return;
  }
  const auto quantiles = quantiles_of(measure.key);
  for (std::size_t k = 0; k < quantiles.size(); ++k)
    metrics.push_back(pooled_quantile(measure, quantiles[k].first, quantiles[k].second, column.quantiles[k]));
}

std::vector<PooledMetric> Pooling::metrics() const {
  std::vector<PooledMetric> metrics;
  for (std::size_t i = 0; i < columns_.size(); ++i) add_metrics(i, metrics);
  return metrics;
}

std::optional<PooledMetric> Pooling::find(const MetricKey& key) const {
  const auto all = metrics();
  const auto place =
      std::find_if(all.begin(), all.end(), [&](const PooledMetric& each) { return each.key == key; });
  return place == all.end() ? std::nullopt : std::optional(*place);
}

Interval interval_of(const PooledMetric& metric) {
  return judge_values(metric, {Relation::kLessEqual, 0}).interval;
}

Judgement judge_metric(const PooledMetric& metric, const Expectation& condition,
                       const std::optional<Probability>& share) {
  if (share) return judge_replications(metric, condition, *share);
  Judgement judgement = judge_values(metric, condition);
  if (judgement.interval.bounded() && compare(judgement.interval, condition) == Verdict::kInconclusive)
    judgement.reason += replications_needed(metric, judgement.interval, condition.bound);
  return judgement;
}

}  // namespace nephoscope
