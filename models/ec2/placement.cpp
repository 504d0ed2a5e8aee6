#include "models/ec2/placement.hpp"

#include <fmt/format.h>

#include "engine/base/check.hpp"
#include "models/ec2/errors.hpp"
#include "models/ec2/host_search.hpp"

namespace nephoscope::ec2 {

std::optional<LaunchFailure> Placement::place(Tenant& tenant, std::optional<HostSite> avoid) {
  check(!tenant.placed, "ec2", "an instance is placed twice");
  const ZoneId zone = tenant.site.zone;
  if (tenant.group != nullptr)
    if (auto refused = tenant.group->refusal(zone, tenant.type, tenant.burstable)) return refused;
  HostSearch search(region_, hardware_, tenant, avoid);
  const auto site =
      tenant.group == nullptr ? search.among([](RackId) { return true; }) : site_in_group(tenant, search);
  if (!site)
    return LaunchFailure{kNoCapacity, tenant.group != nullptr
                                          ? tenant.group->no_room(zone, tenant.type)
                                          : fmt::format("no host of {} has room for {}",
                                                        region_.zone_name(zone), tenant.type)};
  ++tenant.moves;
  occupy(tenant, *site);
  return std::nullopt;
}

std::optional<HostSite> Placement::site_in_group(Tenant& tenant, HostSearch& search) {
  const PlacementGroup& group = *tenant.group;
  switch (group.strategy()) {
    case PlacementStrategy::cluster:
      return site_in_cluster(tenant, search);
    case PlacementStrategy::partition:
      return site_in_partition(tenant, search);
    case PlacementStrategy::spread:
      break;
  }
  return search.among([&](RackId rack) { return group.may_use(rack, 0); });
}

// A partition takes another rack only when its own have no room.
std::optional<HostSite> Placement::site_in_partition(Tenant& tenant, HostSearch& search) {
  const PlacementGroup& group = *tenant.group;
  for (const std::uint32_t partition : group.partitions(tenant.site.zone, tenant.partition)) {
    auto site = search.among([&](RackId rack) { return group.owns(rack, partition); });
    if (!site) site = search.among([&](RackId rack) { return group.may_use(rack, partition); });
    if (!site) continue;
    tenant.partition = partition;
    return site;
  }
  return std::nullopt;
}

std::optional<HostSite> Placement::site_in_cluster(Tenant& tenant, HostSearch& search) {
  PlacementGroup& group = *tenant.group;
  const ZoneId zone = tenant.site.zone;
  std::vector<std::uint32_t> racks = group.cluster_racks(zone);
  if (racks.empty()) racks = search.roomiest(region_.config.cluster_racks);
  for (const std::uint32_t rack : racks) {
    const auto site = search.in_rack(rack);
    if (!site) continue;
    group.set_cluster_racks(zone, std::move(racks));
    return site;
  }
  return std::nullopt;
}

void Placement::occupy(Tenant& tenant, const HostSite& site) {
  hardware_.take(site, tenant.need);
  tenant.owner.add(region_.world.now(), site);
  tenant.site = site;
  tenant.placed = true;
  if (tenant.group == nullptr) return;
  const std::uint32_t partition = tenant.partition.value_or(0);
  if (!tenant.member) tenant.group->join(site.zone, partition);
  tenant.member = true;
  tenant.group->add(site, partition);
}

// The racks of a cluster group stay its own when the move of its only member fails.
std::optional<LaunchFailure> Placement::move(Tenant& tenant) {
  const HostSite before = tenant.site;
  const ZoneId zone = before.zone;
  const auto racks =
      tenant.group != nullptr ? tenant.group->cluster_racks(zone) : std::vector<std::uint32_t>();
  leave(tenant);
  auto failure = place(tenant, before);
  if (!failure) return std::nullopt;
  occupy(tenant, before);
  if (tenant.group != nullptr) tenant.group->set_cluster_racks(zone, racks);
  return failure;
}

void Placement::leave(Tenant& tenant) {
  if (!tenant.placed) return;
  hardware_.give(tenant.site, tenant.need);
  tenant.owner.remove(region_.world.now(), tenant.site);
  if (tenant.group != nullptr) tenant.group->remove(tenant.site);
  tenant.placed = false;
}

void Placement::end(Tenant& tenant) {
  leave(tenant);
  if (tenant.member) tenant.group->quit(tenant.site.zone, tenant.partition.value_or(0));
  tenant.member = false;
}

}  // namespace nephoscope::ec2
