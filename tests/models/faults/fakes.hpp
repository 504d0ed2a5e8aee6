// An EC2 and a network that write down what befalls them, for tests of faults.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.hpp"
#include "models/common/compute.hpp"
#include "models/common/reboot.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"
#include "models/faults/faults.hpp"
#include "tests/support/quiet_network.hpp"
#include "tests/support/quiet_server.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::faults {

// "60 web/i-0 stop; 120 web/i-0 start; ": each with the second at which it happened.
class Record final {
 public:
  explicit Record(World& world) : world_(world) {}
  void note(const std::string& what) {
    const auto second = static_cast<int>(to_seconds(world_.now().time_since_epoch()));
    text += fmt::format("{} {}; ", second, what);
  }
  World& world() { return world_; }
  std::string text;

 private:
  World& world_;
};

// One that needs 90 s to stop.
class FakeInstance final : public Instance {
 public:
  struct Is {
    HostSite site = {.zone = ZoneId(0)};
    Market market = Market::on_demand;
    InstanceState state = InstanceState::running;
    std::optional<std::uint32_t> partition = {};
  };
  FakeInstance(Record& record, std::string name, Is is)
      : record_(record), name_(std::move(name)), is_(std::move(is)) {}
  const std::string& name() const override { return name_; }
  const std::string& type() const override { return name_; }
  ZoneId zone() const override { return is_.site.zone; }
  HostSite site() const override { return is_.site; }
  std::optional<std::uint32_t> partition() const override { return is_.partition; }
  bool alive() const override { return is_.state == InstanceState::running && !hung; }
  Market market() const override { return is_.market; }
  InstanceState state() const override { return is_.state; }
  StatusCheck status_check() const override { return StatusCheck::ok; }
  Time launched_at() const override { return {}; }
  std::optional<Time> running_since() const override { return Time{}; }
  ApplicationServer& server() override { return server_; }
  bool application_running() const override { return true; }
  void terminate() override {
    record_.note(name_ + " terminate");
    is_.state = InstanceState::shutting_down;
  }
  void stop() override {
    record_.note(name_ + " stop");
    is_.state = InstanceState::stopping;
    const auto stopped = [](void* self) {
      static_cast<FakeInstance*>(self)->is_.state = InstanceState::stopped;
    };
    record_.world().simulation.after(90s, stopped, this);
  }
  void start() override {
    record_.note(name_ + " start");
    is_.state = InstanceState::running;
  }
  void reboot() override {
    record_.note(name_ + " reboot");
    hung = false;
  }
  void fail_system() override {
    record_.note(name_ + " hangs");
    hung = true;
  }
  void set_degradation(double speed) override { record_.note(fmt::format("{} cpu {:g}", name_, speed)); }
  void set_disk_speed(double speed) override { record_.note(fmt::format("{} disk {:g}", name_, speed)); }

  bool hung = false;

 private:
  Record& record_;
  std::string name_;
  Is is_;
  QuietServer server_;
};

class FakeCompute final : public Compute {
 public:
  explicit FakeCompute(World& world) : record(world) {}
  // Of owner "web", named "web/i-0" and so on.
  FakeInstance& add(FakeInstance::Is is = {}) {
    return all.emplace_back(record, fmt::format("web/i-{}", all.size()), is);
  }
  LaunchResult launch(const LaunchSpec&, InstanceListener&) override { return LaunchFailure{"none"}; }
  std::vector<Instance*> instances(std::string_view owner) override {
    std::vector<Instance*> result;
    if (owner == "web")
      for (FakeInstance& instance : all) result.push_back(&instance);
    return result;
  }
  void watch(std::string_view owner, InstanceListener& listener) override {
    if (owner == "web") watchers.push_back(&listener);
  }
  std::optional<int> vcpus(std::string_view) const override { return 2; }
  void set_zone_power(ZoneId zone, bool on) override {
    record.note(fmt::format("power {} {}", on ? "on" : "off", zone.value));
  }
  void set_capacity(ZoneId zone, bool available) override {
    record.note(fmt::format("{}capacity {}", available ? "" : "no ", zone.value));
  }
  void set_rack_power(RackId rack, bool on) override {
    record.note(fmt::format("rack {}.{} {}", rack.zone.value, rack.rack, on ? "on" : "off"));
  }
  void set_host_power(const HostSite& host, bool on) override {
    record.note(fmt::format("host {}.{}.{} {}", host.zone.value, host.rack, host.host, on ? "on" : "off"));
  }
  ZoneShape zone_shape() const override { return {.racks = 3, .hosts_per_rack = 2}; }
  void interrupt_spot(Instance& instance) override { record.note(instance.name() + " reclaimed"); }

  Record record;
  std::deque<FakeInstance> all;
  std::vector<InstanceListener*> watchers;
};

class FakeNetwork final : public QuietNetwork {
 public:
  explicit FakeNetwork(Record& record) : record_(record) {}
  DisturbanceId disturb(const NetworkPart& a, const NetworkPart& b, const Disturbance& what) override {
    std::string text = fmt::format("{}-{}", name(a), name(b));
    if (what.cut) text += " cut";
    if (what.delay > Duration{}) text += fmt::format(" +{:g} s", to_seconds(what.delay));
    if (what.loss.value > 0) text += fmt::format(" loses {:g}", what.loss.value);
    record_.note(text);
    return DisturbanceId(disturbances_++);
  }
  void calm(DisturbanceId id) override { record_.note(fmt::format("calm {}", id.value)); }

 private:
  static std::string name(const NetworkPart& part) {
    if (part.outside) return "outside";
    if (part.zone) return fmt::format("zone {}", part.zone->value);
    if (part.place) return "services";
    return part.owner ? *part.owner : *part.region;
  }
  Record& record_;
  std::uint32_t disturbances_ = 0;
};

// Faults of a scenario whose only resource with instances is "web".
// Three nodes, of which the second does not run.
class FakeNodes final : public Rebootable {
 public:
  explicit FakeNodes(Record& record) : record_(record) {}
  std::vector<std::string> running_nodes() const override { return {"cache/node-1", "cache/node-3"}; }
  void reboot_node(const std::string& name) override { record_.note(name + " reboots"); }

 private:
  Record& record_;
};

class Fixture final : public Wiring {
 public:
  // `faults`: one map of keys for each, named "a", "b" and so on.
  explicit Fixture(const std::vector<std::string>& faults, std::uint64_t seed = 1, Duration duration = 1h)
      : world({.warmup = {}, .duration = duration, .start_epoch = 0, .windows = {}}, Seed{seed}, 0),
        compute_(world),
        network_(compute_.record),
        nodes_(compute_.record) {
    world.network = &network_;
    for (const std::string& yaml : faults)
      configs_.push_back({.id = std::string(1, static_cast<char>('a' + configs_.size())),
                          .value = read_config<FaultConfig>(yaml)});
    const auto tag = [](const char* key, const char* value) { return Named<std::string>{key, value}; };
    running_ = build_faults(world, configs_,
                            {.resources = {"web", "front"},
                             .owners = {"web"},
                             .tags = {{"web", {tag("tier", "web"), tag("team", "search")}}, {"db", {}}}});
    running_->connect(*this);
  }
  ~Fixture() override { world.simulation.clear(); }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  Compute& compute() const override { return compute_; }
  Rebootable& rebootable(std::string_view id) const override {
    CHECK(id == "cache");
    return nodes_;
  }
  FakeCompute& ec2() { return compute_; }
  // Tells watchers that each instance runs.
  void come_up() {
    for (FakeInstance& instance : compute_.all)
      for (InstanceListener* watcher : compute_.watchers)
        watcher->instance_changed(instance, InstanceEvent::running);
  }
  void begin() {
    running_->start();
    come_up();
  }
  const std::string& run() {
    begin();
    world.simulation.run_until(world.end());
    return compute_.record.text;
  }

  World world;

 private:
  mutable FakeCompute compute_;
  FakeNetwork network_;
  mutable FakeNodes nodes_;
  std::vector<Named<FaultConfig>> configs_;
  std::unique_ptr<Resource> running_;
};

}  // namespace nephoscope::faults
