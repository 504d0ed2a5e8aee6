#include "models/study/pooling.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace nephoscope;

namespace {

const MetricKey kAvailability = {Scope::summary, "", "availability"};
const MetricKey kWait = {Scope::resource, "db", "wait.mean"};
const MetricKey kCost = {Scope::summary, "", "cost.total"};

Report ratio_report(const MetricKey& key, double numerator, double denominator) {
  Report report;
  report.ratio(key, "1", numerator, denominator);
  return report;
}

Report latency_report(int calls, double seconds) {
  QuantileSketch sketch;
  for (int i = 0; i < calls; ++i) sketch.add(seconds);
  Report report;
  report.sketch({Scope::summary, "", "latency"}, "s", std::move(sketch));
  return report;
}

PooledMetric pooled(const MetricKey& key, const std::vector<RatioMeasure>& replications) {
  Pooling pooling;
  for (const auto& each : replications) pooling.add(ratio_report(key, each.numerator, each.denominator));
  return *pooling.find(key);
}

PooledMetric with_values(const MetricKey& key, std::vector<double> values) {
  return {key, "1", values.front(), values, {}, ""};
}

}  // namespace

TEST_CASE("pooling: a point value divides summed numerators by summed denominators") {
  // (90 + 400) / (100 + 500) = 49/60, not the mean of 0.9 and 0.8
  const auto metric = pooled(kAvailability, {{90, 100}, {400, 500}});
  CHECK(metric.value == doctest::Approx(49.0 / 60));
  REQUIRE(metric.values.size() == 2);
  CHECK(metric.values[0] == doctest::Approx(0.9));
  CHECK(metric.values[1] == doctest::Approx(0.8));
}

TEST_CASE("pooling: the interval is Student's over the replications' values") {
  // waits 1, 2, 3 s: mean 2, s = 1, t(0.975, 2) = 4.30265; half-width 4.30265 / sqrt(3) = 2.48414
  const auto metric = pooled(kWait, {{1, 1}, {2, 1}, {3, 1}});
  const Interval interval = interval_of(metric);
  CHECK(interval.low == doctest::Approx(2 - 2.48414).epsilon(1e-5));
  CHECK(interval.high == doctest::Approx(2 + 2.48414).epsilon(1e-5));
}

TEST_CASE("pooling: one replication has a value and no interval") {
  const auto metric = pooled(kWait, {{1, 2}});
  CHECK(metric.value == 0.5);
  CHECK_FALSE(interval_of(metric).bounded());
}

TEST_CASE("pooling: without a denominator there is no value, and a reason") {
  const auto metric = pooled(kWait, {{0, 0}, {0, 0}});
  CHECK(std::isnan(metric.value));
  CHECK(metric.reason == "nothing was measured");
}

TEST_CASE("pooling: a quantile needs ten samples beyond it") {
  // p99: n (1 - 0.99) >= 10 from n = 1000 on; p50: n >= 20; p90 although 1 - 0.9 is not exactly 0.1
  CHECK(enough_for_quantile(1000, 0.99));
  CHECK_FALSE(enough_for_quantile(999, 0.99));
  CHECK(enough_for_quantile(20, 0.5));
  CHECK(enough_for_quantile(100, 0.9));
  CHECK_FALSE(enough_for_quantile(10, 0.01));
}

TEST_CASE("pooling: a quantile of too few calls is not a number, and says how many are needed") {
  Pooling pooling;
  pooling.add(latency_report(100, 0.2));
  pooling.add(latency_report(100, 0.2));
  const auto p95 = pooling.find({Scope::summary, "", "latency.p95"});
  // 200 calls in all have 10 beyond p95, one replication's 100 do not
  CHECK(p95->value == 0.2);
  CHECK(std::isnan(p95->values[0]));
  CHECK(p95->reason == "too few samples: 200 in all, a replication needs 200");
}

TEST_CASE("pooling: quantiles that expectations name are kept beside the usual ones") {
  const std::vector<MetricKey> extra = {{Scope::summary, "", "latency.p90"}};
  Pooling pooling(extra);
  pooling.add(latency_report(100, 0.2));
  CHECK(pooling.find({Scope::summary, "", "latency.p90"})->value == 0.2);
  CHECK_FALSE(Pooling().find({Scope::summary, "", "latency.p90"}));
}

TEST_CASE("pooling: calls that never fail count one by one") {
  // no failure in 3 x 1000 calls
  const auto counts = independent_counts(std::vector<CallCounts>(3, {1000, 1000}));
  CHECK(counts.successes == 3000);
  CHECK(counts.trials == 3000);
}

TEST_CASE("pooling: failures of one replication count as one event of the largest size") {
  // failures 100, 20, 0 of 1000 calls each: 2 events in 3000 / 100 = 30 trials
  const std::vector<CallCounts> replications = {{900, 1000}, {980, 1000}, {1000, 1000}};
  const auto counts = independent_counts(replications);
  CHECK(counts.trials == 30);
  CHECK(counts.successes == 28);
}

TEST_CASE("pooling: a share of failures clusters as a share of successes does") {
  const std::vector<CallCounts> replications = {{100, 1000}, {20, 1000}, {0, 1000}};
  const auto counts = independent_counts(replications);
  CHECK(counts.trials == 30);
  CHECK(counts.successes == 2);
}

TEST_CASE("pooling: no failure anywhere is judged by the exact binomial bound") {
  // 0 failures of 30,000: the lower limit is 0.025^(1/30000) = 0.999877
  const auto metric = pooled(kAvailability, {{10000, 10000}, {10000, 10000}, {10000, 10000}});
  CHECK(judge_metric(metric, {Relation::kGreaterEqual, 0.999}, {}).verdict == Verdict::kPass);
  CHECK(judge_metric(metric, {Relation::kGreaterEqual, 0.9999}, {}).verdict == Verdict::kInconclusive);
  CHECK(interval_of(metric).low == doctest::Approx(0.999877).epsilon(1e-6));
}

TEST_CASE("pooling: one outage in ten replications does not pass for certainty") {
  std::vector<RatioMeasure> replications(9, {1000, 1000});
  replications.push_back({500, 1000});
  // pooled 0.95; one event in 10000 / 500 = 20 trials: [0.751, 0.9987]
  const auto metric = pooled(kAvailability, replications);
  CHECK(metric.value == doctest::Approx(0.95));
  CHECK(judge_metric(metric, {Relation::kGreaterEqual, 0.9}, {}).verdict == Verdict::kInconclusive);
  CHECK(judge_metric(metric, {Relation::kGreaterEqual, 0.7}, {}).verdict == Verdict::kPass);
}

TEST_CASE("pooling: the interval of clusters of uneven size reaches the pooled share") {
  std::vector<RatioMeasure> replications(17, {1000, 1000});
  replications.insert(replications.end(), {{0, 1000}, {999, 1000}, {999, 1000}});
  // 3 events in 20 trials would give at best 0.968; a larger cluster makes no interval without the pooled
  // value
  const auto metric = pooled(kAvailability, replications);
  CHECK(interval_of(metric).contains(metric.value));
}

TEST_CASE("pooling: a bill that is the same everywhere is certain") {
  const auto metric = with_values(kCost, {1.5, 1.5});
  CHECK(judge_metric(metric, {Relation::kLess, 2}, {}).verdict == Verdict::kPass);
  CHECK(judge_metric(metric, {Relation::kLess, 1.5}, {}).verdict == Verdict::kFail);
  CHECK(judge_metric(with_values(kCost, {1.5}), {Relation::kLess, 2}, {}).verdict == Verdict::kInconclusive);
}

TEST_CASE("pooling: a measured value that never varied decides nothing") {
  const auto metric = with_values(kWait, {0, 0, 0, 0, 0, 0});
  CHECK(judge_metric(metric, {Relation::kLess, 1}, {}).verdict == Verdict::kInconclusive);
}

TEST_CASE("pooling: what has no data is no pass") {
  const double nan = std::nan("");
  CHECK(judge_metric(with_values(kWait, {nan, nan}), {Relation::kLess, 1}, {}).verdict == Verdict::kNoData);
}

TEST_CASE("pooling: an inconclusive verdict says about how many replications would decide") {
  // 1, 2, 3: half-width 2.484 around 2; the bound 4 is 2 away: 3 (2.484 / 2)^2 = 4.63, so about 5
  const auto judgement = judge_metric(with_values(kWait, {1, 2, 3}), {Relation::kLess, 4}, {});
  CHECK(judgement.verdict == Verdict::kInconclusive);
  CHECK(judgement.reason == "Student-t interval; about 5 replications may decide it");
}

TEST_CASE("pooling: a share of the replications is judged by how many held") {
  std::vector<double> values(99, 1.0);
  values.push_back(5.0);
  // 99 of 100 held: exact interval [0.9455, 0.9997]
  const auto metric = with_values(kWait, values);
  const Expectation below_two = {Relation::kLess, 2};
  CHECK(judge_metric(metric, below_two, Probability(0.9)).verdict == Verdict::kPass);
  CHECK(judge_metric(metric, below_two, Probability(0.95)).verdict == Verdict::kInconclusive);
  CHECK(judge_metric(metric, {Relation::kLess, 0.5}, Probability(0.9)).verdict == Verdict::kFail);
}

TEST_CASE("pooling: a replication without data keeps a share from passing") {
  std::vector<double> values(100, 1.0);
  values.push_back(std::nan(""));
  CHECK(judge_metric(with_values(kWait, values), {Relation::kLess, 2}, Probability(0.9)).verdict ==
        Verdict::kInconclusive);
}
