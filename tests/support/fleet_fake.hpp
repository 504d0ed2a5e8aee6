// A fleet, its machines and a network with exact times, for what runs on instances (jobs, stores).
//
// A task on a machine takes `task_time` / speed; a transfer its size / `bandwidth`, alone on the path; a
// message the latency that `latency` names for its two places. Nothing is drawn.
#pragma once

#include <deque>
#include <functional>
#include <string>

#include "engine/base/check.hpp"
#include "models/common/compute.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"
#include "tests/support/quiet_network.hpp"
#include "tests/support/quiet_server.hpp"

namespace nephoscope::fleet_fake {

class ServerFake final : public QuietServer {
 public:
  explicit ServerFake(World& world) : world_(world) {}
  void submit(const Request&, ReplyId reply) override {
    ++submitted;
    if (fails) return answer(reply, Fault::transient);
    world_.simulation.spawn(work(reply));
  }
  void set_speed(double factor) override { speed = factor; }

  Duration task_time = 10s;
  double speed = 1;
  bool fails = false;
  int submitted = 0;

 private:
  Process work(ReplyId reply) {
    co_await world_.simulation.delay(from_seconds(to_seconds(task_time) / speed));
    answer(reply, Fault::none);
  }
  void answer(ReplyId reply, Fault fault) {
    Response response;
    response.fault = fault;
    world_.replies.answer(reply, response);
  }
  World& world_;
};

class InstanceFake final : public Instance {
 public:
  InstanceFake(World& world, std::string name, const HostSite& site, PlaceId place)
      : name_(std::move(name)), site_(site), place_(place), server_(world) {}
  const std::string& name() const override { return name_; }
  const std::string& type() const override { return instance_type; }
  ZoneId zone() const override { return site_.zone; }
  HostSite site() const override { return site_; }
  PlaceId place() const override { return place_; }
  std::optional<std::uint32_t> partition() const override { return in_partition; }
  bool alive() const override { return is_alive; }
  Market market() const override { return Market::on_demand; }
  InstanceState state() const override { return InstanceState::running; }
  StatusCheck status_check() const override { return StatusCheck::ok; }
  Time launched_at() const override { return {}; }
  std::optional<Time> running_since() const override { return Time{}; }
  ServerFake& server() override { return server_; }
  bool application_running() const override { return is_alive; }
  void terminate() override {}
  void stop() override {}
  void start() override {}
  void reboot() override {}
  void set_degradation(double speed) override { server_.speed = speed; }
  double cpu_speed() const override { return server_.speed; }
  void set_disk_speed(double share) override { disk = share; }
  double disk_speed() const override { return disk; }

  std::string instance_type = "m6i.large";
  bool is_alive = false;
  std::optional<std::uint32_t> in_partition;
  double disk = 1;

 private:
  std::string name_;
  HostSite site_;
  PlaceId place_;
  ServerFake server_;
};

class NetworkFake final : public QuietNetwork {
 public:
  explicit NetworkFake(World& world) : world_(world) { world.network = this; }
  Way way(PlaceId from, PlaceId to, std::uint64_t, std::uint32_t) override {
    const Duration each = latency ? latency(from, to) : Duration{};
    return {.there = each, .back = each};
  }
  void count(PlaceId, PlaceId, Bytes size) override { counted += size; }
  Task<Transfer> transfer(PlaceId, PlaceId, Bytes size) override {
    ++flows;
    most_flows = std::max(most_flows, ++in_flight);
    const Duration time = from_seconds(static_cast<double>(size.count) / bandwidth.value);
    const WaitStatus status = co_await world_.simulation.delay(time);
    --in_flight;
    co_return Transfer{.end = status == WaitStatus::done ? TransferEnd::done : TransferEnd::interrupted,
                       .time = time};
  }

  BytesPerSecond bandwidth{1e9};
  std::function<Duration(PlaceId, PlaceId)> latency;
  Bytes counted;
  int flows = 0, in_flight = 0, most_flows = 0;

 private:
  World& world_;
};

// The one fleet, and the wiring that leads to it.
class FleetFake final : public Compute, public Wiring {
 public:
  explicit FleetFake(World& world) : world_(world) {}
  LaunchResult launch(const LaunchSpec&, InstanceListener&) override { return LaunchFailure{"none"}; }
  std::vector<Instance*> instances(std::string_view) override { return {}; }
  void watch(std::string_view, InstanceListener& listener) override { watcher_ = &listener; }
  std::optional<int> vcpus(std::string_view) const override { return 2; }
  void set_zone_power(ZoneId, bool) override {}
  void set_capacity(ZoneId, bool) override {}
  void interrupt_spot(Instance&) override {}
  Compute& compute() const override { return const_cast<FleetFake&>(*this); }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }

  // A machine that stands there; it does nothing before up().
  InstanceFake& add(const HostSite& site) {
    const auto number = static_cast<std::uint32_t>(all.size());
    return all.emplace_back(world_, "i-" + std::to_string(number), site, PlaceId(number));
  }
  // One after the other in racks 0, 1, 2, ... of the first zone, all up.
  void add_up(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      up(add({.zone = ZoneId(0), .rack = static_cast<std::uint32_t>(all.size())}));
  }
  void up(InstanceFake& instance) {
    instance.is_alive = true;
    tell(instance, InstanceEvent::up);
    tell(instance, InstanceEvent::application_started);
  }
  void down(InstanceFake& instance) {
    instance.is_alive = false;
    tell(instance, InstanceEvent::down);
  }
  void terminate(InstanceFake& instance) {
    down(instance);
    tell(instance, InstanceEvent::shutting_down);
    tell(instance, InstanceEvent::terminated);
  }
  void tell(InstanceFake& instance, InstanceEvent event) { watcher_->instance_changed(instance, event); }

  std::deque<InstanceFake> all;

 private:
  World& world_;
  InstanceListener* watcher_ = nullptr;
};

}  // namespace nephoscope::fleet_fake
