// The metrics that a table of several points shows.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/scenario.hpp"

namespace nephoscope {

// The metrics of `names`, written as expectations write them; without names availability, latency.p99,
// cost.total and whatever the scenario's expectations name. Nothing after a diagnostic: a metric that a run
// does not measure.
std::optional<std::vector<MetricKey>> choose_metrics(const Scenario& scenario,
                                                     std::span<const std::string> names, SourceSet& sources,
                                                     Diagnostics& diagnostics);

}  // namespace nephoscope
