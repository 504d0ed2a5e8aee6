// Does a result meet an expectation? Pass, fail, or an honest "cannot tell".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/stats/binomial.hpp"
#include "engine/stats/interval.hpp"

namespace nephoscope {

enum class Verdict { kPass, kFail, kInconclusive, kNoData };
enum class Relation { kLess, kLessEqual, kGreaterEqual, kGreater };

std::string_view to_string(Verdict verdict);    // pass, fail, inconclusive, no_data
std::string_view to_string(Relation relation);  // <, <=, >=, >

// "value <relation> bound".
struct Expectation {
  Relation relation = Relation::kLessEqual;
  double bound = 0;

  bool met_by(double value) const;
};

// Pass if every value in the interval meets the expectation, fail if none does, else inconclusive; no_data if
// the mean is NaN; inconclusive if the interval has no bounds.
Verdict compare(const Interval& interval, const Expectation& expectation);

// What is known about a metric. `values`: one per replication, NaN where a replication has no data.
struct Evidence {
  std::span<const double> values = {};
  // For a share: the successes and trials behind the values, for an exact bound when the values cannot carry
  // a Student-t interval. REQUIRES: trials that may count as independent; only the caller knows.
  std::optional<BinomialCounts> counts = std::nullopt;
  // Replications in which something happened (an outage, a loss). Absent: those that differ from the most
  // frequent value, or all of them if no value repeats.
  std::optional<std::size_t> affected = std::nullopt;
  double confidence = 0.95;
};

struct Judgement {
  Verdict verdict = Verdict::kNoData;
  Interval interval = {};   // the one that was judged
  std::string reason = {};  // one clause for people: "one replication: no interval"
};

// Fewer affected replications than this cannot carry a Student-t interval (measured: with rare outages such
// intervals of 20 replications covered 33-88 % instead of 95 %).
inline constexpr std::size_t kFewestAffected = 5;

// Values that differ from the most frequent one; all of them if no value repeats. REQUIRES: no NaN.
std::size_t count_affected(std::vector<double> values);
// Whether these values can carry a Student-t interval: neither the same in all replications, nor different in
// fewer than kFewestAffected (unless that is all of them). REQUIRES: no NaN.
bool can_carry_interval(const std::vector<double>& values);

// Nothing passes for lack of data:
// - no value at all: no_data;
// - one replication: inconclusive;
// - nothing varied, or fewer than kFewestAffected were affected (but not all of them): the exact binomial
//   interval of `counts` if given, else inconclusive;
// - otherwise the Student-t interval of the values;
// - some replications without data: judged on the rest, but a pass becomes inconclusive.
Judgement judge(const Evidence& evidence, const Expectation& expectation);

// "in 95 % of replications": the share of replications that held, by its exact binomial interval. For one
// replication too: [0.025, 1] is then an honest interval.
Judgement judge_share(BinomialCounts held, const Expectation& expectation, double confidence = 0.95);

}  // namespace nephoscope
