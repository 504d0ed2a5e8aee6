#include "engine/queueing/mailbox.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "tests/engine/queueing/diary.hpp"

using namespace nephoscope;

namespace {

using Box = Mailbox<int>;

struct MailboxWorld {
  Simulation simulation;
  Diary diary{simulation};
  std::vector<int> messages;
};

Process receiver(MailboxWorld& world, Box& box, int who, Patience patience = {}) {
  const Box::Received received = co_await box.receive(patience);
  world.diary.add(who, received.status);
  if (received.status == WaitStatus::done) world.messages.push_back(received.message);
}

}  // namespace

TEST_CASE("mailbox: messages come out in the order in which they were sent") {
  MailboxWorld world;
  Box box(world.simulation);
  for (int message : {10, 20, 30}) CHECK(box.try_send(message));
  for (int who : {1, 2, 3}) world.simulation.spawn(receiver(world, box, who));
  CHECK(world.messages == std::vector{10, 20, 30});
  CHECK(box.counts().received == 3);
}

TEST_CASE("mailbox: receivers who wait get messages in the order in which they came") {
  MailboxWorld world;
  Box box(world.simulation);
  for (int who : {1, 2}) world.simulation.spawn(receiver(world, box, who));
  for (int message : {10, 20, 30}) box.try_send(message);
  CHECK(world.messages.empty());  // nobody runs inside try_send
  CHECK(box.size() == 1);
  world.simulation.run_until(Time{});
  CHECK(world.diary.take() == "1 done 0, 2 done 0");
  CHECK(world.messages == std::vector{10, 20});
}

TEST_CASE("mailbox: a full mailbox refuses") {
  MailboxWorld world;
  Box box(world.simulation, {.capacity = 1});
  CHECK(box.try_send(1));
  CHECK_FALSE(box.try_send(2));
  CHECK(box.counts().refused == 1);
  CHECK(box.size() == 1);
}

TEST_CASE("mailbox: without capacity a message goes from hand to hand or not at all") {
  MailboxWorld world;
  Box box(world.simulation, {.capacity = 0});
  CHECK_FALSE(box.try_send(1));
  world.simulation.spawn(receiver(world, box, 1));
  CHECK(box.try_send(2));
  world.simulation.run_until(Time{});
  CHECK(world.messages == std::vector{2});
}

TEST_CASE("mailbox: a receiver gives up when its patience ends") {
  MailboxWorld world;
  Box box(world.simulation);
  const TimeoutClass two_seconds = world.simulation.timeout_class(2s);
  world.simulation.spawn(receiver(world, box, 1, two_seconds));
  world.simulation.spawn(receiver(world, box, 2, 1s));
  world.simulation.run_until(Time{} + 3s);
  CHECK(world.diary.take() == "2 timed_out 1, 1 timed_out 2");
  box.try_send(1);
  CHECK(box.size() == 1);
}

TEST_CASE("mailbox: an interrupted receiver leaves the line") {
  MailboxWorld world;
  Box box(world.simulation);
  ProcessGroup group;
  world.simulation.spawn(receiver(world, box, 1), &group);
  world.simulation.spawn(receiver(world, box, 2));
  group.interrupt_all();
  box.try_send(10);
  world.simulation.run_until(Time{});
  CHECK(world.diary.take() == "1 interrupted 0, 2 done 0");
}

TEST_CASE("mailbox: a message handed over is not lost when its receiver is interrupted at that instant") {
  MailboxWorld world;
  Box box(world.simulation);
  ProcessGroup group;
  world.simulation.spawn(receiver(world, box, 1), &group);
  box.try_send(10);
  group.interrupt_all();
  world.simulation.run_until(Time{});
  CHECK(world.diary.take() == "1 done 0");
  CHECK(world.messages == std::vector{10});
}

TEST_CASE("mailbox: interrupt_all() ends every receive and keeps the messages' order") {
  MailboxWorld world;
  Box box(world.simulation);
  for (int who : {1, 2}) world.simulation.spawn(receiver(world, box, who, 5s));
  box.interrupt_all();
  world.simulation.run_until(Time{} + 9s);
  CHECK(world.diary.take() == "1 interrupted 0, 2 interrupted 0");
  CHECK(box.waiting() == 0);
}

TEST_CASE("mailbox: dropped messages are counted") {
  MailboxWorld world;
  Box box(world.simulation);
  for (int message : {1, 2, 3}) box.try_send(message);
  world.simulation.spawn(receiver(world, box, 1));
  CHECK(box.drop_all() == 2);
  const MailboxCounts& counts = box.counts();
  CHECK(counts.sent == counts.received + counts.dropped + box.size());
  CHECK(counts.dropped == 2);
}

TEST_CASE("mailbox: receivers may wait when the simulation is cleared") {
  MailboxWorld world;
  Box box(world.simulation);
  world.simulation.spawn(receiver(world, box, 1, 5s));
  world.simulation.clear();
  CHECK(world.simulation.pending() == 0);
}
