#include "tests/models/autoscaling/fixture.hpp"

namespace nephoscope::autoscaling {
namespace {

using L = LifecycleState;

TEST_CASE("health: an instance that EC2 ends is replaced at once, even inside its grace period") {
  Fixture f("min_size: 2, max_size: 8, health_check_grace_period: 1h");
  f.start_and_run(30s);
  f.ec2[0].terminate();
  CHECK(f.state(0) == L::terminating);
  CHECK(f.ec2.size() == 3);
  CHECK(f.logged("web/i-0: EC2 has it shutting-down, not running"));
  f.run(40s);
  CHECK(f.in_service() == 2);
  CHECK(f.metric("replacements") == 1);
}

TEST_CASE("health: an operating system that shuts down counts as not running") {
  Fixture f("min_size: 1, max_size: 8");
  f.start_and_run(30s);
  f.ec2[0].stop();
  CHECK(f.state(0) == L::terminating);
  CHECK(f.ec2.size() == 2);
}

TEST_CASE("health: an instance that dies on the way in is a failed launch and is launched anew") {
  Fixture f("min_size: 1, max_size: 8");
  f.start_and_run(5s);
  f.ec2[0].terminate();
  CHECK(f.ec2.size() == 2);
  CHECK(f.metric("failed_launches") == 1);
}

TEST_CASE("health: a failed status check is waited for before the instance is replaced") {
  Fixture f("min_size: 2, max_size: 8, default_instance_warmup: 0s, assume: {impaired_wait: 3m}");
  f.start_and_run(10min);
  f.ec2[0].tell(InstanceEvent::impaired);
  f.run(12min);
  CHECK(f.state(0) == L::in_service);
  // The look at 13 min finds it impaired for 3 min.
  f.run(13min);
  CHECK(f.state(0) == L::terminating);
  CHECK(f.ec2.size() == 3);
  CHECK(f.logged("web/i-0 is Unhealthy: EC2 status check impaired for 3m"));
}

TEST_CASE("health: an instance that recovers in time stays") {
  Fixture f("min_size: 2, max_size: 8, default_instance_warmup: 0s");
  f.start_and_run(10min);
  f.ec2[0].tell(InstanceEvent::impaired);
  f.run(12min);
  f.ec2[0].tell(InstanceEvent::recovered);
  f.run(30min);
  CHECK(f.state(0) == L::in_service);
}

TEST_CASE("health: what a load balancer finds counts with health_check_type ELB only") {
  for (const bool elb : {false, true}) {
    CAPTURE(elb);
    Fixture f(std::string("min_size: 4, max_size: 8, default_instance_warmup: 0s") +
                  (elb ? ", health_check_type: ELB" : ""),
              true);
    f.start_and_run(10min);
    f.targets.set("web/i-1", TargetState::unhealthy);
    f.run(11min);
    CHECK((f.state(1) == L::terminating) == elb);
    // The substitute does not wait for draining.
    CHECK(f.ec2.size() == (elb ? 5 : 4));
  }
}

TEST_CASE("health: failed checks are ignored inside the grace period") {
  Fixture f(
      "min_size: 2, max_size: 8, default_instance_warmup: 0s, health_check_type: ELB, "
      "health_check_grace_period: 5m",
      true);
  f.start_and_run(1min);
  f.targets.set("web/i-1", TargetState::unhealthy);
  f.run(5min);
  CHECK(f.state(1) == L::in_service);
  // InService at 10 s: grace ends at 5 min 10 s, the next look is at 6 min.
  f.run(6min);
  CHECK(f.state(1) == L::terminating);
}

TEST_CASE("health: with HealthCheck or ReplaceUnhealthy suspended, unhealthy instances stay") {
  for (const char* process : {"HealthCheck", "ReplaceUnhealthy"}) {
    Fixture f("min_size: 4, max_size: 8, default_instance_warmup: 0s, health_check_type: ELB, " +
                  std::string("suspended_processes: [") + process + "]",
              true);
    f.start_and_run(5min);
    f.targets.set("web/i-1", TargetState::unhealthy);
    f.run(15min);
    CHECK(f.state(1) == L::in_service);
  }
}

TEST_CASE(
    "health: unhealthy instances are replaced by tenths, each set once the last is InService and warm") {
  Fixture f("min_size: 20, max_size: 30, default_instance_warmup: 2m, health_check_type: ELB", true);
  f.start_and_run(10min);
  for (int i = 0; i < 6; ++i) f.targets.set("web/i-" + std::to_string(i), TargetState::unhealthy);
  // 10 % of 20 = 2 at a time: at 11 min; InService 10 s later, warm 2 min later: next sets at 14 and 17 min.
  const auto gone = [&] { return static_cast<int>(f.metric("replacements")); };
  f.run(11min);
  CHECK(gone() == 2);
  f.run(13min);
  CHECK(gone() == 2);
  f.run(14min);
  CHECK(gone() == 4);
  f.run(17min);
  CHECK(gone() == 6);
  CHECK(f.in_service() == 18);
}

TEST_CASE("health: if all are unhealthy, replacement is slower") {
  Fixture f("min_size: 2, max_size: 8, default_instance_warmup: 0s, health_check_type: ELB", true);
  f.targets.verdict = TargetState::unhealthy;
  f.start_and_run(4min);
  // Both are Unhealthy at 1 min; all_unhealthy_wait of 5 min counts from the start here.
  CHECK(f.metric("replacements") == 0);
  f.run(5min);
  CHECK(f.metric("replacements") == 1);
  // InService again at 5 min 10 s and Unhealthy at 6 min: all are. The next goes at 10 min.
  f.run(9min);
  CHECK(f.metric("replacements") == 1);
  f.run(10min);
  CHECK(f.metric("replacements") == 2);
}

TEST_CASE("health: a maintenance policy of at least 100 % launches before it terminates") {
  Fixture f(
      "min_size: 4, max_size: 8, default_instance_warmup: 1m, health_check_type: ELB, "
      "instance_maintenance_policy: {min_healthy_percentage: 100, max_healthy_percentage: 150}",
      true);
  f.start_and_run(10min);
  f.targets.set("web/i-1", TargetState::unhealthy);
  f.run(11min);
  CHECK(f.ec2.size() == 5);
  CHECK(f.state(1) == L::in_service);
  // The successor is launched at 11 min, InService 10 s later, warm a minute later.
  f.run(12min);
  CHECK(f.state(1) == L::in_service);
  f.run(12min + 10s);
  CHECK(f.state(1) == L::terminating);
  CHECK(f.in_service() == 4);
}

TEST_CASE("health: a successor that fails gives its place to another one") {
  Fixture f(
      "min_size: 1, max_size: 4, default_instance_warmup: 0s, health_check_type: ELB, "
      "instance_maintenance_policy: {min_healthy_percentage: 100, max_healthy_percentage: 200}, "
      "assume: {all_unhealthy_wait: 0s}",
      true);
  f.start_and_run(10min);
  f.targets.set("web/i-0", TargetState::unhealthy);
  f.run(11min);
  CHECK(f.ec2.size() == 2);
  f.ec2[1].terminate();
  CHECK(f.state(0) == L::in_service);
  f.run(12min);
  CHECK(f.ec2.size() == 3);
  f.run(13min);
  CHECK(f.state(2) == L::in_service);
  CHECK(f.group.members().size() == 1);
}

TEST_CASE("health: instances past their maximum lifetime are replaced by tenths") {
  Fixture f("min_size: 3, max_size: 8, default_instance_warmup: 0s, max_instance_lifetime: 24h");
  f.start_and_run(24h - 1s);
  CHECK(f.ec2.size() == 3);
  f.run(24h);
  CHECK(f.ec2.size() == 4);
  f.run(24h + 2min);
  CHECK(f.ec2.size() == 6);
  f.run(25h);
  CHECK(f.ec2.size() == 6);
  CHECK(f.in_service() == 3);
}

TEST_CASE("health: zones are evened out by launching first, past the maximum by one") {
  Fixture f("min_size: 4, max_size: 4, default_instance_warmup: 0s");
  f.ec2.full_zones = {1, 2};
  f.start_and_run(5min);
  CHECK(f.zones() == "a4");
  f.ec2.full_zones = {};
  f.run(6min);
  CHECK(f.group.count(L::pending) == 1);
  CHECK(f.in_service() == 4);  // nothing is terminated before the successor is InService
  f.run(6min + 10s);
  CHECK(f.zones() == "a3 b1");
  f.run(7min + 10s);
  CHECK(f.zones() == "a2 b1 c1");
  f.run(20min);
  CHECK(f.ec2.size() == 6);
}

TEST_CASE("health: with AZRebalance suspended, zones stay as they are") {
  Fixture f("min_size: 4, max_size: 4, suspended_processes: [AZRebalance]");
  f.ec2.full_zones = {1, 2};
  f.start_and_run(5min);
  f.ec2.full_zones = {};
  f.run(20min);
  CHECK(f.zones() == "a4");
}

constexpr const char* kSpot =
    "min_size: 2, max_size: 2, mixed_instances: {on_demand_percentage_above_base_capacity: 0}";

TEST_CASE("health: without Capacity Rebalancing a Spot Instance is replaced once it is interrupted") {
  Fixture f(kSpot);
  f.start_and_run(10min);
  f.ec2[0].tell(InstanceEvent::rebalance_recommendation);
  f.ec2[0].tell(InstanceEvent::interruption_notice);
  f.run(12min);
  CHECK(f.ec2.size() == 2);
  f.ec2[0].terminate();
  CHECK(f.ec2.size() == 3);
}

TEST_CASE("health: with Capacity Rebalancing a successor is launched first, past the maximum") {
  Fixture f(std::string(kSpot) + ", capacity_rebalance: true");
  f.start_and_run(10min);
  f.ec2[0].tell(InstanceEvent::rebalance_recommendation);
  CHECK(f.ec2.size() == 3);
  CHECK(f.in_service() == 2);
  f.run(10min + 10s);
  CHECK(f.state(0) == L::terminating);
  CHECK(f.in_service() == 2);
}

TEST_CASE("health: terminate hooks are left out for an instance that no longer runs") {
  Fixture f("min_size: 1, max_size: 2, lifecycle_hooks: {logs: {transition: terminating}}");
  f.start_and_run(10min);
  f.ec2[0].terminate();
  f.run(10min + kEnds);
  CHECK(f.group.members().size() == 1);
  CHECK(f.state(1) == L::pending);
}

}  // namespace
}  // namespace nephoscope::autoscaling
