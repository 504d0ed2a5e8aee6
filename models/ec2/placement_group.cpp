#include "models/ec2/placement_group.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <tuple>

#include "models/ec2/errors.hpp"

namespace nephoscope::ec2 {

PlacementGroup::PlacementGroup(const Region& region, std::string id, const PlacementGroupSettings& settings,
                               std::uint32_t index)
    : region_(region),
      id_(std::move(id)),
      settings_(settings),
      index_(index),
      zones_(region.zones.size(),
             Zone{.in_partition = std::vector<std::uint32_t>(settings.partition_count + 1),
                  .partition_of = std::vector<std::uint32_t>(region.config.racks),
                  .cluster = {}}),
      footprint_(region.config, region.zones.size()) {}

std::optional<std::uint32_t> PlacementGroup::cluster() const {
  return strategy() == PlacementStrategy::cluster ? std::optional(index_) : std::nullopt;
}

// --- rules -------------------------------------------------------------------------------------------------

std::optional<LaunchFailure> PlacementGroup::refusal(ZoneId zone, const std::string& type,
                                                     bool burstable) const {
  if (strategy() == PlacementStrategy::spread && at(zone).placed >= kSpreadLimit)
    return LaunchFailure{kNoCapacity, fmt::format("spread group {} has {} running instances in {}", id_,
                                                  at(zone).placed, region_.zone_name(zone))};
  if (strategy() != PlacementStrategy::cluster) return std::nullopt;
  if (burstable)
    return LaunchFailure{kBadCombination, fmt::format("cluster group {} does not take {}", id_, type)};
  for (std::uint32_t other = 0; other < zones_.size(); ++other)
    if (zones_[other].members > 0 && other != zone.value)
      return LaunchFailure{kGroupInUse, fmt::format("cluster group {} is in use in {}", id_,
                                                    region_.zone_name(ZoneId(other)))};
  return std::nullopt;
}

bool PlacementGroup::may_use(RackId rack, std::uint32_t partition) const {
  if (strategy() == PlacementStrategy::spread) return footprint_.on_rack(rack) == 0;
  const std::uint32_t owner = at(rack.zone).partition_of[rack.rack];
  return owner == 0 || owner == partition;
}

bool PlacementGroup::owns(RackId rack, std::uint32_t partition) const {
  return at(rack.zone).partition_of[rack.rack] == partition;
}

std::uint32_t PlacementGroup::in_partition(std::uint32_t partition) const {
  std::uint32_t sum = 0;
  for (const Zone& zone : zones_) sum += zone.in_partition[partition];
  return sum;
}

std::vector<std::uint32_t> PlacementGroup::partitions(ZoneId zone, std::optional<std::uint32_t> named) const {
  if (named) return {*named};
  std::vector<std::uint32_t> order;
  for (std::uint32_t number = 1; number <= settings_.partition_count; ++number) order.push_back(number);
  const auto need = [&](std::uint32_t number) {
    return std::tuple(at(zone).in_partition[number], in_partition(number), number);
  };
  std::sort(order.begin(), order.end(), [&](auto a, auto b) { return need(a) < need(b); });
  return order;
}

std::string PlacementGroup::no_room(ZoneId zone, const std::string& type) const {
  const std::string& where = region_.zone_name(zone);
  switch (strategy()) {
    case PlacementStrategy::spread:
      return fmt::format("no rack of {} without an instance of spread group {} has room for {}", where, id_,
                         type);
    case PlacementStrategy::partition:
      return fmt::format("no rack of {} that other partitions of group {} do not use has room for {}", where,
                         id_, type);
    case PlacementStrategy::cluster:
      break;
  }
  if (at(zone).cluster.empty()) return fmt::format("no rack of {} has room for {}", where, type);
  return fmt::format("cluster group {} finds no room for {} in its racks of {}: {}", id_, type, where,
                     fmt::join(at(zone).cluster, ", "));
}

// --- members -----------------------------------------------------------------------------------------------

void PlacementGroup::join(ZoneId zone, std::uint32_t partition) {
  ++at(zone).members;
  ++at(zone).in_partition[partition];
}

void PlacementGroup::quit(ZoneId zone, std::uint32_t partition) {
  --at(zone).members;
  --at(zone).in_partition[partition];
}

void PlacementGroup::add(const HostSite& site, std::uint32_t partition) {
  Zone& zone = at(site.zone);
  ++zone.placed;
  zone.partition_of[site.rack] = partition;
  footprint_.add(region_.world.now(), site);
  placed_.change(region_.world.now(), +1);
}

void PlacementGroup::remove(const HostSite& site) {
  Zone& zone = at(site.zone);
  footprint_.remove(region_.world.now(), site);
  placed_.change(region_.world.now(), -1);
  if (footprint_.on_rack(site.rack_id()) == 0) zone.partition_of[site.rack] = 0;
  if (--zone.placed == 0) zone.cluster.clear();
}

// --- results -----------------------------------------------------------------------------------------------

void PlacementGroup::asked(const std::optional<LaunchFailure>& failure) {
  ++launches_;
  if (failure) ++failures_[failure->error];
}

void PlacementGroup::begin_measurement() {
  footprint_.begin_measurement(region_.world.now());
  placed_.reset(region_.world.now());
  launches_ = 0;
  failures_.clear();
}

void PlacementGroup::report(Report& report) const {
  const Time now = region_.world.now();
  const auto add = [&](const std::string& name, double value) {
    report.ratio({Scope::resource, id_, name}, "1", value, 1);
  };
  add("instances.mean", placed_.mean(now));
  footprint_.report(report, id_, now);
  add("launches", static_cast<double>(launches_));
  for (const char* error : {kNoCapacity, kBadCombination, kGroupInUse}) {
    const auto found = failures_.find(error);
    const std::string name = std::string("launches.failed.") + error;
    add(name, found == failures_.end() ? 0 : static_cast<double>(found->second));
  }
}

// Who shares a rack with whom. (That partitions do not is how racks are kept: each has one.)
void PlacementGroup::audit(Audit& audit) const {
  const bool spread = strategy() == PlacementStrategy::spread;
  const std::int64_t most = spread                                     ? placed_.value()
                            : strategy() == PlacementStrategy::cluster ? region_.config.cluster_racks
                                                                       : footprint_.racks();
  const bool kept = footprint_.racks() <= most && (!spread || footprint_.racks() == placed_.value());
  audit.add("placement: resources." + id_, kept,
            fmt::format("{} instances on {} racks", placed_.value(), footprint_.racks()));
}

}  // namespace nephoscope::ec2
