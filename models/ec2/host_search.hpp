// The search for a host for one instance.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "models/ec2/hardware.hpp"
#include "models/ec2/placement.hpp"

namespace nephoscope::ec2 {

class HostSearch final {
 public:
  // REQUIRES: all outlive it.
  HostSearch(const Region& region, Hardware& hardware, const Tenant& tenant, std::optional<HostSite> avoid);

  // Of the racks that `may` allows, as EC2 spreads instances by default.
  std::optional<HostSite> among(const std::function<bool(RackId)>& may);
  // In one rack: of the hosts with room the one with the fewest of the owner's instances. A family that has
  // its share of the rack's hosts (hosts_per_family) takes another only when those are full, so that it does
  // not keep other families out.
  std::optional<HostSite> in_rack(std::uint32_t rack);
  // The zone's racks that hold the most, at most `count` of them.
  std::vector<std::uint32_t> roomiest(std::size_t count);

 private:
  RackId id(std::uint32_t rack) const { return {.zone = tenant_.site.zone, .rack = rack}; }

  const Region& region_;
  Hardware& hardware_;
  const Tenant& tenant_;
  std::optional<HostSite> avoid_;
  std::vector<std::uint32_t> order_;  // of racks, at random
  std::uint32_t first_host_ = 0;      // where the look at a rack's hosts begins, at random
};

}  // namespace nephoscope::ec2
