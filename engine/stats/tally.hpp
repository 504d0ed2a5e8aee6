// The count, sum, mean, variance and extremes of a stream of values.
#pragma once

#include <cstdint>
#include <limits>

#include "engine/base/bytes_io.hpp"

namespace nephoscope {

// Constant memory; one pass. Mean and variance follow Welford (Technometrics 4(3), 1962), so digits survive a
// mean that is large against the spread; merging follows Chan, Golub and LeVeque (Stanford STAN-CS-79-773,
// 1979). An empty tally's mean, variance and extremes are NaN: lack of data is never a number.
class Tally final {
 public:
  // REQUIRES: `value` is finite.
  void add(double value);

  // As if `other`'s values had followed this tally's. Equal operands in equal order give equal bits; another
  // order may differ in the last bits.
  void merge(const Tally& other);

  std::int64_t count() const { return count_; }
  // Exact while values and partial sums are whole numbers below 2^53; 0 when empty.
  double sum() const { return sum_; }
  double mean() const { return count_ > 0 ? mean_ : kNaN; }
  // Of the sample (divisor count - 1); NaN below two values.
  double variance() const { return count_ > 1 ? squares_ / static_cast<double>(count_ - 1) : kNaN; }
  double standard_deviation() const;
  double min() const { return count_ > 0 ? min_ : kNaN; }
  double max() const { return count_ > 0 ? max_ : kNaN; }

  void save(ByteWriter& out) const;
  static Tally load(ByteReader& in);

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

  std::int64_t count_ = 0;
  double sum_ = 0;
  double mean_ = 0;
  double squares_ = 0;  // sum of squared deviations from the mean
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
};

}  // namespace nephoscope
