#include "tests/models/autoscaling/fixture.hpp"

namespace nephoscope::autoscaling {
namespace {

using L = LifecycleState;

TEST_CASE("pool: it prepares what the group may still grow by, and stops it") {
  Fixture f("min_size: 2, max_size: 5, warm_pool: {}");
  f.start_and_run(0s);
  CHECK(f.group.count(L::pending) == 2);
  CHECK(f.group.count(L::warmed_pending) == 3);
  f.run(10s);
  CHECK(f.in_service() == 2);
  // Prepared once the application has started, 30 s after the launch; stopped 5 s later.
  f.run(34s);
  CHECK(f.group.count(L::warmed_stopped) == 0);
  f.run(35s);
  CHECK(f.group.count(L::warmed_stopped) == 3);
  CHECK(f.group.counted() == 2);
  CHECK(f.metric("GroupTotalInstances") == doctest::Approx(2));
}

TEST_CASE("pool: max_group_prepared_capacity and min_size bound it") {
  Fixture f("min_size: 2, max_size: 10, warm_pool: {max_group_prepared_capacity: 4}");
  f.start_and_run(1min);
  CHECK(f.group.count(L::warmed_stopped) == 2);
  Fixture g("min_size: 2, max_size: 10, warm_pool: {max_group_prepared_capacity: 2, min_size: 1}");
  g.start_and_run(1min);
  CHECK(g.group.count(L::warmed_stopped) == 1);
}

TEST_CASE("pool: scale-out starts waiting instances before it launches new ones") {
  Fixture f("min_size: 1, max_size: 4, warm_pool: {max_group_prepared_capacity: 2}");
  f.start_and_run(1min);
  CHECK(f.ec2.size() == 2);
  f.group.set_desired(3, "more");
  // One from the pool, one cold; the pool has nothing to hold beyond a desired capacity of 3.
  CHECK(f.state(1) == L::pending);
  CHECK(f.ec2.size() == 3);
  CHECK(f.logged("web/i-1 from the warm pool: more"));
  f.run(70s);
  CHECK(f.in_service() == 3);
}

TEST_CASE("pool: a running instance of the pool is InService at once") {
  Fixture f("min_size: 1, max_size: 2, warm_pool: {pool_state: Running}");
  f.start_and_run(1min);
  CHECK(f.group.count(L::warmed_running) == 1);
  f.group.set_desired(2, "more");
  CHECK(f.in_service() == 2);
}

TEST_CASE("pool: scale-in terminates and refills, or returns the instance by the reuse policy") {
  Fixture f("min_size: 1, max_size: 2, warm_pool: {}", true);
  f.start_and_run(1min);
  f.group.set_desired(2, "more");
  f.run(2min);
  f.group.set_desired(1, "less");
  CHECK(f.ec2.size() == 3);  // a new one for the pool
  f.run(3min);
  CHECK(f.group.count(L::warmed_stopped) == 1);

  Fixture g("min_size: 1, max_size: 2, warm_pool: {reuse_on_scale_in: true}", true);
  g.start_and_run(1min);
  g.group.set_desired(2, "more");
  g.run(2min);
  g.group.set_desired(1, "less");
  // Drained for 30 s, stopped 5 s later.
  g.run(2min + kDrains + kEnds);
  CHECK(g.group.count(L::warmed_stopped) == 1);
  CHECK(g.ec2.size() == 3);
}

TEST_CASE("pool: a stopped instance that finds no capacity makes way for a new launch elsewhere") {
  Fixture f("min_size: 1, max_size: 2, warm_pool: {}");
  f.start_and_run(1min);
  f.ec2[1].no_start = true;
  f.group.set_desired(2, "more");
  CHECK(f.metric("failed_launches") == 1);
  f.run(2min);
  CHECK(f.in_service() == 2);
}

TEST_CASE("pool: an instance that dies in the pool is replaced there") {
  Fixture f("min_size: 1, max_size: 2, warm_pool: {pool_state: Running}");
  f.start_and_run(1min);
  f.ec2[1].terminate();
  CHECK(f.ec2.size() == 3);
  f.run(2min);
  CHECK(f.group.count(L::warmed_running) == 1);
}

}  // namespace
}  // namespace nephoscope::autoscaling
