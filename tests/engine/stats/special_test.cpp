#include "engine/stats/special.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

TEST_CASE("special: log agrees with libm, also for subnormals") {
  test::SplitMix random(1);
  for (int i = 0; i < 20000; ++i) {
    const double x = std::exp(1400 * random.uniform() - 730);
    CHECK(special::log(x) == doctest::Approx(std::log(x)).epsilon(5e-16));
  }
  CHECK(special::log(1) == 0);
  CHECK(special::log(0x1p-1074) == doctest::Approx(-1074 * std::log(2.0)).epsilon(1e-15));
}

TEST_CASE("special: log keeps its digits next to 1") {
  // log(1 + e) = e - e^2/2 + ...
  CHECK(test::relative_error(special::log(1 + 0x1p-40), 0x1p-40 - 0x1p-81) < 1e-15);
}

TEST_CASE("special: exp agrees with libm, overflows to infinity and underflows to 0") {
  test::SplitMix random(2);
  for (int i = 0; i < 20000; ++i) {
    const double x = 1400 * random.uniform() - 700;
    CHECK(test::relative_error(special::exp(x), std::exp(x)) < 1e-15);
  }
  CHECK(special::exp(0) == 1);
  CHECK(std::isinf(special::exp(710)));
  CHECK(special::exp(-746) == 0);
  CHECK(special::exp(-744) == std::exp(-744.0));  // a subnormal: two units of 2^-1074
}

TEST_CASE("special: the incomplete beta function equals its closed forms") {
  // I_x(1, b) = 1 - (1 - x)^b
  CHECK(special::incomplete_beta(1, 3, 0.2, 0.8) == doctest::Approx(1 - 0.512).epsilon(1e-13));
  // I_x(a, 1) = x^a
  CHECK(special::incomplete_beta(4, 1, 0.3, 0.7) == doctest::Approx(0.0081).epsilon(1e-13));
  // I_x(2, 3) = 6 x^2 - 8 x^3 + 3 x^4: at 1/2, 1.5 - 1 + 0.1875
  CHECK(special::incomplete_beta(2, 3, 0.5, 0.5) == doctest::Approx(0.6875).epsilon(1e-13));
  // I_x(1/2, 1/2) = 2 asin(sqrt x) / pi: at 1/4, 2 (pi/6) / pi
  CHECK(special::incomplete_beta(0.5, 0.5, 0.25, 0.75) == doctest::Approx(1.0 / 3).epsilon(1e-13));
}

TEST_CASE("special: the incomplete beta function keeps its digits for huge parameters") {
  // I_1/2(a, a) = 1/2
  CHECK(special::incomplete_beta(1e8, 1e8, 0.5, 0.5) == doctest::Approx(0.5).epsilon(1e-11));
  // 1 - (1 - x)^n with n = 1e9, x = 1e-9: 1 - exp(-1 - 5e-10)
  CHECK(special::incomplete_beta(1, 1e9, 1e-9, 1 - 1e-9) ==
        doctest::Approx(-std::expm1(-1 - 5e-10)).epsilon(1e-12));
}

TEST_CASE("special: the normal tail equals erfc(x / sqrt 2) / 2") {
  for (double x = 0; x < 37; x += 0.0625)
    CHECK(test::relative_error(special::normal_tail(x), std::erfc(x / std::sqrt(2.0)) / 2) < 1e-12);
}

TEST_CASE("special: bisection finds the first double that holds") {
  // the least x with x * x >= 2 is sqrt(2) rounded either way
  CHECK(special::first_where(0, 10, [](double x) { return x * x >= 2; }) == doctest::Approx(std::sqrt(2.0)));
  CHECK(special::first_where(0, 10, [](double) { return false; }) == 10);
  CHECK(special::first_where(3, 10, [](double) { return true; }) == 3);
}
