#include "models/network/service.hpp"

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::network {

namespace {

constexpr Purpose kLatency{"network.latency"};
constexpr Purpose kLoss{"network.loss"};

}  // namespace

Service::Service(World& world, const NetworkConfig& config, const ZoneShape&)
    : world_(world),
      config_(config),
      latencies_on_(config.latencies),
      key_(world.random.entity(kLatency, 0, 0).next_bits()),
      regions_(config.regions(world.run.region)),
      places_(world.run.region),
      locations_(regions_, world.run.zones.size()),
      disturbances_(locations_),
      metering_(locations_, regions_, *regions_.find(world.run.region)) {
  world.network = this;
}

void Service::move_host(PlaceId place, const HostSite& site) {
  places_[place].host->site = site;
  places_[place].zone = site.zone;
  stand(place);
}

// --- faults ------------------------------------------------------------------------------------------------

Selector Service::selector(const NetworkPart& part) {
  Selector selector;
  if (part.zone) selector.zone = part.zone->value;
  if (part.owner) selector.owner = locations_.owner(*part.owner);
  if (part.place) selector.place = *part.place;
  selector.outside = part.outside;
  if (!part.region) return selector;
  const auto region = regions_.find(*part.region);
  check(region.has_value(), "network", "there is no Region '{}'", *part.region);
  selector.region = static_cast<std::uint32_t>(*region);
  return selector;
}

DisturbanceId Service::disturb(const NetworkPart& a, const NetworkPart& b, const Disturbance& what) {
  const Selector from = selector(a);
  const Selector to = selector(b);
  return disturbances_.add(from, to, what);
}

Way Service::disturb_way(Way way, PlaceId from, PlaceId to, std::uint64_t number,
                         std::uint32_t attempt) const {
  Draws draws = world_.random.request(kLoss, number, attempt);
  return disturbed(way, disturbances_.between(from, to), config_.retransmission_timeout, draws);
}

// --- bulk data ---------------------------------------------------------------------------------------------

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
