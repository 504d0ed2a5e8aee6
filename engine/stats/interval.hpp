// Confidence intervals for a mean over independent replications.
#pragma once

#include <cstddef>
#include <span>

#include "engine/base/bytes_io.hpp"

namespace nephoscope {

// A value and the confidence interval around it. `low` and `high` are NaN when the data allow no interval
// (one replication), `mean` too when there are no data.
struct Interval {
  double mean = 0;
  double low = 0;
  double high = 0;

  bool bounded() const { return low <= high; }
  double half_width() const { return (high - low) / 2; }
  // Half-width over |mean|, the measure of `precision:`; NaN or infinity where that means nothing.
  double relative_half_width() const;
  bool contains(double value) const { return low <= value && value <= high; }

  void save(ByteWriter& out) const;
  static Interval load(ByteReader& in);
};

// Student-t over independent values: mean +- t(n - 1) s / sqrt(n).
// REQUIRES: values finite; 0 < confidence < 1.
Interval mean_interval(std::span<const double> replication_means, double confidence = 0.95);

// For the mean of b - a, replication by replication; with common random numbers the pairs are what makes it
// narrow. REQUIRES: equal lengths; values finite.
Interval paired_difference(std::span<const double> a, std::span<const double> b, double confidence = 0.95);

// Bonferroni: the confidence each of `statements` intervals needs so that all hold together with `joint`.
// REQUIRES: statements >= 1.
double bonferroni_confidence(double joint, std::size_t statements);

}  // namespace nephoscope
