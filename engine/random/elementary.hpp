// Elementary functions of our own, so that results have the same bits on every machine and in every build.
//
// Only + - * / sqrt and integer operations are used (IEEE 754 binary64, round to nearest, no fused
// multiply-add: build with -ffp-contract=off); the system's libm picks other code on other processors.
// Accuracies are stated per function in ulp (units in the last place) and tested against libm. Special values
// (NaN, infinities, zeros) give what C's functions give, but errno and the floating-point exception flags are
// not maintained.
//
// Polynomial coefficients interpolate the function at Chebyshev nodes of the reduced interval; they were
// computed with 300-bit arithmetic, and the error named beside each table was measured with the coefficients
// as rounded.
#pragma once

#include <bit>
#include <cstdint>

namespace nephoscope::elementary {

namespace detail {

// ln 2 in two parts: the first has 33 significant bits, so a product with any exponent of a double is exact.
inline constexpr double kLn2High = 0x1.62e42fef00000p-1;
inline constexpr double kLn2Low = 0x1.473de6af278edp-34;
inline constexpr double kInverseLn2 = 0x1.71547652b82fep+0;
// Adding and subtracting 1.5 * 2^52 rounds a small double to the nearest whole number.
inline constexpr double kRounder = 0x1.8p52;

inline constexpr std::uint64_t kOneBits = 0x3ff0000000000000U;
inline constexpr std::uint64_t kSmallestNormalBits = 0x0010000000000000U;
inline constexpr std::uint64_t kInfinityBits = 0x7ff0000000000000U;
inline constexpr std::uint64_t kSqrtHalfBits = 0x3fe6a09e667f3bcdU;

// x == mantissa * 2^exponent with mantissa in [sqrt(1/2), sqrt(2)).
struct Split {
  double mantissa;
  double exponent;
};

// REQUIRES: `bits` are those of a positive, normal, finite double.
constexpr Split split(std::uint64_t bits) {
  const auto exponent = static_cast<std::int64_t>(bits - kSqrtHalfBits) >> 52;
  const std::uint64_t mantissa = bits - (static_cast<std::uint64_t>(exponent) << 52);
  return {std::bit_cast<double>(mantissa), static_cast<double>(exponent)};
}

// ln of a split number: with f = mantissa - 1 and s = f / (2 + f), ln(1 + f) = 2 artanh(s)
// = 2 s + s z P(z), z = s^2, rearranged around f so that the leading term is exact. P: 2^-57.6 of ln(1 + f).
constexpr double log_split(Split x) {
  const double f = x.mantissa - 1.0;
  const double s = f / (2.0 + f);
  const double z = s * s;
  const double z2 = z * z;
  const double low = (0x1.5555555555558p-1 + 0x1.99999999952e2p-2 * z) +
                     (0x1.2492492df148dp-2 + 0x1.c71c62e5800a1p-3 * z) * z2;
  const double high = (0x1.7462b4ab2ef6bp-3 + 0x1.39fe606542ddep-3 * z) + 0x1.2b584aae78a57p-3 * z2;
  const double series = z * (low + high * (z2 * z2));
  const double half_square = 0.5 * f * f;
  const double tail = s * (half_square + series) + x.exponent * kLn2Low;
  return x.exponent * kLn2High + (f - (half_square - tail));
}

// exp(x) == value * 2^exponent, value in [0.7, 1.42].
struct Scaled {
  double value;
  std::int64_t exponent;
};

// exp(r) = 1 + r + r^2 Q(r) on |r| <= ln(2) / 2. Q: 2^-55.8 of exp(r).
// REQUIRES: |x| < 2000.
constexpr Scaled exp_scaled(double x) {
  const double exponent = (x * kInverseLn2 + kRounder) - kRounder;
  const double r = (x - exponent * kLn2High) - exponent * kLn2Low;
  const double r2 = r * r;
  const double r4 = r2 * r2;
  const double a =
      (0.5000000000000001 + 0.16666666666666669 * r) + (0.04166666666662413 + 0.008333333333330062 * r) * r2;
  const double b = (0.0013888888917213717 + 0.00019841269863053618 * r) +
                   (2.4801521295954376e-05 + 2.7557268459997064e-06 * r) * r2;
  const double c = 2.7620088445409746e-07 + 2.510038549551032e-08 * r;
  return {1.0 + (r + r2 * (a + r4 * (b + r4 * c))), static_cast<std::int64_t>(exponent)};
}

double log_special(double x);  // zero, negative, subnormal, infinite, NaN
double exp_special(double x);  // |x| > 708, NaN

}  // namespace detail

// Natural logarithm, within 1 ulp. ln(0) = -infinity; NaN below zero.
inline double log(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  if (bits - detail::kSmallestNormalBits >= detail::kInfinityBits - detail::kSmallestNormalBits) [[unlikely]]
    return detail::log_special(x);
  return detail::log_split(detail::split(bits));
}

// e^x, within 1.2 ulp (1.5 where the result is subnormal); infinity above 709.78, gradual underflow to 0
// below -745.13.
inline double exp(double x) {
  if (!(x > -708.0 && x < 709.0)) [[unlikely]]
    return detail::exp_special(x);
  const auto [value, exponent] = detail::exp_scaled(x);
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(value) +
                               (static_cast<std::uint64_t>(exponent) << 52));
}

// ln(1 + x) without loss for small x, within 2 ulp. -infinity at -1; NaN below.
double log1p(double x);

// e^x - 1 without loss for small x, within 2 ulp.
double expm1(double x);

// x^y, within 2 ulp; the special values are those of C's pow.
double pow(double x, double y);

// The cube root, within 1 ulp; negative for negative x.
double cbrt(double x);

// ln |Gamma(x)| for x > 0, within 2e-14 relative or absolute, whichever is larger.
// REQUIRES: x > 0.
double lgamma(double x);

// The standard normal distribution function, within 1e-13 relative (both tails).
double normal_cdf(double x);

// The x whose normal_cdf is p, within 1e-14 relative. -infinity at 0, infinity at 1, NaN outside [0, 1].
// M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics
// 37(3), 1988, 477-484, routine PPND16.
double normal_quantile(double p);

}  // namespace nephoscope::elementary
