#include "engine/core/reply.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace nephoscope;

namespace {

using Replies = ReplyPool<int>;

struct ReplyWorld {
  Simulation simulation;
  Replies replies{simulation};
  ProcessGroup group;
  std::vector<WaitStatus> statuses;
  std::vector<int> values;
  std::vector<Time> times;
  void note(const Replies::Result& reply) {
    statuses.push_back(reply.status);
    values.push_back(reply.value);
    times.push_back(simulation.now());
  }
};

Process waits(ReplyWorld& world, ReplyId id) {
  const Replies::Result reply = co_await world.replies.wait(id);
  world.note(reply);
}

template <typename Limit>
Process waits_at_most(ReplyWorld& world, ReplyId id, Limit limit) {
  const Replies::Result reply = co_await world.replies.wait(id, limit);
  world.note(reply);
}

struct Answer {
  ReplyWorld* world;
  ReplyId id;
  int value;
  bool taken = false;
  static void happen(void* context) {
    auto& self = *static_cast<Answer*>(context);
    self.taken = self.world->replies.answer(self.id, self.value);
  }
  void at(Time instant) { world->simulation.at(instant, happen, this); }
};

void run(ReplyWorld& world) { world.simulation.run_until(Time{} + 1h); }

constexpr auto kDone = WaitStatus::done;
constexpr auto kTimedOut = WaitStatus::timed_out;
constexpr auto kInterrupted = WaitStatus::interrupted;

}  // namespace

TEST_CASE("reply: an answer resumes the caller with its value") {
  ReplyWorld world;
  const ReplyId id = world.replies.open();
  world.simulation.spawn(waits(world, id));
  Answer answer{&world, id, 42};
  answer.at(Time{} + 2s);
  run(world);
  CHECK(answer.taken);
  CHECK(world.statuses == std::vector{kDone});
  CHECK(world.values == std::vector{42});
  CHECK(world.times == std::vector{Time{} + 2s});
}

TEST_CASE("reply: an answer that is there already needs no wait") {
  ReplyWorld world;
  const ReplyId id = world.replies.open();
  CHECK(world.replies.answer(id, 7));
  world.simulation.spawn(waits(world, id));
  CHECK(world.values == std::vector{7});
}

TEST_CASE("reply: when the time-out comes first, the answer is dropped") {
  ReplyWorld world;
  const ReplyId id = world.replies.open();
  world.simulation.spawn(waits_at_most(world, id, Duration(2s)));
  Answer late{&world, id, 42};
  late.at(Time{} + 3s);
  run(world);
  CHECK(!late.taken);
  CHECK(world.statuses == std::vector{kTimedOut});
  CHECK(world.times == std::vector{Time{} + 2s});
}

TEST_CASE("reply: a constant time-out works like one of its own length") {
  ReplyWorld world;
  const ReplyId id = world.replies.open();
  world.simulation.spawn(waits_at_most(world, id, world.simulation.timeout_class(2s)));
  run(world);
  CHECK(world.statuses == std::vector{kTimedOut});
  CHECK(world.times == std::vector{Time{} + 2s});
}

TEST_CASE("reply: answer and time-out at one instant go by the order of scheduling") {
  ReplyWorld world;
  const ReplyId first = world.replies.open();
  Answer early{&world, first, 1};
  early.at(Time{} + 2s);
  world.simulation.spawn(waits_at_most(world, first, Duration(2s)));
  const ReplyId second = world.replies.open();
  world.simulation.spawn(waits_at_most(world, second, Duration(2s)));
  Answer late{&world, second, 2};
  late.at(Time{} + 2s);
  run(world);
  CHECK(early.taken);
  CHECK(!late.taken);
  // The second caller runs inside its time-out's event; the first was made ready behind it.
  CHECK(world.statuses == std::vector{kTimedOut, kDone});
  CHECK(world.values == std::vector{0, 1});
}

TEST_CASE("reply: of several expected answers the last one counts") {
  ReplyWorld world;
  const ReplyId id = world.replies.open(3);
  world.simulation.spawn(waits(world, id));
  std::vector<Answer> answers;
  for (int i = 1; i <= 4; ++i) answers.push_back({&world, id, i});
  for (int i = 0; i < 4; ++i) answers[static_cast<std::size_t>(i)].at(Time{} + (i + 1) * 1s);
  run(world);
  CHECK(world.values == std::vector{3});
  CHECK(world.times == std::vector{Time{} + 3s});
  CHECK(!answers[3].taken);
}

TEST_CASE("reply: a second answer before the caller runs is dropped") {
  ReplyWorld world;
  const ReplyId id = world.replies.open();
  world.simulation.spawn(waits(world, id));
  CHECK(world.replies.answer(id, 1));
  CHECK_FALSE(world.replies.answer(id, 2));
  run(world);
  CHECK(world.values == std::vector{1});
}

TEST_CASE("reply: the place of a closed reply is used again, and old answers do not reach the new one") {
  ReplyWorld world;
  const ReplyId old = world.replies.open();
  world.replies.close(old);
  CHECK_FALSE(world.replies.is_open(old));
  const ReplyId young = world.replies.open();
  CHECK(young.index == old.index);
  CHECK(young.generation != old.generation);
  CHECK_FALSE(world.replies.answer(old, 1));
  CHECK(world.replies.answer(young, 2));
  world.replies.close(old);  // closes nothing
  world.simulation.spawn(waits(world, young));
  CHECK(world.values == std::vector{2});
}

TEST_CASE("reply: the default id names no reply") {
  ReplyWorld world;
  world.replies.open();
  CHECK_FALSE(world.replies.is_open(ReplyId{}));
  CHECK_FALSE(world.replies.answer(ReplyId{}, 1));
}

TEST_CASE("reply: an interrupted caller is not there any more, even before it runs") {
  ReplyWorld world;
  const ReplyId id = world.replies.open();
  world.simulation.spawn(waits(world, id), &world.group);
  world.group.interrupt_all();
  CHECK_FALSE(world.replies.is_open(id));
  CHECK_FALSE(world.replies.answer(id, 1));
  run(world);
  CHECK(world.statuses == std::vector{kInterrupted});
  CHECK(world.values == std::vector{0});
  const ReplyId next = world.replies.open();
  CHECK(next.index == id.index);
  CHECK_FALSE(world.replies.answer(id, 2));
}

TEST_CASE("reply: a caller that is interrupted after its answer still gets it") {
  ReplyWorld world;
  const ReplyId id = world.replies.open();
  world.simulation.spawn(waits(world, id), &world.group);
  world.replies.answer(id, 5);
  world.group.interrupt_all();
  run(world);
  CHECK(world.statuses == std::vector{kDone});
  CHECK(world.values == std::vector{5});
}

TEST_CASE("reply: many callers come and go in constant memory") {
  ReplyWorld world;
  std::uint32_t highest = 0;
  for (int i = 0; i < 10'000; ++i) {
    const ReplyId id = world.replies.open();
    highest = std::max(highest, id.index);
    world.simulation.spawn(waits_at_most(world, id, Duration(5ns)));
    Answer answer{&world, id, i};
    answer.at(world.simulation.now() + (i % 2 == 0 ? 3ns : 7ns));
    world.simulation.run_until(world.simulation.now() + 10ns);
    CHECK(answer.taken == (i % 2 == 0));
  }
  CHECK(highest == 0);
}

TEST_CASE("reply: callers may wait when the simulation is cleared") {
  ReplyWorld world;
  world.simulation.spawn(waits_at_most(world, world.replies.open(), Duration(5s)));
  world.simulation.clear();
  CHECK(world.simulation.pending() == 0);
}
