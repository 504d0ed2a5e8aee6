// Where things stand: racks and hosts of Availability Zones, and places of the network.
#pragma once

#include <compare>
#include <cstdint>

#include "models/common/zone.hpp"

namespace nephoscope {

// A rack of a zone: its own network switch and power source (EC2 User Guide, placement groups, spread).
struct RackId {
  ZoneId zone;
  std::uint32_t rack = 0;  // within the zone
  constexpr auto operator<=>(const RackId&) const = default;
};

// A physical server in a rack; instances on it fail with it.
struct HostSite {
  ZoneId zone;
  std::uint32_t rack = 0;  // within the zone
  std::uint32_t host = 0;  // within the rack
  constexpr RackId rack_id() const { return {zone, rack}; }
  constexpr auto operator<=>(const HostSite&) const = default;
};

// How many of them the account's instances are spread over; equal in all zones.
struct ZoneShape {
  std::uint32_t racks = 24;
  std::uint32_t hosts_per_rack = 16;
};

// A point between which messages and data travel; Network hands them out. None = outside the model: messages
// to and from there take no time.
using PlaceId = Id<struct PlaceTag>;

}  // namespace nephoscope
