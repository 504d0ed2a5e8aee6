#include "engine/stats/comparison.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

using namespace nephoscope;

TEST_CASE("stats: differences from the baseline are b - a at the joint confidence") {
  const std::vector<VariantValues> variants{{1, 2, 3}, {2, 4, 6}, {1, 2, 4}};
  const auto differences = differences_from_baseline(variants);
  REQUIRE(differences.size() == 2);
  CHECK(differences[0].b == 1);
  CHECK(differences[0].interval.mean == 2);
  // two statements: 97.5 % each, t(2, 0.9875) = 6.205347; s = 1: half = 6.205347 / sqrt 3
  CHECK(differences[0].interval.half_width() == doctest::Approx(3.582659).epsilon(1e-5));
}

TEST_CASE("stats: all pairs are compared once each") {
  const std::vector<VariantValues> variants{{1, 2}, {1, 3}, {1, 4}, {1, 5}};
  const auto differences = all_differences(variants);
  REQUIRE(differences.size() == 6);  // 4 * 3 / 2
  CHECK(differences[0].a == 0);
  CHECK(differences[0].b == 1);
  CHECK(differences[5].a == 2);
  CHECK(differences[5].b == 3);
}

TEST_CASE("stats: variants that cannot be told apart share a rank") {
  const std::vector<VariantValues> variants{
      {9.0, 9.1, 9.2, 9.1}, {1.0, 1.1, 1.2, 1.1}, {1.1, 1.0, 1.1, 1.25}};
  const auto ranked = rank_variants(variants, Better::kSmaller);
  REQUIRE(ranked.size() == 3);
  CHECK(ranked[0].variant == 1);
  CHECK(ranked[0].rank == 1);
  CHECK(ranked[1].variant == 2);
  CHECK(ranked[1].rank == 1);
  CHECK(ranked[2].variant == 0);
  CHECK(ranked[2].rank == 3);
}

TEST_CASE("stats: when larger is better the ranking turns round") {
  const std::vector<VariantValues> variants{{1.0, 1.1, 0.9}, {9.0, 9.2, 9.1}};
  const auto ranked = rank_variants(variants, Better::kLarger);
  CHECK(ranked[0].variant == 1);
  CHECK(ranked[1].rank == 2);
}

TEST_CASE("stats: one replication ranks by mean but tells nobody apart") {
  const std::vector<VariantValues> variants{{9}, {1}};
  const auto ranked = rank_variants(variants, Better::kSmaller);
  CHECK(ranked[0].variant == 1);
  CHECK(ranked[1].rank == 1);
}

TEST_CASE("stats: a single variant has no differences") {
  const std::vector<VariantValues> variants{{1, 2}};
  CHECK(all_differences(variants).empty());
  CHECK(differences_from_baseline(variants).empty());
}

TEST_CASE("stats: a difference without bounds leaves both variants with equal ranks") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> means{1, 9};
  const std::vector<Difference> unknown{{0, 1, {8, nan, nan}}};
  const auto ranked = rank_by_differences(means, unknown, Better::kSmaller);
  CHECK(ranked[0].rank == 1);
  CHECK(ranked[1].rank == 1);
  const std::vector<Difference> known{{0, 1, {8, 7, 9}}};
  CHECK(rank_by_differences(means, known, Better::kSmaller)[1].rank == 2);
}
