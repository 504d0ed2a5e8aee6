// Which rack and host an instance comes to.
//
// Without a placement group EC2 tries to spread an owner's instances: of some racks with room, drawn at
// random, the one with the fewest of them, and there the host with the fewest. Placement groups narrow the
// racks. Draws are addressed by instance and move: the same seed gives the same sites, and other owners
// matter only where they take up room. See placement.md.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "models/common/compute.hpp"
#include "models/ec2/footprint.hpp"
#include "models/ec2/hardware.hpp"
#include "models/ec2/placement_group.hpp"
#include "models/ec2/region.hpp"

namespace nephoscope::ec2 {

// An instance as placement sees it. It stands on hardware from the launch call, or the start, until it has
// stopped or is terminated.
struct Tenant {
  Footprint& owner;  // all instances of its owner
  PlacementGroup* group = nullptr;
  std::string type;
  bool burstable = false;
  HostNeed need;
  std::optional<std::uint32_t> partition;  // named at launch; then its own for ever
  std::uint64_t entity = 0;                // addresses its draws
  HostSite site;                           // where it stands, or stood last; before: its zone
  std::uint64_t moves = 0;
  bool placed = false;
  bool member = false;  // of the group
};

class Placement final {
 public:
  // REQUIRES: region outlives it.
  explicit Placement(const Region& region) : region_(region), hardware_(region) {}

  HostNeed need(const std::string& type_name, const InstanceType& type) {
    return hardware_.need(type_name, type);
  }
  // Gives it a place in its zone, not on host `avoid`; or says why not. REQUIRES: !tenant.placed.
  std::optional<LaunchFailure> place(Tenant& tenant, std::optional<HostSite> avoid = std::nullopt);
  // Gives it a place on another host; it stays where it is if there is none. REQUIRES: tenant.placed.
  std::optional<LaunchFailure> move(Tenant& tenant);
  // It has stopped; nothing happens without a place.
  void leave(Tenant& tenant);
  // It is terminated.
  void end(Tenant& tenant);

  const Hardware& hardware() const { return hardware_; }

 private:
  std::optional<HostSite> site_in_group(Tenant& tenant, class HostSearch& search);
  std::optional<HostSite> site_in_partition(Tenant& tenant, HostSearch& search);
  std::optional<HostSite> site_in_cluster(Tenant& tenant, HostSearch& search);
  void occupy(Tenant& tenant, const HostSite& site);

  const Region& region_;
  Hardware hardware_;
};

}  // namespace nephoscope::ec2
