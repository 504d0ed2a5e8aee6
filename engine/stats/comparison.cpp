#include "engine/stats/comparison.hpp"

#include <algorithm>

namespace nephoscope {
namespace {

double mean_of(const VariantValues& values) { return mean_interval(values).mean; }

// Adds a beat to whichever side of a clear difference is worse.
void count_beats(const Difference& difference, Better better, std::vector<Ranked>& ranked) {
  const Interval& d = difference.interval;
  if (!d.bounded() || d.contains(0)) return;
  const bool b_is_worse = better == Better::kSmaller ? d.low > 0 : d.high < 0;
  ++ranked[b_is_worse ? difference.b : difference.a].rank;
}

}  // namespace

std::vector<Difference> differences_from_baseline(std::span<const VariantValues> variants,
                                                  double confidence) {
  std::vector<Difference> differences;
  if (variants.size() < 2) return differences;
  const double each = bonferroni_confidence(confidence, variants.size() - 1);
  for (std::size_t b = 1; b < variants.size(); ++b)
    differences.push_back({0, b, paired_difference(variants[0], variants[b], each)});
  return differences;
}

std::vector<Difference> all_differences(std::span<const VariantValues> variants, double confidence) {
  std::vector<Difference> differences;
  if (variants.size() < 2) return differences;
  const double each = bonferroni_confidence(confidence, variants.size() * (variants.size() - 1) / 2);
  for (std::size_t a = 0; a + 1 < variants.size(); ++a)
    for (std::size_t b = a + 1; b < variants.size(); ++b)
      differences.push_back({a, b, paired_difference(variants[a], variants[b], each)});
  return differences;
}

std::vector<Ranked> rank_by_differences(std::span<const double> means,
                                        std::span<const Difference> differences, Better better) {
  std::vector<Ranked> ranked;
  for (std::size_t i = 0; i < means.size(); ++i) ranked.push_back({i, means[i], 1});
  for (const Difference& difference : differences) count_beats(difference, better, ranked);
  std::stable_sort(ranked.begin(), ranked.end(), [better](const Ranked& x, const Ranked& y) {
    return better == Better::kSmaller ? x.mean < y.mean : x.mean > y.mean;
  });
  return ranked;
}

std::vector<Ranked> rank_variants(std::span<const VariantValues> variants, Better better, double confidence) {
  std::vector<double> means;
  for (const VariantValues& values : variants) means.push_back(mean_of(values));
  return rank_by_differences(means, all_differences(variants, confidence), better);
}

}  // namespace nephoscope
