// How long to wait before hedging when the scenario names a quantile instead of a time: what a client has
// seen.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"

namespace nephoscope {

// The quantile of the last full block of kBlock successful attempts; nothing before the first is full.
class HedgeDelay final {
 public:
  static constexpr std::size_t kBlock = 1000;  // ours: 50 values lie above a p95

  // REQUIRES: 0 <= quantile <= 1.
  explicit HedgeDelay(Probability quantile)
      : rank_(static_cast<std::ptrdiff_t>(quantile.value * static_cast<double>(kBlock - 1))) {}

  void observe(Duration latency) {
    block_.push_back(latency);
    if (block_.size() < kBlock) return;
    std::nth_element(block_.begin(), block_.begin() + rank_, block_.end());
    value_ = block_[static_cast<std::size_t>(rank_)];
    block_.clear();
  }
  std::optional<Duration> value() const { return value_; }

 private:
  std::ptrdiff_t rank_;
  std::vector<Duration> block_;
  std::optional<Duration> value_;
};

}  // namespace nephoscope
