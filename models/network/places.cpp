#include "models/network/places.hpp"

#include <utility>

namespace nephoscope::network {

PlaceId Places::add(Place place) {
  places_.push_back(std::move(place));
  return PlaceId(static_cast<std::uint32_t>(places_.size() - 1));
}

PlaceId Places::add(const NetworkHost& host) {
  return add(Place{.host = host,
                   .zone = host.site.zone,
                   .region = home_,
                   .up = false,
                   .owner = host.owner,
                   .pays_between_zones = true});
}

PlaceId Places::add(const NetworkNode& node) {
  return add(Place{.host = {},
                   .zone = node.zone,
                   .region = home_,
                   .owner = node.owner,
                   .pays_between_zones = node.pays_between_zones});
}

PlaceId Places::clients(std::string_view region) {
  const auto found = clients_.find(region);
  if (found != clients_.end()) return found->second;
  const PlaceId id = add(Place{.host = {}, .zone = {}, .region = std::string(region), .clients = true});
  return clients_.emplace(std::string(region), id).first->second;
}

PlaceId Places::zone(ZoneId zone) {
  PlaceId& id = zones_[zone];
  if (!id) id = add(Place{.host = {}, .zone = zone, .region = home_});
  return id;
}

PlaceId Places::region(std::string_view name) {
  const auto found = regions_.find(name);
  if (found != regions_.end()) return found->second;
  const PlaceId id = add(Place{.host = {}, .zone = {}, .region = std::string(name)});
  return regions_.emplace(std::string(name), id).first->second;
}

}  // namespace nephoscope::network
