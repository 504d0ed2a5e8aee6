// A placement group in one replication: its members, and the racks that they may use.
//
// Source: EC2 User Guide, placement groups; what it does not say is listed in placement.md. Members are the
// instances launched into the group, stopped ones included, until they are terminated; only those that are
// not stopped are on hardware.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/common/compute.hpp"
#include "models/ec2/footprint.hpp"
#include "models/ec2/region.hpp"

namespace nephoscope::ec2 {

class PlacementGroup final {
 public:
  // `index` tells the account's groups apart. REQUIRES: region outlives it.
  PlacementGroup(const Region& region, std::string id, const PlacementGroupSettings& settings,
                 std::uint32_t index);

  const std::string& id() const { return id_; }
  PlacementStrategy strategy() const { return settings_.strategy; }
  // Of a cluster group; it has a network of its own.
  std::optional<std::uint32_t> cluster() const;

  // What forbids one more instance on hardware, whatever room there is.
  std::optional<LaunchFailure> refusal(ZoneId zone, const std::string& type, bool burstable) const;
  // Whether an instance may come to that rack; of a partition group, one of that partition.
  bool may_use(RackId rack, std::uint32_t partition) const;
  // Whether members of that partition are there.
  bool owns(RackId rack, std::uint32_t partition) const;
  // The partitions that an instance may come to, the most wanted first: the one that is named, or all, those
  // with the fewest members in the zone first, then those with the fewest in the group.
  std::vector<std::uint32_t> partitions(ZoneId zone, std::optional<std::uint32_t> named) const;
  // Racks of a cluster group, chosen for its first member on hardware, until the last one leaves.
  const std::vector<std::uint32_t>& cluster_racks(ZoneId zone) const { return at(zone).cluster; }
  void set_cluster_racks(ZoneId zone, std::vector<std::uint32_t> racks) {
    at(zone).cluster = std::move(racks);
  }
  // Why there was no room, for people.
  std::string no_room(ZoneId zone, const std::string& type) const;

  // Membership, and presence on hardware. `partition`: 0 in groups without.
  void join(ZoneId zone, std::uint32_t partition);
  void quit(ZoneId zone, std::uint32_t partition);
  void add(const HostSite& site, std::uint32_t partition);
  void remove(const HostSite& site);
  void asked(const std::optional<LaunchFailure>& failure);

  void begin_measurement();
  void report(Report& report) const;
  void audit(Audit& audit) const;

 private:
  struct Zone {
    std::uint32_t members = 0;
    std::uint32_t placed = 0;
    std::vector<std::uint32_t> in_partition;  // members, by number
    std::vector<std::uint32_t> partition_of;  // of each rack; 0 = none
    std::vector<std::uint32_t> cluster;
  };
  Zone& at(ZoneId zone) { return zones_[zone.value]; }
  const Zone& at(ZoneId zone) const { return zones_[zone.value]; }
  std::uint32_t in_partition(std::uint32_t partition) const;

  const Region& region_;
  std::string id_;
  PlacementGroupSettings settings_;
  std::uint32_t index_;
  std::vector<Zone> zones_;
  Footprint footprint_;
  Level placed_;
  std::uint64_t launches_ = 0;  // launches and starts since the end of warm-up
  std::map<std::string, std::uint64_t, std::less<>> failures_;  // by error
};

}  // namespace nephoscope::ec2
