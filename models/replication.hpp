// One replication: a scenario's world, built, run and measured. A pure function of (scenario, replication).
#pragma once

#include <cstdint>
#include <vector>

#include "models/common/report.hpp"
#include "models/scenario.hpp"

namespace nephoscope {

// Runs replication `replication` (0, 1, ...) of a scenario, with assumptions drawn from their ranges. A
// scenario with bulk transfers runs in a process of its own, made for it. Throws CheckFailure, with simulated
// time and seed, if the program finds itself in error, and ProcessDied if that process dies.
Report run_replication(const Scenario& scenario, std::uint32_t replication);

// The metrics that a run of this scenario reports, with sketches listed once ("latency").
std::vector<MetricKey> measured_metrics(const Scenario& scenario);

// What the resources of this scenario meter before anything has happened: the usage types that are known
// without a run, with quantities of no meaning.
UsageMeter metered_usage(const Scenario& scenario);

}  // namespace nephoscope
