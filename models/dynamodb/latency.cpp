#include "models/dynamodb/latency.hpp"

#include <algorithm>
#include <optional>

namespace nephoscope::dynamodb {

QuantileTable::QuantileTable(const DurationDistribution& distribution, Purpose purpose,
                             const RandomSource& random) {
  constexpr auto longest = static_cast<double>(kMaxDuration.count());
  for (std::size_t i = 0; i < values_.size(); ++i) {
    const std::optional<double> quantile =
        distribution.plain().quantile((static_cast<double>(i) + 0.5) / static_cast<double>(values_.size()));
    if (quantile) {
      values_[i] = Duration(static_cast<std::int64_t>(std::min(*quantile * 1e9, longest)));
    } else {
      Draws draws = random.entity(purpose, i, 0);
      values_[i] = distribution.sample(draws);
    }
    longest_ = std::max(longest_, values_[i]);
  }
}

}  // namespace nephoscope::dynamodb
