#include "models/autoscaling/group.hpp"

#include "tests/models/autoscaling/fixture.hpp"

namespace nephoscope::autoscaling {
namespace {

using L = LifecycleState;

TEST_CASE("group: it launches its desired capacity at the start, spread over the zones") {
  Fixture f("min_size: 4, max_size: 8");
  f.start_and_run(0s);
  CHECK(f.ec2.size() == 4);
  CHECK(f.zones() == "a2 b1 c1");
  CHECK(f.state(0) == L::pending);
  f.run(10s);
  CHECK(f.in_service() == 4);
  CHECK(f.group.desired() == 4);
}

TEST_CASE("group: it stays in the zones that it names") {
  Fixture f("min_size: 4, max_size: 8, availability_zones: [us-east-1c, us-east-1a]");
  f.start_and_run(0s);
  CHECK(f.zones() == "a2 c2");
}

TEST_CASE("group: an instance is warm a cooldown after InService, and only then in the group's metrics") {
  Fixture f("min_size: 1, max_size: 8");
  f.start_and_run(10s);
  CHECK(f.group.warming() == 1);
  CHECK(f.group.in_service_past_warmup() == 0);
  CHECK_FALSE(f.ec2[0].in_metrics);
  f.run(309s);
  CHECK_FALSE(f.ec2[0].in_metrics);
  // InService at 10 s + default_cooldown 300 s.
  f.run(310s);
  CHECK(f.group.warming() == 0);
  CHECK(f.group.in_service_past_warmup() == 1);
  CHECK(f.ec2[0].in_metrics);
}

TEST_CASE("group: default_instance_warmup replaces the cooldown, a policy's own warm-up replaces both") {
  Fixture f("min_size: 1, max_size: 8, default_instance_warmup: 60s");
  f.start_and_run(70s);
  CHECK(f.group.in_service_past_warmup() == 1);
  f.group.set_desired(2, "policy", 20s);
  // Launched at 70 s, InService at 80 s, warm at 100 s.
  f.run(99s);
  CHECK(f.group.in_service_past_warmup() == 1);
  f.run(100s);
  CHECK(f.group.in_service_past_warmup() == 2);
}

TEST_CASE("group: a desired capacity beyond the limits is cut, and the log says so") {
  Fixture f("min_size: 2, max_size: 5");
  f.start_and_run(10s);
  f.group.set_desired(9, "alarm High in ALARM");
  CHECK(f.group.desired() == 5);
  CHECK(f.logged("desired 2 -> 5: alarm High in ALARM (wanted 9, limits 2 to 5)"));
  f.group.set_desired(0, "alarm Low in ALARM");
  CHECK(f.group.desired() == 2);
  CHECK(f.metric("scale_outs") == 1);
  CHECK(f.metric("scale_ins") == 1);
}

TEST_CASE("group: a scheduled action moves the limits, and desired is pulled along") {
  Fixture f("min_size: 2, max_size: 5");
  f.start_and_run(10s);
  f.group.set_limits(4, 6, std::nullopt, "scheduled action morning");
  CHECK(f.group.min_size() == 4);
  CHECK(f.group.max_size() == 6);
  CHECK(f.group.desired() == 4);
  f.group.set_limits(std::nullopt, 3, std::nullopt, "scheduled action evening");
  CHECK(f.group.min_size() == 3);
  CHECK(f.group.desired() == 3);
  CHECK(f.logged("limits 2 to 5 -> 4 to 6: scheduled action morning"));
}

TEST_CASE("group: scale-in follows the termination policies, after the zones' balance") {
  Fixture f("min_size: 1, max_size: 8, desired_capacity: 4, termination_policies: [NewestInstance]");
  f.start_and_run(1h);
  f.group.set_desired(5, "more");
  f.run(2h);
  CHECK(f.zones() == "a2 b2 c1");
  f.group.set_desired(4, "less");
  // Zones a and b are the fullest; the newest instance there is the last one launched.
  CHECK(f.state(4) == L::terminating);
  CHECK(f.group.count(L::in_service) == 4);
  f.run(2h + kEnds);
  CHECK(f.metric("terminations") == 1);
  CHECK(f.logged("web/i-4: less"));
}

TEST_CASE("group: protected instances survive scale-in") {
  Fixture f("min_size: 0, max_size: 8, desired_capacity: 2, new_instances_protected_from_scale_in: true");
  f.start_and_run(1min);
  f.group.set_desired(1, "less");
  CHECK(f.in_service() == 2);
  f.group.set_protected(f.member(1), false);
  f.group.settle();
  CHECK(f.state(1) == L::terminating);
}

TEST_CASE("group: registration precedes InService, deregistration and draining precede the end") {
  Fixture f("min_size: 0, max_size: 8, desired_capacity: 2", true);
  f.start_and_run(10s);
  CHECK(f.in_service() == 2);
  CHECK(f.targets.count(TargetState::initial) == 2);  // InService does not wait for the health checks
  f.run(1min);
  f.group.set_desired(1, "less");
  CHECK(f.targets.count(TargetState::draining) == 1);
  CHECK(f.member(0).stays() != f.member(1).stays());
  const std::size_t victim = f.member(0).stays() ? 1 : 0;
  CHECK(f.member(victim).activity.status() == ActivityStatus::waiting_for_elb_connection_draining);
  CHECK(f.ec2[victim].state() == InstanceState::running);
  f.run(1min + kDrains);
  CHECK(f.ec2[victim].state() == InstanceState::shutting_down);
  CHECK(f.group.activity_in_progress());
  f.run(1min + kDrains + kEnds);
  CHECK_FALSE(f.group.activity_in_progress());
  CHECK(*f.group.last_activity_end() == Time{} + 1min + kDrains + kEnds);
}

TEST_CASE("group: with AddToLoadBalancer suspended, instances are not registered") {
  Fixture f("min_size: 2, max_size: 8, suspended_processes: [AddToLoadBalancer]", true);
  f.start_and_run(1min);
  CHECK(f.in_service() == 2);
  CHECK(f.targets.count(TargetState::initial) + f.targets.count(TargetState::healthy) == 0);
}

TEST_CASE("group: a launch that fails in one zone is tried in the next, and retried at growing intervals") {
  Fixture f("min_size: 3, max_size: 8");
  f.ec2.full_zones = {0};
  f.start_and_run(0s);
  CHECK(f.zones() == "b2 c1");
  CHECK(f.ec2.attempts == "abacab");
  CHECK(f.metric("failed_launches") == 3);
  f.ec2.full_zones = {0, 1, 2};
  f.ec2.attempts = "";
  f.group.set_desired(4, "more");
  CHECK(f.ec2.attempts == "acb");
  // Retries 30 s, then 60 s, then 120 s later.
  f.run(29s);
  CHECK(f.ec2.attempts.size() == 3);
  f.run(30s);
  CHECK(f.ec2.attempts.size() == 6);
  f.run(89s);
  CHECK(f.ec2.attempts.size() == 6);
  f.run(90s);
  CHECK(f.ec2.attempts.size() == 9);
  f.ec2.full_zones = {};
  f.run(210s);
  CHECK(f.group.counted() == 4);
}

TEST_CASE("group: balanced-only keeps to the zone that needs the instance") {
  Fixture f("min_size: 3, max_size: 8, capacity_distribution: balanced-only");
  f.ec2.full_zones = {1};
  f.start_and_run(0s);
  CHECK(f.zones() == "a1");
  CHECK(f.ec2.attempts == "ab");
  f.ec2.full_zones = {};
  f.run(30s);
  CHECK(f.zones() == "a1 b1 c1");
}

TEST_CASE("group: another error than lack of capacity is not tried with other types") {
  Fixture f("min_size: 1, max_size: 8, mixed_instances: {overrides: [m6i.large, m5.large]}");
  f.ec2.error = "InstanceLimitExceeded";
  f.start_and_run(0s);
  CHECK(f.ec2.attempts == "abc");
  CHECK(f.logged("no instance in us-east-1a: InstanceLimitExceeded"));
}

TEST_CASE("group: with Launch or Terminate suspended, the desired capacity moves alone") {
  Fixture f("min_size: 0, max_size: 8, desired_capacity: 2");
  f.start_and_run(1min);
  f.group.set_suspended(SuspendableProcess::launch, true);
  f.group.set_desired(3, "more");
  CHECK(f.group.counted() == 2);
  f.group.set_suspended(SuspendableProcess::launch, false);
  CHECK(f.group.counted() == 3);
  f.group.set_suspended(SuspendableProcess::terminate, true);
  f.group.set_desired(1, "less");
  CHECK(f.group.counted() == 3);
  f.group.set_suspended(SuspendableProcess::terminate, false);
  CHECK(f.group.counted() == 1);
}

TEST_CASE("group: scale-in meets an instance that is still pending and cancels its launch") {
  Fixture f("min_size: 0, max_size: 8, desired_capacity: 1");
  f.start_and_run(5s);
  f.group.set_desired(0, "less");
  CHECK(f.state(0) == L::terminating);
  f.run(10s);
  CHECK(f.group.members().empty());
  CHECK(f.metric("entered_service") == 0);
}

TEST_CASE("group: a launch hook holds an instance in Pending:Wait") {
  Fixture f(
      "min_size: 1, max_size: 8, lifecycle_hooks: {install: {transition: launching, assume: {duration: "
      "2m}}}");
  f.start_and_run(10s);
  CHECK(f.state(0) == L::pending_wait);
  CHECK(f.member(0).activity.status() == ActivityStatus::mid_lifecycle_action);
  f.run(129s);
  CHECK(f.in_service() == 0);
  f.run(130s);
  CHECK(f.in_service() == 1);
}

TEST_CASE("group: a launch that its hook abandons is terminated and replaced") {
  Fixture f(
      "min_size: 1, max_size: 8, lifecycle_hooks: {install: {transition: launching, heartbeat_timeout: 60s, "
      "assume: {duration: 2m}}}");
  f.start_and_run(69s);
  CHECK(f.ec2.size() == 1);
  // Running at 10 s; the hook's default result after 60 s more is ABANDON.
  f.run(70s);
  CHECK(f.state(0) == L::terminating);
  CHECK(f.ec2.size() == 2);
  CHECK(f.metric("failed_launches") == 1);
}

TEST_CASE("group: with CONTINUE as default result a hook that times out lets the instance in") {
  Fixture f(
      "min_size: 1, max_size: 8, lifecycle_hooks: {install: {transition: launching, heartbeat_timeout: 60s, "
      "default_result: CONTINUE, assume: {duration: 2m}}}");
  f.start_and_run(70s);
  CHECK(f.in_service() == 1);
}

TEST_CASE("group: a terminate hook runs after draining") {
  Fixture f(
      "min_size: 0, max_size: 8, desired_capacity: 1, lifecycle_hooks: {logs: {transition: terminating, "
      "assume: {duration: 20s}}}",
      true);
  f.start_and_run(1min);
  f.group.set_desired(0, "less");
  f.run(1min + kDrains);
  CHECK(f.state(0) == L::terminating_wait);
  f.run(1min + kDrains + 20s);
  CHECK(f.state(0) == L::terminating_proceed);
  f.run(1min + kDrains + 20s + kEnds);
  CHECK(f.group.members().empty());
}

TEST_CASE("group: an instance in Standby is neither registered nor counted") {
  Fixture f("min_size: 1, max_size: 8, desired_capacity: 2", true);
  f.start_and_run(1min);
  f.group.enter_standby(f.member(0), true);
  CHECK(f.group.desired() == 1);
  CHECK(f.group.counted() == 1);
  CHECK(f.targets.count(TargetState::draining) == 1);
  f.run(2min);
  CHECK(f.ec2.size() == 2);
  f.group.exit_standby(f.member(0), true);
  CHECK(f.in_service() == 2);
  CHECK(f.group.desired() == 2);
  CHECK(f.targets.count(TargetState::initial) == 1);
}

TEST_CASE("group: a mixed group launches On-Demand and Spot Instances by its distribution") {
  Fixture f(
      "min_size: 6, max_size: 8, mixed_instances: {on_demand_base_capacity: 2, "
      "on_demand_percentage_above_base_capacity: 25, overrides: [m6i.large, m5.large, c5.large]}");
  f.start_and_run(1min);
  int spot = 0;
  std::map<std::string, int> types;
  for (std::size_t i = 0; i < 6; ++i) {
    if (f.ec2[i].market() != Market::spot) continue;
    ++spot;
    ++types[f.ec2[i].type()];
  }
  // 2 + ceil(0.25 x 4) = 3 On-Demand Instances; Spot spreads over the first two types.
  CHECK(spot == 3);
  CHECK(types == std::map<std::string, int>{{"m6i.large", 2}, {"m5.large", 1}});
}

TEST_CASE("group: a type without capacity gives way to the next") {
  Fixture f("min_size: 1, max_size: 8, mixed_instances: {overrides: [m6i.large, m5.large]}");
  f.ec2.full_types = {"m6i.large"};
  f.start_and_run(1min);
  CHECK(f.ec2[0].type() == "m5.large");
}

TEST_CASE("group: its metrics reach CloudWatch each minute when they are collected") {
  Fixture f("min_size: 2, max_size: 8, metrics_collection: true");
  f.start_and_run(3min);
  CHECK(f.watch.last.at("GroupDesiredCapacity") == 2);
  CHECK(f.watch.last.at("GroupInServiceInstances") == 2);
  CHECK(f.watch.last.at("GroupPendingInstances") == 0);
  CHECK(f.watch.last.at("GroupTotalInstances") == 2);
  CHECK(f.watch.stamps.size() == 4);  // at 0, 1, 2 and 3 min
  CHECK(f.watch.names.front().space == "AWS/AutoScaling");
  CHECK(f.group.group_metric("CPUUtilization").space == "AWS/EC2");
}

TEST_CASE("group: without metrics_collection nothing is published") {
  Fixture f("min_size: 2, max_size: 8");
  f.start_and_run(3min);
  CHECK(f.watch.last.empty());
}

TEST_CASE("group: it reports time-weighted means") {
  Fixture f("min_size: 2, max_size: 8");
  f.start_and_run(100s);
  // InService: 2 from 10 s on; desired: 2 all the time.
  CHECK(f.metric("GroupInServiceInstances") == doctest::Approx(2 * 0.9));
  CHECK(f.metric("GroupDesiredCapacity") == doctest::Approx(2));
  CHECK(f.metric("GroupTotalInstances") == doctest::Approx(2));
  CHECK(f.metric("entered_service") == 2);
}

}  // namespace
}  // namespace nephoscope::autoscaling
