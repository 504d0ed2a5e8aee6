// What the network hears of where instances stand.
#include "tests/models/ec2/placement_fixture.hpp"
#include "tests/support/quiet_network.hpp"

namespace nephoscope::ec2 {
namespace {

class ListeningNetwork final : public QuietNetwork {
 public:
  PlaceId add_host(const NetworkHost& host) override {
    hosts.push_back(host);
    return PlaceId(static_cast<std::uint32_t>(hosts.size() - 1));
  }
  void move_host(PlaceId place, const HostSite& site) override { hosts[place.value].site = site; }
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
