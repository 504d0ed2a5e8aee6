#include "models/study/sensitivity.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace nephoscope;

namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

// A sampled run in which nothing is known.
SampledValues unsampled(std::size_t assumptions) {
  return {std::vector<std::vector<double>>(assumptions), {}};
}

}  // namespace

TEST_CASE("sensitivity: the effect is the mean of paired differences, high minus low") {
  // Differences 1, 2, 3, 4, 5: mean 3, standard deviation sqrt(2.5), t(4) at 97.5 % = 2.776.
  const std::vector<ValuesAtEnds> ends = {{{10, 20, 30, 40, 50}, {11, 22, 33, 44, 55}}};
  const auto effects = rank_effects(ends, unsampled(1));
  CHECK(effects[0].at_low == doctest::Approx(30));
  CHECK(effects[0].at_high == doctest::Approx(33));
  CHECK(effects[0].difference.mean == doctest::Approx(3));
  CHECK(effects[0].difference.high == doctest::Approx(3 + 2.776 * std::sqrt(2.5 / 5)).epsilon(0.001));
  CHECK(effects[0].distinguishable);
}

TEST_CASE("sensitivity: effects are ranked by size, whatever their sign") {
  const std::vector<ValuesAtEnds> ends = {
      {{0, 0, 0, 0, 0}, {1, 1, 1, 1, 1}}, {{0, 0, 0, 0, 0}, {-4, -4, -4, -4, -4}}, {{2, 2, 2}, {4, 4, 4}}};
  const auto effects = rank_effects(ends, unsampled(3));
  CHECK(effects[0].assumption == 1);
  CHECK(effects[1].assumption == 2);
  CHECK(effects[2].assumption == 0);
}

TEST_CASE("sensitivity: noise, nothing and a rare difference cannot be told from zero") {
  const std::vector<ValuesAtEnds> ends = {
      {{1, 2, 3, 4}, {2, 1, 4, 3}},                                       // differences +1, -1, +1, -1
      {{5, 5, 5, 5}, {5, 5, 5, 5}},                                       // none
      {{0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, {9, 9, 9, 9, 0, 0, 0, 0, 0, 0}}};  // 4 of 10 replications affected
  for (const AssumptionEffect& effect : rank_effects(ends, unsampled(3))) CHECK_FALSE(effect.distinguishable);
}

TEST_CASE("sensitivity: replications without data on either side are left out") {
  const std::vector<ValuesAtEnds> ends = {{{1, kNone, 3, 4}, {2, 5, kNone, 5}}};
  CHECK(rank_effects(ends, unsampled(1))[0].difference.mean == doctest::Approx(1));  // (2-1 + 5-4) / 2
}

TEST_CASE("sensitivity: one replication has a difference and no interval") {
  const std::vector<ValuesAtEnds> ends = {{{1}, {3}}};
  const auto effects = rank_effects(ends, unsampled(1));
  CHECK(effects[0].difference.mean == 2);
  CHECK_FALSE(effects[0].difference.bounded());
  CHECK_FALSE(effects[0].distinguishable);
}

TEST_CASE("sensitivity: rank correlation sees order, not distance, and shares ties") {
  const std::vector<double> x = {1, 2, 3, 4};
  CHECK(rank_correlation(x, std::vector<double>{1, 10, 100, 1000}) == doctest::Approx(1));
  CHECK(rank_correlation(x, std::vector<double>{4, 3, 2, 1}) == doctest::Approx(-1));
  // Ranks 0 1 2 3 against 0.5 0.5 2 3: sum of products of deviations 4.5, of squares 5 and 4.5.
  CHECK(rank_correlation(x, std::vector<double>{7, 7, 8, 9}) == doctest::Approx(4.5 / std::sqrt(5 * 4.5)));
  CHECK(std::isnan(rank_correlation(x, std::vector<double>{7, 7, 7, 7})));
}

TEST_CASE("sensitivity: regression coefficients come from the sampled run when it is long enough") {
  // value = 3 x first: all of its variation is the first assumption's.
  const std::vector<double> first = {0.1, 0.9, 0.4, 0.6, 0.2, 0.8, 0.3, 0.7, 0.5, 0.0};
  const std::vector<double> second = {0.5, 0.1, 0.8, 0.3, 0.9, 0.2, 0.7, 0.4, 0.6, 0.0};
  SampledValues sampled{{first, second}, {}};
  for (const double each : first) sampled.values.push_back(3 * each);
  const std::vector<ValuesAtEnds> ends = {{{0, 0}, {3, 3}}, {{1, 1}, {1, 1}}};
  const auto effects = rank_effects(ends, sampled);
  CHECK(effects[0].standardized == doctest::Approx(1));
  CHECK(effects[0].rank_correlation == doctest::Approx(1));
  CHECK(effects[1].standardized == doctest::Approx(0).epsilon(1e-9));
  sampled.values.back() = kNone;  // 9 are left
  CHECK(std::isnan(rank_effects(ends, sampled)[0].standardized));
  CHECK(std::isnan(rank_effects(ends, sampled)[0].rank_correlation));
}

TEST_CASE("sensitivity: ranges around a value keep its unit") {
  const Probability fifth(0.2);
  CHECK(ranges_around("10s", fifth).front() == "{low: 8s, high: 12s}");
  CHECK(ranges_around("1h30m", fifth).front() == "{low: 1h12m, high: 1h48m}");
  CHECK(ranges_around("65%", fifth).front() == "{low: 52%, high: 78%}");
  CHECK(ranges_around("50/s", fifth).front() == "{low: 40/s, high: 60/s}");
  CHECK(ranges_around("$0.5", fifth).front() == "{low: $0.4, high: $0.6}");
}

TEST_CASE("sensitivity: where a side or a fraction is not allowed, others are offered") {
  CHECK(ranges_around("100%", Probability(0.2)) == std::vector<std::string>{"{low: 80%, high: 120%}",
                                                                            "{low: 80%, high: 100%}",
                                                                            "{low: 100%, high: 120%}"});
  CHECK(ranges_around("2", Probability(0.2))[1] == "{low: 1, high: 3}");  // 1.6 to 2.4, whole
  CHECK(ranges_around("-5", Probability(0.2))[0] == "{low: -6, high: -4}");
}

TEST_CASE("sensitivity: zero, names and distributions have no range around them") {
  for (const char* value : {"0", "0%", "0s", "none", "true", "{dist: uniform, low: 1s, high: 2s}"})
    CHECK(ranges_around(value, Probability(0.2)).empty());
}
