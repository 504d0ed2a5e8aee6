#include "engine/random/keys.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "engine/base/check.hpp"
#include "tests/engine/random/statistics.hpp"

using namespace nephoscope;

namespace {

constexpr Purpose kKeyDraws("test.keys");

// Chi-square of samples over the ranks, the rare ones pooled so that each cell expects at least 20.
double chi_square_score_of(const ZipfKeys& keys, std::uint64_t samples) {
  const RandomSource source(Seed{11}, 0);
  std::vector<double> counts(keys.count());
  for (std::uint64_t i = 0; i < samples; ++i) {
    Draws draws = source.request(kKeyDraws, i);
    ++counts.at(keys.sample(draws));
  }
  double chi_square = 0;
  double cells = 0;
  double expected = 0;
  double seen = 0;
  for (std::uint64_t rank = 0; rank < keys.count(); ++rank) {
    expected += keys.probability(rank) * static_cast<double>(samples);
    seen += counts[rank];
    if (expected < 20 && rank + 1 < keys.count()) continue;
    chi_square += (seen - expected) * (seen - expected) / expected;
    ++cells;
    expected = seen = 0;
  }
  return testing::chi_square_score(chi_square, cells - 1);
}

}  // namespace

TEST_CASE("keys: Zipf ranks come as often as their probability says, at every kind of exponent") {
  // |score| < 3.3: each passes with probability 0.999.
  for (const double exponent : {0.0, 0.3, 0.99, 1.0, 1.01, 1.5, 3.0}) {
    CAPTURE(exponent);
    CHECK(std::abs(chi_square_score_of(ZipfKeys(1000, exponent), 100'000)) < 3.3);
  }
  CHECK(std::abs(chi_square_score_of(ZipfKeys(2, 1.0), 100'000)) < 3.3);
}

TEST_CASE("keys: three keys at exponent 1 share 6/11, 3/11 and 2/11") {
  // 1 + 1/2 + 1/3 = 11/6.
  const ZipfKeys keys(3, 1.0);
  CHECK(keys.probability(0) == doctest::Approx(6.0 / 11).epsilon(1e-14));
  CHECK(keys.probability(1) == doctest::Approx(3.0 / 11).epsilon(1e-14));
  CHECK(keys.probability(2) == doctest::Approx(2.0 / 11).epsilon(1e-14));
}

TEST_CASE("keys: the probabilities of a million keys, past the part that is summed term by term, sum to 1") {
  for (const double exponent : {0.5, 1.0, 1.1, 2.0}) {
    CAPTURE(exponent);
    const ZipfKeys keys(1'000'000, exponent);
    double sum = 0;
    for (std::uint64_t rank = keys.count(); rank-- > 0;) sum += keys.probability(rank);
    CHECK(std::abs(sum - 1) < 1e-11);
  }
}

TEST_CASE("keys: a billion keys need no table, and the hottest has 1 / H(10^9) of the requests") {
  // H(n) = ln n + 0.57721566490153286 + 1 / (2 n): 21.300481502347944 at 10^9.
  const ZipfKeys keys(1'000'000'000, 1.0);
  CHECK(keys.probability(0) == doctest::Approx(1 / 21.300481502347944).epsilon(1e-12));
  const RandomSource source(Seed{3}, 0);
  double hottest = 0;
  double tail = 0;
  constexpr double n = 50'000;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    Draws draws = source.request(kKeyDraws, i);
    const std::uint64_t rank = keys.sample(draws);
    CHECK_FALSE(rank >= keys.count());
    hottest += rank == 0 ? 1 : 0;
    tail += rank >= 1'000'000 ? 1 : 0;
  }
  // P(rank >= 10^6) = (H(10^9) - H(10^6)) / H(10^9) = 6.907755 / 21.300482 = 0.324301. Four standard
  // deviations.
  CHECK(std::abs(hottest / n - 0.046948) < 4 * std::sqrt(0.046948 * 0.953 / n));
  CHECK(std::abs(tail / n - 0.324301) < 4 * std::sqrt(0.3243 * 0.6757 / n));
}

TEST_CASE("keys: one key is always chosen, and bad parameters are a programmer's error") {
  for (const double exponent : {0.0, 1.0, 2.0}) {
    const ZipfKeys keys(1, exponent);
    Draws draws = RandomSource(Seed{1}, 0).request(kKeyDraws, 0);
    for (int i = 0; i < 100; ++i) CHECK_FALSE(keys.sample(draws) != 0);
    CHECK(keys.probability(0) == 1);
  }
  CHECK_THROWS_AS(ZipfKeys(0, 1.0), CheckFailure);
  CHECK_THROWS_AS(ZipfKeys(10, -0.1), CheckFailure);
  CHECK_THROWS_AS(ZipfKeys(10, std::nan("")), CheckFailure);
  CHECK_THROWS_AS(ZipfKeys(10, 1.0).probability(10), CheckFailure);
}
