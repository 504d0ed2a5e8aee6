#include "engine/stats/quantile_sketch.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

namespace {

// Type 7, straight from its definition.
double exact_quantile(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  const double position = static_cast<double>(values.size() - 1) * q;
  const auto rank = static_cast<std::size_t>(position);
  const double share = position - std::floor(position);
  return share > 0 ? values[rank] + share * (values[rank + 1] - values[rank]) : values[rank];
}

void check_error_bound(const std::function<double(test::SplitMix&)>& draw) {
  test::SplitMix random(11);
  std::vector<double> values(120'000);
  QuantileSketch sketch;
  for (double& value : values) {
    value = draw(random);
    sketch.add(value);
  }
  REQUIRE(!sketch.exact());
  for (const double q : {0.0, 0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 0.9999, 1.0}) {
    const double truth = exact_quantile(values, q);
    CAPTURE(q);
    CHECK(std::fabs(sketch.quantile(q) - truth) <= 0.001 * truth);
  }
}

QuantileSketch filled(std::uint64_t seed, int n) {
  test::SplitMix random(seed);
  QuantileSketch sketch;
  for (int i = 0; i < n; ++i) sketch.add(random.exponential());
  return sketch;
}

}  // namespace

TEST_CASE("stats: a small sketch gives exact type-7 quantiles") {
  QuantileSketch sketch;
  for (const double value : {40.0, 10.0, 30.0, 20.0}) sketch.add(value);
  CHECK(sketch.exact());
  // h = (4 - 1) q: q = 1/2 -> h = 1.5 -> 20 + 0.5 (30 - 20)
  CHECK(sketch.quantile(0.5) == 25);
  // q = 0.9 -> h = 2.7 -> 30 + 0.7 (40 - 30)
  CHECK(sketch.quantile(0.9) == doctest::Approx(37));
  CHECK(sketch.quantile(0) == 10);
  CHECK(sketch.quantile(1) == 40);
}

TEST_CASE("stats: a quantile asked for between two additions is right both times") {
  QuantileSketch sketch;
  sketch.add(3.0);
  sketch.add(1.0);
  CHECK(sketch.quantile(0.5) == 2);
  sketch.add(0.5);
  CHECK(sketch.quantile(0.5) == 1);
}

TEST_CASE("stats: an empty sketch has no quantile") {
  const QuantileSketch sketch;
  CHECK(sketch.count() == 0);
  CHECK(std::isnan(sketch.quantile(0.5)));
  CHECK(std::isnan(sketch.fraction_above(0)));
  CHECK(std::isnan(sketch.max()));
}

TEST_CASE("stats: a sketch stays exact below 100,000 values and not from there on") {
  QuantileSketch sketch = filled(5, 99'999);
  CHECK(sketch.exact());
  sketch.add(1.0);
  CHECK(!sketch.exact());
  CHECK(sketch.count() == 100'000);
}

TEST_CASE("stats: beyond the exact range quantiles of a lognormal are within 0.1 %") {
  check_error_bound([](test::SplitMix& random) { return 0.02 * std::exp(0.8 * random.normal()); });
}
TEST_CASE("stats: beyond the exact range quantiles of an exponential are within 0.1 %") {
  check_error_bound([](test::SplitMix& random) { return 0.1 * random.exponential(); });
}
TEST_CASE("stats: beyond the exact range quantiles of a bimodal are within 0.1 %") {
  check_error_bound([](test::SplitMix& random) {
    const bool slow = random.uniform() < 0.05;
    return (slow ? 3.0 : 0.005) * (1 + 0.1 * random.uniform());
  });
}
TEST_CASE("stats: beyond the exact range quantiles of a heavy tail are within 0.1 %") {
  check_error_bound([](test::SplitMix& random) { return std::pow(random.uniform(), -1 / 0.7); });
}

TEST_CASE("stats: durations count in seconds") {
  QuantileSketch sketch;
  sketch.add(Duration(250ms));
  CHECK(sketch.quantile(0.5) == 0.25);
}

TEST_CASE("stats: zeros keep their rank in buckets") {
  QuantileSketch sketch(0);
  for (int i = 0; i < 60; ++i) sketch.add(0.0);
  for (int i = 0; i < 40; ++i) sketch.add(8.0);
  CHECK(sketch.quantile(0.5) == 0);
  // ranks 60..99 are 8, a bucket's lower edge; its width is 8/1024, and clamping to the largest value gives 8
  CHECK(sketch.quantile(0.7) == 8);
  CHECK(sketch.fraction_above(0) == doctest::Approx(0.4));
}

TEST_CASE("stats: the fraction above a value counts strictly larger values") {
  QuantileSketch sketch;
  for (const double value : {1.0, 2.0, 2.0, 3.0}) sketch.add(value);
  CHECK(sketch.fraction_above(2) == 0.25);
  CHECK(sketch.fraction_above(1.5) == 0.75);
  CHECK(sketch.fraction_above(0.5) == 1);
  CHECK(sketch.fraction_above(3) == 0);
}

TEST_CASE("stats: the fraction above a value is close in buckets too") {
  const QuantileSketch sketch = filled(9, 200'000);
  // P(X > 2) = exp(-2) = 0.135335; standard error sqrt(0.135 * 0.865 / 200000) = 0.00076, five of them 0.0038
  CHECK(std::fabs(sketch.fraction_above(2) - std::exp(-2.0)) < 0.0038);
}

TEST_CASE("stats: merging small sketches stays exact and forgets the order") {
  QuantileSketch ab = filled(1, 1000), ba = filled(2, 500);
  ab.merge(filled(2, 500));
  ba.merge(filled(1, 1000));
  CHECK(ab.exact());
  CHECK(ab.count() == 1500);
  for (const double q : {0.1, 0.5, 0.99}) CHECK(ab.quantile(q) == ba.quantile(q));
}

TEST_CASE("stats: however a multiset is split and merged, the buckets are the same") {
  const QuantileSketch big = filled(1, 150'000), small = filled(2, 70'000), other = filled(3, 60'000);
  QuantileSketch left = big, right = other;
  left.merge(small);
  left.merge(other);
  right.merge(small);  // exact + exact crosses the limit here
  CHECK(!right.exact());
  right.merge(big);
  CHECK(test::bytes_of(left) == test::bytes_of(right));
}

TEST_CASE("stats: two small sketches that together reach the limit equal one sketch of all values") {
  QuantileSketch halves = filled(1, 60'000);
  halves.merge(filled(2, 40'000));
  QuantileSketch whole(0);
  test::SplitMix first(1), second(2);
  for (int i = 0; i < 60'000; ++i) whole.add(first.exponential());
  for (int i = 0; i < 40'000; ++i) whole.add(second.exponential());
  for (const double q : {0.01, 0.5, 0.999}) CHECK(halves.quantile(q) == whole.quantile(q));
}

TEST_CASE("stats: a sketch merged with itself doubles its counts") {
  QuantileSketch sketch = filled(4, 100'000);
  const double median = sketch.quantile(0.5);
  sketch.merge(sketch);
  CHECK(sketch.count() == 200'000);
  CHECK(sketch.quantile(0.5) == doctest::Approx(median).epsilon(0.001));
}

TEST_CASE("stats: sketches survive saving and loading, exact and bucketed") {
  for (const int n : {0, 1, 1000, 120'000}) {
    QuantileSketch sketch = filled(8, n);
    QuantileSketch loaded = test::through_bytes(sketch);
    CHECK(test::bytes_of(loaded) == test::bytes_of(sketch));
    sketch.add(0.5);
    loaded.add(0.5);
    CHECK(loaded.quantile(0.3) == sketch.quantile(0.3));
  }
}

TEST_CASE("stats: a sketch refuses negative, infinite and undefined values") {
  QuantileSketch sketch;
  CHECK_THROWS_AS(sketch.add(-1e-9), CheckFailure);
  CHECK_THROWS_AS(sketch.add(std::numeric_limits<double>::infinity()), CheckFailure);
  CHECK_THROWS_AS(sketch.add(std::numeric_limits<double>::quiet_NaN()), CheckFailure);
  CHECK(sketch.count() == 0);
}

TEST_CASE("stats: a sketch takes the smallest and largest doubles") {
  QuantileSketch sketch(0);
  sketch.add(std::numeric_limits<double>::denorm_min());
  sketch.add(1.0);
  sketch.add(std::numeric_limits<double>::max());
  CHECK(sketch.quantile(0) == std::numeric_limits<double>::denorm_min());
  CHECK(sketch.quantile(0.5) == doctest::Approx(1).epsilon(0.001));
  CHECK(sketch.quantile(1) == std::numeric_limits<double>::max());
}

TEST_CASE("stats: negative zero counts as zero") {
  QuantileSketch sketch(0);
  sketch.add(-0.0);
  sketch.add(-0.0);
  CHECK(!std::signbit(sketch.min()));
  CHECK(sketch.quantile(0.5) == 0);
}
