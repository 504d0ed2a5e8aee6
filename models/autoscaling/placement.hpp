// Where a group launches, in which market, and how many at once: the arithmetic, as pure functions.
//
// Source: Amazon EC2 Auto Scaling User Guide, "Auto Scaling benefits" (zones), "Auto Scaling groups with
// multiple instance types", "Warm pools", "Health checks", "Instance maintenance policies".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "models/common/compute.hpp"

namespace nephoscope::autoscaling {

// Indices of zones in the order in which a launch tries them: fewest instances first, ties in given order.
std::vector<std::size_t> by_need(std::span<const int> instances_per_zone);

// The fullest and the emptiest zone if they differ by two or more, so that a move evens them out.
struct Imbalance {
  std::size_t fullest = 0;
  std::size_t emptiest = 0;
};
std::optional<Imbalance> imbalance(std::span<const int> instances_per_zone);

// By how many instances rebalancing may exceed the maximum size: the larger of 10 % and 1.
int rebalancing_surplus(int max_size);

struct MarketMix {
  int on_demand_base = 0;
  int on_demand_percentage_above_base = 100;
};
// On-Demand Instances among `total`; a share above the base rounds up.
int on_demand_share(const MarketMix& mix, int total);
// The market of one more instance. `on_demand` of `total` exist.
Market next_market(const MarketMix& mix, int on_demand, int total);

// Instances that the warm pool should hold. `prepared` is max_group_prepared_capacity, or the maximum size.
int warm_pool_size(int prepared, int min_size, int desired);

// The share of a group that may be away, and by how much it may be exceeded, while instances are replaced.
struct HealthyRange {
  int min_percentage = 90;
  int max_percentage = 100;
};

// `desired` x percentage: instances that stay healthy (rounded up), or exist at most (rounded down).
int healthy_floor(int desired, int min_percentage);
int total_ceiling(int desired, int max_percentage);

struct ReplacementRoom {
  int launch_first = 0;     // that may be launched before the old ones end
  int terminate_first = 0;  // that may be terminated before their successors run
};
// How many may be replaced now, with `healthy` instances ready and `total` in service or on their way. One
// at least may always go, unless `busy`: others are being replaced.
ReplacementRoom replacement_room(const HealthyRange& range, int desired, int healthy, int total, bool busy);

// How many unhealthy instances are replaced at a time without a maintenance policy: 10 % of the desired
// capacity, one at least.
int unhealthy_batch(int desired);

}  // namespace nephoscope::autoscaling
