#include <doctest/doctest.h>

#include <vector>

#include "engine/base/check.hpp"
#include "engine/core/simulation.hpp"

using namespace nephoscope;

namespace {

struct Log {
  std::vector<int> entries;
};

struct Mark {
  Log* log;
  int number;
  static void note(void* context) {
    const auto& self = *static_cast<Mark*>(context);
    self.log->entries.push_back(self.number);
  }
};

Process waits_for(Simulation& simulation, Log& log, int number, Duration span) {
  co_await simulation.delay(span);
  log.entries.push_back(number);
}

struct ManualWait : Wait {
  Simulation& simulation;
  Wait*& place;
  ManualWait(Simulation& owner, Wait*& where) : simulation(owner), place(where) {}
  bool await_ready() { return simulation.over_at_once(*this); }
  void await_suspend(std::coroutine_handle<> waiting) {
    simulation.begin_wait(*this, waiting);
    cancel = [](Wait& wait) { static_cast<ManualWait&>(wait).place = nullptr; };
    place = this;
  }
  WaitStatus await_resume() const { return status; }
};

Process waits_to_be_ended(Simulation& simulation, Log& log, int number, Wait*& place) {
  co_await ManualWait(simulation, place);
  log.entries.push_back(number);
}

struct Ending {
  Simulation* simulation;
  Wait** wait;
  static void happen(void* context) {
    const auto& self = *static_cast<Ending*>(context);
    self.simulation->end_wait(**self.wait, WaitStatus::done);
  }
};

}  // namespace

TEST_CASE("core: events happen by time, then priority, then the order of scheduling") {
  Simulation simulation;
  Log log;
  Mark marks[8];
  for (int i = 0; i < 8; ++i) marks[i] = {&log, i};
  const auto at = [&](int i, Duration time, Priority priority) {
    simulation.at(Time{} + time, Mark::note, &marks[i], priority);
  };
  at(0, 2s, Priority::early);
  at(1, 1s, Priority::late);
  at(2, 1s, Priority::normal);
  at(3, 1s, Priority::early);
  at(4, 1s, Priority::normal);
  at(5, 1s, Priority::early);
  at(6, 0s, Priority::late);
  at(7, 1s, Priority::late);
  simulation.run_until(Time{} + 9s);
  CHECK(log.entries == std::vector{6, 3, 5, 2, 4, 1, 7, 0});
}

TEST_CASE("core: a process made ready goes behind what is already due at this instant") {
  Simulation simulation;
  Log log;
  Wait* wait = nullptr;
  simulation.spawn(waits_to_be_ended(simulation, log, 100, wait));
  Ending ending{&simulation, &wait};
  Mark before{&log, 1};
  Mark after{&log, 2};
  Mark late{&log, 3};
  Mark next{&log, 4};
  simulation.at(Time{} + 1s, Mark::note, &late, Priority::late);
  simulation.at(Time{} + 1s, Mark::note, &before);
  simulation.at(Time{} + 1s, Ending::happen, &ending);
  simulation.at(Time{} + 1s, Mark::note, &after);
  simulation.at(Time{} + 1s + 1ns, Mark::note, &next, Priority::early);
  simulation.run_until(Time{} + 2s);
  CHECK(log.entries == std::vector{1, 2, 100, 3, 4});
}

TEST_CASE("core: an early event that is scheduled for now goes before processes that are ready") {
  Simulation simulation;
  Log log;
  Wait* wait = nullptr;
  simulation.spawn(waits_to_be_ended(simulation, log, 100, wait));
  simulation.end_wait(*wait, WaitStatus::done);
  Mark early{&log, 1};
  Mark normal{&log, 2};
  simulation.at(Time{}, Mark::note, &normal);
  simulation.at(Time{}, Mark::note, &early, Priority::early);
  simulation.run_until(Time{});
  CHECK(log.entries == std::vector{1, 100, 2});
}

TEST_CASE("core: delays of one length end in the order in which they began") {
  Simulation simulation;
  Log log;
  for (int i = 0; i < 5; ++i) simulation.spawn(waits_for(simulation, log, i, 3s));
  simulation.spawn(waits_for(simulation, log, 5, 0s));
  simulation.run_until(Time{} + 3s);
  CHECK(log.entries == std::vector{5, 0, 1, 2, 3, 4});
}

TEST_CASE("core: run_until includes its end, stops the clock there, and leaves later events pending") {
  Simulation simulation;
  Log log;
  simulation.spawn(waits_for(simulation, log, 1, 2s));
  simulation.spawn(waits_for(simulation, log, 2, 2s + 1ns));
  simulation.run_until(Time{} + 1s);
  CHECK(simulation.now() == Time{} + 1s);
  CHECK(log.entries.empty());
  simulation.run_until(Time{} + 2s);
  CHECK(log.entries == std::vector{1});
  CHECK(simulation.pending() == 1);
  CHECK_THROWS_AS(simulation.run_until(Time{} + 1s), CheckFailure);
}

TEST_CASE("core: step runs one event and says whether there was one") {
  Simulation simulation;
  Log log;
  simulation.spawn(waits_for(simulation, log, 1, 2s));
  CHECK_FALSE(simulation.step(Time{} + 1s));
  CHECK(simulation.step());
  CHECK(simulation.now() == Time{} + 2s);
  CHECK_FALSE(simulation.step());
  CHECK(simulation.events() == 1);
}

TEST_CASE("core: nothing can be scheduled in the past or at the end of all time") {
  Simulation simulation;
  Log log;
  Mark mark{&log, 1};
  simulation.run_until(Time{} + 1s);
  CHECK_THROWS_AS(simulation.at(Time{}, Mark::note, &mark), CheckFailure);
  CHECK_THROWS_AS(simulation.at(Time::max(), Mark::note, &mark), CheckFailure);
  CHECK_THROWS_AS(simulation.timeout_class(-1s), CheckFailure);
  CHECK_THROWS_AS(simulation.spawn(waits_for(simulation, log, 1, -1s)), CheckFailure);
}

TEST_CASE("core: equal runs have equal fingerprints, and one nanosecond makes another one") {
  const auto fingerprint = [](Duration last) {
    Simulation simulation;
    Log log;
    for (int i = 0; i < 100; ++i) simulation.spawn(waits_for(simulation, log, i, 1s + i * 7ns));
    simulation.spawn(waits_for(simulation, log, 0, last));
    simulation.run_until(Time{} + 9s);
    return simulation.fingerprint();
  };
  CHECK(fingerprint(5s) == fingerprint(5s));
  CHECK(fingerprint(5s) != fingerprint(5s + 1ns));
}

TEST_CASE("core: the order of equal events is part of the fingerprint") {
  const auto fingerprint = [](Priority first, Priority second) {
    Simulation simulation;
    Log log;
    Mark marks[2] = {{&log, 0}, {&log, 1}};
    simulation.at(Time{} + 1s, Mark::note, &marks[0], first);
    simulation.at(Time{} + 1s, Mark::note, &marks[1], second);
    simulation.run_until(Time{} + 1s);
    return simulation.fingerprint();
  };
  CHECK(fingerprint(Priority::early, Priority::late) != fingerprint(Priority::late, Priority::early));
}
