// The places of one replication's network: what stands where.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/common/network.hpp"

namespace nephoscope::network {

// Exactly one of: an instance (`host`), a node of a service in a zone (`zone` alone), a Region's services,
// clients near a Region.
struct Place {
  std::optional<NetworkHost> host;
  ZoneId zone;         // none for other Regions and for a Region as a whole
  std::string region;  // its name
  bool up = true;
  bool clients = false;             // near the Region, outside AWS
  std::string owner = {};           // who pays; empty for nobody
  bool pays_between_zones = false;  // for what comes and goes between its zone and another
};

class Places final {
 public:
  explicit Places(std::string home) : home_(std::move(home)) {}
  PlaceId zone(ZoneId zone);
  PlaceId region(std::string_view name);
  PlaceId clients(std::string_view region);
  PlaceId add(const NetworkHost& host);
  PlaceId add(const NetworkNode& node);
  Place& operator[](PlaceId id) { return places_[id.value]; }
  const Place& operator[](PlaceId id) const { return places_[id.value]; }
  std::size_t size() const { return places_.size(); }
  const std::string& home() const { return home_; }  // the run's Region

 private:
  PlaceId add(Place place);
  std::string home_;
  std::vector<Place> places_;
  std::map<ZoneId, PlaceId> zones_;
  std::map<std::string, PlaceId, std::less<>> regions_;
  std::map<std::string, PlaceId, std::less<>> clients_;
};

}  // namespace nephoscope::network
