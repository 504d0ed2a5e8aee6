#include "models/autoscaling/refresh.hpp"

#include "tests/models/autoscaling/fixture.hpp"

namespace nephoscope::autoscaling {
namespace {

using L = LifecycleState;

void begin(Fixture& f, Duration at, const std::string& version = "v2") {
  f.start_and_run(at);
  f.group.deploy("ship", version, f.deployments);
}

TEST_CASE("refresh: at a checkpoint the share is rounded up") {
  CHECK(checkpoint_limit(10, 20) == 2);
  CHECK(checkpoint_limit(10, 25) == 3);
  CHECK(checkpoint_limit(3, 100) == 3);
}

TEST_CASE("refresh: by default one in ten goes at a time, terminated before its substitute runs") {
  Fixture f("min_size: 10, max_size: 20, default_instance_warmup: 1m");
  begin(f, 1h);
  CHECK(f.group.counted() == 10);
  CHECK(f.in_service() == 9);
  CHECK(f.of_version("v2") == 1);
  // Each set takes 10 s to InService and 60 s of warm-up: ten sets end after 700 s.
  f.run(1h + 699s);
  CHECK(f.deployments.ended.empty());
  CHECK(f.of_version("v2") == 10);
  f.run(1h + 700s);
  REQUIRE(f.deployments.ended.size() == 1);
  CHECK(f.deployments.ended[0] == std::pair(std::string("ship"), DeploymentOutcome::succeeded));
  CHECK(f.group.version() == "v2");
  CHECK(f.logged("ship: 3 of 10 replaced (30 %)"));
}

TEST_CASE("refresh: thirty instances go by threes") {
  Fixture f("min_size: 30, max_size: 60, default_instance_warmup: 1m");
  begin(f, 1h);
  CHECK(f.in_service() == 27);
  f.run(1h + 700s);
  CHECK(f.deployments.ended.size() == 1);
}

TEST_CASE("refresh: a group of one has an outage, unless it launches first") {
  Fixture f("min_size: 1, max_size: 2, default_instance_warmup: 0s");
  begin(f, 1h);
  CHECK(f.in_service() == 0);
  Fixture g(
      "min_size: 1, max_size: 2, default_instance_warmup: 0s, "
      "instance_refresh: {min_healthy_percentage: 100, max_healthy_percentage: 200}");
  begin(g, 1h);
  CHECK(g.in_service() == 1);
  CHECK(g.group.count(L::pending) == 1);
  g.run(1h + 10s);
  CHECK(g.in_service() == 1);
  CHECK(g.of_version("v2") == 1);
  CHECK(g.deployments.ended.size() == 1);
}

TEST_CASE("refresh: the maintenance policy's percentages hold where the refresh names none") {
  Fixture f(
      "min_size: 4, max_size: 8, default_instance_warmup: 0s, "
      "instance_maintenance_policy: {min_healthy_percentage: 100, max_healthy_percentage: 150}");
  begin(f, 1h);
  CHECK(f.in_service() == 4);
  CHECK(f.group.count(L::pending) == 2);
}

TEST_CASE("refresh: warm-up is the refresh's own, else the default, else the grace period") {
  struct Row {
    const char* keys;
    Duration warmup;
  };
  const Row rows[] = {
      {"health_check_grace_period: 90s", 90s},
      {"health_check_grace_period: 90s, default_instance_warmup: 40s", 40s},
      {"default_instance_warmup: 40s, instance_refresh: {instance_warmup: 7s}", 7s},
  };
  for (const Row& row : rows) {
    CAPTURE(row.keys);
    Fixture f(std::string("min_size: 1, max_size: 2, ") + row.keys);
    begin(f, 1h);
    f.run(1h + 10s + row.warmup - 1s);
    CHECK(f.deployments.ended.empty());
    f.run(1h + 10s + row.warmup);
    CHECK(f.deployments.ended.size() == 1);
  }
}

TEST_CASE("refresh: it pauses at checkpoints, and stops at the last one") {
  Fixture f(
      "min_size: 10, max_size: 20, default_instance_warmup: 0s, "
      "instance_refresh: {checkpoint_percentages: [20, 50], checkpoint_delay: 30m}");
  begin(f, 1h);
  // Two sets of 10 s, then the pause.
  f.run(1h + 20s + 30min - 1s);
  CHECK(f.of_version("v2") == 2);
  f.run(1h + 20s + 30min);
  CHECK(f.of_version("v2") == 3);
  f.run(1h + 20s + 30min + 30s);
  CHECK(f.of_version("v2") == 5);
  CHECK(f.deployments.ended.size() == 1);
}

TEST_CASE("refresh: instances that match are skipped only if asked to") {
  Fixture f("min_size: 2, max_size: 4, default_instance_warmup: 0s, instance_refresh: {skip_matching: true}");
  begin(f, 1h, "v1");
  CHECK(f.ec2.size() == 2);
  CHECK(f.deployments.ended.size() == 1);
  Fixture g("min_size: 2, max_size: 4, default_instance_warmup: 0s");
  begin(g, 1h, "v1");
  CHECK(g.ec2.size() == 3);
}

TEST_CASE("refresh: bake time comes before success") {
  Fixture f("min_size: 1, max_size: 4, default_instance_warmup: 0s, instance_refresh: {bake_time: 10m}");
  begin(f, 1h);
  f.run(1h + 10s + 10min - 1s);
  CHECK(f.deployments.ended.empty());
  f.run(1h + 10s + 10min);
  CHECK(f.deployments.ended.size() == 1);
}

TEST_CASE("refresh: it fails after an hour without progress, and the group keeps its old version") {
  Fixture f("min_size: 4, max_size: 8, default_instance_warmup: 0s");
  f.start_and_run(1h);
  f.ec2.full_zones = {0, 1, 2};
  f.group.deploy("ship", "v2", f.deployments);
  f.run(2h - 1s);
  CHECK(f.deployments.ended.empty());
  f.run(2h);
  REQUIRE(f.deployments.ended.size() == 1);
  CHECK(f.deployments.ended[0].second == DeploymentOutcome::failed);
  f.ec2.full_zones = {};
  f.run(3h);
  CHECK(f.of_version("v1") == 4);
}

TEST_CASE("refresh: a failed refresh is rolled back if asked to") {
  Fixture f(
      "min_size: 4, max_size: 8, default_instance_warmup: 0s, health_check_type: ELB, "
      "instance_refresh: {auto_rollback: true}, assume: {all_unhealthy_wait: 0s}",
      true);
  f.start_and_run(1h);
  f.targets.verdict = TargetState::unhealthy;  // version v2 does not serve
  f.group.deploy("ship", "v2", f.deployments);
  f.run(90min);
  f.targets.verdict = TargetState::healthy;
  f.run(5h);
  REQUIRE(f.deployments.ended.size() == 1);
  CHECK(f.in_service() == 4);
}

TEST_CASE("refresh: a rollback brings the version before back") {
  Fixture f("min_size: 2, max_size: 8, default_instance_warmup: 0s, instance_refresh: {auto_rollback: true}");
  f.start_and_run(1h);
  f.group.set_protected(f.member(1), true);  // is waited for, for ever
  f.group.deploy("ship", "v2", f.deployments);
  f.run(1h + 10s);
  CHECK(f.of_version("v2") == 1);
  // Progress at 1 h 10 s; the look at 2 h 1 min finds an hour without any.
  f.run(2h + 1min);
  CHECK(f.logged("ship rolls back 1 instances to v1: no progress for an hour"));
  f.run(2h + 2min);
  REQUIRE(f.deployments.ended.size() == 1);
  CHECK(f.deployments.ended[0].second == DeploymentOutcome::rolled_back);
  CHECK(f.of_version("v1") == 2);
}

TEST_CASE("refresh: while one runs, another one fails") {
  Fixture f("min_size: 4, max_size: 8");
  begin(f, 1h);
  f.group.deploy("again", "v3", f.deployments);
  REQUIRE(f.deployments.ended.size() == 1);
  CHECK(f.deployments.ended[0] == std::pair(std::string("again"), DeploymentOutcome::failed));
  CHECK(f.logged("again fails: InstanceRefreshInProgress"));
}

TEST_CASE("refresh: it waits while InstanceRefresh is suspended") {
  Fixture f("min_size: 2, max_size: 8, default_instance_warmup: 0s, suspended_processes: [InstanceRefresh]");
  begin(f, 1h);
  CHECK(f.ec2.size() == 2);
  f.group.set_suspended(SuspendableProcess::instance_refresh, false);
  CHECK(f.ec2.size() == 3);
}

TEST_CASE("refresh: the warm pool gets the new version as well") {
  Fixture f("min_size: 1, max_size: 2, default_instance_warmup: 0s, warm_pool: {}");
  begin(f, 1h);
  f.run(2h);
  CHECK(f.of_version("v1") == 0);
  CHECK(f.of_version("v2") == 2);
  CHECK(f.group.count(L::warmed_stopped) == 1);
}

TEST_CASE("refresh: scale-out during a refresh brings the new version") {
  Fixture f("min_size: 2, max_size: 8, default_instance_warmup: 10m");
  begin(f, 1h);
  f.group.set_desired(4, "more");
  f.run(1h + 10s);
  CHECK(f.of_version("v2") == 3);
  f.run(3h);
  CHECK(f.of_version("v2") == 4);
  CHECK(f.deployments.ended.size() == 1);
}

}  // namespace
}  // namespace nephoscope::autoscaling
