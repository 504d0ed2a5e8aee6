#include "models/study/study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "models/common/request.hpp"
#include "models/study/sha256.hpp"

namespace nephoscope {
namespace {

CostOptions cost_options(const Scenario& scenario, PriceBook book) {
  const RunConfig& run = scenario.document.run;
  CostOptions options{.book = std::move(book),
                      .discount = scenario.document.pricing.discount,
                      .duration = run.duration,
                      .represents = run.represents};
  for (const auto& resource : scenario.document.resources) options.resources.push_back(resource.id);
  return options;
}

std::vector<MetricKey> expected_metrics(const Scenario& scenario) {
  std::vector<MetricKey> keys;
  for (const ScenarioExpectation& expectation : scenario.document.expect) keys.push_back(expectation.metric);
  return keys;
}

// What is known before anything has run.
StudyResult open_result(const Scenario& scenario, const LoadOptions& loaded_with, const PriceBook& book) {
  StudyResult result;
  result.name = scenario.document.name;
  result.path = scenario.path;
  result.sha256 = sha256_hex(scenario.text);
  result.variant = loaded_with.variant;
  result.without = loaded_with.without;
  for (const PathValue& change : loaded_with.overrides)
    result.overrides.push_back(change.path + "=" + change.value);
  result.seed = scenario.document.run.seed;
  result.requested = scenario.document.run.replications;
  result.monthly_reason = why_not_monthly(scenario.document.run.duration, scenario.document.run.represents);
  result.assumptions = scenario.assumptions;
  result.price_book = book.name + ", " + book.date;
  if (const auto own = scenario.document.pricing.overrides.size(); own > 0)
    result.price_book += fmt::format(", {} overridden", own);
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

void close_result(const Scenario& scenario, const Pooling& pooling, const CostLedger& ledger,
                  StudyResult& result) {
  for (PooledMetric& metric : pooling.metrics()) {
    const Interval interval = interval_of(metric);
    result.metrics.push_back({std::move(metric), interval});
  }
  for (const ScenarioExpectation& expectation : scenario.document.expect)
    result.expectations.push_back(judge_expectation(expectation, result.metrics));
  result.bill = ledger.lines();
  result.pooled = pooling.total();
  result.replications = pooling.replications();
}

}  // namespace

StudyResult run_study(const Scenario& scenario, const LoadOptions& loaded_with, const StudyOptions& options) {
  const auto began = std::chrono::steady_clock::now();
  const PriceBook book = scenario.document.pricing.prices();
  StudyResult result = open_result(scenario, loaded_with, book);
  Pooling pooling(expected_metrics(scenario));
  CostLedger ledger(cost_options(scenario, book));
  const auto take = [&](std::uint32_t replication, Report report) {
    ledger.bill(report);
    result.add_audits(replication, report.audits);
    result.fingerprint = mix64(result.fingerprint ^ report.fingerprint);
    pooling.add(std::move(report));
  };
  const WorkersOptions workers{.replications = static_cast<std::uint32_t>(result.requested),
                               .workers = options.workers,
                               .fork = options.fork};
  const auto run = [&](std::uint32_t replication) { return run_replication(scenario, replication); };
  result.status = run_workers(workers, run, {take, options.progress, options.trouble});
  close_result(scenario, pooling, ledger, result);
  result.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  return result;
}

}  // namespace nephoscope
