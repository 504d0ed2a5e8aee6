// Runs scenarios through the command and reads the figures from the JSON that it prints.
#pragma once

#include <string>
#include <vector>

#include "tests/oracle/cases.hpp"

namespace nephoscope::oracle {

// One figure as one run shows it.
struct Measured {
  double value = 0;  // all replications pooled
  double low = 0;    // the 95 % interval
  double high = 0;
  std::string unit;
};

// How the command runs replications: each in a process of its own, as users have it, or one after the other
// in its own process, which gives the same figures for less work.
enum class Replications { forked, in_process };

// The figures of a case from `nephoscope run` with that seed, in the case's order. Throws std::runtime_error
// when the command fails or a figure has no value or no interval.
std::vector<Measured> measure(const Case& queue, int seed, Replications replications);

// The same for seeds 1 ... `seeds`, in their order, two runs at a time.
std::vector<std::vector<Measured>> measure_seeds(const Case& queue, int seeds, Replications replications);

}  // namespace nephoscope::oracle
