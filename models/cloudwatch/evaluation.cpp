#include "models/cloudwatch/evaluation.hpp"

#include "engine/base/check.hpp"

namespace nephoscope::cloudwatch {
namespace {

struct Counts {
  int within = 0;
  int breaching = 0;
  int oldest_age = 0;  // in periods, of the oldest real datapoint; the newest period has age 1
  int real() const { return within + breaching; }
};

// Counts real datapoints from the newest on, `most` of them at most.
Counts count_newest(std::span<const Datapoint> points, int most) {
  Counts counts;
  int age = 0;
  for (auto point = points.rbegin(); point != points.rend() && counts.real() < most; ++point) {
    ++age;
    if (*point == Datapoint::missing) continue;
    (*point == Datapoint::breaching ? counts.breaching : counts.within) += 1;
    counts.oldest_age = age;
  }
  return counts;
}

AlarmState by_number(int breaching, const EvaluationRule& rule) {
  return breaching >= rule.datapoints_to_alarm ? AlarmState::alarm : AlarmState::ok;
}

Verdict without_data(const EvaluationRule& rule, AlarmState before) {
  switch (rule.missing_data) {
    case MissingData::missing:
      return {AlarmState::insufficient_data, Grounds::no_data};
    case MissingData::ignore:
      return {before, Grounds::retained};
    case MissingData::breaching:
      return {AlarmState::alarm, Grounds::filled};
    case MissingData::not_breaching:
      return {AlarmState::ok, Grounds::filled};
  }
  fail_check("cloudwatch", "no such treatment of missing data");
}

// Fewer than N real datapoints under `missing` or `ignore`: nothing is put in place of the others, so the
// real ones decide if they can. `- - - - X` is not yet an ALARM; the guide of 2023 no longer says what it is
// then, and only a range without any data is INSUFFICIENT_DATA there, so it counts as OK here (model).
Verdict by_real_ones(const Counts& counts, const EvaluationRule& rule, AlarmState before) {
  const bool enough = counts.breaching >= rule.datapoints_to_alarm;
  if (enough || counts.within > 0) return {by_number(counts.breaching, rule), Grounds::filled};
  if (rule.missing_data == MissingData::ignore) return {before, Grounds::retained};
  if (counts.oldest_age >= rule.datapoints_to_alarm) return {AlarmState::alarm, Grounds::premature};
  return {AlarmState::ok, Grounds::filled};
}

}  // namespace

Verdict evaluate(std::span<const Datapoint> points, const EvaluationRule& rule, AlarmState before) {
  const int needed = rule.evaluation_periods;
  check(rule.datapoints_to_alarm >= 1 && rule.datapoints_to_alarm <= needed &&
            points.size() >= static_cast<std::size_t>(needed),
        "cloudwatch", "{} of {} from {} datapoints", rule.datapoints_to_alarm, needed, points.size());
  const Counts counts = count_newest(points, needed);
  if (counts.real() == 0) return without_data(rule, before);
  if (counts.real() == needed) return {by_number(counts.breaching, rule), Grounds::real};
  const int filled = needed - counts.real();
  if (rule.missing_data == MissingData::breaching)
    return {by_number(counts.breaching + filled, rule), Grounds::filled};
  if (rule.missing_data == MissingData::not_breaching)
    return {by_number(counts.breaching, rule), Grounds::filled};
  return by_real_ones(counts, rule, before);
}

bool breaches(double value, ComparisonOperator comparison, double threshold) {
  switch (comparison) {
    case ComparisonOperator::greater_than_or_equal:
      return value >= threshold;
    case ComparisonOperator::greater_than:
      return value > threshold;
    case ComparisonOperator::less_than:
      return value < threshold;
    case ComparisonOperator::less_than_or_equal:
      return value <= threshold;
  }
  fail_check("cloudwatch", "no such comparison");
}

std::optional<double> value_of(const StatisticSet& values, Statistic statistic) {
  if (values.samples <= 0) return std::nullopt;
  switch (statistic) {
    case Statistic::sample_count:
      return values.samples;
    case Statistic::average:
      return values.sum / values.samples;
    case Statistic::sum:
      return values.sum;
    case Statistic::minimum:
      return values.minimum;
    case Statistic::maximum:
      return values.maximum;
  }
  fail_check("cloudwatch", "no such statistic");
}

}  // namespace nephoscope::cloudwatch
