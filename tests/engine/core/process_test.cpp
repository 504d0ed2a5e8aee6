#include "engine/core/process.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "engine/base/check.hpp"
#include "engine/core/simulation.hpp"

using namespace nephoscope;

namespace {

Task<int> ready_task(int value) { co_return value; }

Process awaits_ready_tasks(int count, long& sum) {
  for (int i = 0; i < count; ++i) sum += co_await ready_task(i & 1);
}

Task<int> waits_and_returns(Simulation& simulation, Duration span, int value) {
  co_await simulation.delay(span);
  co_return value;
}

// `depth` tasks inside one another; the innermost waits.
Task<int> nested(Simulation& simulation, int depth) {
  if (depth == 0) {
    co_await simulation.delay(1s);
    co_return 0;
  }
  const int below = co_await nested(simulation, depth - 1);
  co_return below + 1;
}

Process awaits_nested(Simulation& simulation, int depth, int& result) {
  result = co_await nested(simulation, depth);
}

Process awaits_suspending_tasks(Simulation& simulation, int count, long& sum) {
  for (int i = 0; i < count; ++i) sum += co_await waits_and_returns(simulation, 1ns, 1);
}

struct Guard {
  int& destroyed;
  explicit Guard(int& counter) : destroyed(counter) {}
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;
  ~Guard() { ++destroyed; }
};

Task<> guarded_task(Simulation& simulation, int& destroyed) {
  const Guard guard(destroyed);
  co_await simulation.delay(1h);
}

Process guarded(Simulation& simulation, int& destroyed) {
  const Guard guard(destroyed);
  co_await guarded_task(simulation, destroyed);
}

Process spawner(Simulation& simulation, int depth, std::vector<int>& order) {
  order.push_back(depth);
  if (depth < 3) simulation.spawn(spawner(simulation, depth + 1, order));
  order.push_back(-depth);
  co_await simulation.delay(1s);
  order.push_back(10 + depth);
}

Process fails_after(Simulation& simulation, Duration span) {
  co_await simulation.delay(span);
  check(false, "test", "a process fails at {} s", to_seconds(simulation.now()));
}

Task<> failing_task(Simulation& simulation, Duration span) {
  if (span > Duration{}) co_await simulation.delay(span);
  check(false, "test", "a task fails at {} s", to_seconds(simulation.now()));
}

Process awaits_failing_task(Simulation& simulation, Duration span, int& destroyed) {
  const Guard guard(destroyed);
  co_await failing_task(simulation, span);
}

Process returns_at_once(int& runs) {
  ++runs;
  co_return;
}

}  // namespace

TEST_CASE("process: ten million awaits of ready tasks do not deepen the stack") {
  Simulation simulation;
  long sum = 0;
  simulation.spawn(awaits_ready_tasks(10'000'000, sum));
  CHECK(sum == 5'000'000);
}

TEST_CASE("process: a hundred thousand awaits of tasks that suspend do not deepen the stack") {
  Simulation simulation;
  long sum = 0;
  simulation.spawn(awaits_suspending_tasks(simulation, 100'000, sum));
  simulation.run_until(Time{} + 1s);
  CHECK(sum == 100'000);
  CHECK(simulation.events() == 100'000);
}

TEST_CASE("process: a task inside a thousand others suspends them all and returns through them all") {
  Simulation simulation;
  int result = -1;
  simulation.spawn(awaits_nested(simulation, 1000, result));
  CHECK(result == -1);
  simulation.run_until(Time{} + 1s);
  CHECK(result == 1000);
}

TEST_CASE("process: a spawned process runs to its first wait before its spawner goes on") {
  Simulation simulation;
  std::vector<int> order;
  simulation.spawn(spawner(simulation, 1, order));
  CHECK(order == std::vector{1, 2, 3, -3, -2, -1});
  order.clear();
  simulation.run_until(Time{} + 1s);
  CHECK(order == std::vector{13, 12, 11});  // in the order in which the delays began
}

TEST_CASE("process: a process that was never spawned does not run and leaves nothing behind") {
  int runs = 0;
  { const Process process = returns_at_once(runs); }
  CHECK(runs == 0);
}

TEST_CASE("process: clear destroys the frames of processes and their tasks without resuming them") {
  Simulation simulation;
  int destroyed = 0;
  ProcessGroup group;
  for (int i = 0; i < 10; ++i)
    simulation.spawn(guarded(simulation, destroyed), i % 2 == 0 ? &group : nullptr);
  CHECK(!group.empty());
  simulation.clear();
  CHECK(destroyed == 20);
  CHECK(group.empty());
  CHECK(simulation.pending() == 0);
  CHECK_FALSE(simulation.step());
}

TEST_CASE("process: the end of a simulation destroys its processes") {
  int destroyed = 0;
  {
    Simulation simulation;
    simulation.spawn(guarded(simulation, destroyed));
  }
  CHECK(destroyed == 2);
}

TEST_CASE("process: a failed check inside a process comes out of step()") {
  Simulation simulation;
  simulation.spawn(fails_after(simulation, 2s));
  CHECK_THROWS_WITH_AS(simulation.step(), "test: a process fails at 2 s", CheckFailure);
  CHECK(!simulation.inside_process());
}

TEST_CASE("process: a failed check before the first wait comes out of spawn()") {
  Simulation simulation;
  int destroyed = 0;
  CHECK_THROWS_AS(simulation.spawn(awaits_failing_task(simulation, 0s, destroyed)), CheckFailure);
  CHECK(destroyed == 1);
  CHECK(!simulation.inside_process());
}

TEST_CASE("process: a failed check inside a resumed task comes out of step()") {
  Simulation simulation;
  int destroyed = 0;
  simulation.spawn(awaits_failing_task(simulation, 2s, destroyed));
  CHECK_THROWS_WITH_AS(simulation.run_until(Time{} + 9s), "test: a task fails at 2 s", CheckFailure);
  simulation.clear();
  CHECK(destroyed == 1);
}
