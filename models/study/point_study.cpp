#include "models/study/point_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "models/common/request.hpp"
#include "models/study/sha256.hpp"

namespace nephoscope {
namespace {

CostOptions cost_options(const Scenario& scenario) {
  const RunConfig& run = scenario.document.run;
  CostOptions options{.book = scenario.document.pricing.prices(),
                      .discount = scenario.document.pricing.discount,
                      .duration = run.duration,
                      .represents = run.represents};
  for (const auto& resource : scenario.document.resources) options.resources.push_back(resource.id);
  return options;
}

// Quantiles among them are kept beside the usual ones.
std::vector<MetricKey> named_metrics(const Scenario& scenario) {
  std::vector<MetricKey> keys;
  for (const ScenarioExpectation& expectation : scenario.document.expect) keys.push_back(expectation.metric);
  for (const auto& each : scenario.document.run.precision) keys.push_back(metric_key(each.id));
  return keys;
}

std::string price_book_of(const Scenario& scenario) {
  const PriceBook book = scenario.document.pricing.prices();
  const auto own = scenario.document.pricing.overrides.size();
  return book.name + ", " + book.date + (own > 0 ? fmt::format(", {} overridden", own) : "");
}

// What is known before anything has run.
StudyResult open_result(const Point& point, const Scenario& scenario) {
  StudyResult result;
  result.name = scenario.document.name;
  result.description = scenario.document.description;
  result.duration = scenario.document.run.duration;
  result.warmup = scenario.document.run.warmup;
  result.path = scenario.path;
  result.sha256 = sha256_hex(scenario.text);
  result.point = point.name;
  result.variant = point.load.variant;
  result.without = point.load.without;
  for (const PathValue& change : point.load.overrides)
    result.overrides.push_back(change.path + "=" + change.value);
  result.seed = scenario.document.run.seed;
  result.monthly_reason = why_not_monthly(scenario.document.run.duration, scenario.document.run.represents);
  result.assumptions = scenario.assumptions;
  result.price_book = price_book_of(scenario);
  return result;
}

ExpectationResult judge_expectation(const ScenarioExpectation& expectation,
                                    const std::vector<MetricResult>& metrics) {
  const auto place = std::find_if(metrics.begin(), metrics.end(), [&](const MetricResult& each) {
    return each.metric.key == expectation.metric;
  });
  ExpectationResult result;
  result.text = expectation.text;
  result.kind = expectation.kind;
  if (place == metrics.end()) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    result.value = nan;
    result.interval = {nan, nan, nan};
    result.reason = "nothing reports this metric";
    return result;
  }
  const Judgement judgement =
      judge_metric(place->metric, expectation.condition, expectation.share_of_replications);
  result.verdict = judgement.verdict;
  result.value = place->metric.value;
  result.interval = judgement.interval;
  result.reason = judgement.reason;
  return result;
}

}  // namespace

PointStudy::PointStudy(const Point& point, const Scenario& scenario)
    : scenario_(scenario),
      result_(open_result(point, scenario)),
      pooling_(named_metrics(scenario)),
      ledger_(cost_options(scenario)) {}

void PointStudy::take(std::uint32_t replication, Report report) {
  ledger_.bill(report);
  result_.add_audits(replication, report.audits);
  result_.fingerprint = mix64(result_.fingerprint ^ report.fingerprint);
  pooling_.add(std::move(report));
}

std::vector<PrecisionResult> PointStudy::precision() const {
  return precision_of(scenario_.document.run, pooling_);
}

StudyResult PointStudy::close(std::uint32_t requested, StudyStatus status) && {
  for (PooledMetric& metric : pooling_.metrics()) {
    const Interval interval = interval_of(metric);
    result_.metrics.push_back({std::move(metric), interval});
  }
  for (const ScenarioExpectation& expectation : scenario_.document.expect)
    result_.expectations.push_back(judge_expectation(expectation, result_.metrics));
  result_.precision = precision();
  result_.bill = ledger_.lines();
  result_.pooled = pooling_.total();
  result_.requested = requested;
  result_.replications = pooling_.replications();
  result_.status = status;
  return std::move(result_);
}

}  // namespace nephoscope
