#include "models/study/precision.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/stats/verdict.hpp"

namespace nephoscope {
namespace {

// An exact bound on a share of which too few replications tell anything is narrow for want of knowledge.
bool tells_width(const PooledMetric& metric) {
  if (!metric.counts) return true;
  std::vector<double> values = metric.values;
  std::erase_if(values, [](double value) { return std::isnan(value); });
  return can_carry_interval(values);
}

double width_of(const PooledMetric& metric) {
  return tells_width(metric) ? interval_of(metric).relative_half_width()
                             : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

ReplicationRange replication_range(const RunConfig& run) {
  constexpr std::int64_t usual_factor = 100, limit = 100'000;
  const auto asked = static_cast<std::uint32_t>(run.replications);
  if (run.precision.empty()) return {asked, asked};
  const std::int64_t most = run.max_replications.value_or(std::min(limit, usual_factor * run.replications));
  const auto last = static_cast<std::uint32_t>(most);
  return {std::min(std::max(asked, kPrecisionBlock), last), last};
}

std::vector<PrecisionResult> precision_of(const RunConfig& run, const Pooling& pooling) {
  std::vector<PrecisionResult> results;
  for (const auto& [name, half_width, place] : run.precision) {
    const auto metric = pooling.find(metric_key(name));
    if (metric) results.push_back({name, half_width.value, width_of(*metric)});
  }
  return results;
}

}  // namespace nephoscope
