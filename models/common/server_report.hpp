// The figures that every fleet reports of its application servers: hosts, EC2 instances, containers.
#pragma once

#include <cstdint>
#include <string>

#include "models/common/report.hpp"
#include "models/common/server.hpp"

namespace nephoscope {

struct FleetFigures {
  ServerStatistics servers = {};  // summed over all of them
  std::uint64_t turned_away = 0;  // requests that met no server
  Duration span{};                // measured time
};

// Adds throughput, errors.rate, rejected.rate, shed.rate, workers.utilization, queue.mean, wait.mean,
// jobs.mean and crashes.rate of resource `id`.
void report_servers(Report& report, const std::string& id, const FleetFigures& figures);

}  // namespace nephoscope
