// Load balancer capacity units: what the price of a load balancer's work is counted in.
//
// An hour's units are the greatest of its dimensions' averages (Elastic Load Balancing pricing page):
//   application: 25 new connections/s, 3,000 active connections/min, 1 GB/h, 1,000 rule evaluations/s
//   network (TCP): 800 new flows/s, 100,000 active flows/min, 1 GB/h (unverified)
// A GB is 10^9 bytes, as in the page's examples (300 KB/s are 1.08 GB/h).
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/base/time.hpp"
#include "engine/queueing/level.hpp"

namespace nephoscope::elasticloadbalancing {

// What one unit may carry.
struct UnitSize {
  std::int64_t new_connections_per_second = 25;
  std::int64_t active_connections = 3'000;
  std::int64_t bytes_per_hour = 1'000'000'000;
  std::int64_t rule_evaluations_per_second = 1'000;
};
inline constexpr UnitSize kApplicationUnit;
inline constexpr UnitSize kNetworkUnit = {.new_connections_per_second = 800, .active_connections = 100'000};

// What was done in a span of time.
struct UnitUsage {
  std::int64_t new_connections = 0;
  std::int64_t active_connection_minutes = 0;  // summed over minutes
  std::int64_t bytes = 0;
  std::int64_t rule_evaluations = 0;
  UnitUsage& operator+=(const UnitUsage& other) {
    new_connections += other.new_connections;
    active_connection_minutes += other.active_connection_minutes;
    bytes += other.bytes;
    rule_evaluations += other.rule_evaluations;
    return *this;
  }
};

// Millionths of a unit that the usage averages over `minutes`, the greatest dimension's, rounded half up.
// REQUIRES: minutes > 0.
constexpr std::int64_t micro_units(const UnitUsage& usage, const UnitSize& unit, std::int64_t minutes) {
  const auto share = [](std::int64_t used, WideInt of_one_unit) {
    return static_cast<std::int64_t>((WideInt{used} * 2'000'000 + of_one_unit) / (2 * of_one_unit));
  };
  const WideInt seconds = WideInt{minutes} * 60;
  // bytes: minutes / 60 hours, so both sides are multiplied by 60.
  return std::max({share(usage.new_connections, unit.new_connections_per_second * seconds),
                   share(usage.active_connection_minutes, WideInt{unit.active_connections} * minutes),
                   share(usage.bytes * 60, WideInt{unit.bytes_per_hour} * minutes),
                   share(usage.rule_evaluations, unit.rule_evaluations_per_second * seconds)});
}

}  // namespace nephoscope::elasticloadbalancing
