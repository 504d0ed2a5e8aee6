#include <doctest/doctest.h>

#include <vector>

#include "engine/core/simulation.hpp"

using namespace nephoscope;

namespace {

struct Log {
  Simulation* simulation;
  std::vector<int> numbers;
  std::vector<Time> times;
};

struct Mark {
  Log* log = nullptr;
  int number = 0;
  static void note(void* context) {
    const auto& self = *static_cast<Mark*>(context);
    self.log->numbers.push_back(self.number);
    self.log->times.push_back(self.log->simulation->now());
  }
};

struct TimerWorld {
  Simulation simulation;
  Log log{&simulation, {}, {}};
  std::vector<Mark> marks;

  explicit TimerWorld(int count) {
    for (int i = 0; i < count; ++i) marks.push_back({&log, i});
  }
  Timer after(Duration span, int number, Priority priority = Priority::normal) {
    return simulation.after(span, Mark::note, &marks[static_cast<std::size_t>(number)], priority);
  }
  Timer after(TimeoutClass length, int number) {
    return simulation.after(length, Mark::note, &marks[static_cast<std::size_t>(number)]);
  }
  void run() { simulation.run_until(Time{} + 24h); }
};

std::uint64_t next_bits(std::uint64_t& state) {  // Marsaglia, J. Stat. Soft. 8(14), 2003
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

}  // namespace

TEST_CASE("timer: a cancelled event does not happen, and can be cancelled only once") {
  TimerWorld world(2);
  const Timer timer = world.after(2s, 0);
  world.after(3s, 1);
  CHECK(world.simulation.cancel(timer));
  CHECK_FALSE(world.simulation.cancel(timer));
  world.run();
  CHECK(world.log.numbers == std::vector{1});
  CHECK(world.simulation.events() == 1);
}

TEST_CASE("timer: what has happened, and what was never scheduled, cannot be cancelled") {
  TimerWorld world(1);
  const Timer timer = world.after(2s, 0);
  world.run();
  CHECK_FALSE(world.simulation.cancel(timer));
  CHECK_FALSE(world.simulation.cancel(Timer{}));
}

TEST_CASE("timer: an old timer does not cancel the event that has taken its place in memory") {
  TimerWorld world(2);
  const Timer old = world.after(2s, 0);
  world.simulation.cancel(old);
  const Timer young = world.after(3s, 1);
  CHECK(old.slot == young.slot);
  CHECK_FALSE(world.simulation.cancel(old));
  world.run();
  CHECK(world.log.numbers == std::vector{1});
}

TEST_CASE("timer: an event may cancel another one at its own instant") {
  TimerWorld world(1);
  struct Canceller {
    Simulation* simulation;
    Timer timer;
    static void happen(void* context) {
      const auto& self = *static_cast<Canceller*>(context);
      CHECK(self.simulation->cancel(self.timer));
    }
  } canceller{&world.simulation, {}};
  world.simulation.after(2s, Canceller::happen, &canceller);
  canceller.timer = world.after(2s, 0);
  world.run();
  CHECK(world.log.numbers.empty());
}

TEST_CASE("timer: when everything is cancelled nothing is pending") {
  TimerWorld world(3000);
  const TimeoutClass minute = world.simulation.timeout_class(1min);
  std::vector<Timer> timers;
  for (int i = 0; i < 3000; ++i)
    timers.push_back(i % 2 == 0 ? world.after(1s * (i + 1), i) : world.after(minute, i));
  for (const Timer& timer : timers) CHECK(world.simulation.cancel(timer));
  CHECK(world.simulation.pending() == 0);
  CHECK_FALSE(world.simulation.step());
  CHECK(world.simulation.now() == Time{});
}

TEST_CASE("timer: events survive any number of cancelled neighbours") {
  TimerWorld world(200);
  std::vector<int> expected;
  for (int i = 0; i < 200; ++i) {
    for (int k = 0; k < 100; ++k)
      world.simulation.cancel(world.after(1h, 0));  // 20,000 in all: many compactions
    world.after(1s * (i + 1), i);
    expected.push_back(i);
  }
  world.run();
  CHECK(world.log.numbers == expected);
}

TEST_CASE("timer: cancelled events do not pile up") {
  TimerWorld world(1);
  world.after(1s, 0);
  for (int i = 0; i < 1'000'000; ++i) world.simulation.cancel(world.after(1h, 0));
  CHECK(world.simulation.event_list_memory().count < 1'000'000);
}

TEST_CASE("timer: cancelled time-outs do not pile up") {
  TimerWorld world(1);
  const TimeoutClass hour = world.simulation.timeout_class(1h);
  world.after(hour, 0);
  for (int i = 0; i < 1'000'000; ++i) world.simulation.cancel(world.after(hour, 0));
  CHECK(world.simulation.event_list_memory().count < 1'000'000);
  world.run();
  CHECK(world.log.numbers == std::vector{0});
}

TEST_CASE("timer: after a clear timers name nothing, and time-out classes go on") {
  TimerWorld world(2);
  const TimeoutClass minute = world.simulation.timeout_class(1min);
  const Timer ordinary = world.after(2s, 0);
  const Timer constant = world.after(minute, 0);
  world.simulation.clear();
  CHECK(world.simulation.pending() == 0);
  CHECK_FALSE(world.simulation.cancel(ordinary));
  CHECK_FALSE(world.simulation.cancel(constant));
  world.after(minute, 1);
  world.run();
  CHECK(world.log.times == std::vector{Time{} + 60s});
}

TEST_CASE("timeout class: the same length is the same class") {
  Simulation simulation;
  CHECK(simulation.timeout_class(3s).index == simulation.timeout_class(3000ms).index);
  CHECK(simulation.timeout_class(3s).index != simulation.timeout_class(4s).index);
}

TEST_CASE("timeout class: cancelling the first, a middle or the last time-out leaves the others' dates") {
  TimerWorld world(5);
  const TimeoutClass minute = world.simulation.timeout_class(1min);
  std::vector<Timer> timers;
  for (int i = 0; i < 5; ++i) {
    timers.push_back(world.after(minute, i));
    world.simulation.run_until(Time{} + (i + 1) * 1s);
  }
  for (const std::size_t i : {0U, 2U, 4U}) CHECK(world.simulation.cancel(timers[i]));
  world.run();
  CHECK(world.log.numbers == std::vector{1, 3});
  CHECK(world.log.times == std::vector{Time{} + 61s, Time{} + 63s});
}

TEST_CASE("timeout class: a class goes on after all its time-outs were cancelled") {
  TimerWorld world(2);
  const TimeoutClass minute = world.simulation.timeout_class(1min);
  world.simulation.cancel(world.after(minute, 0));
  world.simulation.run_until(Time{} + 10s);
  world.after(minute, 1);
  world.run();
  CHECK(world.log.times == std::vector{Time{} + 70s});
}

TEST_CASE("timeout class: a time-out of no length expires at its own instant") {
  TimerWorld world(2);
  const TimeoutClass none = world.simulation.timeout_class(0s);
  world.after(none, 0);
  world.after(0s, 1);
  world.run();
  CHECK(world.log.numbers == std::vector{0, 1});
}

TEST_CASE("timeout class: time-outs and ordinary events keep one total order under random cancels") {
  // The same history twice: once with classes, once with ordinary timers only. Both must agree.
  const auto history = [](bool classes, std::uint64_t seed) {
    TimerWorld world(4000);
    const TimeoutClass lengths[] = {world.simulation.timeout_class(0ns), world.simulation.timeout_class(3ns),
                                    world.simulation.timeout_class(10ns)};
    const Duration spans[] = {0ns, 3ns, 10ns};
    std::vector<Timer> timers;
    for (int i = 0; i < 4000; ++i) {
      const std::size_t kind = next_bits(seed) % 3;
      const bool plain = next_bits(seed) % 2 == 0;
      timers.push_back(plain || !classes ? world.after(spans[kind], i) : world.after(lengths[kind], i));
      if (next_bits(seed) % 3 == 0) world.simulation.cancel(timers[next_bits(seed) % timers.size()]);
      if (next_bits(seed) % 4 == 0) world.simulation.step();
    }
    world.run();
    return std::pair(world.log.numbers, world.simulation.fingerprint());
  };
  for (std::uint64_t seed = 1; seed <= 20; ++seed) CHECK(history(true, seed) == history(false, seed));
}
