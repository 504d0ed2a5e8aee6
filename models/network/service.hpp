// The network of one replication. See network.md.
#pragma once

#include <memory>
#include <string_view>

#include "models/common/resource.hpp"
#include "models/common/world.hpp"
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
  Service(World& world, const NetworkConfig& config, const ZoneShape& shape);

  // The scenario has transfers. They can be made if `bulk` is given: inside drive() on its fabric's topology.
  void use_transfers(const BulkNetwork* bulk);

  PlaceId zone_place(ZoneId zone) override { return places_.zone(zone); }
  PlaceId region_place(std::string_view name) override { return places_.region(name); }
  bool is_region(std::string_view name) const override { return name == places_.home(); }
  PlaceId add_host(const NetworkHost& host) override { return places_.add(host); }
  void move_host(PlaceId place, const HostSite& site) override;
  void set_host_up(PlaceId place, bool up) override;

  Way way(PlaceId, PlaceId, std::uint64_t, std::uint32_t) override { return {}; }
  void count(PlaceId, PlaceId, Bytes) override {}
  Task<Transfer> transfer(PlaceId from, PlaceId to, Bytes size) override;

  DisturbanceId disturb(const NetworkPart&, const NetworkPart&, const Disturbance&) override { return {}; }
  void calm(DisturbanceId) override {}

  void begin_measurement() override;
  void report(Report& report) const override;
  void audit(Audit& audit) const override;

 private:
  World& world_;
  const NetworkConfig& config_;
  Places places_;
  bool has_transfers_ = false;
  std::unique_ptr<Transfers> transfers_;  // none where none are made
};

}  // namespace nephoscope::network
