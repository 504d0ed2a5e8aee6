#include "engine/random/keys.hpp"

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/random/elementary.hpp"

namespace nephoscope {

namespace {

// (e^t - 1) / t and ln(1 + t) / t, continued through 0.
double expm1_over(double t) { return t == 0 ? 1 : elementary::expm1(t) / t; }
double log1p_over(double t) { return t == 0 ? 1 : elementary::log1p(t) / t; }

}  // namespace

ZipfKeys::ZipfKeys(std::uint64_t count, double exponent) : count_(count), exponent_(exponent) {
  check(count >= 1 && count <= kMaxCount, "random", "Zipf keys: count {}", count);
  check(exponent >= 0 && exponent <= kMaxExponent, "random", "Zipf keys: exponent {}", exponent);
  weight_sum_ = weight_sum();
  integral_first_ = integral(1.5) - 1;
  integral_last_ = integral(static_cast<double>(count) + 0.5);
  shortcut_ = 2 - inverse_integral(integral(2.5) - weight(2));
}

// With the weight's integral H, rank k owns the stretch (H(k + 1/2) - weight(k), H(k + 1/2)] of the integral,
// shorter than its stretch of the axis because the weight is convex; a point outside its rank's stretch is
// refused.
std::uint64_t ZipfKeys::sample(Draws& draws) const {
  if (exponent_ == 0) return draws.next_below(count_);
  for (;;) {
    const double y = integral_first_ + draws.next_uniform() * (integral_last_ - integral_first_);
    const double x = inverse_integral(y);
    const double k =
        std::clamp(static_cast<double>(static_cast<std::int64_t>(x + 0.5)), 1.0, static_cast<double>(count_));
    if (k - x <= shortcut_ || y >= integral(k + 0.5) - weight(k)) return static_cast<std::uint64_t>(k) - 1;
  }
}

double ZipfKeys::probability(std::uint64_t rank) const {
  check(rank < count_, "random", "rank {} of {} keys", rank, count_);
  return weight(static_cast<double>(rank) + 1) / weight_sum_;
}

double ZipfKeys::weight(double k) const { return elementary::exp(-exponent_ * elementary::log(k)); }

double ZipfKeys::integral(double x) const {
  const double log_x = elementary::log(x);
  return expm1_over((1 - exponent_) * log_x) * log_x;
}

double ZipfKeys::inverse_integral(double y) const {
  // Rounding must not take the argument of ln(1 + t) to 0 or below, where integral() cannot have come from.
  const double t = std::max(y * (1 - exponent_), -1 + 0x1p-53);
  return elementary::exp(log1p_over(t) * y);
}

// Term by term up to 1000, then Euler and Maclaurin (Abramowitz and Stegun 23.1.30) with two derivatives,
// whose next term is under 1e-15.
double ZipfKeys::weight_sum() const {
  constexpr std::uint64_t direct = 1000;
  double sum = 0;
  for (std::uint64_t k = std::min(count_, direct); k >= 1; --k) sum += weight(static_cast<double>(k));
  if (count_ <= direct) return sum;
  const double a = static_cast<double>(direct);
  const double b = static_cast<double>(count_);
  const double slopes = exponent_ * (weight(a) / a - weight(b) / b) / 12;
  return sum + (integral(b) - integral(a)) + 0.5 * (weight(b) - weight(a)) + slopes;
}

}  // namespace nephoscope
