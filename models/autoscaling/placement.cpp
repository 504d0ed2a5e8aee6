#include "models/autoscaling/placement.hpp"

#include <algorithm>
#include <numeric>

namespace nephoscope::autoscaling {
namespace {

constexpr int kTenPercent = 10;
constexpr int kWhole = 100;

int percent_up(int whole, int percentage) { return (whole * percentage + kWhole - 1) / kWhole; }
int percent_down(int whole, int percentage) { return whole * percentage / kWhole; }

}  // namespace

std::vector<std::size_t> by_need(std::span<const int> instances_per_zone) {
  std::vector<std::size_t> order(instances_per_zone.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return instances_per_zone[a] < instances_per_zone[b];
  });
  return order;
}

std::optional<Imbalance> imbalance(std::span<const int> instances_per_zone) {
  if (instances_per_zone.size() < 2) return std::nullopt;
  const auto [low, high] = std::minmax_element(instances_per_zone.begin(), instances_per_zone.end());
  if (*high - *low < 2) return std::nullopt;
  return Imbalance{.fullest = static_cast<std::size_t>(high - instances_per_zone.begin()),
                   .emptiest = static_cast<std::size_t>(low - instances_per_zone.begin())};
}

int rebalancing_surplus(int max_size) { return std::max(percent_down(max_size, kTenPercent), 1); }

int on_demand_share(const MarketMix& mix, int total) {
  const int above = std::max(total - mix.on_demand_base, 0);
  return std::min(total, mix.on_demand_base) + percent_up(above, mix.on_demand_percentage_above_base);
}

Market next_market(const MarketMix& mix, int on_demand, int total) {
  return on_demand < on_demand_share(mix, total + 1) ? Market::on_demand : Market::spot;
}

int warm_pool_size(int prepared, int min_size, int desired) { return std::max(min_size, prepared - desired); }

int healthy_floor(int desired, int min_percentage) { return percent_up(desired, min_percentage); }
int total_ceiling(int desired, int max_percentage) { return percent_down(desired, max_percentage); }

ReplacementRoom replacement_room(const HealthyRange& range, int desired, int healthy, int total, bool busy) {
  const bool may_exceed = range.max_percentage > kWhole;
  ReplacementRoom room;
  if (may_exceed) room.launch_first = std::max(total_ceiling(desired, range.max_percentage) - total, 0);
  room.terminate_first = std::max(healthy - healthy_floor(desired, range.min_percentage), 0);
  if (busy || room.launch_first + room.terminate_first > 0) return room;
  (may_exceed ? room.launch_first : room.terminate_first) = 1;
  return room;
}

int unhealthy_batch(int desired) { return std::max(percent_down(desired, kTenPercent), 1); }

}  // namespace nephoscope::autoscaling
