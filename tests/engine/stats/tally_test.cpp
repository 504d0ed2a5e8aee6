#include "engine/stats/tally.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

TEST_CASE("stats: a tally knows count, sum, mean, variance and extremes") {
  Tally tally;
  for (const double value : {2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0}) tally.add(value);
  // mean 40/8 = 5; squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32; variance 32/7
  CHECK(tally.count() == 8);
  CHECK(tally.sum() == 40);
  CHECK(tally.mean() == 5);
  CHECK(tally.variance() == doctest::Approx(32.0 / 7));
  CHECK(tally.standard_deviation() == doctest::Approx(std::sqrt(32.0 / 7)));
  CHECK(tally.min() == 2);
  CHECK(tally.max() == 9);
}

TEST_CASE("stats: an empty tally has no mean and no extremes") {
  const Tally tally;
  CHECK(tally.count() == 0);
  CHECK(tally.sum() == 0);
  CHECK(std::isnan(tally.mean()));
  CHECK(std::isnan(tally.min()));
  CHECK(std::isnan(tally.max()));
}

TEST_CASE("stats: one value has no variance") {
  Tally tally;
  tally.add(3);
  CHECK(tally.mean() == 3);
  CHECK(std::isnan(tally.variance()));
}

TEST_CASE("stats: a tally's variance does not lose digits when the mean is large") {
  Tally tally;
  for (int i = 0; i < 1000; ++i) tally.add(1e9 + i % 2);
  // 500 zeros and 500 ones: 1000 * 0.25 / 999
  CHECK(tally.variance() == doctest::Approx(250.0 / 999).epsilon(1e-9));
}

TEST_CASE("stats: merged tallies equal one tally of all values") {
  test::SplitMix random(3);
  Tally whole, first, second;
  for (int i = 0; i < 1000; ++i) {
    const double value = 100 + random.normal();
    whole.add(value);
    (i < 300 ? first : second).add(value);
  }
  first.merge(second);
  CHECK(first.count() == 1000);
  CHECK(first.mean() == doctest::Approx(whole.mean()).epsilon(1e-14));
  CHECK(first.variance() == doctest::Approx(whole.variance()).epsilon(1e-12));
  CHECK(first.min() == whole.min());
  CHECK(first.max() == whole.max());
}

TEST_CASE("stats: merging an empty tally, either way, changes no bit") {
  Tally tally;
  tally.add(0.1);
  tally.add(0.7);
  Tally from_empty;
  from_empty.merge(tally);
  Tally with_empty = tally;
  with_empty.merge(Tally());
  CHECK(test::bytes_of(from_empty) == test::bytes_of(tally));
  CHECK(test::bytes_of(with_empty) == test::bytes_of(tally));
}

TEST_CASE("stats: a tally survives saving and loading bit by bit") {
  Tally tally;
  for (const double value : {0.1, 0.2, -0.3}) tally.add(value);
  const Tally loaded = test::through_bytes(tally);
  CHECK(test::bytes_of(loaded) == test::bytes_of(tally));
  CHECK(loaded.mean() == tally.mean());
}

TEST_CASE("stats: a tally refuses NaN and infinity") {
  Tally tally;
  CHECK_THROWS_AS(tally.add(std::numeric_limits<double>::quiet_NaN()), CheckFailure);
  CHECK_THROWS_AS(tally.add(std::numeric_limits<double>::infinity()), CheckFailure);
}
