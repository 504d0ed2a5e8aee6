#include "engine/stats/binomial.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "engine/base/check.hpp"
#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

TEST_CASE("stats: Clopper-Pearson limits equal published values") {
  // Newcombe, Statistics in Medicine 17 (1998), table I, method 5: 81/263, 15/148, 0/20, 1/29.
  const auto near = [](const Interval& interval, double low, double high) {
    CHECK(std::fabs(interval.low - low) < 0.00006);
    CHECK(std::fabs(interval.high - high) < 0.00006);
  };
  near(clopper_pearson({81, 263}), 0.2527, 0.3676);
  near(clopper_pearson({15, 148}), 0.0578, 0.1617);
  near(clopper_pearson({0, 20}), 0.0000, 0.1684);
  near(clopper_pearson({1, 29}), 0.0009, 0.1776);
}

TEST_CASE("stats: without a failure the limit has a closed form, from 10 trials to a billion") {
  for (const std::int64_t n : {10LL, 1000LL, 1'000'000'000LL}) {
    // two-sided lower limit p with p^n = 0.025
    const double failure = -std::expm1(std::log(0.025) / static_cast<double>(n));
    CHECK(test::relative_error(1 - clopper_pearson({n, n}).low, failure) < 1e-7);
    CHECK(test::relative_error(clopper_pearson({0, n}).high, failure) < 1e-12);
    CHECK(clopper_pearson({n, n}).high == 1);
    CHECK(clopper_pearson({0, n}).low == 0);
  }
}

TEST_CASE("stats: the rule of three: no event in n trials bounds the probability by 3 / n") {
  // 1 - 0.05^(1/300) = 0.0099360
  CHECK(test::relative_error(binomial_upper_bound({0, 300}), 0.0099360) < 1e-5);
}

TEST_CASE("stats: Clopper-Pearson limits are the p at which the binomial tail is 2.5 %") {
  // 8 of 10: P(X >= 8 | p) = 45 p^8 q^2 + 10 p^9 q + p^10 at the lower limit
  const double p = clopper_pearson({8, 10}).low;
  const double q = 1 - p;
  CHECK(45 * std::pow(p, 8) * q * q + 10 * std::pow(p, 9) * q + std::pow(p, 10) ==
        doctest::Approx(0.025).epsilon(1e-10));
}

TEST_CASE("stats: a one-sided limit is the two-sided one of twice the error") {
  CHECK(binomial_lower_bound({8, 10}, 0.975) ==
        doctest::Approx(clopper_pearson({8, 10}, 0.95).low).epsilon(1e-12));
  CHECK(binomial_upper_bound({8, 10}, 0.975) ==
        doctest::Approx(clopper_pearson({8, 10}, 0.95).high).epsilon(1e-12));
}

TEST_CASE("stats: successes and failures mirror each other") {
  const Interval few = clopper_pearson({3, 50}), many = clopper_pearson({47, 50});
  CHECK(few.low == doctest::Approx(1 - many.high).epsilon(1e-12));
  CHECK(few.high == doctest::Approx(1 - many.low).epsilon(1e-12));
}

TEST_CASE("stats: without trials nothing is known") {
  const Interval interval = clopper_pearson({0, 0});
  CHECK(std::isnan(interval.mean));
  CHECK(interval.low == 0);
  CHECK(interval.high == 1);
}

TEST_CASE("stats: Clopper-Pearson covers at least 95 %, exactly computed for p = 0.1 and n = 20") {
  double covered = 0;
  double mass = std::pow(0.9, 20);  // P(X = 0), then P(X = k + 1) = P(X = k) (n - k)/(k + 1) p/q
  for (int k = 0; k <= 20; ++k) {
    if (clopper_pearson({k, 20}).contains(0.1)) covered += mass;
    mass *= (20.0 - k) / (k + 1.0) / 9;
  }
  CHECK(covered >= 0.95);
  CHECK(covered < 1);
}

TEST_CASE("stats: more successes than trials is a programmer's error") {
  CHECK_THROWS_AS(clopper_pearson({3, 2}), CheckFailure);
}

TEST_CASE("stats: binomial counts merge and survive saving") {
  BinomialCounts counts{3, 10};
  counts.merge({2, 5});
  const BinomialCounts loaded = test::through_bytes(counts);
  CHECK(loaded.successes == 5);
  CHECK(loaded.trials == 15);
}
