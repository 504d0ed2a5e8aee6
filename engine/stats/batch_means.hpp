// Non-overlapping batch means: an interval for the mean from one long, correlated run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/base/bytes_io.hpp"
#include "engine/stats/interval.hpp"

namespace nephoscope {

// Keeps between kFewestBatches and 2 kFewestBatches - 1 complete batches by doubling the batch size whenever
// a further batch would exceed that, so memory is constant. (Schmeiser, Operations Research 30(3), 1982: 10
// to 30 batches are enough, and more seldom help.)
class BatchMeans final {
 public:
  static constexpr std::size_t kFewestBatches = 16;

  // REQUIRES: `value` is finite.
  void add(double value);

  // As if `other`'s complete batches had followed; both incomplete batches are left out, and batches are
  // first joined to one size. Meant for independent runs of like length.
  void merge(const BatchMeans& other);

  std::int64_t batch_size() const { return batch_size_; }
  // Over complete batches only.
  std::vector<double> means() const;

  // Student-t over the means of the complete batches, values of an incomplete last batch left out. No bounds
  // below kFewestBatches batches.
  Interval interval(double confidence = 0.95) const;

  // Correlation of neighbouring batch means; far from 0 (say above 0.3) the interval is too narrow. NaN below
  // three batches or without variation.
  double lag1_correlation() const;

  void save(ByteWriter& out) const;
  static BatchMeans load(ByteReader& in);

 private:
  void double_batch_size();

  std::int64_t batch_size_ = 1;
  std::vector<double> sums_;  // of complete batches
  double open_sum_ = 0;       // of the batch being filled
  std::int64_t open_count_ = 0;
};

}  // namespace nephoscope
