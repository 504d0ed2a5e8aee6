// Stand-ins for EC2, CloudWatch and a target group, with fixed times: an instance runs 10 s after its launch
// and its application 20 s later; it ends 5 s after TerminateInstances; a target is healthy 15 s after its
// registration and drains for 30 s.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/compute.hpp"
#include "models/common/target_group.hpp"
#include "models/common/world.hpp"
#include "tests/support/quiet_server.hpp"

namespace nephoscope::autoscaling::fakes {

inline constexpr Duration kRuns = 10s;
inline constexpr Duration kStarts = 20s;
inline constexpr Duration kEnds = 5s;
inline constexpr Duration kHealthy = 15s;
inline constexpr Duration kDrains = 30s;

class InstanceFake final : public Instance {
 public:
  InstanceFake(World& world, const LaunchSpec& spec, std::string name, InstanceListener& listener)
      : world_(world),
        name_(std::move(name)),
        type_(spec.instance_type),
        zone_(spec.zone),
        market_(spec.market),
        launched_(world.now()),
        listener_(listener),
        server_(spec.version.empty() ? "v1" : spec.version) {
    comes_up();
  }
  const std::string& name() const override { return name_; }
  const std::string& type() const override { return type_; }
  ZoneId zone() const override { return zone_; }
  Market market() const override { return market_; }
  InstanceState state() const override { return state_; }
  StatusCheck status_check() const override { return StatusCheck::ok; }
  Time launched_at() const override { return launched_; }
  std::optional<Time> running_since() const override { return running_; }
  ApplicationServer& server() override { return server_; }
  bool application_running() const override { return state_ == InstanceState::running; }
  std::string start_failure() const override { return no_start ? "InsufficientInstanceCapacity" : ""; }
  void set_in_group_metrics(bool in) override { in_metrics = in; }
  void terminate() override {
    if (state_ == InstanceState::shutting_down || state_ == InstanceState::terminated) return;
    state_ = InstanceState::shutting_down;
    later(kEnds, &InstanceFake::ended);
    tell(InstanceEvent::shutting_down);
  }
  void stop() override {
    if (state_ != InstanceState::running) return;
    state_ = InstanceState::stopping;
    later(kEnds, &InstanceFake::stopped);
    tell(InstanceEvent::stopping);
  }
  void start() override {
    if (state_ == InstanceState::stopped && !no_start) comes_up();
  }
  void reboot() override {}

  void tell(InstanceEvent event) { listener_.instance_changed(*this, event); }

  bool in_metrics = true;
  bool no_start = false;

 private:
  struct Step {
    InstanceFake* self;
    void (InstanceFake::*what)();
  };
  void comes_up() {
    state_ = InstanceState::pending;
    later(kRuns, &InstanceFake::runs);
  }
  void runs() {
    if (state_ != InstanceState::pending) return;
    state_ = InstanceState::running;
    running_ = world_.now();
    later(kStarts, &InstanceFake::serves);
    tell(InstanceEvent::running);
  }
  void serves() {
    if (state_ == InstanceState::running) tell(InstanceEvent::application_started);
  }
  void stopped() {
    if (state_ != InstanceState::stopping) return;
    state_ = InstanceState::stopped;
    tell(InstanceEvent::stopped);
  }
  void ended() {
    state_ = InstanceState::terminated;
    tell(InstanceEvent::terminated);
  }
  void later(Duration delay, void (InstanceFake::*what)()) {
    steps_.push_back(std::make_unique<Step>(Step{this, what}));
    const auto callback = [](void* step) {
      auto* each = static_cast<Step*>(step);
      (each->self->*each->what)();
    };
    world_.simulation.after(delay, callback, steps_.back().get());
  }

  World& world_;
  std::string name_;
  std::string type_;
  ZoneId zone_;
  Market market_;
  Time launched_;
  std::optional<Time> running_;
  InstanceListener& listener_;
  QuietServer server_;
  InstanceState state_ = InstanceState::pending;
  std::vector<std::unique_ptr<Step>> steps_;
};

class ComputeFake final : public Compute {
 public:
  explicit ComputeFake(World& world) : world_(world) {}
  LaunchResult launch(const LaunchSpec& spec, InstanceListener& listener) override {
    attempts += world_.run.zones[spec.zone.value].back();
    if (!error.empty()) return LaunchFailure{error};
    if (full_zones.contains(spec.zone.value) || full_types.contains(spec.instance_type))
      return LaunchFailure{"InsufficientInstanceCapacity"};
    check(spec.auto_scaling_member, "test", "a member must say so");
    instances_.push_back(std::make_unique<InstanceFake>(
        world_, spec, spec.owner + "/i-" + std::to_string(instances_.size()), listener));
    return instances_.back().get();
  }
  std::vector<Instance*> instances(std::string_view) override { return {}; }
  std::optional<int> vcpus(std::string_view) const override { return 2; }
  void set_zone_power(ZoneId, bool) override {}
  void set_capacity(ZoneId, bool) override {}
  void interrupt_spot(Instance&) override {}

  InstanceFake& operator[](std::size_t index) { return *instances_.at(index); }
  std::size_t size() const { return instances_.size(); }

  std::set<std::uint32_t> full_zones;
  std::set<std::string> full_types;
  std::string error;     // with which every launch fails
  std::string attempts;  // last letters of the zones that were tried

 private:
  World& world_;
  std::vector<std::unique_ptr<InstanceFake>> instances_;
};

class TargetGroupFake final : public TargetGroup {
 public:
  explicit TargetGroupFake(World& world) : world_(world) {}
  TargetId add(const Target& target, TargetListener* listener) override {
    const TargetId id(static_cast<std::uint32_t>(targets_.size()));
    targets_.push_back(std::make_unique<Entry>(Entry{this, id, target.name, listener, TargetState::initial}));
    later(kHealthy, id, [](void* entry) {
      auto& each = *static_cast<Entry*>(entry);
      if (each.state == TargetState::initial) each.group->change(each, each.group->verdict);
    });
    return id;
  }
  void remove(TargetId target) override {
    Entry& entry = *targets_[target.value];
    if (entry.state == TargetState::draining || entry.state == TargetState::unused) return;
    change(entry, drains ? TargetState::draining : TargetState::unused);
    if (!drains) return;
    later(kDrains, target, [](void* each) {
      static_cast<Entry*>(each)->group->change(*static_cast<Entry*>(each), TargetState::unused);
    });
  }
  TargetState state(TargetId target) const override { return targets_[target.value]->state; }
  MetricName request_count_per_target() const override { return {}; }

  // What the health checks of an instance find from now on.
  void set(const std::string& name, TargetState state) {
    for (auto& each : targets_)
      if (each->name == name && each->state != TargetState::unused) change(*each, state);
  }
  int count(TargetState state) const {
    return static_cast<int>(std::count_if(targets_.begin(), targets_.end(),
                                          [&](const auto& each) { return each->state == state; }));
  }

  bool drains = true;
  TargetState verdict = TargetState::healthy;  // on new targets

 private:
  struct Entry {
    TargetGroupFake* group;
    TargetId id;
    std::string name;
    TargetListener* listener;
    TargetState state;
  };
  void change(Entry& entry, TargetState now) {
    const TargetState before = entry.state;
    entry.state = now;
    if (before != now) entry.listener->target_changed(entry.id, before, now);
  }
  void later(Duration delay, TargetId id, Simulation::Callback callback) {
    world_.simulation.after(delay, callback, targets_[id.value].get());
  }

  World& world_;
  std::vector<std::unique_ptr<Entry>> targets_;
};

class CloudWatchFake final : public CloudWatch {
 public:
  MetricId metric(const MetricName& name) override {
    names.push_back(name);
    return MetricId(static_cast<std::uint32_t>(names.size() - 1));
  }
  void put(MetricId metric, Time stamp, const StatisticSet& values) override {
    last[names[metric.value].name] = values.sum;
    stamps.insert(stamp);
  }
  AlarmId put_alarm(const AlarmSpec&, AlarmListener*) override { return {}; }
  void delete_alarm(AlarmId) override {}
  AlarmState state(AlarmId) const override { return {}; }
  void keep(MetricId, Duration) override {}
  std::optional<double> statistic(MetricId, Statistic, Time, Time) const override { return std::nullopt; }

  std::vector<MetricName> names;
  std::map<std::string, double> last;
  std::set<Time> stamps;
};

}  // namespace nephoscope::autoscaling::fakes
