#include "engine/stats/special.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nephoscope::special {
namespace {

constexpr double kLn2High = 0x1.62e42fee00000p-1;  // ln 2 in two parts; the first times |k| < 2^20 is exact
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;

// 2^k for -1022 <= k <= 1023.
double power_of_two(int k) { return std::bit_cast<double>(static_cast<std::uint64_t>(k + 1023) << 52); }

// 2 atanh(s) - 2 s = 2 (s^3/3 + s^5/5 + ...), for |s| <= 0.18.
double atanh_tail(double s) {
  const double square = s * s;
  double sum = 0;
  for (int k = 25; k >= 3; k -= 2) sum = sum * square + 1.0 / k;
  return 2 * s * square * sum;
}

// log(1 + u) - u without cancellation; `ratio` is 1 + u.
double log_minus_linear(double ratio, double u) {
  if (u < -0.25 || u > 0.25) return log(ratio) - u;
  const double s = u / (2 + u);  // log(1 + u) = 2 atanh(s), and 2 s - u = -s u
  return atanh_tail(s) - s * u;
}

// ln Gamma(z) - [(z - 1/2) ln z - z + ln(2 pi)/2], the error of Stirling's formula (DLMF 5.11.1).
double stirling_error(double z) {
  double shift = 0;
  for (; z < 10; z += 1) shift += (z + 0.5) * log((z + 1) / z) - 1;
  const double square = 1 / (z * z);
  constexpr double terms[] = {-691.0 / 360360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12};
  double sum = 0;
  for (const double term : terms) sum = sum * square + term;
  return shift + sum / z;
}

// x^a y^b / B(a, b) with x + y = 1, arranged around the peak x = a / (a + b) so that large a and b do not
// cancel (after Loader, Fast and Accurate Computation of Binomial Probabilities, 2000).
double beta_density_times_xy(double a, double b, double x, double y) {
  const double total = a + b;
  const double lean = x * b - y * a;
  const double exponent = a * log_minus_linear(x * total / a, lean / a) +
                          b * log_minus_linear(y * total / b, -lean / b) + stirling_error(total) -
                          stirling_error(a) - stirling_error(b);
  return std::sqrt(a / total * b / (2 * kPi)) * exp(exponent);
}

double nonzero(double value) { return value == 0 ? 1e-300 : value; }

// I_x(a, b) over x^a y^b / B(a, b), for x < (a + 1)/(a + b + 2): the even part of DLMF 8.17.22 in the form of
// DiDonato and Morris (ACM Transactions on Mathematical Software 18(3), 1992), in which x near 1 and huge
// parameters cancel nothing; by the modified Lentz method.
double beta_fraction(double a, double b, double x, double y) {
  constexpr int most_steps = 10'000'000;
  const double lean = a * y - b * x;
  double c = a * (lean + 1) / (a + 1), d = 0, value = c;
  for (int step = 1; step <= most_steps; ++step) {
    const double m = step;
    const double scale = a + 2 * m - 1;
    const double over = (a + m - 1) / scale * ((a + b + m - 1) / scale) * m * (b - m) * x * x;
    const double under = m + m * (b - m) * x / scale + (a + m) / (scale + 2) * (lean + 1 + m * (1 + y));
    d = 1 / nonzero(under + over * d);
    c = nonzero(under + over / c);
    value *= c * d;
    if (c * d > 1 - 1e-15 && c * d < 1 + 1e-15) return 1 / value;
  }
  fail_check("stats", "the incomplete beta fraction did not converge");
}

}  // namespace

double log(double x) {
  check(x > 0 && x <= std::numeric_limits<double>::max(), "stats", "log of {}", x);
  int exponent = 0;
  if (x < 0x1p-1022) {
    x *= 0x1p54;
    exponent = -54;
  }
  const auto bits = std::bit_cast<std::uint64_t>(x);
  exponent += static_cast<int>(bits >> 52) - 1023;
  double mantissa = std::bit_cast<double>((bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);
  if (mantissa > 1.4142135623730951) {
    mantissa *= 0.5;
    ++exponent;
  }
  const double u = mantissa - 1;
  const double s = u / (mantissa + 1);
  return exponent * kLn2High + (u + (atanh_tail(s) - s * u + exponent * kLn2Low));
}

double exp(double x) {
  if (x > 709.8) return std::numeric_limits<double>::infinity();
  if (x < -745.2) return 0;
  const double k = std::floor(x / (kLn2High + kLn2Low) + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double sum = 1;
  for (int n = 14; n >= 1; --n) sum = 1 + sum * r / n;
  const int half = static_cast<int>(k) / 2;  // two steps, for results outside the normal range
  return sum * power_of_two(half) * power_of_two(static_cast<int>(k) - half);
}

double incomplete_beta(double a, double b, double x, double complement) {
  check(a > 0 && b > 0 && x >= 0 && x <= 1, "stats", "incomplete beta of a={} b={} x={}", a, b, x);
  if (x == 0 || complement == 0) return x == 0 ? 0 : 1;
  const double front = beta_density_times_xy(a, b, x, complement);
  if (x < (a + 1) / (a + b + 2)) return front * beta_fraction(a, b, x, complement);
  return 1 - front * beta_fraction(b, a, complement, x);
}

double normal_tail(double x) {
  const double density = exp(-x * x / 2) / std::sqrt(2 * kPi);
  if (x < 2.5) {  // 1/2 - phi(x) (x + x^3/3 + x^5/(3 5) + ...), DLMF 7.6.2
    double term = x, sum = 0;
    for (int k = 3; sum + term != sum; k += 2) {
      sum += term;
      term *= x * x / k;
    }
    return 0.5 - density * sum;
  }
  double fraction = x;  // phi(x) / (x + 1/(x + 2/(x + ...))), DLMF 7.9.1
  for (int k = 100; k >= 1; --k) fraction = x + k / fraction;
  return density / fraction;
}

}  // namespace nephoscope::special
