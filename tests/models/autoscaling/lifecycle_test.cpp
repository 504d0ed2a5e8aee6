// Every state, and every legal change between two of them, is enumerated here and driven by a scenario.
#include "models/autoscaling/lifecycle.hpp"

#include "tests/models/autoscaling/fixture.hpp"

namespace nephoscope::autoscaling {
namespace {

using L = LifecycleState;

constexpr const char* kHooks =
    "default_instance_warmup: 0s, lifecycle_hooks: {in: {transition: launching, heartbeat_timeout: 60s, "
    "assume: "
    "{duration: 20s}}, out: {transition: terminating, heartbeat_timeout: 60s, assume: {duration: 20s}}}";

void collect(SeenChanges& all, const Fixture& f) {
  all.states.insert(f.seen.states.begin(), f.seen.states.end());
  all.statuses.insert(f.seen.statuses.begin(), f.seen.statuses.end());
  all.refreshes.insert(f.seen.refreshes.begin(), f.seen.refreshes.end());
}

// Plain launches and terminations, Standby, an instance that never comes up.
void without_hooks(SeenChanges& all) {
  Fixture f("min_size: 0, max_size: 8, desired_capacity: 3", true);
  f.start_and_run(1min);
  f.group.enter_standby(f.member(0), false);
  f.group.exit_standby(f.member(0), true);
  f.group.enter_standby(f.member(1), false);
  f.ec2[1].terminate();
  f.run(3min);
  f.group.set_desired(1, "less");
  f.run(4min);
  f.group.set_desired(3, "more");
  f.group.set_desired(1, "less");  // meets pending instances
  f.run(10min);
  collect(all, f);
}

void with_hooks(SeenChanges& all) {
  Fixture f(std::string("min_size: 0, max_size: 8, desired_capacity: 3, ") + kHooks, true);
  f.start_and_run(5s);
  f.ec2[2].terminate();  // while Pending: the launch fails
  f.run(15s);
  f.ec2[0].terminate();  // the same in Pending:Wait
  f.group.set_desired(2, "less");
  f.run(10min);
  f.group.set_desired(1, "less");
  f.run(10min + kDrains + 5s);  // in Terminating:Wait; then EC2 ends it
  for (Member* each : f.group.members())
    if (each->state == L::terminating_wait) each->instance->terminate();
  f.run(12min);
  f.group.set_desired(0, "less");
  f.run(12min + 5s);  // drains; then EC2 ends it
  f.ec2[f.ec2.size() - 1].terminate();
  f.run(15min);
  f.group.set_desired(1, "more");
  f.run(20min);
  f.group.set_desired(0, "less");
  f.run(30min);
  collect(all, f);
}

// A hook that goes on in time, and one that abandons; a scale-in that meets Pending:Wait.
void with_failing_hooks(SeenChanges& all) {
  Fixture f(
      "min_size: 0, max_size: 8, desired_capacity: 1, lifecycle_hooks: {in: {transition: launching, "
      "assume: {duration: 20s, fails: 100%}}}");
  f.start_and_run(35s);
  f.run(45s);
  f.group.set_desired(0, "less");
  f.run(5min);
  collect(all, f);
}

void with_spot_and_failures(SeenChanges& all) {
  Fixture f("min_size: 1, max_size: 8, mixed_instances: {on_demand_percentage_above_base_capacity: 0}");
  f.ec2.full_zones = {0};
  f.start_and_run(1min);
  collect(all, f);
  Fixture g("min_size: 1, max_size: 8");
  g.ec2.full_zones = {0};
  g.start_and_run(1min);
  collect(all, g);
}

void with_pool(SeenChanges& all, const std::string& pool, const std::string& more) {
  Fixture f("min_size: 0, max_size: 3, desired_capacity: 1, warm_pool: " + pool + ", " + more);
  f.start_and_run(5s);
  f.ec2[1].terminate();  // in Warmed:Pending
  f.run(32s);
  f.ec2[2].terminate();  // in Warmed:Pending:Wait if there are hooks
  f.run(5min);
  f.group.set_desired(2, "more");
  f.run(10min);
  f.group.set_desired(1, "less");
  f.run(15min);
  f.group.set_limits(0, 1, std::nullopt, "no more room in the pool");
  f.run(15min + 5s);
  for (Member* each : f.group.members())
    if (each->state == L::warmed_terminating_wait) {
      each->instance->terminate();
      break;
    }
  f.run(30min);
  collect(all, f);
}

// Instances end on the last steps into the pool.
void pool_dies_while_stopping(SeenChanges& all) {
  Fixture f(std::string("min_size: 0, max_size: 1, warm_pool: {}, ") + kHooks);
  f.start_and_run(52s);
  CHECK(f.group.count(L::warmed_pending_proceed) == 1);
  f.ec2[0].terminate();
  f.run(10min);
  collect(all, f);
}

void refreshes(SeenChanges& all) {
  for (const char* preferences : {"{}", "{bake_time: 1m}", "{auto_rollback: true}"}) {
    Fixture f(std::string("min_size: 2, max_size: 8, default_instance_warmup: 0s, instance_refresh: ") +
              preferences);
    f.start_and_run(1min);
    f.group.deploy("ship", "v2", f.deployments);
    f.run(10min);
    f.group.set_protected(f.member(3), true);
    f.group.deploy("again", "v3", f.deployments);
    f.run(2h);
    if (f.of_version("v3") == 0) f.group.set_protected(f.member(3), false);
    f.run(4h);
    collect(all, f);
  }
  Fixture f("min_size: 2, max_size: 8, default_instance_warmup: 0s, instance_refresh: {auto_rollback: true}");
  f.start_and_run(1min);
  f.group.set_protected(f.member(1), true);
  f.group.deploy("ship", "v2", f.deployments);
  f.run(10min);
  f.group.set_protected(f.member(2), true);  // the new one cannot go either
  f.run(4h);
  CHECK(f.deployments.ended.at(0).second == DeploymentOutcome::failed);
  collect(all, f);
}

SeenChanges everything() {
  SeenChanges all;
  without_hooks(all);
  with_hooks(all);
  with_failing_hooks(all);
  with_spot_and_failures(all);
  for (const char* pool : {"{}", "{pool_state: Running}", "{reuse_on_scale_in: true}",
                           "{pool_state: Running, reuse_on_scale_in: true}"}) {
    with_pool(all, pool, kHooks);
    with_pool(all, pool, "default_cooldown: 300s");
  }
  pool_dies_while_stopping(all);
  refreshes(all);
  return all;
}

TEST_CASE("lifecycle: every legal change of an instance's state happens, and no other") {
  const SeenChanges all = everything();
  for (const auto& [from, to] : lifecycle_transitions())
    CHECK_MESSAGE(all.states.contains({from, to}), name_of(from), " -> ", name_of(to), " never happens");
  CHECK(all.states.size() == lifecycle_transitions().size());
  std::set<L> reached = {L::pending, L::warmed_pending};
  for (const auto& [from, to] : all.states) reached.insert(to);
  CHECK(reached.size() == all_lifecycle_states().size());
}

TEST_CASE("lifecycle: every legal change of an activity's status happens, and no other") {
  const SeenChanges all = everything();
  for (const auto& [from, to] : activity_transitions())
    CHECK_MESSAGE(all.statuses.contains({from, to}), name_of(from), " -> ", name_of(to), " never happens");
  CHECK(all.statuses.size() == activity_transitions().size());
  CHECK(all_activity_statuses().size() == 9);
}

TEST_CASE("lifecycle: every legal change of a refresh's status happens, and no other") {
  const SeenChanges all = everything();
  for (const auto& [from, to] : refresh_transitions())
    CHECK_MESSAGE(all.refreshes.contains({from, to}), name_of(from), " -> ", name_of(to), " never happens");
  CHECK(all.refreshes.size() == refresh_transitions().size());
  CHECK(all_refresh_statuses().size() == 8);
}

TEST_CASE("lifecycle: an illegal change is the program's error") {
  Activity activity(ActivityKind::launch, ActivityStatus::waiting_for_instance_id, true);
  CHECK_THROWS_AS(activity.to(ActivityStatus::successful), CheckFailure);
  CHECK_FALSE(is_legal(L::terminated, L::in_service));
  CHECK_FALSE(is_legal(L::pending_wait, L::in_service));
  CHECK_FALSE(is_legal(RefreshStatus::successful, RefreshStatus::in_progress));
  for (const L state : all_lifecycle_states()) CHECK_FALSE(is_legal(state, state));
}

}  // namespace
}  // namespace nephoscope::autoscaling
