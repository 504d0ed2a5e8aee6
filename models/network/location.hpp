// Where places stand and who pays for them, as numbers: all that messages look at.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.hpp"
#include "models/common/region.hpp"
#include "models/network/places.hpp"

namespace nephoscope::network {

using OwnerId = Id<struct OwnerTag>;

struct Location {
  static constexpr std::uint32_t kNone = 0xffffffffU;
  std::uint32_t region = 0;         // of the RegionTable
  std::uint32_t zone = 0;           // of the run; their number for a place without one
  std::uint32_t rack = kNone;       // of an instance
  std::uint32_t cluster = kNone;    // of an instance in a cluster placement group
  OwnerId owner;                    // none: nobody pays
  bool clients = false;             // outside AWS
  bool pays_between_zones = false;  // for what comes and goes between its zone and another
};

// The locations of one replication's places, by PlaceId.
class Locations final {
 public:
  // REQUIRES: regions outlives it.
  Locations(const RegionTable& regions, std::size_t zones)
      : regions_(regions), zones_(static_cast<std::uint32_t>(zones)) {}

  // From now on the place is there.
  void set(PlaceId id, const Place& place) {
    if (locations_.size() <= id.value) locations_.resize(id.value + 1);
    locations_[id.value] = locate(place);
  }
  const Location& operator[](PlaceId id) const { return locations_[id.value]; }
  bool has_zone(const Location& location) const { return location.zone < zones_; }
  OwnerId owner(std::string_view name) { return owners_.intern(name); }
  const Interner<OwnerTag>& owners() const { return owners_; }

 private:
  Location locate(const Place& place) {
    const auto region = regions_.find(place.region);
    check(region.has_value(), "network", "there is no Region '{}'", place.region);
    Location location;
    location.region = static_cast<std::uint32_t>(*region);
    location.zone = place.zone ? place.zone.value : zones_;
    if (place.host) location.rack = place.host->site.rack;
    if (place.host && place.host->cluster) location.cluster = *place.host->cluster;
    if (!place.owner.empty()) location.owner = owners_.intern(place.owner);
    location.clients = place.clients;
    location.pays_between_zones = place.pays_between_zones;
    return location;
  }

  const RegionTable& regions_;
  std::uint32_t zones_;
  std::vector<Location> locations_;
  Interner<OwnerTag> owners_;
};

}  // namespace nephoscope::network
