// What a controller that owns groups does to them.
#include "tests/models/autoscaling/fixture.hpp"

namespace nephoscope::autoscaling {
namespace {

using L = LifecycleState;

// A group "extra" beside "web", with instances that belong to "web".
struct Extra {
  explicit Extra(Fixture& fixture, const std::string& keys, std::vector<TargetGroup*> targets = {})
      : f(fixture), config(config_of(keys)) {
    config.instance_owner = "web";
    group = std::make_unique<Group>(f.world, "extra", config);
    for (TargetGroup* each : targets) group->attach(*each);
    group->connect(f);
    group->start();
  }
  std::string broken_audits() const {
    Audit audit;
    group->audit(audit);
    std::string broken;
    for (const AuditLine& line : audit.lines()) broken += line.ok ? "" : line.detail;
    return broken;
  }
  Fixture& f;
  AutoScalingGroupConfig config;
  std::unique_ptr<Group> group;
};

AutoScalingGroup& control(Fixture& f) { return *f.group.auto_scaling_group(); }

TEST_CASE("control: a controller sees the instances that are in the group or on their way into it") {
  Fixture f("min_size: 2, max_size: 8");
  f.start_and_run(20s);
  f.group.set_desired(3, "more");
  AutoScalingGroup& group = control(f);
  group.terminate_instance(f.ec2[0], true, "less");
  CHECK(group.group_name() == "web");
  CHECK(group.instances() == std::vector<Instance*>{&f.ec2[1], &f.ec2[2]});
  CHECK_FALSE(group.in_service(f.ec2[0]));
  CHECK(group.in_service(f.ec2[1]));
  CHECK_FALSE(group.in_service(f.ec2[2]));
  CHECK(group.desired_capacity() == 2);
}

TEST_CASE("control: a launch template's type and version hold for later launches") {
  Fixture f("min_size: 1, max_size: 8, version: v1");
  f.start_and_run(20s);
  control(f).set_launch_version("v2");
  control(f).set_launch_type("c5.large");
  f.group.set_desired(2, "more");
  control(f).set_launch_version("");
  control(f).set_launch_type("");
  f.group.set_desired(3, "more");
  const auto launched = [&](std::size_t i) { return f.ec2[i].type() + " " + f.ec2[i].server().version(); };
  CHECK(launched(0) == "m6i.large v1");
  CHECK(launched(1) == "c5.large v2");
  CHECK(launched(2) == "m6i.large v1");
}

TEST_CASE("control: an update moves limits and desired capacity") {
  Fixture f("min_size: 2, max_size: 4");
  f.start_and_run(20s);
  control(f).update(3, 6, 5, "configuration");
  CHECK(control(f).minimum_size() == 3);
  CHECK(control(f).maximum_size() == 6);
  CHECK(control(f).desired_capacity() == 5);
  CHECK(f.ec2.size() == 5);
  control(f).update(std::nullopt, 3, std::nullopt, "configuration");
  CHECK(control(f).desired_capacity() == 3);
}

TEST_CASE("control: a frozen group replaces nothing, and afterwards what it had suspended stays suspended") {
  Fixture f(
      "min_size: 2, max_size: 8, default_instance_warmup: 0s, health_check_type: ELB, "
      "suspended_processes: [AZRebalance]",
      true);
  f.start_and_run(10min);
  control(f).set_frozen(true);
  CHECK(f.group.suspended(SuspendableProcess::alarm_notification));
  CHECK(f.group.suspended(SuspendableProcess::scheduled_actions));
  f.targets.set("web/i-1", TargetState::unhealthy);
  f.run(20min);
  CHECK(f.ec2.size() == 2);
  control(f).set_frozen(false);
  CHECK_FALSE(f.group.suspended(SuspendableProcess::alarm_notification));
  CHECK_FALSE(f.group.suspended(SuspendableProcess::replace_unhealthy));
  CHECK(f.group.suspended(SuspendableProcess::az_rebalance));
  f.run(21min);
  CHECK(f.state(1) == L::terminating);
  CHECK(f.ec2.size() == 3);
}

TEST_CASE("control: a frozen group keeps instances past their lifetime") {
  Fixture f("min_size: 1, max_size: 8, default_instance_warmup: 0s, max_instance_lifetime: 1d");
  f.start_and_run(10min);
  control(f).set_frozen(true);
  f.run(26h);
  CHECK(f.ec2.size() == 1);
  control(f).set_frozen(false);
  f.run(27h);
  CHECK(f.ec2.size() == 2);
}

TEST_CASE("control: an instance that is terminated drains first, and is replaced unless the group shrinks") {
  for (const bool shrinks : {false, true}) {
    CAPTURE(shrinks);
    Fixture f("min_size: 1, max_size: 8, desired_capacity: 3", true);
    f.start_and_run(10min);
    control(f).terminate_instance(f.ec2[1], shrinks, "the batch");
    CHECK(f.state(1) == L::terminating);
    CHECK(f.targets.count(TargetState::draining) == 1);
    CHECK(f.ec2[1].state() == InstanceState::running);
    CHECK(f.group.desired() == (shrinks ? 2 : 3));
    CHECK(f.ec2.size() == (shrinks ? 3 : 4));
    f.run(10min + kDrains);
    CHECK(f.ec2[1].state() == InstanceState::shutting_down);
  }
}

TEST_CASE("control: targets taken out are not unhealthy, and can be put back again and again") {
  Fixture f("min_size: 2, max_size: 8, default_instance_warmup: 0s, health_check_type: ELB", true);
  f.start_and_run(10min);
  AutoScalingGroup& group = control(f);
  CHECK(group.registered(f.ec2[0]));
  for (int round = 0; round < 2; ++round) {
    CAPTURE(round);
    f.targets.set("web/i-0", TargetState::unhealthy);
    CHECK_FALSE(group.healthy_target(f.ec2[0]));
    const Duration begin = f.world.now().time_since_epoch();
    group.deregister_targets(f.ec2[0]);
    CHECK(group.registered(f.ec2[0]));  // it drains for 30 s
    CHECK(group.healthy_target(f.ec2[0]));
    f.run(begin + kDrains);
    CHECK_FALSE(group.registered(f.ec2[0]));
    f.run(begin + 10min + 5s);  // looks at health go by
    group.register_targets(f.ec2[0]);
    group.register_targets(f.ec2[0]);  // no effect
    CHECK(group.registered(f.ec2[0]));
    CHECK_FALSE(group.healthy_target(f.ec2[0]));
    f.run(begin + 10min + 20s);  // healthy 15 s after its registration
    CHECK(group.healthy_target(f.ec2[0]));
    CHECK(f.targets.count(TargetState::healthy) == 2);
  }
  CHECK(f.ec2.size() == 2);
  CHECK(f.metric("unhealthy") == 0);
}

TEST_CASE("control: an instance that drains is registered anew beside its old target") {
  Fixture f("min_size: 1, max_size: 8", true);
  f.start_and_run(10min);
  control(f).deregister_targets(f.ec2[0]);
  control(f).register_targets(f.ec2[0]);
  CHECK(f.targets.count(TargetState::draining) == 1);
  CHECK(f.targets.count(TargetState::initial) == 1);
  f.run(11min);
  CHECK(f.targets.count(TargetState::healthy) == 1);
  CHECK(control(f).healthy_target(f.ec2[0]));
}

TEST_CASE("control: a group takes over what is in service, and nothing is launched or terminated for it") {
  Fixture f("min_size: 2, max_size: 3", true);
  f.start_and_run(10min);
  Extra extra(f, "min_size: 3, max_size: 3", {&f.targets});
  f.run(620s);
  CHECK(f.ec2.size() == 5);
  extra.group->set_limits(std::nullopt, 4, 4, "one more");  // pending, so it stays
  control(f).take_over(*extra.group, "deployment v2");
  CHECK(control(f).instances() ==
        std::vector<Instance*>{&f.ec2[0], &f.ec2[1], &f.ec2[2], &f.ec2[3], &f.ec2[4]});
  CHECK(f.in_service() == 5);
  CHECK(f.group.desired() == 5);
  CHECK(f.group.min_size() == 2);
  CHECK(f.group.max_size() == 5);
  CHECK(extra.group->instances() == std::vector<Instance*>{&f.ec2[5]});
  CHECK(extra.group->desired() == 1);
  CHECK(extra.group->min_size() == 1);
  CHECK(f.logged("3 instances come from extra: desired 5, limits 2 to 5: deployment v2"));
  CHECK(f.logged("3 instances go to web: desired 1, limits 1 to 4: deployment v2"));
  CHECK(f.zones() == "a2 b2 c1");
  f.run(1h);
  CHECK(f.ec2.size() == 6);
  CHECK(f.targets.count(TargetState::healthy) == 6);  // registrations have stayed
  CHECK(f.targets.count(TargetState::draining) + f.targets.count(TargetState::unused) == 0);
  CHECK(f.metric("scale_outs") + f.metric("terminations") + f.metric("replacements") == 0);
  CHECK(extra.broken_audits() == "");
}

TEST_CASE("control: instances of another group's count in the metrics once they are taken over and warm") {
  Fixture f("min_size: 1, max_size: 3, availability_zones: [us-east-1a]");
  f.start_and_run(10min);
  Extra extra(f, "min_size: 1, max_size: 3, availability_zones: [us-east-1a]");
  f.run(20min);  // warm since 10 min + 10 s + 300 s
  CHECK(f.ec2[0].in_metrics);
  CHECK_FALSE(f.ec2[1].in_metrics);
  extra.group->set_desired(2, "more");
  f.run(20min + 10s);
  control(f).take_over(*extra.group, "deployment");
  CHECK(f.ec2[1].in_metrics);
  CHECK_FALSE(f.ec2[2].in_metrics);
  CHECK(f.group.warming() == 1);
  // 20 min + 10 s + 300 s.
  f.run(25min + 10s);
  CHECK(f.ec2[2].in_metrics);
  CHECK(f.group.in_service_past_warmup() == 3);
  CHECK(extra.broken_audits() == "");
}

TEST_CASE("control: a member that was taken over is looked after by its new group") {
  Fixture f("min_size: 1, max_size: 8, default_instance_warmup: 0s, health_check_type: ELB", true);
  f.start_and_run(10min);
  Extra extra(f, "min_size: 2, max_size: 3", {&f.targets});
  f.run(20min);
  control(f).take_over(*extra.group, "deployment");
  f.ec2[1].terminate();  // replaced at once
  CHECK(f.ec2.size() == 4);
  f.run(25min);
  f.targets.set("web/i-2", TargetState::unhealthy);
  f.run(26min);
  CHECK(f.state(2) == L::terminating);
  CHECK(f.ec2.size() == 5);
  f.run(1h);
  CHECK(f.in_service() == 3);
  CHECK(f.group.members().size() == 3);
  CHECK(extra.group->members().empty());
  CHECK(extra.broken_audits() == "");
}

TEST_CASE(
    "control: what is taken over is registered anew, and stays registered elsewhere until that is dropped") {
  Fixture f("min_size: 1, max_size: 8", true);
  f.start_and_run(10min);
  fakes::TargetGroupFake old_targets(f.world);
  Extra extra(f, "min_size: 1, max_size: 3", {&old_targets});
  f.run(20min);
  CHECK(old_targets.count(TargetState::healthy) == 1);
  control(f).take_over(*extra.group, "deployment");
  CHECK(old_targets.count(TargetState::healthy) == 1);
  CHECK(f.targets.count(TargetState::initial) == 1);
  CHECK_FALSE(control(f).healthy_target(f.ec2[1]));
  f.run(21min);
  control(f).drop_foreign_targets();
  CHECK(old_targets.count(TargetState::draining) == 1);
  f.run(22min);
  CHECK(old_targets.count(TargetState::unused) == 1);
  CHECK(f.targets.count(TargetState::healthy) == 2);
  CHECK(control(f).healthy_target(f.ec2[1]));
  CHECK(extra.broken_audits() == "");
}

TEST_CASE("control: a successor that is on its way stays with its group when its predecessor goes") {
  Fixture f("min_size: 1, max_size: 8, availability_zones: [us-east-1a]");
  f.start_and_run(10min);
  Extra extra(f, "min_size: 1, max_size: 1, availability_zones: [us-east-1a]");
  f.run(20min);
  extra.group->replace_by_successor(*extra.group->members().front(), "for the test");
  control(f).take_over(*extra.group, "deployment");
  // The predecessor did not count beside it, so what "extra" keeps is what it desires.
  CHECK(extra.group->desired() == 1);
  CHECK(f.group.desired() == 2);
  f.run(1h);
  CHECK(f.ec2.size() == 3);
  CHECK(f.in_service() == 2);
  CHECK(extra.group->count(L::in_service) == 1);
  CHECK(extra.broken_audits() == "");
}

TEST_CASE("control: a group without anything in service gives nothing") {
  Fixture f("min_size: 1, max_size: 8");
  f.start_and_run(10min);
  Extra extra(f, "min_size: 1, max_size: 3");
  control(f).take_over(*extra.group, "deployment");
  CHECK(f.group.desired() == 1);
  CHECK_FALSE(f.logged("deployment"));
}

TEST_CASE("control: groups with instances of different owners, or other zones, take nothing over") {
  Fixture f("min_size: 1, max_size: 8, availability_zones: [us-east-1a]");
  f.start_and_run(10min);
  const AutoScalingGroupConfig strange = config_of("min_size: 1, max_size: 3");
  Group other(f.world, "other", strange);
  CHECK_THROWS_AS(control(f).take_over(other, "deployment"), CheckFailure);
  Extra elsewhere(f, "min_size: 1, max_size: 3, availability_zones: [us-east-1b]");
  f.run(20min);
  CHECK_THROWS_AS(control(f).take_over(*elsewhere.group, "deployment"), CheckFailure);
}

}  // namespace
}  // namespace nephoscope::autoscaling
