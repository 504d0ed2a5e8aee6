#include "models/network/service.hpp"

#include "engine/base/check.hpp"

namespace nephoscope::network {

namespace {

constexpr Purpose kLatency{"network.latency"};
constexpr Purpose kLoss{"network.loss"};
constexpr Duration kConnectTimeout = 10s;  // of a transfer over a cut: assumption

}  // namespace

Service::Service(World& world, const NetworkConfig& config)
    : world_(world),
      config_(config),
      latencies_on_(config.latencies),
      key_(world.random.entity(kLatency, 0, 0).next_bits()),
      regions_(config, world.run.region),
      places_(world.run.region),
      locations_(regions_, world.run.zones.size()),
      disturbances_(locations_),
      metering_(locations_, regions_) {
  world.network = this;
}

void Service::move_host(PlaceId place, const HostSite& site) {
  places_[place].host->site = site;
  places_[place].zone = site.zone;
  stand(place);
}

void Service::use_transfers(const BulkNetwork* bulk) {
  has_transfers_ = true;
  if (bulk != nullptr)
    transfers_ =
        std::make_unique<Transfers>(world_, config_.bandwidth, bulk->fabric, bulk->platform, places_);
}

void Service::set_host_up(PlaceId place, bool up) {
  if (places_[place].up == up) return;
  places_[place].up = up;
  if (transfers_ == nullptr) return;
  up ? transfers_->host_up(place) : transfers_->host_down(place);
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
  const DisturbanceId id = disturbances_.add(from, to, what);
  if (what.cut && transfers_ != nullptr)
    transfers_->break_where([this](PlaceId a_place, PlaceId b_place) { return cut(a_place, b_place); });
  return id;
}

Way Service::disturb_way(Way way, PlaceId from, PlaceId to, std::uint64_t number,
                         std::uint32_t attempt) const {
  Draws draws = world_.random.request(kLoss, number, attempt);
  return disturbed(way, disturbances_.between(from, to), config_.retransmission_timeout, draws);
}

// --- bulk data ---------------------------------------------------------------------------------------------

Task<Transfer> Service::transfer(PlaceId from, PlaceId to, Bytes size) {
  check(transfers_ != nullptr, "network", "a transfer in a scenario that has none (has_flows)");
  if (cut(from, to)) {
    const WaitStatus waited = co_await world_.simulation.delay(kConnectTimeout);
    co_return Transfer{.end = waited == WaitStatus::done ? TransferEnd::broken : TransferEnd::interrupted,
                       .time = waited == WaitStatus::done ? kConnectTimeout : Duration{}};
  }
  const Transfers::Moved moved = co_await transfers_->move(from, to, size);
  count(from, to, moved.bytes);
  co_return moved.transfer;
}

void Service::begin_measurement() {
  if (transfers_ != nullptr) transfers_->begin_measurement();
}

void Service::report(Report& report) const {
  if (transfers_ != nullptr)
    transfers_->report(report);
  else if (has_transfers_)
    report_transfers({}, report);
}

void Service::audit(Audit& audit) const {
  if (transfers_ != nullptr) transfers_->audit(audit);
}

}  // namespace nephoscope::network
