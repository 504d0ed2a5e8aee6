// A network in which messages take no time and nothing moves in bulk: tests override what they look at.
#pragma once

#include "engine/base/check.hpp"
#include "models/common/network.hpp"

namespace nephoscope {

class QuietNetwork : public Network {
 public:
  PlaceId zone_place(ZoneId) override { return {}; }
  PlaceId add_node(const NetworkNode&) override { return {}; }
  PlaceId region_place(std::string_view) override { return {}; }
  PlaceId client_place(std::string_view) override { return {}; }
  bool is_region(std::string_view) const override { return true; }
  PlaceId add_host(const NetworkHost&) override { return {}; }
  void move_host(PlaceId, const HostSite&) override {}
  void set_host_up(PlaceId, bool) override {}
  Way way(PlaceId, PlaceId, std::uint64_t, std::uint32_t) override { return {}; }
  void count(PlaceId, PlaceId, Bytes) override {}
  Task<Transfer> transfer(PlaceId, PlaceId, Bytes) override { fail_check("test", "nothing is moved"); }
  DisturbanceId disturb(const NetworkPart&, const NetworkPart&, const Disturbance&) override { return {}; }
  void calm(DisturbanceId) override {}
};

}  // namespace nephoscope
