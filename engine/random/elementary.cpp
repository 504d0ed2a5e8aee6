#include "engine/random/elementary.hpp"

#include <array>
#include <cmath>  // sqrt only: IEEE 754 rounds it correctly, so it has the same bits everywhere
#include <limits>

namespace nephoscope::elementary {

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

constexpr double magnitude(double x) {
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(x) & 0x7fffffffffffffffU);
}
constexpr bool is_negative(double x) { return (std::bit_cast<std::uint64_t>(x) >> 63) != 0; }
constexpr bool is_nan(double x) { return x != x; }

// 2^exponent. REQUIRES: -1022 <= exponent <= 1023.
constexpr double power_of_two(std::int64_t exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

// value * 2^exponent with overflow and gradual underflow; two steps, because 2^exponent may not be a double.
constexpr double scale(detail::Scaled x) {
  const std::int64_t half = x.exponent / 2;
  return x.value * power_of_two(half) * power_of_two(x.exponent - half);
}

// The split of any positive finite number, subnormal ones included.
constexpr detail::Split split_any(double x) {
  if (x >= 0x1p-1022) return detail::split(std::bit_cast<std::uint64_t>(x));
  const auto [mantissa, exponent] = detail::split(std::bit_cast<std::uint64_t>(x * 0x1p54));
  return {mantissa, exponent - 54.0};
}

// An unevaluated sum of two doubles, about 106 bits. T. J. Dekker, "A floating-point technique for extending
// the available precision", Numerische Mathematik 18, 1971, 224-242.
struct Double2 {
  double high;
  double low;
};

// Exact. Knuth, The Art of Computer Programming vol. 2, 4.2.2, theorem B.
constexpr Double2 exact_sum(double a, double b) {
  const double sum = a + b;
  const double b_part = sum - a;
  return {sum, (a - (sum - b_part)) + (b - b_part)};
}

// Exact unless it over- or underflows. Splitting by 2^27 + 1 is Veltkamp's (in Dekker, section 5).
constexpr Double2 exact_product(double a, double b) {
  constexpr double splitter = 134217729.0;
  const double a_high = a * splitter - (a * splitter - a);
  const double b_high = b * splitter - (b * splitter - b);
  const double a_low = a - a_high;
  const double b_low = b - b_high;
  const double product = a * b;
  return {product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

constexpr Double2 multiply(Double2 a, Double2 b) {
  const Double2 product = exact_product(a.high, b.high);
  return exact_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

// ln of a positive finite number to about 2^-65 relative: the same series as log_split, with the terms that
// matter carried in two doubles. The tail's polynomial starts at z^2 2/5 and errs by 2^-66.
constexpr Double2 log_precise(double x) {
  const auto [mantissa, exponent] = split_any(x);
  const double f = mantissa - 1.0;
  const Double2 denominator = exact_sum(mantissa, 1.0);
  const double s_high = f / denominator.high;
  const Double2 back = exact_product(s_high, denominator.high);
  const double s_low = (((f - back.high) - back.low) - s_high * denominator.low) / denominator.high;
  const Double2 s{s_high, s_low};
  const Double2 z = multiply(s, s);
  constexpr std::array<double, 8> coefficients = {0.4,
                                                  0.28571428571429364,
                                                  0.22222222221656232,
                                                  0.18181818335314404,
                                                  0.15384594970895457,
                                                  0.13334804238225345,
                                                  0.11706248540922386,
                                                  0.11723051028097753};
  double tail = 0;
  for (std::size_t i = coefficients.size(); i-- > 0;) tail = tail * z.high + coefficients[i];
  const Double2 third = exact_sum(0x1.5555555555555p-1, tail * z.high);
  const Double2 cubic = multiply(z, {third.high, third.low + 0x1.5555555555555p-55});
  const Double2 factor = exact_sum(2.0, cubic.high);
  const Double2 log_mantissa = multiply(s, {factor.high, factor.low + cubic.low});
  const Double2 sum = exact_sum(exponent * detail::kLn2High, log_mantissa.high);
  return exact_sum(sum.high, sum.low + (log_mantissa.low + exponent * detail::kLn2Low));
}

enum class Parity { fraction, even, odd };

// REQUIRES: y is finite.
constexpr Parity parity(double y) {
  const double size = magnitude(y);
  if (size >= 0x1p53) return Parity::even;
  const auto whole = static_cast<std::int64_t>(size);
  if (static_cast<double>(whole) != size) return Parity::fraction;
  return (whole & 1) != 0 ? Parity::odd : Parity::even;
}

// x^y for positive finite x other than 1 and finite y other than 0.
double pow_positive(double x, double y) {
  const Double2 log_x = log_precise(x);
  const double estimate = y * log_x.high;
  if (estimate > 710.0) return kInfinity;
  if (estimate < -746.0) return 0.0;
  if (magnitude(estimate) < 0x1p-60) return 1.0;
  const Double2 product = exact_product(y, log_x.high);
  const double low = product.low + y * log_x.low;
  const auto [value, exponent] = detail::exp_scaled(product.high);
  return scale({value + value * low, exponent});
}

// x^y where x is 0 or infinite, without the sign.
constexpr double pow_of_extreme(double size, double y) { return (size > 1.0) == (y > 0.0) ? kInfinity : 0.0; }

// The sum over odd powers x + x^3/3 + x^5/(3*5) + ... of M. Abramowitz, I. Stegun, Handbook of Mathematical
// Functions, 1964, 26.2.11; all terms have one sign.
double normal_series(double x) {
  double term = x;
  double sum = x;
  for (double odd = 3.0; magnitude(term) > 1e-18 * magnitude(sum); odd += 2.0) {
    term = term * x * x / odd;
    sum += term;
  }
  return sum;
}

// 1 / (x + 1/(x + 2/(x + 3/(x + ...)))) of Abramowitz and Stegun 26.2.14, from the inside; 200 levels suffice
// for 17 digits from x = 2 on.
double normal_tail_fraction(double x) {
  double value = x;
  for (double level = 200.0; level >= 1.0; level -= 1.0) value = x + level / value;
  return 1.0 / value;
}

constexpr double kInverseSqrtTwoPi = 0.39894228040143267794;

double normal_density(double x) { return kInverseSqrtTwoPi * exp(-0.5 * x * x); }

template <std::size_t kSize>
constexpr double polynomial(const std::array<double, kSize>& coefficients, double x) {
  double value = 0;
  for (std::size_t i = kSize; i-- > 0;) value = value * x + coefficients[i];
  return value;
}

// The rational functions of AS 241: numerators A, C, E and denominators B, D, F, constant term first.
constexpr std::array<double, 8> kCentreA = {
    3.3871328727963666080e0,  1.3314166789178437745e+2, 1.9715909503065514427e+3, 1.3731693765509461125e+4,
    4.5921953931549871457e+4, 6.7265770927008700853e+4, 3.3430575583588128105e+4, 2.5090809287301226727e+3};
constexpr std::array<double, 8> kCentreB = {1.0,
                                            4.2313330701600911252e+1,
                                            6.8718700749205790830e+2,
                                            5.3941960214247511077e+3,
                                            2.1213794301586595867e+4,
                                            3.9307895800092710610e+4,
                                            2.8729085735721942674e+4,
                                            5.2264952788528545610e+3};
constexpr std::array<double, 8> kMiddleC = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                            5.76949722146069140550e0,  3.64784832476320460504e0,
                                            1.27045825245236838258e0,  2.41780725177450611770e-1,
                                            2.27238449892691845833e-2, 7.74545014278341407640e-4};
constexpr std::array<double, 8> kMiddleD = {1.0,
                                            2.05319162663775882187e0,
                                            1.67638483018380384940e0,
                                            6.89767334985100004550e-1,
                                            1.48103976427480074590e-1,
                                            1.51986665636164571966e-2,
                                            5.47593808499534494600e-4,
                                            1.05075007164441684324e-9};
constexpr std::array<double, 8> kTailE = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                          1.78482653991729133580e0,  2.96560571828504891230e-1,
                                          2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                          2.71155556874348757815e-5, 2.01033439929228813265e-7};
constexpr std::array<double, 8> kTailF = {1.0,
                                          5.99832206555887937690e-1,
                                          1.36929880922735805310e-1,
                                          1.48753612908506148525e-2,
                                          7.86869131145613259100e-4,
                                          1.84631831751005468180e-5,
                                          1.42151175831644588870e-7,
                                          2.04426310338993978564e-15};

// The size of the quantile where the smaller tail is `tail`, beyond AS 241's centre.
double normal_quantile_tail(double tail) {
  const double r = std::sqrt(-log(tail));
  if (r <= 5.0) return polynomial(kMiddleC, r - 1.6) / polynomial(kMiddleD, r - 1.6);
  return polynomial(kTailE, r - 5.0) / polynomial(kTailF, r - 5.0);
}

}  // namespace

namespace detail {

double log_special(double x) {
  if (x == 0.0) return -kInfinity;
  if (is_nan(x) || x == kInfinity) return x;
  if (x < 0.0) return kNan;
  return log_split(split_any(x));
}

double exp_special(double x) {
  if (is_nan(x)) return x;
  if (x > 710.0) return kInfinity;
  if (x < -746.0) return 0.0;
  return scale(exp_scaled(x));
}

}  // namespace detail

double log1p(double x) {
  if (is_nan(x) || magnitude(x) < 0x1p-54 || x == kInfinity) return x;
  const double sum = 1.0 + x;
  if (sum <= 0.0) return log(sum);
  // What rounding took from 1 + x comes back to first order.
  const double lost = x > 1.0 ? 1.0 - (sum - x) : x - (sum - 1.0);
  return log(sum) + lost / sum;
}

double expm1(double x) {
  if (is_nan(x) || magnitude(x) < 0x1p-54) return x;
  if (x > 709.0) return exp(x);
  if (x < -40.0) return -1.0;
  const double exponent = (x * detail::kInverseLn2 + detail::kRounder) - detail::kRounder;
  const double r = (x - exponent * detail::kLn2High) - exponent * detail::kLn2Low;
  // (e^r - 1 - r) / r^2, 2^-59 of e^r - 1 on |r| <= ln(2) / 2.
  constexpr std::array<double, 12> coefficients = {0.5,
                                                   0.16666666666666666,
                                                   0.04166666666666668,
                                                   0.008333333333333333,
                                                   0.0013888888888879073,
                                                   0.00019841269841263298,
                                                   2.4801587336442236e-05,
                                                   2.755731924721873e-06,
                                                   2.75572632790885e-07,
                                                   2.505207109429355e-08,
                                                   2.0918137737642736e-09,
                                                   1.608662795678037e-10};
  const double reduced = r + r * r * polynomial(coefficients, r);
  const double power = power_of_two(static_cast<std::int64_t>(exponent));
  return power * reduced + (power - 1.0);
}

double pow(double x, double y) {
  if (y == 0.0 || x == 1.0) return 1.0;
  if (is_nan(x) || is_nan(y)) return kNan;
  const double size = magnitude(x);
  if (magnitude(y) == kInfinity) return size == 1.0 ? 1.0 : pow_of_extreme(size, y);
  const Parity kind = parity(y);
  const bool negate = is_negative(x) && kind == Parity::odd;
  double value = 1.0;
  if (size == 0.0 || size == kInfinity) {
    value = pow_of_extreme(size, y);
  } else {
    if (x < 0.0 && kind == Parity::fraction) return kNan;
    if (size != 1.0) value = pow_positive(size, y);
  }
  return negate ? -value : value;
}

double cbrt(double x) {
  if (x == 0.0 || is_nan(x) || magnitude(x) == kInfinity) return x;
  const auto [mantissa, exponent] = split_any(magnitude(x));
  // size == m * 8^eighths with m in [0.7, 5.7).
  const auto whole = static_cast<std::int64_t>(exponent);
  const std::int64_t eighths = (whole + 1200) / 3 - 400;
  const double m = mantissa * power_of_two(whole - 3 * eighths);
  // Within 0.2 % on that interval; each of Halley's two steps cubes the relative error.
  constexpr std::array<double, 6> start = {0.5421, 0.6159, -0.1998, 0.04599, -0.005691, 0.000285};
  double root = polynomial(start, m);
  for (int step = 0; step < 2; ++step) {
    const double cube = root * root * root;
    root += root * (m - cube) / (2.0 * cube + m);
  }
  root *= power_of_two(eighths);
  return is_negative(x) ? -root : root;
}

double lgamma(double x) {
  // Stirling's series from 15 on (Abramowitz and Stegun 6.1.41; its terms are B_2k / (2k (2k - 1) x^(2k -
  // 1))), reached by Gamma(x + 1) = x Gamma(x).
  double product = 1.0;
  for (; x < 15.0; x += 1.0) product *= x;
  constexpr std::array<double, 6> coefficients = {1.0 / 12,    -1.0 / 360, 1.0 / 1260,
                                                  -1.0 / 1680, 1.0 / 1188, -691.0 / 360360};
  constexpr double half_log_two_pi = 0.91893853320467274178;
  const double inverse = 1.0 / x;
  const double series = polynomial(coefficients, inverse * inverse) * inverse;
  return (((x - 0.5) * log(x) - x) + half_log_two_pi + series) - log(product);
}

double normal_cdf(double x) {
  if (is_nan(x)) return x;
  if (magnitude(x) < 2.0) return 0.5 + normal_density(x) * normal_series(x);
  if (magnitude(x) > 40.0) return x < 0.0 ? 0.0 : 1.0;
  const double tail = normal_density(x) * normal_tail_fraction(magnitude(x));
  return x < 0.0 ? tail : 1.0 - tail;
}

double normal_quantile(double p) {
  if (!(p >= 0.0 && p <= 1.0)) return kNan;
  if (p == 0.0) return -kInfinity;
  if (p == 1.0) return kInfinity;
  const double q = p - 0.5;
  if (magnitude(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    return q * polynomial(kCentreA, r) / polynomial(kCentreB, r);
  }
  return q < 0.0 ? -normal_quantile_tail(p) : normal_quantile_tail(1.0 - p);
}

}  // namespace nephoscope::elementary
