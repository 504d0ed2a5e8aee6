// What the network hears of where instances stand.
#include "tests/models/ec2/placement_fixture.hpp"

namespace nephoscope::ec2 {
namespace {

class ListeningNetwork final : public Network {
 public:
  PlaceId zone_place(ZoneId) override { return {}; }
  PlaceId region_place(std::string_view) override { return {}; }
  bool is_region(std::string_view) const override { return false; }
  PlaceId add_host(const NetworkHost& host) override {
    hosts.push_back(host);
    return PlaceId(static_cast<std::uint32_t>(hosts.size() - 1));
  }
  void move_host(PlaceId place, const HostSite& site) override { hosts[place.value].site = site; }
  void set_host_up(PlaceId, bool) override {}
  Way way(PlaceId, PlaceId, std::uint64_t, std::uint32_t) override { return {}; }
  void count(PlaceId, PlaceId, Bytes) override {}
  Task<Transfer> transfer(PlaceId, PlaceId, Bytes) override { co_return Transfer{}; }
  DisturbanceId disturb(const NetworkPart&, const NetworkPart&, const Disturbance&) override { return {}; }
  void calm(DisturbanceId) override {}
  std::vector<NetworkHost> hosts;
};

TEST_CASE("placement: the network knows the cluster that a host is in, by the number of its group") {
  PlacementFixture f({.strategy = PlacementStrategy::spread}, hardware());
  f.service.add_placement_group("close", {.strategy = PlacementStrategy::cluster});
  ListeningNetwork network;
  f.world.network = &network;
  f.get();
  f.config.placement_group->id = "close";
  f.get();
  f.config.placement_group.reset();
  f.get();
  REQUIRE(network.hosts.size() == 3);
  CHECK(network.hosts[0].cluster == std::nullopt);
  CHECK(network.hosts[1].cluster == 1);
  CHECK(network.hosts[2].cluster == std::nullopt);
}

TEST_CASE("placement: the network hears of a move by stop and start") {
  PlacementFixture f;
  ListeningNetwork network;
  f.world.network = &network;
  Instance& instance = f.get();
  CHECK(network.hosts[0].site == instance.site());
  const HostSite first = instance.site();
  f.pass(1s);
  f.stop(instance);
  instance.start();
  CHECK(network.hosts[0].site == instance.site());
  CHECK(network.hosts[0].site != first);
}

}  // namespace
}  // namespace nephoscope::ec2
