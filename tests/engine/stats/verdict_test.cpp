#include "engine/stats/verdict.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using namespace nephoscope;

namespace {
constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr Expectation kAtLeast99{Relation::kGreaterEqual, 0.99};
constexpr Expectation kBelow10{Relation::kLess, 10};
}  // namespace

TEST_CASE("stats: an interval on one side of the bound passes or fails, across it is inconclusive") {
  const Interval interval{5, 4, 6};
  CHECK(compare(interval, {Relation::kLess, 7}) == Verdict::kPass);
  CHECK(compare(interval, {Relation::kLess, 5}) == Verdict::kInconclusive);
  CHECK(compare(interval, {Relation::kLess, 3}) == Verdict::kFail);
  CHECK(compare(interval, {Relation::kGreater, 3}) == Verdict::kPass);
  CHECK(compare(interval, {Relation::kGreater, 5}) == Verdict::kInconclusive);
  CHECK(compare(interval, {Relation::kGreater, 7}) == Verdict::kFail);
}

TEST_CASE("stats: an interval that touches the bound tells < from <= and > from >=") {
  const Interval interval{5, 4, 6};
  CHECK(compare(interval, {Relation::kLessEqual, 6}) == Verdict::kPass);
  CHECK(compare(interval, {Relation::kLess, 6}) == Verdict::kInconclusive);
  CHECK(compare(interval, {Relation::kLess, 4}) == Verdict::kFail);
  CHECK(compare(interval, {Relation::kLessEqual, 4}) == Verdict::kInconclusive);
  CHECK(compare(interval, {Relation::kGreaterEqual, 4}) == Verdict::kPass);
  CHECK(compare(interval, {Relation::kGreater, 4}) == Verdict::kInconclusive);
  CHECK(compare(interval, {Relation::kGreater, 6}) == Verdict::kFail);
  CHECK(compare(interval, {Relation::kGreaterEqual, 6}) == Verdict::kInconclusive);
}

TEST_CASE("stats: clear replications pass and fail by their Student-t interval") {
  // mean 3, half-width 1.96
  const std::vector<double> values{1, 2, 3, 4, 5};
  CHECK(judge({.values = values}, kBelow10).verdict == Verdict::kPass);
  CHECK(judge({.values = values}, {Relation::kGreater, 5}).verdict == Verdict::kFail);
  CHECK(judge({.values = values}, {Relation::kLess, 4}).verdict == Verdict::kInconclusive);
}

TEST_CASE("stats: no data is no_data, never a pass") {
  CHECK(judge({}, kBelow10).verdict == Verdict::kNoData);
  const std::vector<double> nothing{kNone, kNone};
  CHECK(judge({.values = nothing}, kBelow10).verdict == Verdict::kNoData);
}

TEST_CASE("stats: one replication has no verdict, however clear its value") {
  const std::vector<double> values{1};
  const Judgement judgement = judge({.values = values}, kBelow10);
  CHECK(judgement.verdict == Verdict::kInconclusive);
  CHECK(judgement.reason == "one replication: no interval");
  CHECK(judgement.interval.mean == 1);
}

TEST_CASE("stats: one replication has no verdict even with counts") {
  const std::vector<double> values{1};
  CHECK(judge({.values = values, .counts = BinomialCounts{1'000'000, 1'000'000}}, kAtLeast99).verdict ==
        Verdict::kInconclusive);
}

TEST_CASE("stats: where nothing varied and no counts are known the verdict is inconclusive") {
  const std::vector<double> values(20, 1.0);
  const Judgement judgement = judge({.values = values}, kAtLeast99);
  CHECK(judgement.verdict == Verdict::kInconclusive);
  CHECK(judgement.reason == "all 20 replications gave the same value");
  CHECK(!judgement.interval.bounded());
}

TEST_CASE("stats: where nothing varied an exact binomial bound decides") {
  const std::vector<double> values(20, 1.0);
  // 1000 of 1000: lower limit 0.025^(1/1000) = 0.99632; 100 of 100: 0.96378
  CHECK(judge({.values = values, .counts = BinomialCounts{1000, 1000}}, kAtLeast99).verdict ==
        Verdict::kPass);
  CHECK(judge({.values = values, .counts = BinomialCounts{100, 100}}, kAtLeast99).verdict ==
        Verdict::kInconclusive);
  CHECK(judge({.values = values, .counts = BinomialCounts{0, 0}}, kAtLeast99).verdict ==
        Verdict::kInconclusive);
}

TEST_CASE("stats: fewer than five affected replications carry no Student-t interval") {
  std::vector<double> values(20, 1.0);
  values[3] = values[7] = values[8] = values[15] = 0.999;
  // the Student-t interval, 0.9998 +- 0.0002, would pass
  const Judgement judgement = judge({.values = values}, kAtLeast99);
  CHECK(judgement.verdict == Verdict::kInconclusive);
  CHECK(judgement.reason == "only 4 of 20 replications were affected");
  values[16] = 0.998;
  CHECK(judge({.values = values}, kAtLeast99).verdict == Verdict::kPass);
}

TEST_CASE("stats: the caller may say how many replications were affected") {
  const std::vector<double> values{0.9991, 0.9992, 0.9993, 0.9994, 0.9995, 0.9996};
  CHECK(judge({.values = values}, kAtLeast99).verdict == Verdict::kPass);
  CHECK(judge({.values = values, .affected = 2}, kAtLeast99).verdict == Verdict::kInconclusive);
}

TEST_CASE("stats: three replications that all differ are few, not rare") {
  const std::vector<double> values{5.0, 5.1, 5.2};
  CHECK(judge({.values = values}, kBelow10).verdict == Verdict::kPass);
}

TEST_CASE("stats: a replication without data turns a pass into inconclusive but leaves a failure") {
  const std::vector<double> values{1, 2, 3, 4, 5, kNone};
  const Judgement judgement = judge({.values = values}, kBelow10);
  CHECK(judgement.verdict == Verdict::kInconclusive);
  CHECK(judgement.reason == "1 of 6 replications have no data");
  CHECK(judge({.values = values}, {Relation::kGreater, 6}).verdict == Verdict::kFail);
}

TEST_CASE("stats: a share of replications is judged by its exact interval") {
  const Expectation most{Relation::kGreaterEqual, 0.95};
  // 10 of 10: [0.692, 1]; 100 of 100: [0.964, 1]; 5 of 10: [0.187, 0.813]
  CHECK(judge_share({10, 10}, most).verdict == Verdict::kInconclusive);
  CHECK(judge_share({100, 100}, most).verdict == Verdict::kPass);
  CHECK(judge_share({5, 10}, most).verdict == Verdict::kFail);
  CHECK(judge_share({0, 0}, most).verdict == Verdict::kNoData);
}

TEST_CASE("stats: verdicts and relations have the names of the results file") {
  CHECK(to_string(Verdict::kPass) == "pass");
  CHECK(to_string(Verdict::kFail) == "fail");
  CHECK(to_string(Verdict::kInconclusive) == "inconclusive");
  CHECK(to_string(Verdict::kNoData) == "no_data");
  CHECK(to_string(Relation::kLessEqual) == "<=");
  CHECK(to_string(Relation::kGreater) == ">");
}

TEST_CASE("stats: values that are the same, or nearly all the same, carry no Student-t interval") {
  CHECK_FALSE(can_carry_interval({1, 1, 1}));
  CHECK_FALSE(can_carry_interval({1, 1, 1, 1, 1, 2, 3, 4, 5}));  // four differ
  CHECK(can_carry_interval({1, 1, 1, 1, 1, 2, 3, 4, 5, 6}));     // five differ
  CHECK(can_carry_interval({1, 2}));                             // all differ
  CHECK_FALSE(can_carry_interval({1}));
}
