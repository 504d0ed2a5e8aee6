#include "engine/stats/batch_means.hpp"

#include <cmath>
#include <limits>

#include "engine/base/check.hpp"

namespace nephoscope {

void BatchMeans::add(double value) {
  check(std::isfinite(value), "stats", "batch means were given {}", value);
  open_sum_ += value;
  if (++open_count_ < batch_size_) return;
  sums_.push_back(open_sum_);
  open_sum_ = 0;
  open_count_ = 0;
  if (sums_.size() == 2 * kFewestBatches) double_batch_size();
}

// An odd last batch is dropped; add() never leaves one, merging can.
void BatchMeans::double_batch_size() {
  const std::size_t half = sums_.size() / 2;
  for (std::size_t i = 0; i < half; ++i) sums_[i] = sums_[2 * i] + sums_[2 * i + 1];
  sums_.resize(half);
  batch_size_ *= 2;
}

void BatchMeans::merge(const BatchMeans& other) {
  BatchMeans theirs = other;
  open_sum_ = 0;
  open_count_ = 0;
  while (batch_size_ < theirs.batch_size_) double_batch_size();
  while (theirs.batch_size_ < batch_size_) theirs.double_batch_size();
  sums_.insert(sums_.end(), theirs.sums_.begin(), theirs.sums_.end());
  while (sums_.size() >= 2 * kFewestBatches) double_batch_size();
}

std::vector<double> BatchMeans::means() const {
  std::vector<double> means = sums_;
  for (double& mean : means) mean /= static_cast<double>(batch_size_);
  return means;
}

Interval BatchMeans::interval(double confidence) const {
  Interval interval = mean_interval(means(), confidence);
  if (sums_.size() < kFewestBatches) interval.low = interval.high = std::numeric_limits<double>::quiet_NaN();
  return interval;
}

double BatchMeans::lag1_correlation() const {
  const std::vector<double> values = means();
  const double mean = mean_interval(values).mean;
  double square = 0, product = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    square += (values[i] - mean) * (values[i] - mean);
    if (i > 0) product += (values[i] - mean) * (values[i - 1] - mean);
  }
  return values.size() > 2 && square > 0 ? product / square : std::numeric_limits<double>::quiet_NaN();
}

void BatchMeans::save(ByteWriter& out) const {
  out.i64(batch_size_);
  out.f64(open_sum_);
  out.i64(open_count_);
  out.u64(sums_.size());
  for (const double sum : sums_) out.f64(sum);
}

BatchMeans BatchMeans::load(ByteReader& in) {
  BatchMeans batches;
  batches.batch_size_ = in.i64();
  batches.open_sum_ = in.f64();
  batches.open_count_ = in.i64();
  batches.sums_.resize(in.length(8));
  for (double& sum : batches.sums_) sum = in.f64();
  return batches;
}

}  // namespace nephoscope
