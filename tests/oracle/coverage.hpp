// Whether intervals keep their promise: how many of many runs cover the exact value, and whether their mean
// differs from it.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "engine/random/elementary.hpp"
#include "engine/stats/student_t.hpp"
#include "tests/oracle/command.hpp"

namespace nephoscope::oracle {

// What the runs with seeds 1 ... `seeds` say about one figure.
struct Outcome {
  Measured first;  // of seed 1
  int seeds = 0;
  int covered = 0;       // runs whose interval holds the exact value
  double mean = 0;       // of the runs' values
  double deviation = 0;  // of that mean from the exact value, in its standard errors; 0 for one run
};

// REQUIRES: at least one run.
Outcome outcome_of(double exact, std::span<const Measured> runs);

// The least and the greatest number of covering runs that pass.
struct Band {
  int low = 0;
  int high = 0;
};
// Of `seeds` intervals that each cover with 95 %, fewer than `low` cover with a probability of at most
// `tail`, and so do more than `high` (exact binomial).
Band coverage_band(int seeds, double tail);

// The long form of the test: seeds 1 to 1000. A fair figure is outside this band with probability 0.00075
// (exact binomial), and 3.5 standard errors off with 0.0005.
inline constexpr int kLongSeeds = 1000;
inline constexpr Band kLongBand = {927, 973};
inline constexpr double kLongDeviation = 3.5;
// The short form: a fair figure is outside on either side with at most this probability.
inline constexpr double kShortTail = 1e-4;

// Why the outcome is not that of a right simulator; empty if it may be.
std::string objection(const Figure& figure, const Outcome& outcome);

// Implementation.

namespace detail {

inline constexpr double kConfidence = 0.95;

inline double binomial_probability(int trials, int successes, double p) {
  const double n = trials, k = successes;
  const double log_choices =
      elementary::lgamma(n + 1) - elementary::lgamma(k + 1) - elementary::lgamma(n - k + 1);
  return elementary::exp(log_choices + k * elementary::log(p) + (n - k) * elementary::log(1 - p));
}

inline double deviation_of(double exact, double mean, std::span<const Measured> runs) {
  if (runs.size() < 2) return 0;
  double squares = 0;
  for (const Measured& run : runs) squares += (run.value - mean) * (run.value - mean);
  const auto count = static_cast<double>(runs.size());
  return (mean - exact) / std::sqrt(squares / (count - 1) / count);
}

inline double largest_deviation(int seeds) {
  if (seeds >= kLongSeeds) return kLongDeviation;
  return student_t_quantile(1 - kShortTail, seeds - 1);
}

}  // namespace detail

inline Outcome outcome_of(double exact, std::span<const Measured> runs) {
  Outcome outcome{.first = runs.front(), .seeds = static_cast<int>(runs.size())};
  for (const Measured& run : runs) {
    if (run.low <= exact && exact <= run.high) ++outcome.covered;
    outcome.mean += run.value / static_cast<double>(runs.size());
  }
  outcome.deviation = detail::deviation_of(exact, outcome.mean, runs);
  return outcome;
}

inline Band coverage_band(int seeds, double tail) {
  Band band{0, seeds};
  for (double below = detail::binomial_probability(seeds, 0, detail::kConfidence); below <= tail;)
    below += detail::binomial_probability(seeds, ++band.low, detail::kConfidence);
  for (double above = detail::binomial_probability(seeds, seeds, detail::kConfidence); above <= tail;)
    above += detail::binomial_probability(seeds, --band.high, detail::kConfidence);
  return band;
}

inline std::string objection(const Figure& figure, const Outcome& outcome) {
  const std::string name = fmt::format("{} {}", figure.component, figure.metric);
  const Band band = outcome.seeds >= kLongSeeds ? kLongBand : coverage_band(outcome.seeds, kShortTail);
  if (outcome.covered < band.low || outcome.covered > band.high)
    return fmt::format("{}: {} of {} intervals cover {}, not {} to {}", name, outcome.covered, outcome.seeds,
                       figure.exact, band.low, band.high);
  if (outcome.seeds > 1 && !(std::fabs(outcome.deviation) <= detail::largest_deviation(outcome.seeds)))
    return fmt::format("{}: the mean {} is {:.1f} standard errors from {}", name, outcome.mean,
                       outcome.deviation, figure.exact);
  return "";
}

}  // namespace nephoscope::oracle
