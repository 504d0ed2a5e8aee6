#include "models/network/service.hpp"

#include "engine/base/check.hpp"

namespace nephoscope::network {

Service::Service(World& world, const NetworkConfig& config, const ZoneShape&)
    : world_(world), config_(config), places_(world.run.region) {
  world.network = this;
}

void Service::move_host(PlaceId place, const HostSite& site) {
  places_[place].host->site = site;
  places_[place].zone = site.zone;
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

Task<Transfer> Service::transfer(PlaceId from, PlaceId to, Bytes size) {
  check(transfers_ != nullptr, "network", "a transfer in a scenario that has none (has_flows)");
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
