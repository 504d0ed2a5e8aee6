// Images and bundles that an instance reads over the network.
#include "tests/models/ec2/fixture.hpp"
#include "tests/support/quiet_network.hpp"

namespace nephoscope::ec2 {
namespace {

using enum InstanceEvent;

// 1 MB/s for everybody; the first `broken` transfers break after 2 s.
class FakeNetwork final : public QuietNetwork {
 public:
  explicit FakeNetwork(World& world) : world_(world) { world.network = this; }
  PlaceId region_place(std::string_view) override { return PlaceId(1); }
  PlaceId add_host(const NetworkHost&) override { return PlaceId(2 + hosts++); }
  void set_host_up(PlaceId, bool up) override { lives.push_back(up); }
  Task<Transfer> transfer(PlaceId from, PlaceId to, Bytes size) override {
    CHECK(from == PlaceId(1));
    CHECK(to == PlaceId(2));
    sizes.push_back(size);
    const bool breaks = broken-- > 0;
    const Duration time = breaks ? Duration(2s) : size.count / 1'000'000 * Duration(1s);
    const WaitStatus status = co_await world_.simulation.delay(time);
    const TransferEnd end = breaks ? TransferEnd::broken : TransferEnd::done;
    co_return Transfer{.end = status == WaitStatus::done ? end : TransferEnd::interrupted, .time = time};
  }

  std::vector<Bytes> sizes;
  std::vector<bool> lives;
  std::uint32_t hosts = 0;
  int broken = 0;

 private:
  World& world_;
};

const std::string kLaunch =
    "assume: {launch_time: 5s, boot_time: 10s, bootstrap_time: 60s, restart_time: 20s, image_size: 30MB, "
    "bundle_size: 10MB}";

TEST_CASE("ec2: the first boot reads image and bundle before the bootstrap, later ones do not") {
  Fixture f(kLaunch);
  FakeNetwork network(f.world);
  Instance& instance = f.launch();
  f.run(200s);
  // 5 + 10 + (30 + 10) MB / 1 MB/s + 60
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 115s});
  instance.reboot();
  f.run(400s);
  CHECK(f.times(instance, application_started).back() == Time{} + 230s);  // 200 + 10 + 20
  CHECK(network.sizes == std::vector{Bytes(40'000'000)});
}

TEST_CASE("ec2: a download that breaks is tried again after 5 s") {
  Fixture f(kLaunch);
  FakeNetwork network(f.world);
  network.broken = 2;
  Instance& instance = f.launch();
  f.run(200s);
  // 5 + 10 + 2 x (2 + 5) + 40 + 60
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 129s});
  CHECK(network.sizes.size() == 3);
}

TEST_CASE("ec2: an instance that is terminated or boots again while it reads leaves the download behind") {
  Fixture f(kLaunch);
  FakeNetwork network(f.world);
  Instance& instance = f.launch();
  f.run(25s);
  instance.reboot();
  f.run(200s);
  // The second boot reads anew: 25 + 10 + 40 + 60.
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 135s});
  instance.terminate();
  f.run(400s);
  CHECK(f.times(instance, application_started).size() == 1);
}

TEST_CASE("ec2: the network hears when an instance begins and ceases to work") {
  Fixture f("assume: {" + kAtOnce + "}");
  FakeNetwork network(f.world);
  Instance& instance = f.launch();
  f.run(10s);
  f.service.set_rack_power(instance.site().rack_id(), false);
  f.run(20s);
  CHECK_FALSE(instance.alive());
  f.service.set_rack_power(instance.site().rack_id(), true);
  f.run(30s);
  instance.terminate();
  f.run(100s);
  CHECK(network.lives == std::vector{true, false, true, false});
}

}  // namespace
}  // namespace nephoscope::ec2
