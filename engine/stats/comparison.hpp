// Which of several variants is better? Paired differences, with intervals that hold together.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/stats/interval.hpp"

namespace nephoscope {

// One metric of one variant, a value per replication; replication r of every variant uses the same random
// numbers.
using VariantValues = std::vector<double>;

// mean and interval of b - a, for variants number a and b.
struct Difference {
  std::size_t a = 0;
  std::size_t b = 0;
  Interval interval = {};
};

// Every variant against variant 0, each by a paired Student-t interval; jointly they hold with `confidence`
// (Bonferroni over variants - 1 statements). REQUIRES: equal numbers of replications.
std::vector<Difference> differences_from_baseline(std::span<const VariantValues> variants,
                                                  double confidence = 0.95);

// Every pair a < b, jointly with `confidence` (Bonferroni over n (n - 1) / 2 statements).
std::vector<Difference> all_differences(std::span<const VariantValues> variants, double confidence = 0.95);

enum class Better { kSmaller, kLarger };

// Best first by mean (ties: lower number first). `rank` is 1 for every variant that no other beats with the
// joint confidence, 2 for those that exactly one beats, and so on: equal ranks mean "cannot tell apart".
struct Ranked {
  std::size_t variant = 0;
  double mean = 0;
  std::size_t rank = 1;
};
std::vector<Ranked> rank_variants(std::span<const VariantValues> variants, Better better,
                                  double confidence = 0.95);

// The same from means and from differences of every pair that hold jointly; one without bounds decides
// nothing.
std::vector<Ranked> rank_by_differences(std::span<const double> means,
                                        std::span<const Difference> differences, Better better);

}  // namespace nephoscope
