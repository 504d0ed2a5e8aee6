#include "models/study/chosen_metrics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/replication.hpp"

namespace nephoscope {
namespace {

constexpr const char* kUsual[] = {"availability", "latency.p99", "cost.total"};

void add_once(std::vector<MetricKey>& keys, const MetricKey& key) {
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

std::vector<MetricKey> usual_metrics(const Scenario& scenario) {
  std::vector<MetricKey> keys;
  for (const char* name : kUsual) add_once(keys, metric_key(name));
  for (const ScenarioExpectation& expectation : scenario.document.expect) add_once(keys, expectation.metric);
  return keys;
}

// Results have the usual quantiles, and those that expectations name.
bool has_quantile(const Scenario& scenario, const MetricKey& key) {
  const auto quantile = parse_quantile(key.name);
  if (!quantile || !is_sketch(quantile->sketch)) return true;
  for (const auto& shown : kShownQuantiles)
    if (key.name.ends_with(std::string(".") + std::string(shown.suffix))) return true;
  return std::ranges::any_of(scenario.document.expect,
                             [&](const ScenarioExpectation& each) { return each.metric == key; });
}

}  // namespace

std::optional<std::vector<MetricKey>> choose_metrics(const Scenario& scenario,
                                                     std::span<const std::string> names, SourceSet& sources,
                                                     Diagnostics& diagnostics) {
  if (names.empty()) return usual_metrics(scenario);
  const std::size_t errors = diagnostics.error_count();
  std::vector<MetricKey> keys;
  std::vector<ScenarioExpectation> wanted;
  for (const std::string& name : names) {
    ScenarioExpectation each;
    each.metric = metric_key(name);
    each.metric_place = {sources.add("--metric", name), 1, 1, static_cast<int>(name.size())};
    if (!has_quantile(scenario, each.metric))
      diagnostics.add({Code::unknown_name, each.metric_place, "",
                       fmt::format("'{}' is not among the results", name), "p50, p95, p99 and p999 are",
                       "other quantiles are if an expectation names them"});
    add_once(keys, each.metric);
    wanted.push_back(std::move(each));
  }
  check_metrics(wanted, measured_metrics(scenario), diagnostics);
  return diagnostics.error_count() == errors ? std::optional(std::move(keys)) : std::nullopt;
}

}  // namespace nephoscope
