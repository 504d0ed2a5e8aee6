// Which key a request names: ranks 0, 1, 2, ... from the hottest key down.
#pragma once

#include <cstdint>

#include "engine/random/draws.hpp"

namespace nephoscope {

// Zipf's law over finitely many keys: P(rank) is proportional to 1 / (rank + 1)^exponent. Exponent 0 is
// uniform.
//
// Sampling is rejection-inversion, in constant time and memory: W. Hörmann, G. Derflinger,
// "Rejection-inversion to generate variates from monotone discrete distributions", ACM Transactions on
// Modeling and Computer Simulation 6(3), 1996, 169-184. It rarely rejects, so the rank nearly always rises
// with a single uniform. A small value; copies are independent.
class ZipfKeys final {
 public:
  static constexpr std::uint64_t kMaxCount = 1'000'000'000'000;
  static constexpr double kMaxExponent = 20;

  // REQUIRES: 1 <= count <= kMaxCount, 0 <= exponent <= kMaxExponent.
  ZipfKeys(std::uint64_t count, double exponent);

  // A rank in [0, count).
  std::uint64_t sample(Draws& draws) const;

  // The share of requests that name this rank, within 1e-12. REQUIRES: rank < count.
  double probability(std::uint64_t rank) const;

  std::uint64_t count() const { return count_; }
  double exponent() const { return exponent_; }

 private:
  double weight(double k) const;            // k^-exponent
  double integral(double x) const;          // of the weight, from 1 to x
  double inverse_integral(double y) const;  // the x with integral(x) == y
  double weight_sum() const;

  std::uint64_t count_;
  double exponent_;
  double weight_sum_;
  double integral_first_;  // the range of integrals that samples are drawn from
  double integral_last_;
  double shortcut_;  // a sample this close under its rank needs no test
};

}  // namespace nephoscope
