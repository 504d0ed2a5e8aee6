#include "engine/queueing/gate.hpp"

#include <doctest/doctest.h>

#include "tests/engine/queueing/diary.hpp"

using namespace nephoscope;

namespace {

Process visitor(Simulation&, Gate& gate, Diary& diary, int who, Patience patience = {}) {
  const WaitStatus status = co_await gate.wait(patience);
  diary.add(who, status);
}

Process opens_and_closes(Simulation& simulation, Gate& gate, Diary& diary) {
  co_await simulation.delay(1s);
  gate.open();
  gate.close();
  diary.add(0, WaitStatus::done);
}

}  // namespace

TEST_CASE("gate: an open gate stops nobody") {
  Simulation simulation;
  Diary diary(simulation);
  Gate gate(simulation, true);
  simulation.spawn(visitor(simulation, gate, diary, 1));
  CHECK(diary.take() == "1 done 0");
}

TEST_CASE("gate: opening lets all through in order of arrival, after the opener has gone on") {
  Simulation simulation;
  Diary diary(simulation);
  Gate gate(simulation);
  for (int who : {1, 2, 3}) simulation.spawn(visitor(simulation, gate, diary, who));
  CHECK(gate.waiting() == 3);
  simulation.spawn(opens_and_closes(simulation, gate, diary));
  simulation.run_until(Time{} + 5s);
  CHECK(diary.take() == "0 done 1, 1 done 1, 2 done 1, 3 done 1");
  CHECK(!gate.is_open());
  CHECK(gate.waiting() == 0);
}

TEST_CASE("gate: a pulse lets through who waits and leaves the gate closed") {
  Simulation simulation;
  Diary diary(simulation);
  Gate gate(simulation);
  simulation.spawn(visitor(simulation, gate, diary, 1));
  gate.pulse();
  simulation.spawn(visitor(simulation, gate, diary, 2));
  simulation.run_until(Time{} + 1s);
  CHECK(diary.take() == "1 done 0");
  CHECK(gate.waiting() == 1);
}

TEST_CASE("gate: a visitor gives up when its patience ends") {
  Simulation simulation;
  Diary diary(simulation);
  Gate gate(simulation);
  const TimeoutClass two_seconds = simulation.timeout_class(2s);
  simulation.spawn(visitor(simulation, gate, diary, 1, two_seconds));
  simulation.spawn(visitor(simulation, gate, diary, 2, 1s));
  simulation.spawn(visitor(simulation, gate, diary, 3, 5s));
  simulation.run_until(Time{} + 3s);
  gate.open();
  simulation.run_until(Time{} + 9s);
  CHECK(diary.take() == "2 timed_out 1, 1 timed_out 2, 3 done 3");
}

TEST_CASE("gate: interrupted visitors leave, and interrupt_all() ends every wait") {
  Simulation simulation;
  Diary diary(simulation);
  Gate gate(simulation);
  ProcessGroup group;
  simulation.spawn(visitor(simulation, gate, diary, 1), &group);
  simulation.spawn(visitor(simulation, gate, diary, 2));
  simulation.spawn(visitor(simulation, gate, diary, 3));
  interrupt_at(simulation, Time{} + 1s, group);
  simulation.run_until(Time{} + 1s);
  CHECK(diary.take() == "1 interrupted 1");
  gate.interrupt_all();
  simulation.run_until(Time{} + 2s);
  CHECK(diary.take() == "2 interrupted 1, 3 interrupted 1");
  CHECK(gate.waiting() == 0);
}

TEST_CASE("gate: who is let through and interrupted at the same instant has been let through") {
  Simulation simulation;
  Diary diary(simulation);
  Gate gate(simulation);
  ProcessGroup group;
  simulation.spawn(visitor(simulation, gate, diary, 1), &group);
  gate.open();
  group.interrupt_all();
  simulation.run_until(Time{} + 1s);
  CHECK(diary.take() == "1 done 0");
}

TEST_CASE("gate: visitors may wait when the simulation is cleared") {
  Simulation simulation;
  Diary diary(simulation);
  Gate gate(simulation);
  for (int who : {1, 2}) simulation.spawn(visitor(simulation, gate, diary, who, 5s));
  simulation.clear();
  CHECK(simulation.pending() == 0);
}
