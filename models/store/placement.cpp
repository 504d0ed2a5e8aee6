#include "models/store/placement.hpp"

#include <algorithm>

namespace nephoscope::store {
namespace {

constexpr int kMostDraws = 64;  // before the search goes on from the last one drawn

std::uint64_t in_zone(ZoneId zone, std::uint32_t part) { return std::uint64_t{zone.value} << 32 | part; }

}  // namespace

// Partition 1 of one zone shares no rack with partition 1 of another. Instances outside a partition placement
// group have no partition: the store cannot tell them apart.
std::uint64_t Placement::domain(NodeIndex node) const {
  const Instance& instance = nodes_[node].instance;
  switch (policy_) {
    case PlacementPolicy::random:
      return node;
    case PlacementPolicy::rack_aware:
      return in_zone(instance.zone(), instance.site().rack);
    case PlacementPolicy::partition_aware: {
      const auto partition = instance.partition();
      return partition ? in_zone(instance.zone(), *partition) : ~std::uint64_t{0};
    }
    case PlacementPolicy::zone_aware:
      break;
  }
  return instance.zone().value;
}

bool Placement::free(NodeIndex node, std::span<const NodeIndex> taken) const {
  return directory_.up(node) && nodes_.has_room(node) && nodes_[node].instance.disk_speed() > 0 &&
         std::find(taken.begin(), taken.end(), node) == taken.end();
}

bool Placement::apart(NodeIndex node, std::span<const NodeIndex> taken) const {
  return std::none_of(taken.begin(), taken.end(),
                      [&](NodeIndex other) { return domain(other) == domain(node); });
}

template <typename Fits>
NodeIndex Placement::next(NodeIndex from, Fits fits) const {
  const auto count = static_cast<NodeIndex>(nodes_.size());
  for (NodeIndex tried = 0; tried < count; ++tried)
    if (const NodeIndex node = (from + tried) % count; fits(node)) return node;
  return kNoNode;
}

NodeIndex Placement::choose(Draws& draws, std::span<const NodeIndex> taken) const {
  if (nodes_.size() == 0) return kNoNode;
  const auto fits = [&](NodeIndex node) { return free(node, taken) && apart(node, taken); };
  NodeIndex node = 0;
  for (int drawn = 0; drawn < kMostDraws; ++drawn) {
    node = static_cast<NodeIndex>(draws.next_below(nodes_.size()));
    if (fits(node)) return node;
  }
  const NodeIndex own_domain = next(node, fits);
  if (own_domain != kNoNode) return own_domain;
  return next(node, [&](NodeIndex each) { return free(each, taken); });
}

}  // namespace nephoscope::store
