// A group "web" on stand-ins of what it uses, and what tests ask of it.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <utility>

#include "models/autoscaling/group.hpp"
#include "tests/models/autoscaling/fakes.hpp"

namespace nephoscope::autoscaling {

using fakes::kDrains;
using fakes::kEnds;

// Which changes of state have happened.
struct SeenChanges final : ChangeObserver {
  void moved(LifecycleState from, LifecycleState to) override { states.emplace(from, to); }
  void progressed(ActivityStatus from, ActivityStatus to) override { statuses.emplace(from, to); }
  void refreshed(RefreshStatus from, RefreshStatus to) override { refreshes.emplace(from, to); }
  std::set<std::pair<LifecycleState, LifecycleState>> states;
  std::set<std::pair<ActivityStatus, ActivityStatus>> statuses;
  std::set<std::pair<RefreshStatus, RefreshStatus>> refreshes;
};

struct SeenDeployments final : DeploymentListener {
  void deployment_ended(const std::string& deployment, DeploymentOutcome outcome) override {
    ended.emplace_back(deployment, outcome);
  }
  std::vector<std::pair<std::string, DeploymentOutcome>> ended;
};

inline AutoScalingGroupConfig config_of(const std::string& keys) {
  SourceSet sources;
  Diagnostics diagnostics;
  const std::string yaml = "{type: AWS::AutoScaling::AutoScalingGroup, application: app, " + keys + "}";
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics);
  auto config = AutoScalingGroupConfig::fields().read(tree.root(), context);
  INFO(diagnostics.render(sources));
  REQUIRE(config.has_value());
  return std::move(*config);
}

class Fixture final : public Wiring {
 public:
  // `behind`: the group's instances are registered with `targets`.
  explicit Fixture(const std::string& keys, bool behind = false)
      : world({.warmup = {}, .duration = 24h * 30, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        config(config_of(keys)),
        ec2(world),
        targets(world),
        group(world, "web", config) {
    if (behind) group.attach(targets);
    group.observe(&seen);
    group.connect(*this);
  }
  ~Fixture() override {
    check_audit();
    world.simulation.clear();
  }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing is built"); }
  CloudWatch& cloudwatch() const override { return watch; }
  Compute& compute() const override { return ec2; }

  void start_and_run(Duration until) {
    group.start();
    run(until);
  }
  void run(Duration until) { world.simulation.run_until(Time{} + until); }

  // The member of the n-th instance that was launched.
  Member& member(std::size_t index) {
    for (Member* each : group.members())
      if (each->instance == &ec2[index]) return *each;
    fail_check("test", "instance " + std::to_string(index) + " has gone");
  }
  LifecycleState state(std::size_t index) { return member(index).state; }
  int in_service() const { return group.count(LifecycleState::in_service); }
  // Instances that stay, by zone: "a2 b1 c1".
  std::string zones() const {
    std::map<char, int> counts;
    for (const Member* each : group.members())
      if (each->stays()) ++counts[world.run.zones[each->instance->zone().value].back()];
    std::string text;
    for (const auto& [zone, number] : counts)
      text += (text.empty() ? "" : " ") + std::string(1, zone) + std::to_string(number);
    return text;
  }
  int of_version(const std::string& version) const {
    int number = 0;
    for (const Member* each : group.members()) number += each->stays() && each->version == version ? 1 : 0;
    return number;
  }
  bool logged(const std::string& text) const {
    for (const LoggedEvent& each : world.events.events())
      if (each.text.find(text) != std::string::npos) return true;
    return false;
  }
  double metric(const char* name) const {
    Report report;
    group.report(report);
    const Measure* measure = report.find({Scope::resource, "web", name});
    REQUIRE(measure != nullptr);
    const auto& ratio = std::get<RatioMeasure>(measure->value);
    return ratio.numerator / ratio.denominator;
  }
  void check_audit() const {
    Audit audit;
    group.audit(audit);
    for (const AuditLine& line : audit.lines()) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
  }

  World world;
  AutoScalingGroupConfig config;
  mutable fakes::ComputeFake ec2;
  mutable fakes::CloudWatchFake watch;
  fakes::TargetGroupFake targets;
  SeenChanges seen;
  SeenDeployments deployments;
  Group group;
};

}  // namespace nephoscope::autoscaling
