#include "models/study/comparison.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "models/study/comparison_results.hpp"
#include "tests/models/study/example_studies.hpp"

using namespace nephoscope;
using OrderedJson = nlohmann::ordered_json;

namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

PairedInterval between(const std::vector<double>& a, const std::vector<double>& b,
                       MetricKind kind = MetricKind::share) {
  return paired_interval(a, b, kind, 0.95);
}

// Ten replications: `usual` but for the first ones, which are listed.
std::vector<double> ten(double usual, std::vector<double> first = {}) {
  first.resize(10, usual);
  return first;
}

// Ten replications around `mean`, each another: mean - 9 step, mean - 7 step, ..., mean + 9 step.
std::vector<double> spread(double mean, double step) {
  std::vector<double> values;
  for (int i = 0; i < 10; ++i) values.push_back(mean + (2 * i - 9) * step);
  return values;
}

}  // namespace

TEST_CASE("comparison: a difference is Student's over the replications' differences") {
  // differences 1, 2, 3: mean 2, s = 1, t(0.975, 2) = 4.30265, half-width 4.30265 / sqrt(3) = 2.48414
  const PairedInterval difference = between({1, 2, 3}, {2, 4, 6});
  CHECK(difference.interval.low == doctest::Approx(2 - 2.48414).epsilon(1e-5));
  CHECK(difference.interval.high == doctest::Approx(2 + 2.48414).epsilon(1e-5));
  CHECK(difference.reason.empty());
}

TEST_CASE("comparison: what is common to both replications does not widen the interval") {
  // values spread over 9, differences 1, 1.1, 0.9: s = 0.1, half-width 4.30265 x 0.1 / sqrt(3) = 0.24841
  const PairedInterval difference = between({1, 5, 10}, {2, 6.1, 10.9});
  CHECK(difference.interval.half_width() == doctest::Approx(0.24841).epsilon(1e-4));
}

TEST_CASE("comparison: differences that are all the same are no certainty") {
  const PairedInterval difference = between(ten(1), ten(0.999));
  CHECK_FALSE(difference.interval.bounded());
  CHECK(difference.reason == "all 10 replications gave the same difference");
}

TEST_CASE("comparison: bills that are the same in all replications differ exactly") {
  const PairedInterval difference = between(ten(2), ten(5), MetricKind::money);
  // $5 - $2
  CHECK(difference.interval.low == 3);
  CHECK(difference.interval.high == 3);
}

TEST_CASE("comparison: one replication's bill says nothing about others") {
  CHECK_FALSE(between({2}, {5}, MetricKind::money).interval.bounded());
}

TEST_CASE("comparison: a side that varies little beside the other one does not hinder an interval") {
  // 100, 110, ..., 190 against 0 but for one replication with 1: variance 916 against 0.1.
  std::vector<double> many, few(10, 0);
  for (int i = 0; i < 10; ++i) many.push_back(100 + 10 * i);
  few[3] = 1;
  const PairedInterval difference = paired_interval(many, few, MetricKind::number, 0.95);
  CHECK(difference.reason.empty());
  CHECK(difference.interval.mean == doctest::Approx(-144.9));
  // One that varies as much as the other does.
  few[3] = 60;
  CHECK(paired_interval(many, few, MetricKind::number, 0.95).reason ==
        "only 1 of 10 replications were affected");
}

TEST_CASE("comparison: differences of four affected replications in ten have no bounds, of five they have") {
  CHECK(between(ten(1), ten(1, {0.5, 0.6, 0.7, 0.8})).reason == "only 4 of 10 replications were affected");
  CHECK(between(ten(1), ten(1, {0.5, 0.6, 0.7, 0.8, 0.9})).interval.bounded());
}

TEST_CASE("comparison: rare outages of one side are not hidden by the other side's noise") {
  const PairedInterval difference = between(ten(1, {0.5, 0.6}), spread(0.99, 0.0001));
  CHECK(difference.reason == "only 2 of 10 replications were affected");
}

TEST_CASE("comparison: replications without data on either side are left out") {
  // pairs (1, 3) and (2, 6): differences 2 and 4, mean 3
  const PairedInterval difference = between({1, kNaN, 2, 4}, {3, 5, 6, kNaN});
  CHECK(difference.interval.mean == 3);
  CHECK(between({kNaN, 1}, {2, kNaN}).reason == "no replication has both values");
}

TEST_CASE("comparison: intervals of several variants hold together") {
  const auto a = example_study("base", {{kLatencyKey, {1, 2, 3}}});
  const auto b = example_study("b", {{kLatencyKey, {2, 4, 6}}});
  const Comparison one = compare_studies({a, b});
  CHECK(one.find(1, kLatencyKey)->joint.half_width() == doctest::Approx(2.48414).epsilon(1e-5));
  // two statements: 97.5 % each, t(0.9875, 2) = 6.20535, over sqrt(3) = 3.58266
  const Comparison two = compare_studies({a, b, b});
  CHECK(two.find(1, kLatencyKey)->interval.half_width() == doctest::Approx(2.48414).epsilon(1e-5));
  CHECK(two.find(1, kLatencyKey)->joint.half_width() == doctest::Approx(3.58266).epsilon(1e-5));
  CHECK_FALSE(one.find(1, kLatencyKey)->distinguishable());
}

TEST_CASE("comparison: an interval reaches the difference of the pooled values") {
  StudyResult b = example_study("b", {{kLatencyKey, {2, 4, 6}}});
  b.metrics[0].metric.value = 9;  // pooled over calls, not over replications
  const Comparison comparison = compare_studies({example_study("base", {{kLatencyKey, {1, 2, 3}}}), b});
  // 9 - 2
  CHECK(comparison.find(1, kLatencyKey)->value == 7);
  CHECK(comparison.find(1, kLatencyKey)->interval.high == 7);
}

TEST_CASE("comparison: a metric that one side lacks has no difference") {
  const Comparison comparison = compare_studies(
      {example_study("base", {{kLatencyKey, spread(1, 0.1)}}), example_study("b", {{kCostKey, ten(1)}})});
  CHECK(comparison.differences.empty());
}

TEST_CASE("comparison: ranks are equal where the replications cannot tell variants apart") {
  // base and near differ by 0.001 +- 0.1 x 9: no; far is 10 away from both
  const Comparison comparison = compare_studies({example_study("base", {{kLatencyKey, spread(1, 0.1)}}),
                                                 example_study("near", {{kLatencyKey, spread(1.001, 0.02)}}),
                                                 example_study("far", {{kLatencyKey, spread(11, 0.05)}})});
  REQUIRE(comparison.rankings.size() == 1);
  const auto& order = comparison.rankings[0].order;
  CHECK(order[0].variant == 0);
  CHECK(order[0].rank == 1);
  CHECK(order[1].rank == 1);
  CHECK(order[2].variant == 2);
  CHECK(order[2].rank == 3);  // two are better
}

TEST_CASE("comparison: a study that costs more and fails more is beaten") {
  const Comparison comparison = compare_studies(
      {example_study("base", {{kAvailabilityKey, spread(0.99, 0.0001)}, {kCostKey, ten(5)}}),
       example_study("worse", {{kAvailabilityKey, spread(0.95, 0.0001)}, {kCostKey, ten(6)}})});
  CHECK_FALSE(comparison.front[0].beaten_by);
  CHECK(comparison.front[1].beaten_by == 0);
  CHECK(comparison.front[0].undecided.empty());
}

TEST_CASE("comparison: what costs more and fails less is on the front, with what it is traded for") {
  const Comparison comparison = compare_studies(
      {example_study("base", {{kAvailabilityKey, spread(0.95, 0.0001)}, {kCostKey, ten(5)}}),
       example_study("better", {{kAvailabilityKey, spread(0.99, 0.0002)}, {kCostKey, ten(6)}})});
  CHECK_FALSE(comparison.front[0].beaten_by);
  CHECK_FALSE(comparison.front[1].beaten_by);
  CHECK(comparison.front[1].undecided.empty());
}

TEST_CASE("comparison: a gain that cannot be told from noise is undecided") {
  // "maybe" costs $1 more for sure; 0.9501 against 0.95 is within a noise of some 0.01
  const Comparison comparison = compare_studies(
      {example_study("base", {{kAvailabilityKey, spread(0.95, 0.001)}, {kCostKey, ten(5)}}),
       example_study("maybe", {{kAvailabilityKey, spread(0.9501, 0.003)}, {kCostKey, ten(6)}})});
  CHECK_FALSE(comparison.front[1].beaten_by);
  CHECK(comparison.front[1].undecided == std::vector<std::size_t>{0});
  CHECK(comparison.front[0].undecided.empty());  // "maybe" costs clearly more
}

TEST_CASE("comparison: the worst exit status of all studies counts") {
  StudyResult good = example_study("base", {{kCostKey, ten(1)}}), bad = good;
  ExpectationResult failed;
  failed.verdict = Verdict::kFail;
  bad.expectations.push_back(failed);
  CHECK(exit_status(compare_studies({good, good}), false) == kExitOk);
  CHECK(exit_status(compare_studies({good, bad}), false) == kExitExpectationFailed);
  good.status = StudyStatus::interrupted;
  CHECK(exit_status(compare_studies({good, bad}), false) == kExitInterrupted);
}

TEST_CASE("comparison: results name every variant, difference and rank") {
  const Comparison comparison = compare_studies(
      {example_study("base", {{kAvailabilityKey, spread(0.99, 0.0001)}, {kCostKey, ten(5)}}),
       example_study("worse", {{kAvailabilityKey, spread(0.95, 0.0002)}, {kCostKey, ten(6)}})});
  const OrderedJson json = OrderedJson::parse(results_json(comparison, "0"));
  CHECK(json["baseline"] == "base");
  CHECK(json["summary"]["cost.total"]["mean"] == 5);
  CHECK(json["variants"]["worse"]["summary"]["cost.total"]["mean"] == 6);
  REQUIRE(json["differences"].size() == 2);
  CHECK(json["differences"][1]["metric"] == "cost.total");
  CHECK(json["differences"][1]["ci95"] == OrderedJson::array({1.0, 1.0}));
  CHECK(json["rankings"]["cost.total"][0]["variant"] == "base");
  CHECK(json["pareto"][1]["beaten_by"] == "base");
}

TEST_CASE("comparison: CSV has a row for each value and each difference") {
  const Comparison comparison = compare_studies(
      {example_study("base", {{kCostKey, {5, 5}}}), example_study("worse", {{kCostKey, {6, 6}}})});
  const std::string text = results_csv(comparison);
  // a heading, 2 x (2 replications + 1), one difference
  CHECK(std::count(text.begin(), text.end(), '\n') == 8);
  CHECK(text.find(",worse - base,,0,,cost.total,,USD,1,1,1\n") != std::string::npos);
}
