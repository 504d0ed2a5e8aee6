#include "engine/stats/quantile_sketch.hpp"

#include <algorithm>
#include <cmath>

namespace nephoscope {

template <typename Visit>
void QuantileSketch::for_each_bucket(Visit visit) const {
  for (std::size_t place = 0; place < octaves_.size(); ++place)
    for (std::size_t sub = 0; sub < octaves_[place].size(); ++sub)
      if (octaves_[place][sub] > 0 &&
          !visit(((first_octave_ + place) << kSubBits) + sub, octaves_[place][sub]))
        return;
}

void QuantileSketch::keep(double value) {
  sorted_ = samples_.empty() || (sorted_ && samples_.back() <= value);
  samples_.push_back(value);
}

void QuantileSketch::spill() {
  const std::vector<double> samples = std::move(samples_);
  samples_ = {};
  sorted_ = true;
  for (const double value : samples) add_to_bucket(value);
}

std::uint64_t& QuantileSketch::open_octave(std::uint64_t bucket) {
  const std::uint64_t octave = bucket >> kSubBits;
  if (octaves_.empty()) first_octave_ = octave;
  if (octave < first_octave_) {
    octaves_.insert(octaves_.begin(), static_cast<std::size_t>(first_octave_ - octave), {});
    first_octave_ = octave;
  }
  const auto place = static_cast<std::size_t>(octave - first_octave_);
  if (place >= octaves_.size()) octaves_.resize(place + 1);
  octaves_[place].resize(kSubBuckets);
  return octaves_[place][bucket % kSubBuckets];
}

void QuantileSketch::merge(const QuantileSketch& other) {
  check(exact_limit_ == other.exact_limit_, "stats", "sketches with exact limits {} and {} cannot merge",
        exact_limit_, other.exact_limit_);
  if (other.count_ == 0) return;
  if (other.exact()) {
    const std::vector<double> values = other.samples_;  // a copy: merging a sketch into itself is legal
    for (const double value : values) add(value);
    return;
  }
  spill();
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
  zeros_ += other.zeros_;
  other.for_each_bucket([this](std::uint64_t bucket, std::uint64_t n) { return counter(bucket) += n, true; });
}

void QuantileSketch::sort_samples() const {
  if (!sorted_) std::sort(samples_.begin(), samples_.end());
  sorted_ = true;
}

double QuantileSketch::quantile(double q) const {
  check(q >= 0 && q <= 1, "stats", "{} is not a quantile's rank", q);
  if (count_ == 0) return kNaN;
  if (exact()) sort_samples();
  const double position = static_cast<double>(count_ - 1) * q;
  const auto rank = static_cast<std::uint64_t>(position);
  const double share = position - static_cast<double>(rank);
  const double low = order_statistic(rank);
  return share > 0 ? low + share * (order_statistic(rank + 1) - low) : low;
}

double QuantileSketch::order_statistic(std::uint64_t rank) const {
  if (exact()) return samples_[static_cast<std::size_t>(rank)];
  if (rank == 0) return min_;
  if (rank == count_ - 1) return max_;
  return rank < zeros_ ? 0 : bucketed_order_statistic(rank - zeros_);
}

double QuantileSketch::bucketed_order_statistic(std::uint64_t rank) const {
  double value = max_;
  for_each_bucket([&](std::uint64_t bucket, std::uint64_t n) {
    if (rank >= n) return rank -= n, true;
    const double low = lower_edge(bucket);
    const double share = (static_cast<double>(rank) + 0.5) / static_cast<double>(n);
    value = low + (lower_edge(bucket + 1) - low) * share;
    return false;
  });
  return std::clamp(value, min_, max_);
}

double QuantileSketch::fraction_above(double x) const {
  check(!std::isnan(x), "stats", "no fraction is above NaN");
  if (count_ == 0) return kNaN;
  if (x < min_) return 1;
  if (x >= max_) return 0;
  const double total = static_cast<double>(count_);
  if (!exact()) return bucketed_count_above(x) / total;
  sort_samples();
  const auto above = samples_.end() - std::upper_bound(samples_.begin(), samples_.end(), x);
  return static_cast<double>(above) / total;
}

double QuantileSketch::bucketed_count_above(double x) const {
  double above = 0;
  const std::uint64_t split = bucket_of(x + 0.0);
  for_each_bucket([&](std::uint64_t bucket, std::uint64_t n) {
    if (bucket < split) return true;
    const double low = lower_edge(bucket);
    const double high = lower_edge(bucket + 1);
    above += static_cast<double>(n) * (bucket == split ? (high - x) / (high - low) : 1);
    return true;
  });
  return above;
}

void QuantileSketch::save(ByteWriter& out) const {
  out.u64(exact_limit_);
  out.u64(count_);
  out.f64(min_);
  out.f64(max_);
  out.u64(samples_.size());
  for (const double value : samples_) out.f64(value);
  out.u64(zeros_);
  std::uint64_t used = 0;
  for_each_bucket([&](std::uint64_t, std::uint64_t) { return ++used, true; });
  out.u64(used);
  for_each_bucket([&](std::uint64_t bucket, std::uint64_t n) { return out.u64(bucket), out.u64(n), true; });
}

QuantileSketch QuantileSketch::load(ByteReader& in) {
  QuantileSketch sketch(static_cast<std::size_t>(in.u64()));
  sketch.count_ = in.u64();
  sketch.min_ = in.f64();
  sketch.max_ = in.f64();
  sketch.samples_.resize(in.length(8));
  for (double& value : sketch.samples_) value = in.f64();
  sketch.sorted_ = sketch.samples_.size() < 2;
  sketch.zeros_ = in.u64();
  const std::size_t used = in.length(16);
  for (std::size_t i = 0; i < used; ++i) {
    const std::uint64_t bucket = in.u64();
    sketch.counter(bucket) = in.u64();
  }
  return sketch;
}

}  // namespace nephoscope
