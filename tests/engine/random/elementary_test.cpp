#include "engine/random/elementary.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

using namespace nephoscope;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kSmallest = std::numeric_limits<double>::denorm_min();
constexpr double kLargest = std::numeric_limits<double>::max();

// The distance from a more precise reference in units of the reference's last place as a double.
double ulps(double value, long double reference) {
  const double rounded = static_cast<double>(reference);
  if (std::isnan(rounded) || std::isinf(rounded)) {
    const bool same = value == rounded || (std::isnan(value) && std::isnan(rounded));
    return same ? 0 : kInfinity;
  }
  const double size = std::abs(rounded);
  const double unit = size == kLargest ? 0x1p971 : std::nextafter(size, kInfinity) - size;
  return static_cast<double>(std::abs(static_cast<long double>(value) - reference) / unit);
}

// splitmix64 (S. Vigna), so that the points do not come from what is tested elsewhere.
struct Points {
  std::uint64_t state = 1;
  std::uint64_t bits() {
    std::uint64_t x = state += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
  }
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(bits() >> 11) * 0x1p-53;
  }
  double positive() { return std::bit_cast<double>(bits() % 0x7ff0000000000000U); }  // every exponent
};

constexpr int kCount = 200'000;

}  // namespace

TEST_CASE("elementary: log is within 1 ulp of libm on all positive numbers, near 1 and among subnormals") {
  Points points;
  double worst = 0;
  for (int i = 0; i < kCount; ++i) {
    const double wide = points.positive();
    const double near = points.between(0.5, 2);
    const double nearest = 1 + points.between(-1e-6, 1e-6);
    const double subnormal = std::bit_cast<double>(points.bits() >> 12);
    for (const double x : {wide, near, nearest, subnormal})
      if (x > 0) worst = std::max(worst, ulps(elementary::log(x), std::log(static_cast<long double>(x))));
  }
  CHECK(worst < 1.0);
}

TEST_CASE("elementary: log's special values are those of C") {
  CHECK(elementary::log(1.0) == 0.0);
  CHECK_FALSE(std::signbit(elementary::log(1.0)));
  CHECK(elementary::log(0.0) == -kInfinity);
  CHECK(elementary::log(-0.0) == -kInfinity);
  CHECK(elementary::log(kInfinity) == kInfinity);
  CHECK(std::isnan(elementary::log(-1.0)));
  CHECK(std::isnan(elementary::log(-kInfinity)));
  CHECK(std::isnan(elementary::log(kNan)));
  CHECK(elementary::log(kSmallest) == doctest::Approx(-744.4400719213812).epsilon(1e-15));  // -1074 ln 2
  CHECK(elementary::log(kLargest) == doctest::Approx(709.782712893384).epsilon(1e-15));     // 1024 ln 2
}

TEST_CASE("elementary: exp is within 1.2 ulp of libm, and 1.5 ulp where the result is subnormal") {
  Points points;
  double worst = 0;
  double worst_subnormal = 0;
  for (int i = 0; i < kCount; ++i) {
    for (const double x : {points.between(-708.3, 709.79), points.between(-1, 1), points.between(-1e-9, 1e-9),
                           points.between(708, 709.79)})
      worst = std::max(worst, ulps(elementary::exp(x), std::exp(static_cast<long double>(x))));
    const double x = points.between(-745.2, -708.3);
    worst_subnormal =
        std::max(worst_subnormal, ulps(elementary::exp(x), std::exp(static_cast<long double>(x))));
  }
  CHECK(worst < 1.2);
  CHECK(worst_subnormal < 1.5);
}

TEST_CASE("elementary: exp's special values are those of C") {
  CHECK(elementary::exp(0.0) == 1.0);
  CHECK(elementary::exp(-0.0) == 1.0);
  CHECK(elementary::exp(kInfinity) == kInfinity);
  CHECK(elementary::exp(-kInfinity) == 0.0);
  CHECK(elementary::exp(709.79) == kInfinity);
  CHECK(elementary::exp(1e300) == kInfinity);
  CHECK(elementary::exp(-745.2) == 0.0);
  CHECK(elementary::exp(-745.13) == kSmallest);
  CHECK(elementary::exp(-1e300) == 0.0);
  CHECK(std::isnan(elementary::exp(kNan)));
}

TEST_CASE("elementary: log1p and expm1 are within 2 ulp of libm, however small the argument") {
  Points points;
  double worst_log = 0;
  double worst_exp = 0;
  for (int i = 0; i < kCount; ++i) {
    const double small = std::bit_cast<double>(points.bits() & 0xbfffffffffffffffU);  // magnitude under 2
    const double log_arguments[] = {std::max(small, -1.0), points.between(-1, 1), points.between(0, 1e4)};
    for (const double x : log_arguments)
      worst_log = std::max(worst_log, ulps(elementary::log1p(x), std::log1p(static_cast<long double>(x))));
    for (const double x : {small, points.between(-2, 2), points.between(-60, 60), points.between(0, 710)})
      worst_exp = std::max(worst_exp, ulps(elementary::expm1(x), std::expm1(static_cast<long double>(x))));
  }
  CHECK(worst_log < 2.0);
  CHECK(worst_exp < 2.0);
  CHECK(elementary::log1p(-1.0) == -kInfinity);
  CHECK(std::isnan(elementary::log1p(-1.5)));
  CHECK(elementary::log1p(kInfinity) == kInfinity);
  CHECK(elementary::log1p(kLargest) == doctest::Approx(709.782712893384).epsilon(1e-15));
  CHECK(elementary::expm1(-kInfinity) == -1.0);
  CHECK(elementary::expm1(kInfinity) == kInfinity);
  CHECK(std::isnan(elementary::expm1(kNan)));
  CHECK(std::signbit(elementary::expm1(-0.0)));
}

TEST_CASE("elementary: pow is within 2 ulp of libm wherever the result is finite") {
  Points points;
  double worst = 0;
  for (int i = 0; i < kCount / 2; ++i) {
    const double near = points.between(0.5, 2);
    const double wide = points.positive();
    const double moderate = points.between(-20, 20);
    // Exponents that take the result anywhere between the smallest and the largest double.
    const double any = points.between(-744, 709) / std::log(wide);
    const double large = points.between(-744, 709) / std::log(near);
    const auto error = [](double x, double y) {
      return ulps(elementary::pow(x, y), std::pow(static_cast<long double>(x), static_cast<long double>(y)));
    };
    worst = std::max({worst, error(near, moderate), error(wide, any), error(near, large)});
  }
  CHECK(worst < 2.0);
}

TEST_CASE("elementary: pow's special values are those of C, for every pair of extremes") {
  const std::vector<double> values = {0.0,    -0.0,    0.5,       -0.5,      1.0,        -1.0,   2.0,
                                      -2.0,   3.0,     -3.0,      1e300,     -1e300,     0x1p53, 0x1p53 + 2,
                                      1e-300, -1e-300, kSmallest, kInfinity, -kInfinity, kNan};
  for (const double x : values)
    for (const double y : values) {
      CAPTURE(x);
      CAPTURE(y);
      const double expected = std::pow(x, y);
      const double value = elementary::pow(x, y);
      if (std::isnan(expected)) {
        CHECK(std::isnan(value));
      } else {
        CHECK(ulps(value, expected) < 2);
        CHECK(std::signbit(value) == std::signbit(expected));
      }
    }
}

TEST_CASE("elementary: cbrt is within 1 ulp of libm and odd") {
  Points points;
  double worst = 0;
  for (int i = 0; i < kCount; ++i)
    for (const double x :
         {points.positive(), points.between(-10, 10), std::bit_cast<double>(points.bits() >> 12)})
      worst = std::max(worst, ulps(elementary::cbrt(x), std::cbrt(static_cast<long double>(x))));
  CHECK(worst < 1.0);
  CHECK(elementary::cbrt(-27.0) == -3.0);
  CHECK(elementary::cbrt(kInfinity) == kInfinity);
  CHECK(elementary::cbrt(0.0) == 0.0);
}

TEST_CASE("elementary: lgamma agrees with libm to 2e-14") {
  Points points;
  double worst = 0;
  for (int i = 0; i < 20'000; ++i)
    for (const double x : {points.between(1e-3, 30), points.between(30, 1e6)}) {
      const long double reference = std::lgamma(static_cast<long double>(x));
      const double scale = std::max(1.0, std::abs(static_cast<double>(reference)));
      worst = std::max(worst, std::abs(static_cast<double>(elementary::lgamma(x) - reference)) / scale);
    }
  CHECK(worst < 2e-14);
}

TEST_CASE("elementary: normal_cdf agrees with libm's erfc to 1e-13 relative in both tails") {
  double worst = 0;
  for (double x = -37; x < 37; x += 0.0137) {
    // Phi(x) = erfc(-x / sqrt(2)) / 2
    const long double reference = std::erfc(-static_cast<long double>(x) / std::sqrt(2.0L)) / 2;
    worst = std::max(worst, std::abs(static_cast<double>(elementary::normal_cdf(x) / reference - 1)));
  }
  CHECK(worst < 1e-13);
  CHECK(elementary::normal_cdf(0) == 0.5);
  CHECK(elementary::normal_cdf(-kInfinity) == 0);
  CHECK(elementary::normal_cdf(kInfinity) == 1);
}

TEST_CASE("elementary: normal_quantile inverts the normal distribution to 1e-14 relative") {
  // One Newton step from the result x towards Phi^-1(p), in long double: the step's size is x's error.
  double worst = 0;
  const auto measure = [&worst](double p) {
    const long double x = elementary::normal_quantile(p);
    const long double cdf = std::erfc(-x / std::sqrt(2.0L)) / 2;
    const long double density = std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979323846L);
    worst = std::max(worst, std::abs(static_cast<double>((cdf - static_cast<long double>(p)) / density / x)));
  };
  Points points;
  for (int i = 0; i < 50'000; ++i) measure(points.between(0, 0.4999));
  for (double p = 1e-300; p < 0.4; p *= 1.37) measure(p);
  CHECK(worst < 1e-14);
}

TEST_CASE("elementary: normal_quantile is odd about 1/2, rises, and ends in infinities") {
  CHECK(elementary::normal_quantile(0.5) == 0.0);
  CHECK(elementary::normal_quantile(0.25) == -elementary::normal_quantile(0.75));
  CHECK(elementary::normal_quantile(0x1p-10) == -elementary::normal_quantile(1 - 0x1p-10));
  // Abramowitz and Stegun, table 26.5: the 97.5 % point.
  CHECK(elementary::normal_quantile(0.975) == doctest::Approx(1.959963984540054).epsilon(1e-15));
  CHECK(elementary::normal_quantile(0.0) == -kInfinity);
  CHECK(elementary::normal_quantile(1.0) == kInfinity);
  CHECK(std::isnan(elementary::normal_quantile(-0.1)));
  CHECK(std::isnan(elementary::normal_quantile(1.1)));
  CHECK(std::isnan(elementary::normal_quantile(kNan)));
  double last = -kInfinity;
  bool rises = true;
  for (int i = 1; i < 100'000; ++i) {
    const double x = elementary::normal_quantile(i * 1e-5);
    rises = rises && x > last;
    last = x;
  }
  CHECK(rises);
}

TEST_CASE("elementary: bits are pinned, so that another compiler or machine that differs is found") {
  // An FNV-1a over the results' bits at 10,000 points; it changes only if an implementation changes on
  // purpose.
  Points points;
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto add = [&hash](double value) {
    hash = (hash ^ std::bit_cast<std::uint64_t>(value)) * 0x100000001b3U;
  };
  for (int i = 0; i < 10'000; ++i) {
    const double x = points.between(1e-6, 30);
    add(elementary::log(x));
    add(elementary::exp(x));
    add(elementary::log1p(x));
    add(elementary::expm1(x));
    add(elementary::pow(x, 1.7));
    add(elementary::cbrt(x));
    add(elementary::lgamma(x));
    add(elementary::normal_cdf(x - 15));
    add(elementary::normal_quantile(x / 31));
  }
  CHECK(hash == 5813304746826149636U);
}
