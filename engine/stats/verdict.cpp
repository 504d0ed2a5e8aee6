#include "engine/stats/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

bool upper_limited(Relation relation) {
  return relation == Relation::kLess || relation == Relation::kLessEqual;
}

std::string unfit_reason(std::size_t affected, std::size_t replications) {
  if (affected == 0) return fmt::format("all {} replications gave the same value", replications);
  return fmt::format("only {} of {} replications were affected", affected, replications);
}

Judgement judge_by_counts(const Evidence& evidence, const Expectation& expectation, const Interval& values,
                          const std::string& why) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (!evidence.counts || evidence.counts->trials == 0)
    return {Verdict::kInconclusive, {values.mean, nan, nan}, why};
  const Interval exact = clopper_pearson(*evidence.counts, evidence.confidence);
  return {compare(exact, expectation), exact, why + ": exact binomial interval"};
}

Judgement judge_present(const Evidence& evidence, const std::vector<double>& present,
                        const Expectation& expectation) {
  const Interval interval = mean_interval(present, evidence.confidence);
  if (present.empty()) return {Verdict::kNoData, interval, "no replication has data"};
  if (evidence.values.size() == 1) return {Verdict::kInconclusive, interval, "one replication: no interval"};
  if (present.size() == 1)
    return {Verdict::kInconclusive, interval, "one replication with data: no interval"};
  const std::size_t affected = std::min(present.size(), evidence.affected.value_or(count_affected(present)));
  const bool varied =
      present.front() != present.back() ||
      std::adjacent_find(present.begin(), present.end(), std::not_equal_to<>()) != present.end();
  if (!varied) return judge_by_counts(evidence, expectation, interval, unfit_reason(0, present.size()));
  if (affected < kFewestAffected && affected < present.size())
    return judge_by_counts(evidence, expectation, interval, unfit_reason(affected, present.size()));
  return {compare(interval, expectation), interval, "Student-t interval"};
}

}  // namespace

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPass:
      return "pass";
    case Verdict::kFail:
      return "fail";
    case Verdict::kInconclusive:
      return "inconclusive";
    case Verdict::kNoData:
      return "no_data";
  }
  fail_check("stats", "no such verdict");
}

std::string_view to_string(Relation relation) {
  switch (relation) {
    case Relation::kLess:
      return "<";
    case Relation::kLessEqual:
      return "<=";
    case Relation::kGreaterEqual:
      return ">=";
    case Relation::kGreater:
      return ">";
  }
  fail_check("stats", "no such relation");
}

bool Expectation::met_by(double value) const {
  switch (relation) {
    case Relation::kLess:
      return value < bound;
    case Relation::kLessEqual:
      return value <= bound;
    case Relation::kGreaterEqual:
      return value >= bound;
    case Relation::kGreater:
      return value > bound;
  }
  fail_check("stats", "no such relation");
}

std::size_t count_affected(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::size_t longest = 0;
  for (auto run = values.begin(); run != values.end();) {
    const auto end = std::upper_bound(run, values.end(), *run);
    longest = std::max(longest, static_cast<std::size_t>(end - run));
    run = end;
  }
  return longest == 1 ? values.size() : values.size() - longest;
}

bool can_carry_interval(const std::vector<double>& values) {
  const std::size_t affected = count_affected(values);
  return values.size() > 1 && affected > 0 && (affected >= kFewestAffected || affected == values.size());
}

Verdict compare(const Interval& interval, const Expectation& expectation) {
  check(!std::isnan(expectation.bound), "stats", "an expectation without a bound");
  if (std::isnan(interval.mean)) return Verdict::kNoData;
  if (!interval.bounded()) return Verdict::kInconclusive;
  const bool upper = upper_limited(expectation.relation);
  const double worst = upper ? interval.high : interval.low;
  const double best = upper ? interval.low : interval.high;
  if (expectation.met_by(worst)) return Verdict::kPass;
  return expectation.met_by(best) ? Verdict::kInconclusive : Verdict::kFail;
}

Judgement judge(const Evidence& evidence, const Expectation& expectation) {
  std::vector<double> present;
  for (const double value : evidence.values)
    if (!std::isnan(value)) present.push_back(value);
  Judgement judgement = judge_present(evidence, present, expectation);
  const std::size_t missing = evidence.values.size() - present.size();
  if (judgement.verdict == Verdict::kPass && missing > 0) {
    judgement.verdict = Verdict::kInconclusive;
    judgement.reason = fmt::format("{} of {} replications have no data", missing, evidence.values.size());
  }
  return judgement;
}

Judgement judge_share(BinomialCounts held, const Expectation& expectation, double confidence) {
  const Interval interval = clopper_pearson(held, confidence);
  if (held.trials == 0) return {Verdict::kNoData, interval, "no replication has data"};
  return {compare(interval, expectation), interval,
          fmt::format("held in {} of {} replications", held.successes, held.trials)};
}

}  // namespace nephoscope
