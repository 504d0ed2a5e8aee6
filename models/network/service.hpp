// The network of one replication. See network.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "models/common/resource.hpp"
#include "models/common/world.hpp"
#include "models/network/disturbances.hpp"
#include "models/network/latencies.hpp"
#include "models/network/location.hpp"
#include "models/network/metering.hpp"
#include "models/network/network.hpp"
#include "models/network/places.hpp"
#include "models/network/transfers.hpp"

namespace nephoscope::network {

// What carries bulk transfers in a run.
struct BulkNetwork {
  const Fabric& fabric;
  Platform& platform;
};

class Service final : public Resource, public Network {
 public:
  // REQUIRES: world and config outlive it.
  Service(World& world, const NetworkConfig& config);
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  // The scenario has transfers. They can be made if `bulk` is given: inside drive() on its fabric's topology.
  void use_transfers(const BulkNetwork* bulk);

  PlaceId zone_place(ZoneId zone) override { return stand(places_.zone(zone)); }
  PlaceId add_node(const NetworkNode& node) override { return stand(places_.add(node)); }
  PlaceId region_place(std::string_view name) override { return stand(places_.region(name)); }
  PlaceId client_place(std::string_view region) override { return stand(places_.clients(region)); }
  bool is_region(std::string_view name) const override { return regions_.find(name).has_value(); }
  PlaceId add_host(const NetworkHost& host) override { return stand(places_.add(host)); }
  void move_host(PlaceId place, const HostSite& site) override;
  void set_host_up(PlaceId place, bool up) override;

  Way way(PlaceId from, PlaceId to, std::uint64_t number, std::uint32_t attempt) override {
    const std::uint64_t path = (std::uint64_t{from.value} << 32 | to.value) * kSpread;
    const Way way = undisturbed(from, to, mix64((number ^ key_) + path + attempt));
    if (disturbances_.any()) [[unlikely]]
      return disturb_way(way, from, to, mix64(number ^ path), attempt);
    return way;
  }
  void count(PlaceId from, PlaceId to, Bytes size) override { metering_.count(from, to, size); }
  Task<Transfer> transfer(PlaceId from, PlaceId to, Bytes size) override;

  DisturbanceId disturb(const NetworkPart& a, const NetworkPart& b, const Disturbance& what) override;
  void calm(DisturbanceId id) override { disturbances_.remove(id); }
  // Whether nothing gets from one place to the other.
  bool cut(PlaceId from, PlaceId to) const {
    return disturbances_.any() && disturbances_.between(from, to).cut;
  }

  void bill(UsageMeter& meter) const override { metering_.bill(meter); }

  void begin_measurement() override;
  void report(Report& report) const override;
  void audit(Audit& audit) const override;

 private:
  static constexpr std::uint64_t kSpread = 0x9e3779b97f4a7c15U;  // odd: distinct pairs stay distinct

  // A place that has just been made, or asked for again.
  PlaceId stand(PlaceId place) {
    locations_.set(place, places_[place]);
    return place;
  }
  Way undisturbed(PlaceId from, PlaceId to, std::uint64_t bits) {
    if (!latencies_on_ || from == to) return {};
    if (!latencies_) [[unlikely]]
      latencies_.emplace(config_, regions_.table(), world_.run.zones.size(), world_.random);
    const Duration round_trip = latencies_->round_trip(locations_[from], locations_[to], bits);
    return {.there = round_trip / 2, .back = round_trip - round_trip / 2};
  }
  Way disturb_way(Way way, PlaceId from, PlaceId to, std::uint64_t number, std::uint32_t attempt) const;
  Selector selector(const NetworkPart& part);

  World& world_;
  const NetworkConfig& config_;
  bool latencies_on_;
  std::uint64_t key_;  // of this replication's latencies
  Regions regions_;
  Places places_;
  Locations locations_;
  std::optional<Latencies> latencies_;  // from the first message on: many replications have none
  Disturbances disturbances_;
  Metering metering_;
  bool has_transfers_ = false;
  std::unique_ptr<Transfers> transfers_;  // none where none are made
};

}  // namespace nephoscope::network
