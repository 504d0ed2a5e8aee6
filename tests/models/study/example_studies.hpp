// Studies made of given replication values, for tests of comparisons.
#pragma once

#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "models/study/study_result.hpp"

namespace nephoscope {

inline const MetricKey kAvailabilityKey = {Scope::summary, "", "availability"};
inline const MetricKey kCostKey = {Scope::summary, "", "cost.total"};
inline const MetricKey kLatencyKey = {Scope::summary, "", "latency.p99"};

using ExampleValues = std::vector<std::pair<MetricKey, std::vector<double>>>;

// Pooled values are the means.
inline StudyResult example_study(const std::string& name, const ExampleValues& metrics) {
  StudyResult study;
  study.point = name;
  study.name = "A shop";
  for (const auto& [key, values] : metrics) {
    const double mean =
        std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    const MetricInfo* info = find_metric(key.name);
    PooledMetric metric{key, std::string(unit_of(info->kind)), mean, values, {}, ""};
    const Interval interval = interval_of(metric);
    study.metrics.push_back({std::move(metric), interval});
    study.requested = study.replications = static_cast<std::int64_t>(values.size());
  }
  return study;
}

}  // namespace nephoscope
