// Whether intervals keep their promise: how many of many runs cover the exact value, and whether their mean
// differs from it.
#pragma once

#include <span>
#include <string>
#include <vector>

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

}  // namespace nephoscope::oracle
