// Do a study's 95 % intervals cover the truth in 95 % of studies? Replications are drawn from distributions
// whose answer is known and go through the study's own pooling, intervals, precision and comparison.
//
// Short form: 200 studies. Long form, NEPHOSCOPE_LONG=1: 1,000, of which 927 to 973 must cover, a band that a
// fair interval misses with probability 0.0015 (exact binomial). Intervals that are conservative on purpose
// (exact binomial bounds) have no upper limit.
#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>

#include "models/common/request.hpp"
#include "models/study/comparison.hpp"
#include "models/study/precision.hpp"
#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;
using test::SplitMix;

namespace {

bool is_long() { return std::getenv("NEPHOSCOPE_LONG") != nullptr; }
int studies() { return is_long() ? 1000 : 200; }
// Of 200 fair intervals fewer than 178 or more than 199 cover with probability 0.0009.
int fewest() { return is_long() ? 927 : 178; }
int most() { return is_long() ? 973 : 199; }

const MetricKey kMean = {Scope::summary, "", "latency.mean"};
const MetricKey kP99 = {Scope::summary, "", "latency.p99"};
const MetricKey kShare = {Scope::summary, "", "availability"};

// A replication's luck: calls are slower in some replications than in others, and variants share that.
struct Luck {
  SplitMix own;
  double load;
};

// Replication r of study s, drawn for variant v: the load is common to variants (common random numbers).
Luck luck(int study, std::uint32_t replication, int variant) {
  const auto address = (static_cast<std::uint64_t>(study) << 32U) + replication;
  SplitMix common(mix64(address));
  return {SplitMix(mix64(address ^ mix64(static_cast<std::uint64_t>(variant) + 1))), common.normal()};
}

// Mean latency of 100 calls: `mean` + a load of standard deviation 0.2 + noise of 1 / sqrt(100) = 0.1.
Report mean_report(Luck luck, double mean) {
  double sum = 0;
  for (int i = 0; i < 100; ++i) sum += mean + 0.2 * luck.load + luck.own.exponential() - 1;
  Report report;
  report.ratio(kMean, "s", sum, 100);
  return report;
}

// 10,000 exponential latencies of mean 1: p99 = ln 100. With n calls a replication's own p99 is low by up to
// half a rank, 1 / (2 n (1 - 0.99)) = 0.005 here; that must be small against the interval.
Report p99_report(Luck luck) {
  QuantileSketch sketch;
  for (int i = 0; i < 10'000; ++i) sketch.add(luck.own.exponential());
  Report report;
  report.sketch({Scope::summary, "", "latency"}, "s", std::move(sketch));
  return report;
}

// 10,000 calls, of which an outage, in `share` of replications, loses 500 to 1,500: 1,000 in the mean.
Report outage_report(Luck luck, double share) {
  const double outage = luck.own.uniform();
  const double lost = std::floor(500 + 1000 * luck.own.uniform());
  Report report;
  report.ratio(kShare, "1", 10'000 - (outage < share ? lost : 0), 10'000);
  return report;
}

using Replication = std::function<Report(int study, std::uint32_t replication)>;

// Fixed: so many replications. With precision: as the study adds them.
Pooling pooled(int study, const Replication& replication, const RunConfig& run) {
  const ReplicationRange range = replication_range(run);
  Pooling pooling;
  StoppingRule rule;
  for (std::uint32_t next = 0, to = range.first;; to = std::min(to + kPrecisionBlock, range.most)) {
    for (; next < to; ++next) pooling.add(replication(study, next));
    const auto precision = precision_of(run, pooling);
    const bool precise =
        std::all_of(precision.begin(), precision.end(), [](const auto& each) { return each.reached(); });
    if (to == range.most || rule.enough(precise)) return pooling;
  }
}

struct Coverage {
  int covered = 0;
  int bounded = 0;
  int studies = 0;
};

Coverage coverage(const MetricKey& key, double truth, const RunConfig& run, const Replication& replication) {
  Coverage result;
  for (int study = 0; study < studies(); ++study) {
    const Pooling pooling = pooled(study, replication, run);
    const PooledMetric metric = *pooling.find(key);
    if (metric.counts && metric.value == 1) continue;  // no replication knows of outages: see below
    const Interval interval = interval_of(metric);
    ++result.studies;
    result.bounded += interval.bounded();
    result.covered += interval.contains(truth);
  }
  if (is_long()) MESSAGE(key.name << ": " << result.covered << " of " << result.studies << " cover");
  return result;
}

RunConfig fixed(std::int64_t replications) {
  RunConfig run;
  run.replications = replications;
  return run;
}

RunConfig precise(const std::string& metric, double half_width) {
  RunConfig run = fixed(10);
  run.precision = {{metric, Probability(half_width), {}}};
  return run;
}

void check_fair(const Coverage& coverage) {
  CHECK(coverage.bounded == studies());
  CHECK(coverage.covered >= fewest());
  CHECK(coverage.covered <= most());
}

Report slow(int study, std::uint32_t replication) { return mean_report(luck(study, replication, 0), 1); }
Report tail(int study, std::uint32_t replication) { return p99_report(luck(study, replication, 0)); }

StudyResult result_of(const Pooling& pooling) {
  StudyResult result;
  for (PooledMetric& metric : pooling.metrics()) {
    const Interval interval = interval_of(metric);
    result.metrics.push_back({std::move(metric), interval});
  }
  return result;
}

// Studies whose interval of the difference between variants 0 and 1 covers the truth.
Coverage difference_coverage(const MetricKey& key, double truth, const RunConfig& run,
                             const std::function<Report(Luck, int variant)>& report) {
  Coverage result;
  for (int study = 0; study < studies(); ++study) {
    std::vector<StudyResult> results;
    for (int variant = 0; variant < 2; ++variant) {
      const Replication replication = [&](int s, std::uint32_t r) {
        return report(luck(s, r, variant), variant);
      };
      results.push_back(result_of(pooled(study, replication, run)));
    }
    const Comparison comparison = compare_studies(std::move(results));
    const Interval interval = comparison.find(1, key)->interval;
    ++result.studies;
    result.bounded += interval.bounded();
    result.covered += interval.contains(truth);
  }
  if (is_long())
    MESSAGE("difference of " << key.name << ": " << result.covered << " of " << result.bounded << " cover");
  return result;
}

}  // namespace

TEST_CASE("coverage: means of 10 replications") { check_fair(coverage(kMean, 1, fixed(10), slow)); }

TEST_CASE("coverage: means that are run until they are precise") {
  // a replication's standard deviation is sqrt(0.2^2 + 0.1^2) = 0.224: (1.96 x 0.224 / 0.08)^2 = 30 of them
  check_fair(coverage(kMean, 1, precise("latency.mean", 0.08), slow));
}

TEST_CASE("coverage: p99 of 10 replications") { check_fair(coverage(kP99, std::log(100), fixed(10), tail)); }

TEST_CASE("coverage: p99 that is run until it is precise") {
  // a replication's p99 has a relative standard deviation of 0.0216: (1.96 x 0.0216 / 0.0105)^2 = 16 of them
  check_fair(coverage(kP99, std::log(100), precise("latency.p99", 0.0105), tail));
}

// A study that saw no outage cannot know of any: its interval speaks of calls that fail one by one. The
// others must cover; where few replications had an outage, the exact bound of whole outages may cover more.
TEST_CASE("coverage: availability with rare outages, of studies that saw one") {
  for (const double share : {0.05, 0.1, 0.2, 0.3})
    for (const int replications : {10, 20, 50}) {
      // 1,000 of 10,000 calls in `share` of replications
      const auto replication = [&](int s, std::uint32_t r) { return outage_report(luck(s, r, 0), share); };
      const Coverage found = coverage(kShare, 1 - 0.1 * share, fixed(replications), replication);
      CHECK_MESSAGE(found.covered >= found.studies * fewest() / studies(), share << " " << replications);
    }
}

TEST_CASE("coverage: availability with rare outages that is run until it is precise") {
  // a replication's standard deviation is about 0.031: (1.96 x 0.031 / 0.0051)^2 = 142 of them
  const auto replication = [](int s, std::uint32_t r) { return outage_report(luck(s, r, 0), 0.1); };
  check_fair(coverage(kShare, 0.99, precise("availability", 0.005), replication));
}

TEST_CASE("coverage: differences of means, replication by replication") {
  const auto report = [](Luck luck, int variant) { return mean_report(luck, 1 + 0.05 * variant); };
  check_fair(difference_coverage(kMean, 0.05, fixed(10), report));
}

TEST_CASE("coverage: differences of availability with rare outages have no bounds, or fair ones") {
  const auto report = [](Luck luck, int variant) { return outage_report(luck, variant == 0 ? 0.1 : 0.3); };
  const Coverage found = difference_coverage(kShare, -0.02, fixed(60), report);
  CHECK(found.bounded > studies() / 2);
  CHECK(found.covered >= found.bounded * fewest() / studies());
}
