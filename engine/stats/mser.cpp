#include "engine/stats/mser.hpp"

#include <vector>

#include "engine/stats/tally.hpp"

namespace nephoscope {
namespace {

constexpr std::size_t kFewestValues = 10;
constexpr std::size_t kBatch = 5;
constexpr std::size_t kFewestKept = 5;  // a handful of nearly equal last values would look perfectly settled

// The criterion's numerator over (n - d)^2, from the tally of the values kept.
double criterion(const Tally& kept) {
  const double n = static_cast<double>(kept.count());
  return kept.variance() * (n - 1) / (n * n);
}

}  // namespace

std::optional<std::size_t> mser_truncation(std::span<const double> batch_averages) {
  const std::size_t n = batch_averages.size();
  if (n < kFewestValues) return std::nullopt;
  Tally kept;  // the values from d on, filled from the end
  std::size_t best = 0;
  double least = 0;
  for (std::size_t d = n; d-- > 0;) {
    kept.add(batch_averages[d]);
    if (n - d < kFewestKept) continue;
    const double value = criterion(kept);
    if (n - d == kFewestKept || value <= least) {
      least = value;
      best = d;
    }
  }
  return best <= n / 2 ? std::optional(best) : std::nullopt;
}

std::optional<std::size_t> mser5_truncation(std::span<const double> observations) {
  std::vector<double> averages(observations.size() / kBatch);
  for (std::size_t i = 0; i < averages.size(); ++i) {
    for (const double value : observations.subspan(i * kBatch, kBatch)) averages[i] += value;
    averages[i] /= kBatch;
  }
  const auto batches = mser_truncation(averages);
  return batches ? std::optional(*batches * kBatch) : std::nullopt;
}

}  // namespace nephoscope
