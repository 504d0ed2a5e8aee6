#include "engine/stats/interval.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/stats/batch_means.hpp"
#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

namespace {

// Short by default; NEPHOSCOPE_LONG asks for the long form.
int trials() { return std::getenv("NEPHOSCOPE_LONG") != nullptr ? 200'000 : 2'000; }

// The share of `trials()` intervals that contain the truth lies within 4 standard errors of 95 %.
template <typename Covers>
void check_coverage(Covers covers) {
  const int n = trials();
  int covered = 0;
  for (int i = 0; i < n; ++i) covered += covers() ? 1 : 0;
  const double share = static_cast<double>(covered) / n;
  CHECK(std::fabs(share - 0.95) < 4 * std::sqrt(0.95 * 0.05 / n));
}

}  // namespace

TEST_CASE("stats: a mean's interval is mean +- t s / sqrt n") {
  // mean 3; s^2 = (4 + 1 + 0 + 1 + 4)/4 = 2.5; t(4, 0.975) = 2.776445; half = 2.776445 sqrt(0.5) = 1.963243
  const Interval interval = mean_interval(std::vector<double>{1, 2, 3, 4, 5});
  CHECK(interval.mean == 3);
  CHECK(interval.half_width() == doctest::Approx(1.963243).epsilon(1e-6));
  CHECK(interval.low == doctest::Approx(1.036757).epsilon(1e-6));
  CHECK(interval.relative_half_width() == doctest::Approx(0.654414).epsilon(1e-5));
}

TEST_CASE("stats: one replication has a value and no interval, none has neither") {
  const Interval one = mean_interval(std::vector<double>{7});
  CHECK(one.mean == 7);
  CHECK(!one.bounded());
  CHECK(!one.contains(7));
  CHECK(std::isnan(mean_interval({}).mean));
}

TEST_CASE("stats: pairing removes the variation that two variants share") {
  // differences 1, 2, 3: mean 2, s = 1, t(2, 0.975) = 4.302653, half = 4.302653 / sqrt 3 = 2.484138
  const std::vector<double> a{100, 200, 300}, b{101, 202, 303};
  const Interval difference = paired_difference(a, b);
  CHECK(difference.mean == 2);
  CHECK(difference.half_width() == doctest::Approx(2.484138).epsilon(1e-6));
}

TEST_CASE("stats: unequal numbers of replications cannot pair") {
  CHECK_THROWS_AS(paired_difference(std::vector<double>{1}, std::vector<double>{1, 2}), CheckFailure);
}

TEST_CASE("stats: Bonferroni divides the error among the statements") {
  CHECK(bonferroni_confidence(0.95, 5) == doctest::Approx(0.99));
  CHECK(bonferroni_confidence(0.95, 1) == doctest::Approx(0.95));
}

TEST_CASE("stats: 95 % intervals of 10 normal replications cover 95 %") {
  test::SplitMix random(21);
  check_coverage([&] {
    std::vector<double> values(10);
    for (double& value : values) value = 5 + 2 * random.normal();
    return mean_interval(values).contains(5);
  });
}

TEST_CASE("stats: paired 95 % intervals under common random numbers cover 95 %") {
  test::SplitMix random(22);
  check_coverage([&] {
    std::vector<double> a(5), b(5);
    for (std::size_t i = 0; i < a.size(); ++i) {
      a[i] = 10 * random.normal();
      b[i] = a[i] + 1 + random.normal();
    }
    return paired_difference(a, b).contains(1);
  });
}

TEST_CASE("stats: batch means of an autoregressive run cover 95 %") {
  test::SplitMix random(23);
  check_coverage([&] {
    BatchMeans batches;
    double x = random.normal() / std::sqrt(1 - 0.25);  // x' = x/2 + e is stationary with variance 4/3
    for (int i = 0; i < 2048; ++i) {
      batches.add(x);
      x = 0.5 * x + random.normal();
    }
    return batches.interval().contains(0);
  });
}

TEST_CASE("stats: an interval survives saving and loading") {
  const Interval interval = mean_interval(std::vector<double>{0.1, 0.2, 0.4});
  CHECK(test::bytes_of(test::through_bytes(interval)) == test::bytes_of(interval));
}
