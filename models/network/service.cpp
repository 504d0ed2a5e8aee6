#include "models/network/service.hpp"

#include <algorithm>

namespace nephoscope::network {

Service::Service(World& world, const NetworkConfig&, const ZoneShape&)
    : world_(world), places_(world.run.region) {
  world.network = this;
}

void Service::move_host(PlaceId place, const HostSite& site) {
  places_[place].host->site = site;
  places_[place].zone = site.zone;
}

// Alone on the slower of the two network cards.
Task<Transfer> Service::transfer(PlaceId from, PlaceId to, Bytes size) {
  BytesPerSecond rate{625e6};  // one flow (EC2 User Guide, instance network bandwidth)
  for (const PlaceId end : {from, to})
    if (places_[end].host) rate = std::min(rate, places_[end].host->baseline);
  const Duration time = from_seconds(static_cast<double>(size.count) / rate.value);
  const WaitStatus status = co_await world_.simulation.delay(time);
  co_return Transfer{.end = status == WaitStatus::done ? TransferEnd::done : TransferEnd::interrupted,
                     .time = time};
}

}  // namespace nephoscope::network
