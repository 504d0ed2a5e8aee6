#include "engine/stats/tally.hpp"

#include <algorithm>
#include <cmath>

namespace nephoscope {

void Tally::add(double value) {
  check(std::isfinite(value), "stats", "a tally was given {}", value);
  ++count_;
  sum_ += value;
  const double before = value - mean_;
  mean_ += before / static_cast<double>(count_);
  squares_ += before * (value - mean_);
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

void Tally::merge(const Tally& other) {
  if (other.count_ == 0) return;
  if (count_ == 0) {
    *this = other;
    return;
  }
  const double ours = static_cast<double>(count_);
  const double theirs = static_cast<double>(other.count_);
  const double total = ours + theirs;
  const double gap = other.mean_ - mean_;
  mean_ += gap * (theirs / total);
  squares_ += other.squares_ + gap * gap * (ours * theirs / total);
  count_ += other.count_;
  sum_ += other.sum_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double Tally::standard_deviation() const { return std::sqrt(variance()); }

void Tally::save(ByteWriter& out) const {
  out.i64(count_);
  for (const double value : {sum_, mean_, squares_, min_, max_}) out.f64(value);
}

Tally Tally::load(ByteReader& in) {
  Tally tally;
  tally.count_ = in.i64();
  for (double* value : {&tally.sum_, &tally.mean_, &tally.squares_, &tally.min_, &tally.max_})
    *value = in.f64();
  return tally;
}

}  // namespace nephoscope
