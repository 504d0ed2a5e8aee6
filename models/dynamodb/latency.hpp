// How long the service takes, from a table instead of a logarithm and an exponential for each request.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/base/time.hpp"
#include "engine/random/draws.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::dynamodb {

// 4,096 quantiles at (i + 1/2) / 4096: means are within 0.1 % of the distribution's, quantiles up to p99
// within 0.2 %, and the tail ends at p99.988. A distribution without quantile function fills it with samples.
class QuantileTable final {
 public:
  QuantileTable(const DurationDistribution& distribution, Purpose purpose, const RandomSource& random);
  // `bits` are well mixed.
  Duration at(std::uint64_t bits) const { return values_[bits >> (64 - kBits)]; }
  Duration longest() const { return longest_; }

 private:
  static constexpr int kBits = 12;
  std::array<Duration, std::size_t{1} << kBits> values_;
  Duration longest_{};
};

}  // namespace nephoscope::dynamodb
