#include "models/faults/things.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace nephoscope::faults {
namespace {

template <typename Place>
std::vector<Thing> each_once(const std::vector<Instance*>& instances, Place (*place)(const Instance&)) {
  std::set<Place> places;
  for (const Instance* instance : instances) places.insert(place(*instance));
  return {places.begin(), places.end()};
}

std::vector<std::string> belonging_to(std::string_view target, const std::vector<std::string>& ids) {
  std::vector<std::string> found;
  for (const std::string& id : ids)
    if (id == target || id.starts_with(std::string(target) + "/")) found.push_back(id);
  return found;
}

HostSite host_of(const Instance& instance) { return instance.site(); }
RackId rack_of(const Instance& instance) { return instance.site().rack_id(); }

}  // namespace

std::vector<std::string> Finder::parts_of(std::string_view target) const {
  return belonging_to(target, inventory_.resources);
}

std::vector<std::string> Finder::owners_of(std::string_view target) const {
  return belonging_to(target, inventory_.owners);
}

std::vector<std::string> Finder::targets_of(const FaultConfig& fault) const {
  return fault.targets_among(inventory_.tags);
}

ZoneId Finder::zone(std::string_view name) const {
  const auto& names = world_.run.zones;
  const auto place = std::find(names.begin(), names.end(), name);
  return ZoneId(static_cast<std::uint32_t>(place - names.begin()));
}

bool Finder::matches(const FaultConfig& fault, const Instance& instance) const {
  if (instance.state() != InstanceState::running) return false;
  if (fault.action == FaultAction::spot_interruptions && instance.market() != Market::spot) return false;
  if (fault.action == FaultAction::instance_failure && !instance.alive()) return false;
  if (fault.zone && instance.zone() != zone(fault.zone->id)) return false;
  if (fault.rack && instance.site().rack != *fault.rack) return false;
  return !fault.partition || instance.partition() == *fault.partition;
}

std::vector<Instance*> Finder::running(const FaultConfig& fault) const {
  std::vector<Instance*> found;
  for (const std::string& target : targets_of(fault))
    for (const std::string& owner : owners_of(target))
      for (Instance* instance : compute_->instances(owner))
        if (matches(fault, *instance)) found.push_back(instance);
  return found;
}

std::vector<Thing> Finder::zones(const FaultConfig& fault) const {
  if (fault.zone) return {zone(fault.zone->id)};
  std::vector<Thing> all;
  for (std::uint32_t i = 0; i < world_.run.zones.size(); ++i) all.emplace_back(ZoneId(i));
  return all;
}

std::vector<Thing> Finder::nodes(const FaultConfig& fault) const {
  std::vector<Thing> found;
  for (const Reference& target : fault.all_targets()) {
    Rebootable& service = *services_.find(target.id)->second;
    for (std::string& name : service.running_nodes())
      found.emplace_back(ServiceNode{&service, std::move(name)});
  }
  return found;
}

std::vector<Thing> Finder::racks_of_zone(const FaultConfig& fault) const {
  std::vector<Thing> racks;
  for (std::uint32_t rack = 0; rack < compute_->zone_shape().racks; ++rack)
    if (!fault.rack || rack == *fault.rack) racks.emplace_back(RackId{zone(fault.zone->id), rack});
  return racks;
}

std::vector<Thing> Finder::hosts_of_zone(const FaultConfig& fault) const {
  std::vector<Thing> hosts;
  for (const Thing& rack : racks_of_zone(fault))
    for (std::uint32_t host = 0; host < compute_->zone_shape().hosts_per_rack; ++host)
      hosts.emplace_back(HostSite{std::get<RackId>(rack).zone, std::get<RackId>(rack).rack, host});
  return hosts;
}

std::vector<Thing> Finder::present(const FaultConfig& fault) const {
  const bool by_target = fault.has_targets();
  switch (info(fault.action).entity) {
    case Entity::instance: {
      const std::vector<Instance*> instances = running(fault);
      return {instances.begin(), instances.end()};
    }
    case Entity::host:
      return by_target ? each_once(running(fault), host_of) : hosts_of_zone(fault);
    case Entity::rack:
      return by_target ? each_once(running(fault), rack_of) : racks_of_zone(fault);
    case Entity::zone:
      return zones(fault);
    case Entity::node:
      return nodes(fault);
    case Entity::whole:
      break;
  }
  return {Whole{}};
}

std::vector<Thing> Finder::around(const FaultConfig& fault, Instance& instance) const {
  if (!matches(fault, instance)) return {};
  switch (info(fault.action).entity) {
    case Entity::instance:
      return {&instance};
    case Entity::host:
      return {instance.site()};
    case Entity::rack:
      return {instance.site().rack_id()};
    default:
      return {};
  }
}

std::string Finder::name(const Thing& thing) const {
  const auto& zones = world_.run.zones;
  if (const auto* instance = std::get_if<Instance*>(&thing)) return (*instance)->name();
  if (const auto* zone = std::get_if<ZoneId>(&thing)) return zones[zone->value];
  if (const auto* node = std::get_if<ServiceNode>(&thing)) return node->name;
  if (const auto* rack = std::get_if<RackId>(&thing))
    return fmt::format("{} rack {}", zones[rack->zone.value], rack->rack);
  if (const auto* host = std::get_if<HostSite>(&thing))
    return fmt::format("{} rack {} host {}", zones[host->zone.value], host->rack, host->host);
  return "";
}

}  // namespace nephoscope::faults
