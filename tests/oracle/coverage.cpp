#include "tests/oracle/coverage.hpp"

#include <fmt/format.h>

#include <cmath>

#include "engine/random/elementary.hpp"
#include "engine/stats/student_t.hpp"

namespace nephoscope::oracle {
namespace {

constexpr double kConfidence = 0.95;

double binomial_probability(int trials, int successes, double p) {
  const double n = trials, k = successes;
  const double log_choices =
      elementary::lgamma(n + 1) - elementary::lgamma(k + 1) - elementary::lgamma(n - k + 1);
  return elementary::exp(log_choices + k * elementary::log(p) + (n - k) * elementary::log(1 - p));
}

double deviation_of(double exact, double mean, std::span<const Measured> runs) {
  if (runs.size() < 2) return 0;
  double squares = 0;
  for (const Measured& run : runs) squares += (run.value - mean) * (run.value - mean);
  const auto count = static_cast<double>(runs.size());
  return (mean - exact) / std::sqrt(squares / (count - 1) / count);
}

double largest_deviation(int seeds) {
  if (seeds >= kLongSeeds) return kLongDeviation;
  return student_t_quantile(1 - kShortTail, seeds - 1);
}

}  // namespace

Outcome outcome_of(double exact, std::span<const Measured> runs) {
  Outcome outcome{.first = runs.front(), .seeds = static_cast<int>(runs.size())};
  for (const Measured& run : runs) {
    if (run.low <= exact && exact <= run.high) ++outcome.covered;
    outcome.mean += run.value / static_cast<double>(runs.size());
  }
  outcome.deviation = deviation_of(exact, outcome.mean, runs);
  return outcome;
}

Band coverage_band(int seeds, double tail) {
  Band band{0, seeds};
  for (double below = binomial_probability(seeds, 0, kConfidence); below <= tail;)
    below += binomial_probability(seeds, ++band.low, kConfidence);
  for (double above = binomial_probability(seeds, seeds, kConfidence); above <= tail;)
    above += binomial_probability(seeds, --band.high, kConfidence);
  return band;
}

std::string objection(const Figure& figure, const Outcome& outcome) {
  const std::string name = fmt::format("{} {}", figure.component, figure.metric);
  const Band band = outcome.seeds >= kLongSeeds ? kLongBand : coverage_band(outcome.seeds, kShortTail);
  if (outcome.covered < band.low || outcome.covered > band.high)
    return fmt::format("{}: {} of {} intervals cover {}, not {} to {}", name, outcome.covered, outcome.seeds,
                       figure.exact, band.low, band.high);
  if (outcome.seeds > 1 && !(std::fabs(outcome.deviation) <= largest_deviation(outcome.seeds)))
    return fmt::format("{}: the mean {} is {:.1f} standard errors from {}", name, outcome.mean,
                       outcome.deviation, figure.exact);
  return "";
}

}  // namespace nephoscope::oracle
