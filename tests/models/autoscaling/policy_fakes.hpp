// A CloudWatch whose alarms a test fires by hand, and a group whose numbers a test sets.
#pragma once

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/autoscaling/capacity.hpp"
#include "models/autoscaling/policies.hpp"
#include "models/autoscaling/scaling.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::autoscaling {

class FakeCloudWatch final : public CloudWatch {
 public:
  using Answer = std::function<std::optional<double>(Time from, Time to)>;

  MetricId metric(const MetricName& name) override {
    for (std::uint32_t i = 0; i < metrics.size(); ++i)
      if (metrics[i].space == name.space && metrics[i].name == name.name &&
          metrics[i].dimensions == name.dimensions)
        return MetricId(i);
    metrics.push_back(name);
    return MetricId(static_cast<std::uint32_t>(metrics.size() - 1));
  }
  void put(MetricId, Time, const StatisticSet&) override {}
  AlarmId put_alarm(const AlarmSpec& spec, AlarmListener* listener) override {
    alarms.push_back({spec, listener, AlarmState::insufficient_data});
    return AlarmId(static_cast<std::uint32_t>(alarms.size() - 1));
  }
  void delete_alarm(AlarmId) override {}
  AlarmState state(AlarmId alarm) const override { return alarms[alarm.value].state; }
  void keep(MetricId, Duration) override {}
  std::optional<double> statistic(MetricId, Statistic, Time from, Time to) const override {
    return answer ? answer(from, to) : std::nullopt;
  }

  const AlarmSpec& spec(const std::string& name) { return find(name).spec; }
  // The alarm is in ALARM with this value, and its action comes.
  void fire(const std::string& name, std::optional<double> value) {
    Alarm& alarm = find(name);
    const AlarmState before = std::exchange(alarm.state, AlarmState::alarm);
    alarm.listener->alarm_acts({AlarmId(), before, AlarmState::alarm, value, ""});
  }
  void calm(const std::string& name) {
    Alarm& alarm = find(name);
    const AlarmState before = std::exchange(alarm.state, AlarmState::ok);
    alarm.listener->alarm_acts({AlarmId(), before, AlarmState::ok, 0.0, ""});
  }

  struct Alarm {
    AlarmSpec spec;
    AlarmListener* listener;
    AlarmState state;
  };
  std::vector<MetricName> metrics;
  std::vector<Alarm> alarms;
  Answer answer;

 private:
  Alarm& find(const std::string& name) {
    for (Alarm& alarm : alarms)
      if (alarm.spec.name == name) return alarm;
    fail_check("test", "no alarm is named " + name);
  }
};

class FakeTargetGroup final : public TargetGroup {
 public:
  TargetId add(const Target&, TargetListener*) override { return {}; }
  void remove(TargetId) override {}
  TargetState state(TargetId) const override { return TargetState::unused; }
  MetricName request_count_per_target() const override {
    return {"AWS/ApplicationELB", "RequestCountPerTarget", {{"TargetGroup", "front"}}};
  }
};

class FakeCapacity final : public Capacity {
 public:
  struct Change {
    Time at;
    int to = 0;
    std::string reason;
    std::optional<Duration> warmup;
  };

  explicit FakeCapacity(World& world) : world_(world) {}
  const std::string& group() const override { return name; }
  int min_size() const override { return min; }
  int max_size() const override { return max; }
  int desired() const override { return wanted; }
  int in_service_past_warmup() const override { return current; }
  int warming() const override { return warming_up; }
  bool activity_in_progress() const override { return in_progress; }
  std::optional<Time> last_activity_end() const override { return ended; }
  Duration default_cooldown() const override { return 300s; }
  bool suspended(SuspendableProcess process) const override { return process == stopped; }
  MetricName group_metric(std::string_view metric) const override {
    return {"AWS/EC2", std::string(metric), {{"AutoScalingGroupName", name}}};
  }
  const std::vector<TargetGroup*>& target_groups() const override { return groups_; }
  void set_desired(int desired, const std::string& reason, std::optional<Duration> warmup) override {
    wanted = desired;
    changes.push_back({world_.now(), desired, reason, warmup});
  }
  void set_limits(std::optional<int> low, std::optional<int> high, std::optional<int> desired,
                  const std::string& reason) override {
    min = low.value_or(min);
    max = high.value_or(max);
    wanted = std::clamp(desired.value_or(wanted), min, max);
    changes.push_back({world_.now(), wanted, reason, std::nullopt});
  }

  std::string name = "web";
  int min = 0;
  int max = 100;
  int wanted = 10;
  int current = 10;
  int warming_up = 0;
  bool in_progress = false;
  std::optional<Time> ended;
  std::optional<SuspendableProcess> stopped;
  std::vector<Change> changes;

 private:
  World& world_;
  std::vector<TargetGroup*> groups_;
};

// As a group's own table reads it.
struct TestGroup final : ScalingConfig {
  static const FieldTable<TestGroup>& fields() {
    static const auto table = with_scaling(FieldTable<TestGroup>("test group", "A group in a test."));
    return table;
  }
};

struct ReadGroup {
  std::optional<TestGroup> config;
  std::string diagnostics;
};

inline ReadGroup read_group(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics);
  auto config = TestGroup::fields().read(tree.root(), context);
  return {std::move(config), diagnostics.render(sources)};
}

class PolicyFixture final : public Wiring {
 public:
  explicit PolicyFixture(const std::string& yaml, std::int64_t start_epoch = 0)
      : world({.warmup = {}, .duration = 24h * 30, .start_epoch = start_epoch, .windows = {}}, Seed{1}, 0),
        capacity(world),
        config(must_read(yaml)),
        policies(world, config) {}
  ~PolicyFixture() override { world.simulation.clear(); }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  CloudWatch& cloudwatch() const override { return metrics; }
  TargetGroup& target_group(std::string_view) const override { return front; }

  void start() {
    policies.connect(*this);
    policies.start(capacity);
  }
  void run(Duration until) { world.simulation.run_until(Time{} + until); }
  // Fires an alarm at `minute` and lets the policies decide.
  void fire(int minute, const std::string& alarm, std::optional<double> value) {
    run(std::chrono::minutes(minute));
    metrics.fire(alarm, value);
    run(std::chrono::minutes(minute));
  }
  std::vector<std::string> logged(const std::string& kind) const {
    std::vector<std::string> texts;
    for (const LoggedEvent& event : world.events.events())
      if (event.kind == kind) texts.push_back(event.text);
    return texts;
  }

  World world;
  mutable FakeCloudWatch metrics;
  mutable FakeTargetGroup front;
  FakeCapacity capacity;
  TestGroup config;
  Policies policies;

 private:
  static TestGroup must_read(const std::string& yaml) {
    ReadGroup read = read_group(yaml);
    INFO(read.diagnostics);
    REQUIRE(read.config.has_value());
    return std::move(*read.config);
  }
};

}  // namespace nephoscope::autoscaling
