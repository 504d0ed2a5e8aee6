#include "models/faults/faults.hpp"

#include <doctest/doctest.h>

#include <deque>

#include "engine/base/check.hpp"
#include "models/common/compute.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::faults {
namespace {

// Writes down what happens to it, with the second at which it does.
class RecordingInstance final : public Instance {
 public:
  RecordingInstance(std::string name, Market market, InstanceState state)
      : name_(std::move(name)), market_(market), state_(state) {}
  const std::string& name() const override { return name_; }
  const std::string& type() const override { return name_; }
  ZoneId zone() const override { return ZoneId(0); }
  Market market() const override { return market_; }
  InstanceState state() const override { return state_; }
  StatusCheck status_check() const override { return StatusCheck::ok; }
  Time launched_at() const override { return {}; }
  std::optional<Time> running_since() const override { return Time{}; }
  ApplicationServer& server() override { fail_check("test", "nobody asks for the server"); }
  bool application_running() const override { return true; }
  void terminate() override { state_ = InstanceState::shutting_down; }
  void stop() override {}
  void start() override {}
  void reboot() override {}

 private:
  std::string name_;
  Market market_;
  InstanceState state_;
};

class RecordingCompute final : public Compute {
 public:
  explicit RecordingCompute(World& world) : world_(world) {}
  LaunchResult launch(const LaunchSpec&, InstanceListener&) override { return LaunchFailure{"none"}; }
  std::vector<Instance*> instances(std::string_view owner) override {
    std::vector<Instance*> result;
    if (owner == "web")
      for (RecordingInstance& instance : all) result.push_back(&instance);
    return result;
  }
  std::optional<int> vcpus(std::string_view) const override { return 2; }
  void set_zone_power(ZoneId zone, bool on) override { note(on ? "power on" : "power off", zone); }
  void set_capacity(ZoneId zone, bool available) override {
    note(available ? "capacity" : "no capacity", zone);
  }
  void interrupt_spot(Instance& instance) override { interrupted.push_back(instance.name()); }

  std::deque<RecordingInstance> all;
  std::vector<std::string> interrupted;
  std::string record;  // "60 power off 1; "

 private:
  void note(const char* what, ZoneId zone) {
    record += std::to_string(static_cast<int>(to_seconds(world_.now().time_since_epoch()))) + " " + what +
              " " + std::to_string(zone.value) + "; ";
  }
  World& world_;
};

class Fixture final : public Wiring {
 public:
  explicit Fixture(const std::string& yaml)
      : world({.warmup = {}, .duration = 1h, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        compute_(world),
        config(read_config<FaultConfig>(yaml)),
        fault(config.build(world, "f")) {
    fault->connect(*this);
  }
  ~Fixture() override { world.simulation.clear(); }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  Compute& compute() const override { return compute_; }
  RecordingCompute& ec2() { return compute_; }
  void run() {
    fault->start();
    world.simulation.run_until(world.end());
  }

  World world;

 private:
  mutable RecordingCompute compute_;

 public:
  FaultConfig config;
  std::unique_ptr<Resource> fault;
};

std::size_t still_running(Fixture& fixture) {
  std::size_t count = 0;
  for (const auto& instance : fixture.ec2().all) count += instance.state() == InstanceState::running;
  return count;
}

TEST_CASE("faults: a zone loses its power and gets it back after the duration") {
  Fixture fixture("{at: 1m, duration: 2m, action: sim:az-power-loss, zone: us-east-1b}");
  fixture.run();
  CHECK(fixture.ec2().record == "60 power off 1; 180 power on 1; ");
  REQUIRE(fixture.world.events.events().size() == 2);
  CHECK(fixture.world.events.events()[0].text == "zone us-east-1b loses power");
}

TEST_CASE("faults: a zone runs out of capacity and finds some again") {
  Fixture fixture(
      "{at: 0s, duration: 30s, action: aws:ec2:asg-insufficient-instance-capacity-error, zone: us-east-1a}");
  fixture.run();
  CHECK(fixture.ec2().record == "0 no capacity 0; 30 capacity 0; ");
}

TEST_CASE("faults: only running Spot instances of the target are reclaimed, as many as the share says") {
  Fixture fixture(
      "{at: 1s, action: aws:ec2:send-spot-instance-interruptions, target: web, selection: PERCENT(34)}");
  for (int i = 0; i < 5; ++i)
    fixture.ec2().all.emplace_back("spot" + std::to_string(i), Market::spot, InstanceState::running);
  fixture.ec2().all.emplace_back("bought", Market::on_demand, InstanceState::running);
  fixture.ec2().all.emplace_back("pending", Market::spot, InstanceState::pending);
  fixture.run();
  // ceil(5 x 34 %) = 2
  CHECK(fixture.ec2().interrupted.size() == 2);
  for (const std::string& name : fixture.ec2().interrupted) CHECK(name.starts_with("spot"));
}

TEST_CASE("faults: a count of running instances is terminated, drawn at random") {
  Fixture fixture("{at: 1s, action: aws:ec2:terminate-instances, target: web, selection: COUNT(3)}");
  for (int i = 0; i < 10; ++i) fixture.ec2().all.emplace_back("i", Market::on_demand, InstanceState::running);
  fixture.run();
  CHECK(still_running(fixture) == 7);
  const bool first_three = fixture.ec2().all[0].state() != InstanceState::running &&
                           fixture.ec2().all[1].state() != InstanceState::running &&
                           fixture.ec2().all[2].state() != InstanceState::running;
  CHECK_FALSE(first_three);
}

TEST_CASE("faults: a selection is all, a count or a percentage, rounded up") {
  CHECK(Selection{}.of(7) == 7);
  CHECK(Selection{Selection::Mode::count, 9}.of(7) == 7);
  CHECK(Selection{Selection::Mode::percent, 33}.of(3) == 1);
  CHECK(Selection{Selection::Mode::percent, 34}.of(3) == 2);
  CHECK(Selection{Selection::Mode::percent, 100}.of(0) == 0);
}

}  // namespace
}  // namespace nephoscope::faults
