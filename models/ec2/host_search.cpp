#include "models/ec2/host_search.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nephoscope::ec2 {

HostSearch::HostSearch(const Region& region, Hardware& hardware, const Tenant& tenant,
                       std::optional<HostSite> avoid)
    : region_(region), hardware_(hardware), tenant_(tenant), avoid_(avoid), order_(region.config.racks) {
  std::iota(order_.begin(), order_.end(), 0U);
  Draws racks = region.world.random.entity(region.purposes.site, tenant.entity, tenant.moves);
  for (std::size_t left = order_.size(); left > 1; --left) {
    const auto chosen = static_cast<std::size_t>(racks.next_below(left));
    std::swap(order_[left - 1], order_[chosen]);
  }
  Draws hosts = region.world.random.entity(region.purposes.host, tenant.entity, tenant.moves);
  first_host_ = static_cast<std::uint32_t>(hosts.next_below(region.config.hosts_per_rack));
}

std::optional<HostSite> HostSearch::among(const std::function<bool(RackId)>& may) {
  std::optional<HostSite> best;
  std::uint32_t fewest = 0;
  int considered = 0;
  for (const std::uint32_t rack : order_) {
    if (!may(id(rack))) continue;
    const auto site = in_rack(rack);
    if (!site) continue;
    const std::uint32_t there = tenant_.owner.on_rack(id(rack));
    if (!best || there < fewest) {
      best = site;
      fewest = there;
    }
    if (++considered == region_.config.racks_considered) break;
  }
  return best;
}

std::optional<HostSite> HostSearch::in_rack(std::uint32_t rack) {
  const bool may_open =
      hardware_.hosts_of_family(id(rack), tenant_.need.family) < region_.config.hosts_per_family;
  const std::uint32_t hosts = region_.config.hosts_per_rack;
  std::optional<HostSite> best, reserve;
  for (std::uint32_t i = 0; i < hosts; ++i) {
    const HostSite site{.zone = tenant_.site.zone, .rack = rack, .host = (first_host_ + i) % hosts};
    if (site == avoid_ || !hardware_.fits(site, tenant_.need)) continue;
    auto& candidate = may_open || hardware_.in_use(site) ? best : reserve;
    if (!candidate || tenant_.owner.on_host(site) < tenant_.owner.on_host(*candidate)) candidate = site;
  }
  return best ? best : reserve;
}

std::vector<std::uint32_t> HostSearch::roomiest(std::size_t count) {
  std::vector<std::pair<int, std::uint32_t>> rooms;  // negative, so that the most comes first
  for (const std::uint32_t rack : order_) rooms.emplace_back(-hardware_.room(id(rack), tenant_.need), rack);
  std::stable_sort(rooms.begin(), rooms.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::uint32_t> racks;
  for (const auto& [room, rack] : rooms)
    if (room < 0 && racks.size() < count) racks.push_back(rack);
  return racks;
}

}  // namespace nephoscope::ec2
