// How much each assumption that is a range moves a metric.
//
// Two methods side by side:
// - one at a time: the metric with the assumption at its high end minus at its low end, replication by
//   replication with common random numbers (A. M. Law, Simulation Modeling and Analysis, 5th ed. 2015,
//   section 11.2), shown as a tornado (T. G. Eschenbach, "Spiderplots versus tornado diagrams for sensitivity
//   analysis", Interfaces 22(6), 1992). The other ranges are drawn meanwhile, alike at both ends, so that
//   the effect is the mean over what is believed of them;
// - from one run in which all ranges are drawn: Spearman's rank correlation, and standardised regression
//   coefficients (A. Saltelli et al., Sensitivity Analysis, 2000, chapter 2).
// Neither sees what happens between the ends, or effects that assumptions only have together.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/stats/interval.hpp"
#include "models/scenario.hpp"

namespace nephoscope {

// A metric's values by replication, with one assumption at either end; NaN where there are no data.
struct ValuesAtEnds {
  std::vector<double> low;
  std::vector<double> high;
};

// A run in which all assumptions were drawn.
struct SampledValues {
  std::vector<std::vector<double>> positions;  // by assumption and replication, from 0 (low) to 1 (high)
  std::vector<double> values;                  // of the metric, by replication
};

struct AssumptionEffect {
  std::size_t assumption = 0;
  double at_low = 0;  // means over replications
  double at_high = 0;
  Interval difference;           // high - low; all assumptions' intervals hold together with 95 %
  bool distinguishable = false;  // from zero
  double rank_correlation = 0;   // NaN where it cannot be had, as the next
  double standardized = 0;       // regression coefficient
};

// One metric's effects, greatest first. An effect is distinguishable if its interval has no zero in it and
// either all pairs of replications differ or at least kFewestAffected do (verdict.hpp). Coefficients need 10
// replications, and those of the regression more than assumptions + 1. REQUIRES: `ends` and
// `sampled.positions` as many.
std::vector<AssumptionEffect> rank_effects(std::span<const ValuesAtEnds> ends, const SampledValues& sampled);

// Spearman's rank correlation, ties at their mean rank; NaN where one side does not vary or for fewer than 3.
// REQUIRES: equal lengths; finite values.
double rank_correlation(std::span<const double> a, std::span<const double> b);

// Ranges around an assumption that has one value, best first, as YAML; the first that the scenario accepts is
// to be used: +-share, whole numbers around that, and, where one side leaves what is allowed, the other side
// alone. Empty with zero, and for what is not one quantity (distributions, names).
std::vector<std::string> ranges_around(const std::string& value, Probability share);

}  // namespace nephoscope
