#include "engine/random/distribution.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "engine/base/check.hpp"
#include "tests/engine/random/statistics.hpp"

using namespace nephoscope;
using doctest::Approx;

namespace {

constexpr Purpose kDistributionDraws("test.distribution");
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::vector<double> sample(const Distribution& distribution, std::uint64_t count) {
  const RandomSource source(Seed{2024}, 1);
  std::vector<double> values;
  for (std::uint64_t i = 0; i < count; ++i) {
    Draws draws = source.request(kDistributionDraws, i);
    values.push_back(distribution.sample(draws));
  }
  return values;
}

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

// P(a, x) by its power series (Abramowitz and Stegun 6.5.29); fine for the moderate x of samples.
double gamma_cdf(double shape, double x) {
  if (x <= 0) return 0;
  double term = 1 / shape;
  double sum = term;
  for (double n = 1; n < 2000 && term > 1e-17 * sum; ++n) sum += term *= x / (shape + n);
  return sum * std::exp(shape * std::log(x) - x - std::lgamma(shape));
}

struct Case {
  std::string name;
  Distribution distribution;
  std::function<double(double)> cdf;
};

std::vector<Case> cases() {
  const auto gamma_case = [](double shape) {
    return Case{"gamma " + std::to_string(shape), Distribution::gamma({.shape = shape, .scale = 2}),
                [shape](double x) { return gamma_cdf(shape, x / 2); }};
  };
  const auto erlang_case = [](int phases) {
    return Case{"erlang " + std::to_string(phases), Distribution::erlang(phases, 3),
                [phases](double x) { return gamma_cdf(phases, x * phases / 3); }};
  };
  return {
      {"uniform", Distribution::uniform({.low = 2, .high = 5}), [](double x) { return (x - 2) / 3; }},
      {"exponential", Distribution::exponential(4), [](double x) { return -std::expm1(-x / 4); }},
      erlang_case(1),
      erlang_case(2),
      erlang_case(8),
      erlang_case(9),
      gamma_case(0.1),
      gamma_case(0.7),
      gamma_case(1),
      gamma_case(2.5),
      gamma_case(40),
      {"lognormal", Distribution::lognormal({.mu = 0.5, .sigma = 0.8}),
       [](double x) { return normal_cdf((std::log(x) - 0.5) / 0.8); }},
      {"weibull", Distribution::weibull({.shape = 0.6, .scale = 3}),
       [](double x) { return -std::expm1(-std::pow(x / 3, 0.6)); }},
      {"pareto", Distribution::pareto({.shape = 1.5, .scale = 2}),
       [](double x) { return 1 - std::pow(2 / x, 1.5); }},
      {"bounded pareto", Distribution::bounded_pareto({.shape = 1.5, .scale = 2}, 20),
       [](double x) { return (1 - std::pow(2 / x, 1.5)) / (1 - std::pow(0.1, 1.5)); }},
      {"normal", Distribution::normal({.mean = 1, .deviation = 1}),
       [](double x) { return (normal_cdf(x - 1) - normal_cdf(-1)) / normal_cdf(1); }},
  };
}

}  // namespace

TEST_CASE(
    "distribution: samples of every kind follow the distribution function (Kolmogorov-Smirnov, 0.1 %)") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    CHECK(testing::kolmogorov_smirnov(sample(c.distribution, 40'000), c.cdf) < testing::kKolmogorov999);
  }
}

TEST_CASE("distribution: stated means and variances are those of the samples") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    if (!(c.distribution.variance() < kInfinity)) continue;
    constexpr double n = 40'000;
    const testing::Moments m = testing::moments(sample(c.distribution, 40'000));
    // Four standard errors of the mean; the variance to 15 %, as heavy tails allow.
    CHECK(std::abs(m.mean - c.distribution.mean()) < 4 * std::sqrt(c.distribution.variance() / n));
    CHECK(m.variance == Approx(c.distribution.variance()).epsilon(0.15));
  }
}

TEST_CASE("distribution: quantile is the inverse of the distribution function, where there is one") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    for (const double p : {0.001, 0.3, 0.5, 0.99}) {
      const std::optional<double> x = c.distribution.quantile(p);
      const bool closed = c.distribution.kind() != Distribution::Kind::gamma &&
                          c.distribution.kind() != Distribution::Kind::erlang;
      CHECK(x.has_value() == closed);
      if (x) CHECK(c.cdf(*x) == Approx(p).epsilon(1e-11));
    }
  }
}

TEST_CASE("distribution: samples by inversion rise with the uniform, so that kinds stay in step") {
  const RandomSource source(Seed{1}, 0);
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    for (std::uint64_t i = 0; i < 1000; ++i) {
      Draws draws = source.request(kDistributionDraws, i);
      Draws same = draws;
      const std::optional<double> expected = c.distribution.quantile(same.next_uniform());
      if (expected) CHECK_FALSE(c.distribution.sample(draws) != *expected);
    }
  }
}

TEST_CASE("distribution: a constant draws nothing") {
  Draws draws = RandomSource(Seed{1}, 0).request(kDistributionDraws, 0);
  Draws untouched = draws;
  CHECK(Distribution::constant(7).sample(draws) == 7);
  CHECK(draws.next_bits() == untouched.next_bits());
  CHECK(Distribution::constant(7).mean() == 7);
  CHECK(Distribution::constant(7).cv() == 0);
  CHECK(Distribution().mean() == 0);
}

TEST_CASE("distribution: moments by hand") {
  // Lognormal: mean exp(mu + sigma^2 / 2), cv^2 = exp(sigma^2) - 1.
  const Distribution lognormal = Distribution::lognormal({.mu = 1, .sigma = 0.5});
  CHECK(lognormal.mean() == Approx(std::exp(1.125)).epsilon(1e-14));
  CHECK(lognormal.cv() == Approx(std::sqrt(std::exp(0.25) - 1)).epsilon(1e-13));
  // Weibull of shape 2: mean = scale sqrt(pi) / 2, variance = scale^2 (1 - pi / 4).
  const Distribution weibull = Distribution::weibull({.shape = 2, .scale = 3});
  CHECK(weibull.mean() == Approx(3 * std::sqrt(3.14159265358979323846) / 2).epsilon(1e-13));
  CHECK(weibull.variance() == Approx(9 * (1 - 3.14159265358979323846 / 4)).epsilon(1e-12));
  // Pareto of shape 3, scale 2: mean 3 * 2 / 2 = 3, E X^2 = 3 * 4 / 1 = 12, variance 3.
  const Distribution pareto = Distribution::pareto({.shape = 3, .scale = 2});
  CHECK(pareto.mean() == Approx(3).epsilon(1e-14));
  CHECK(pareto.variance() == Approx(3).epsilon(1e-13));
  // Bounded on [1, e] with shape 1: E X = 1 / (1 - 1/e) * ln e; E X^2 = 1 / (1 - 1/e) * (e - 1) = e.
  const double e = std::exp(1.0);
  const Distribution bounded = Distribution::bounded_pareto({.shape = 1, .scale = 1}, e);
  CHECK(bounded.mean() == Approx(e / (e - 1)).epsilon(1e-14));
  CHECK(bounded.variance() == Approx(e - e * e / ((e - 1) * (e - 1))).epsilon(1e-12));
  // Half-normal: mean = deviation sqrt(2 / pi), variance = deviation^2 (1 - 2 / pi).
  const Distribution half = Distribution::normal({.mean = 0, .deviation = 2});
  CHECK(half.mean() == Approx(2 * std::sqrt(2 / 3.14159265358979323846)).epsilon(1e-14));
  CHECK(half.variance() == Approx(4 * (1 - 2 / 3.14159265358979323846)).epsilon(1e-14));
}

TEST_CASE("distribution: moments that do not exist are infinite") {
  CHECK(Distribution::pareto({.shape = 1, .scale = 2}).mean() == kInfinity);
  CHECK(Distribution::pareto({.shape = 1, .scale = 2}).variance() == kInfinity);
  CHECK(Distribution::pareto({.shape = 2, .scale = 2}).mean() == Approx(4));
  CHECK(Distribution::pareto({.shape = 2, .scale = 2}).variance() == kInfinity);
}

TEST_CASE("distribution: a lognormal from two percentiles has them") {
  const Distribution d = Distribution::lognormal_from_percentiles({.p50 = 12, .p99 = 80});
  CHECK(*d.quantile(0.5) == Approx(12).epsilon(1e-14));
  CHECK(*d.quantile(0.99) == Approx(80).epsilon(1e-13));
  CHECK(Distribution::lognormal_from_percentiles({.p50 = 3, .p99 = 3}).cv() == 0);
}

TEST_CASE("distribution: a distribution from mean and cv has them") {
  for (const double cv : {0.01, 0.5, 1.0, 3.0, 20.0}) {
    CAPTURE(cv);
    for (const Distribution& d : {Distribution::lognormal_from_mean({.mean = 7, .cv = cv}),
                                  Distribution::gamma_from_mean({.mean = 7, .cv = cv}),
                                  Distribution::weibull_from_mean({.mean = 7, .cv = cv})}) {
      CAPTURE(static_cast<int>(d.kind()));
      CHECK(d.mean() == Approx(7).epsilon(1e-9));
      CHECK(d.cv() == Approx(cv).epsilon(1e-9));
    }
  }
  CHECK(Distribution::gamma_from_mean({.mean = 7, .cv = 0}).kind() == Distribution::Kind::constant);
}

TEST_CASE("distribution: an Erlang from mean and cv exists only where a whole number of phases has that cv") {
  // cv = 1 / sqrt(phases): 0.5 is 4 phases; 0.6 would be 2.8; above 1 there is none.
  const auto four = Distribution::erlang_from_mean({.mean = 2, .cv = 0.5});
  REQUIRE(four.has_value());
  CHECK(four->mean() == Approx(2));
  CHECK(four->cv() == Approx(0.5));
  CHECK_FALSE(Distribution::erlang_from_mean({.mean = 2, .cv = 0.6}).has_value());
  CHECK_FALSE(Distribution::erlang_from_mean({.mean = 2, .cv = 1.2}).has_value());
  CHECK(Distribution::erlang_from_mean({.mean = 2, .cv = 1})->kind() == Distribution::Kind::exponential);
}

TEST_CASE("distribution: times() multiplies every sample") {
  const RandomSource source(Seed{1}, 0);
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    const Distribution tripled = c.distribution.times(3);
    Draws draws = source.request(kDistributionDraws, 5);
    Draws same = draws;
    CHECK(tripled.sample(draws) == Approx(3 * c.distribution.sample(same)).epsilon(1e-15));
    if (c.distribution.mean() < kInfinity) CHECK(tripled.mean() == Approx(3 * c.distribution.mean()));
  }
}

TEST_CASE("distribution: an empirical step table gives each value its share") {
  // Values 1, 2, 4, 9: quantile p lies at index floor(4 p); mean 4, variance (9 + 4 + 0 + 25) / 4 = 9.5.
  const EmpiricalTable table({9, 1, 4, 2}, EmpiricalTable::Shape::step);
  const Distribution d = Distribution::empirical(table);
  CHECK(*d.quantile(0) == 1);
  CHECK(*d.quantile(0.24) == 1);
  CHECK(*d.quantile(0.26) == 2);
  CHECK(*d.quantile(0.74) == 4);
  CHECK(*d.quantile(1) == 9);
  CHECK(d.mean() == Approx(4));
  CHECK(d.variance() == Approx(9.5));
  double nines = 0;
  for (const double x : sample(d, 20'000)) nines += x == 9 ? 1 : 0;
  // 5000 +- 4 sqrt(20000 * 3/16) = 245.
  CHECK(std::abs(nines - 5000) < 245);
}

TEST_CASE("distribution: an empirical interpolated table joins its values by straight lines") {
  // 0, 1, 3: two pieces of probability 1/2. Mean (0.5 + 2) / 2 = 1.25; E X^2 = (1/3 + 13/3) / 2 = 7/3;
  // variance 7/3 - 25/16 = 37/48.
  const EmpiricalTable table({0, 1, 3}, EmpiricalTable::Shape::interpolated);
  const Distribution d = Distribution::empirical(table);
  CHECK(*d.quantile(0.25) == Approx(0.5));
  CHECK(*d.quantile(0.75) == Approx(2));
  CHECK(*d.quantile(1) == 3);
  CHECK(d.mean() == Approx(1.25));
  CHECK(d.variance() == Approx(37.0 / 48));
  CHECK(testing::kolmogorov_smirnov(sample(d, 20'000), [](double x) {
          return x < 1 ? x / 2 : 0.5 + (x - 1) / 4;
        }) < testing::kKolmogorov999);
}

TEST_CASE("distribution: a normal far above 0 is hardly changed by the condition, one near 0 moves up") {
  CHECK(Distribution::normal({.mean = 100, .deviation = 10}).mean() == Approx(100).epsilon(1e-14));
  // a = 1: h = phi(1) / Phi(1) = 0.241971 / 0.841345 = 0.287600.
  CHECK(Distribution::normal({.mean = 1, .deviation = 1}).mean() == Approx(1.287600).epsilon(1e-6));
}

TEST_CASE("distribution: invalid parameters are a programmer's error") {
  CHECK_THROWS_AS(Distribution::constant(-1), CheckFailure);
  CHECK_THROWS_AS(Distribution::uniform({.low = 3, .high = 2}), CheckFailure);
  CHECK_THROWS_AS(Distribution::exponential(0), CheckFailure);
  CHECK_THROWS_AS(Distribution::erlang(0, 1), CheckFailure);
  CHECK_THROWS_AS(Distribution::gamma({.shape = 0, .scale = 1}), CheckFailure);
  CHECK_THROWS_AS(Distribution::lognormal({.mu = 1000, .sigma = 1}), CheckFailure);
  CHECK_THROWS_AS(Distribution::weibull({.shape = 1, .scale = kInfinity}), CheckFailure);
  CHECK_THROWS_AS(Distribution::bounded_pareto({.shape = 1, .scale = 2}, 2), CheckFailure);
  CHECK_THROWS_AS(Distribution::normal({.mean = -1, .deviation = 1}), CheckFailure);
  CHECK_THROWS_AS(Distribution::lognormal_from_mean({.mean = std::nan(""), .cv = 1}), CheckFailure);
  CHECK_THROWS_AS(EmpiricalTable({}, EmpiricalTable::Shape::step), CheckFailure);
  CHECK_THROWS_AS(EmpiricalTable({1, -1}, EmpiricalTable::Shape::step), CheckFailure);
}
