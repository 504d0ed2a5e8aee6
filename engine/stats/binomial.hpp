// Exact confidence limits for a probability, from successes in independent trials.
#pragma once

#include <cstdint>

#include "engine/base/bytes_io.hpp"
#include "engine/stats/interval.hpp"

namespace nephoscope {

// REQUIRES (of all functions below): 0 <= successes <= trials.
struct BinomialCounts {
  std::int64_t successes = 0;
  std::int64_t trials = 0;

  void merge(const BinomialCounts& other) {
    successes += other.successes;
    trials += other.trials;
  }
  void save(ByteWriter& out) const { out.i64(successes), out.i64(trials); }
  static BinomialCounts load(ByteReader& in) {
    const std::int64_t successes = in.i64();
    return {successes, in.i64()};
  }
};

// Clopper and Pearson (Biometrika 26(4), 1934), two-sided; covers with at least `confidence`. No trials: the
// mean is NaN and the interval [0, 1].
Interval clopper_pearson(BinomialCounts counts, double confidence = 0.95);

// One-sided: the probability is at least (at most) the result, with at least `confidence`. No trials: 0 (1).
double binomial_lower_bound(BinomialCounts counts, double confidence = 0.95);
double binomial_upper_bound(BinomialCounts counts, double confidence = 0.95);

}  // namespace nephoscope
