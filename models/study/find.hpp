// The smallest value of a path that meets the scenario's expectations: the `find:` section and its search.
//
// The search bisects, assuming that what a value meets every larger one meets too. Of the values that it ends
// with it has run both neighbours, and says so where a larger value fails although a smaller one passes. A
// verdict that cannot be had is never guessed: such values make the answer inconclusive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "engine/stats/verdict.hpp"
#include "models/study/value_range.hpp"

namespace nephoscope {

// The `find:` section.
struct FindConfig {
  std::string path;
  std::string from;
  std::string to;
  std::optional<std::string> step;
  std::optional<std::int64_t> max_replications;
  static const FieldTable<FindConfig>& fields();
  Parsed<ValueRange> values() const { return ValueRange::between({from, to, step ? *step : ""}); }
};

// A value that was run, by its number in the range.
struct FindTrial {
  std::size_t index = 0;
  std::uint32_t replications = 0;
  Verdict verdict = Verdict::kNoData;  // of all expectations together
};

enum class FindEnd : std::uint8_t {
  found,         // `index` passes, and the value below fails or there is none
  none,          // the largest value fails
  inconclusive,  // the smallest value that passes lies among `low` .. `high`
  stopped,       // a value could not be run
};

struct FindOutcome {
  FindEnd end = FindEnd::stopped;
  std::size_t index = 0;
  std::size_t low = 0;
  std::size_t high = 0;
  bool high_passes = false;                // of inconclusive: whether at least `high` is sure to pass
  std::optional<std::size_t> fails_above;  // of found: a larger value that was run and fails
  std::vector<FindTrial> trials = {};      // in the order in which they were run
};

struct FindOptions {
  std::size_t values = 1;
  std::uint32_t replications = 10;      // at first
  std::uint32_t max_replications = 80;  // inconclusive values are run again with twice as many, up to this
};

// Runs a value. Nothing stops the search.
using FindEvaluator = std::function<std::optional<Verdict>(std::size_t index, std::uint32_t replications)>;

// REQUIRES: values >= 1; 1 <= replications <= max_replications.
FindOutcome find_smallest(const FindOptions& options, const FindEvaluator& evaluate);

}  // namespace nephoscope
