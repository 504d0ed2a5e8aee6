// Quantiles of a stream of non-negative values (usually seconds) in bounded memory.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/base/bytes_io.hpp"
#include "engine/base/check.hpp"
#include "engine/base/time.hpp"

namespace nephoscope {

// Below `exact_limit` values the sketch keeps them all and is exact. From there on it counts them in
// log-linear buckets, 1024 to each power of two, and interpolates inside the bucket: every order statistic is
// within 1/1024 < 0.1 % of the true one. (Values below 2^-1022 are the exception: they share absolute
// buckets.)
//
// quantile(q) is Hyndman and Fan's type 7 (The American Statistician 50(4), 1996), as numpy and R compute it:
// with h = (n - 1) q, linear interpolation between the order statistics floor(h) and floor(h) + 1, from 0.
//
// The state is a function of the multiset of values alone, so no order of adding or merging changes a result.
// Memory: 8 bytes a value below the limit, then 8 KiB for each power of two in which a value fell.
class QuantileSketch final {
 public:
  static constexpr std::size_t kExactLimit = 100'000;

  // `exact_limit`: the number of values from which on buckets are used; 0 for buckets from the start.
  explicit QuantileSketch(std::size_t exact_limit = kExactLimit) : exact_limit_(exact_limit) {}

  // REQUIRES: 0 <= value < infinity.
  void add(double value) {
    check(value >= 0 && value <= std::numeric_limits<double>::max(), "stats",
          "a quantile sketch was given {}", value);
    value += 0.0;  // -0.0 becomes 0.0
    ++count_;
    if (value < min_) min_ = value;
    if (value > max_) max_ = value;
    if (count_ > samples_.size() + 1 || count_ >= exact_limit_)
      add_to_bucket(value);
    else
      keep(value);
  }
  void add(Duration value) { add(to_seconds(value)); }

  // REQUIRES: equal exact limits.
  void merge(const QuantileSketch& other);

  std::uint64_t count() const { return count_; }
  bool exact() const { return count_ == samples_.size(); }
  // Always exact; NaN when empty.
  double min() const { return count_ > 0 ? min_ : kNaN; }
  double max() const { return count_ > 0 ? max_ : kNaN; }

  // NaN when empty. REQUIRES: 0 <= q <= 1.
  double quantile(double q) const;

  // The share of values above `x` (above, not equal); within a bucket values count as evenly spread. NaN when
  // empty.
  double fraction_above(double x) const;

  void save(ByteWriter& out) const;
  static QuantileSketch load(ByteReader& in);

 private:
  static constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  static constexpr unsigned kSubBits = 10;
  static constexpr std::uint64_t kSubBuckets = std::uint64_t{1} << kSubBits;

  // The exponent and the leading ten bits of the mantissa: monotone in the value, and no logarithm.
  static std::uint64_t bucket_of(double value) {
    return std::bit_cast<std::uint64_t>(value) >> (52 - kSubBits);
  }
  static double lower_edge(std::uint64_t bucket) { return std::bit_cast<double>(bucket << (52 - kSubBits)); }

  std::uint64_t& counter(std::uint64_t bucket) {
    const std::uint64_t place = (bucket >> kSubBits) - first_octave_;
    if (place >= octaves_.size() || octaves_[place].empty()) [[unlikely]]
      return open_octave(bucket);
    return octaves_[place][bucket % kSubBuckets];
  }
  void add_to_bucket(double value) {
    if (!samples_.empty()) spill();
    if (value > 0)
      ++counter(bucket_of(value));
    else
      ++zeros_;
  }
  void keep(double value);
  void spill();
  std::uint64_t& open_octave(std::uint64_t bucket);
  void sort_samples() const;
  double order_statistic(std::uint64_t rank) const;
  double bucketed_order_statistic(std::uint64_t rank) const;
  double bucketed_count_above(double x) const;
  template <typename Visit>
  void for_each_bucket(Visit visit) const;

  std::size_t exact_limit_;
  std::uint64_t count_ = 0;
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = 0;
  mutable std::vector<double> samples_;  // all values while exact, then empty; sorted on demand
  mutable bool sorted_ = true;
  std::uint64_t zeros_ = 0;
  std::uint64_t first_octave_ = 0;
  std::vector<std::vector<std::uint64_t>> octaves_;  // from first_octave_; empty where no value fell
};

}  // namespace nephoscope
