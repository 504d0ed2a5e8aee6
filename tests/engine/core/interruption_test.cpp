#include <doctest/doctest.h>

#include <vector>

#include "engine/core/reply.hpp"
#include "engine/core/simulation.hpp"

using namespace nephoscope;

namespace {

struct Seen {
  int who;
  WaitStatus status;
  Time at;
  bool operator==(const Seen&) const = default;
};

struct InterruptedWorld {
  Simulation simulation;
  ProcessGroup group;
  std::vector<Seen> seen;
  void note(int who, WaitStatus status) { seen.push_back({who, status, simulation.now()}); }
};

Process sleeper(InterruptedWorld& world, int who, Duration span) {
  const WaitStatus status = co_await world.simulation.delay(span);
  world.note(who, status);
}

Process sleeps_twice(InterruptedWorld& world, int who) {
  const WaitStatus first = co_await world.simulation.delay(5s);
  world.note(who, first);
  const WaitStatus second = co_await world.simulation.delay(5s);
  world.note(who, second);
}

Process interrupts_its_group(InterruptedWorld& world, int who) {
  world.group.interrupt_all();
  world.note(who, WaitStatus::done);  // still running
  const WaitStatus status = co_await world.simulation.delay(5s);
  world.note(who, status);
}

Process spawns_in_group(InterruptedWorld& world, int who, Duration after) {
  co_await world.simulation.delay(after);
  world.note(who, WaitStatus::done);
  world.simulation.spawn(sleeper(world, who + 1, 1s), &world.group);
}

Task<WaitStatus> sleeps_in_task(Simulation& simulation) {
  const WaitStatus status = co_await simulation.delay(5s);
  co_return status;
}

Process sleeps_through_task(InterruptedWorld& world, int who) {
  const WaitStatus status = co_await sleeps_in_task(world.simulation);
  world.note(who, status);
}

void interrupt_at(InterruptedWorld& world, Time instant) {
  world.simulation.at(
      instant, [](void* context) { static_cast<InterruptedWorld*>(context)->group.interrupt_all(); }, &world);
}

using Replies = ReplyPool<int>;

Process asker(InterruptedWorld& world, Replies& replies, int& interrupted) {
  const ReplyId id = replies.open();
  const auto reply = co_await replies.wait(id, 1h);
  if (reply.status == WaitStatus::interrupted && world.simulation.now() == Time{} + 1s) ++interrupted;
}

Process sleeper_that_counts(InterruptedWorld& world, int& interrupted) {
  const WaitStatus status = co_await world.simulation.delay(1h);
  if (status == WaitStatus::interrupted && world.simulation.now() == Time{} + 1s) ++interrupted;
}

}  // namespace

TEST_CASE("interruption: a wait ends at once, and so does every further one") {
  InterruptedWorld world;
  world.simulation.spawn(sleeps_twice(world, 1), &world.group);
  interrupt_at(world, Time{} + 2s);
  world.simulation.run_until(Time{} + 1h);
  CHECK(world.seen == std::vector<Seen>{{1, WaitStatus::interrupted, Time{} + 2s},
                                        {1, WaitStatus::interrupted, Time{} + 2s}});
  CHECK(world.simulation.pending() == 0);
}

TEST_CASE("interruption: nobody runs inside the call") {
  InterruptedWorld world;
  world.simulation.spawn(sleeper(world, 1, 5s), &world.group);
  world.group.interrupt_all();
  CHECK(world.seen.empty());
  CHECK(world.simulation.step());
  CHECK(world.seen.size() == 1);
}

TEST_CASE("interruption: it reaches through the tasks of a process") {
  InterruptedWorld world;
  world.simulation.spawn(sleeps_through_task(world, 1), &world.group);
  interrupt_at(world, Time{} + 2s);
  world.simulation.run_until(Time{} + 1h);
  CHECK(world.seen == std::vector<Seen>{{1, WaitStatus::interrupted, Time{} + 2s}});
}

TEST_CASE("interruption: a process may interrupt itself; it goes on until its next wait") {
  InterruptedWorld world;
  world.simulation.spawn(sleeper(world, 1, 5s), &world.group);
  world.simulation.spawn(interrupts_its_group(world, 2), &world.group);
  world.simulation.run_until(Time{} + 1h);
  CHECK(world.seen == std::vector<Seen>{{2, WaitStatus::done, Time{}},
                                        {2, WaitStatus::interrupted, Time{}},
                                        {1, WaitStatus::interrupted, Time{}}});
}

TEST_CASE("interruption: it does not reach processes that join the group later") {
  InterruptedWorld world;
  world.simulation.spawn(sleeper(world, 1, 5s), &world.group);
  world.simulation.spawn(spawns_in_group(world, 2, 3s));
  interrupt_at(world, Time{} + 2s);
  world.simulation.run_until(Time{} + 1h);
  CHECK(world.seen == std::vector<Seen>{{1, WaitStatus::interrupted, Time{} + 2s},
                                        {2, WaitStatus::done, Time{} + 3s},
                                        {3, WaitStatus::done, Time{} + 4s}});
  CHECK(world.group.empty());
}

TEST_CASE("interruption: the second one in a row changes nothing") {
  InterruptedWorld world;
  world.simulation.spawn(sleeper(world, 1, 5s), &world.group);
  world.group.interrupt_all();
  world.group.interrupt_all();
  world.simulation.run_until(Time{} + 1h);
  CHECK(world.seen.size() == 1);
}

TEST_CASE("interruption: at the instant of a delay's end the event that was scheduled first wins") {
  InterruptedWorld world;
  interrupt_at(world, Time{} + 5s);
  world.simulation.spawn(sleeper(world, 1, 5s), &world.group);
  world.simulation.run_until(Time{} + 6s);
  world.simulation.spawn(sleeper(world, 2, 5s), &world.group);
  interrupt_at(world, Time{} + 11s);
  world.simulation.run_until(Time{} + 1h);
  CHECK(world.seen ==
        std::vector<Seen>{{1, WaitStatus::interrupted, Time{} + 5s}, {2, WaitStatus::done, Time{} + 11s}});
}

TEST_CASE("interruption: a hundred thousand processes at once") {
  InterruptedWorld world;
  Replies replies(world.simulation);
  int interrupted = 0;
  for (int i = 0; i < 50'000; ++i) {
    world.simulation.spawn(sleeper_that_counts(world, interrupted), &world.group);
    world.simulation.spawn(asker(world, replies, interrupted), &world.group);
  }
  interrupt_at(world, Time{} + 1s);
  world.simulation.run_until(Time{} + 2s);
  CHECK(interrupted == 100'000);
  CHECK(world.group.empty());
  CHECK(world.simulation.pending() == 0);
}
