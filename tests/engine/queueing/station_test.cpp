#include "engine/queueing/station.hpp"

#include <doctest/doctest.h>

#include "engine/base/check.hpp"
#include "tests/engine/queueing/diary.hpp"

using namespace nephoscope;

namespace {

struct StationWorld {
  Simulation simulation;
  Diary diary{simulation};
  ProcessGroup group;
};

Process customer(StationWorld& world, Station& station, int who, Duration work, ServeOptions options = {}) {
  const ServiceResult result = co_await station.serve(work, options);
  world.diary.add(who, result.status);
}

Process late_customer(StationWorld& world, Station& station, int who, Duration after, Duration work) {
  co_await world.simulation.delay(after);
  const ServiceResult result = co_await station.serve(work);
  world.diary.add(who, result.status);
}

Process holder(StationWorld& world, Station& station, int who, Duration span, ServeOptions options = {}) {
  const ServiceResult result = co_await station.acquire(options);
  world.diary.add(who, result.status);
  if (result.status != WaitStatus::done) co_return;
  co_await world.simulation.delay(span);
  station.release();
}

Process waiting_times(Station& station, Duration work, Duration& waited, ServeOptions options = {}) {
  const ServiceResult result = co_await station.serve(work, options);
  waited = result.waited;
}

void run_to_end(StationWorld& world) { world.simulation.run_until(Time{} + 1h); }

}  // namespace

TEST_CASE("station: one server serves customers one after the other in order of arrival") {
  StationWorld world;
  Station station(world.simulation);
  for (int who : {1, 2, 3}) world.simulation.spawn(customer(world, station, who, 2s));
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 2, 2 done 4, 3 done 6");
  CHECK(station.audit() == "");
}

TEST_CASE("station: as many customers as servers are served at once") {
  StationWorld world;
  Station station(world.simulation, {.servers = 2});
  for (int who : {1, 2, 3}) world.simulation.spawn(customer(world, station, who, 2s));
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 2, 2 done 2, 3 done 4");
}

TEST_CASE("station: a customer without a waiting place is rejected at once") {
  StationWorld world;
  Station station(world.simulation, {.servers = 1, .queue_limit = 1});
  for (int who : {1, 2, 3}) world.simulation.spawn(customer(world, station, who, 2s));
  CHECK(world.diary.take() == "3 rejected 0");
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 2, 2 done 4");
  CHECK(station.counts().rejected == 1);
  CHECK(station.audit() == "");
}

TEST_CASE("station: a loss system has no waiting places") {
  StationWorld world;
  Station station(world.simulation, {.servers = 1, .queue_limit = 0});
  for (int who : {1, 2}) world.simulation.spawn(customer(world, station, who, 2s));
  run_to_end(world);
  CHECK(world.diary.take() == "2 rejected 0, 1 done 2");
}

TEST_CASE("station: a customer whose patience runs out leaves the line, and the next one moves up") {
  StationWorld world;
  Station station(world.simulation);
  const TimeoutClass three_seconds = world.simulation.timeout_class(3s);
  world.simulation.spawn(customer(world, station, 1, 5s));
  world.simulation.spawn(customer(world, station, 2, 1s, {.patience = 2s}));
  world.simulation.spawn(customer(world, station, 3, 1s, {.patience = three_seconds}));
  world.simulation.spawn(customer(world, station, 4, 1s));
  run_to_end(world);
  CHECK(world.diary.take() == "2 timed_out 2, 3 timed_out 3, 1 done 5, 4 done 6");
  CHECK(station.counts().reneged == 2);
  CHECK(station.audit() == "");
}

TEST_CASE("station: patience does not limit a service that has begun") {
  StationWorld world;
  Station station(world.simulation);
  world.simulation.spawn(customer(world, station, 1, 5s, {.patience = 1s}));
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 5");
}

TEST_CASE("station: when patience runs out at the instant a server frees, the event scheduled first wins") {
  StationWorld world;
  Station station(world.simulation);
  // The end of the first service (at 2 s) is scheduled before the patience of the second customer.
  world.simulation.spawn(customer(world, station, 1, 2s));
  world.simulation.spawn(customer(world, station, 2, 1s, {.patience = 2s}));
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 2, 2 done 3");
}

TEST_CASE("station: without patience for any wait a customer gives up at its own instant unless served") {
  StationWorld world;
  Station station(world.simulation);
  world.simulation.spawn(customer(world, station, 1, 2s, {.patience = 0s}));
  world.simulation.spawn(customer(world, station, 2, 2s, {.patience = 0s}));
  run_to_end(world);
  CHECK(world.diary.take() == "2 timed_out 0, 1 done 2");
}

TEST_CASE("station: the lowest priority number is served first, first come first among equals") {
  StationWorld world;
  Station station(world.simulation, {.discipline = Discipline::priority});
  const int priorities[] = {5, 1, -1, 1, 5, -1};
  for (int who = 0; who < 6; ++who)
    world.simulation.spawn(customer(world, station, who, 1s, {.priority = priorities[who]}));
  run_to_end(world);
  // Customer 0 is already in service: priority does not preempt.
  CHECK(world.diary.take() == "0 done 1, 2 done 2, 5 done 3, 1 done 4, 3 done 5, 4 done 6");
  CHECK(station.audit() == "");
}

TEST_CASE("station: fifo ignores priorities") {
  StationWorld world;
  Station station(world.simulation);
  world.simulation.spawn(customer(world, station, 1, 1s));
  world.simulation.spawn(customer(world, station, 2, 1s, {.priority = 2}));
  world.simulation.spawn(customer(world, station, 3, 1s, {.priority = 1}));
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 1, 2 done 2, 3 done 3");
}

TEST_CASE("station: a service of no length takes a server and ends at the same instant") {
  StationWorld world;
  Station station(world.simulation);
  for (int who : {1, 2}) world.simulation.spawn(customer(world, station, who, 0s));
  CHECK(world.diary.take() == "");
  CHECK(station.in_service() == 1);
  CHECK(station.waiting() == 1);
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 0, 2 done 0");
  CHECK(station.audit() == "");
}

TEST_CASE("station: a negative service is a programmer's error") {
  StationWorld world;
  Station station(world.simulation);
  CHECK_THROWS_AS(world.simulation.spawn(customer(world, station, 1, -1s)), CheckFailure);
}

TEST_CASE("station: more servers begin serving those who wait at once") {
  StationWorld world;
  Station station(world.simulation, {.servers = 0});
  for (int who : {1, 2, 3}) world.simulation.spawn(customer(world, station, who, 2s));
  world.simulation.run_until(Time{} + 1s);
  station.set_servers(2);
  CHECK(station.in_service() == 2);
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 3, 2 done 3, 3 done 5");
}

TEST_CASE("station: fewer servers let the services in progress finish") {
  StationWorld world;
  Station station(world.simulation, {.servers = 2});
  for (int who : {1, 2, 3, 4}) world.simulation.spawn(customer(world, station, who, 2s));
  world.simulation.run_until(Time{} + 1s);
  station.set_servers(1);
  CHECK(station.in_service() == 2);
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 2, 2 done 2, 3 done 4, 4 done 6");
  CHECK(station.audit() == "");
}

TEST_CASE("station: an interrupted customer leaves the line or frees its server") {
  StationWorld world;
  Station station(world.simulation);
  ProcessGroup served;
  world.simulation.spawn(customer(world, station, 1, 5s), &served);
  world.simulation.spawn(customer(world, station, 2, 5s), &world.group);
  world.simulation.spawn(customer(world, station, 3, 5s));
  interrupt_at(world.simulation, Time{} + 1s, world.group);
  interrupt_at(world.simulation, Time{} + 2s, served);
  run_to_end(world);
  CHECK(world.diary.take() == "2 interrupted 1, 1 interrupted 2, 3 done 7");
  CHECK(station.counts().interrupted == 2);
  CHECK(station.audit() == "");
}

TEST_CASE("station: an interruption just before the end of service, at the same instant, comes first") {
  StationWorld world;
  Station station(world.simulation);
  interrupt_at(world.simulation, Time{} + 2s, world.group);  // scheduled before the service begins
  world.simulation.spawn(customer(world, station, 1, 2s), &world.group);
  run_to_end(world);
  CHECK(world.diary.take() == "1 interrupted 2");
  CHECK(station.counts().served == 0);
  CHECK(station.audit() == "");
}

TEST_CASE("station: an interruption just after the end of service, at the same instant, finds it done") {
  StationWorld world;
  Station station(world.simulation);
  world.simulation.spawn(customer(world, station, 1, 2s), &world.group);
  interrupt_at(world.simulation, Time{} + 2s, world.group);
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 2");
}

TEST_CASE("station: an interrupted process is not served any more and does not count as an arrival") {
  StationWorld world;
  Station station(world.simulation);
  world.simulation.spawn(late_customer(world, station, 1, 2s, 1s), &world.group);
  interrupt_at(world.simulation, Time{} + 1s, world.group);
  run_to_end(world);
  CHECK(world.diary.take() == "1 interrupted 1");
  CHECK(station.counts().arrivals == 0);
}

TEST_CASE("station: a crash ends every wait and every service") {
  StationWorld world;
  Station station(world.simulation, {.servers = 1, .discipline = Discipline::priority});
  world.simulation.spawn(customer(world, station, 1, 5s));
  world.simulation.spawn(customer(world, station, 2, 5s, {.priority = 2, .patience = 4s}));
  world.simulation.spawn(customer(world, station, 3, 5s, {.priority = 1}));
  world.simulation.run_until(Time{} + 1s);
  station.interrupt_all();
  CHECK(world.diary.take() == "");  // nobody runs inside the call
  world.simulation.spawn(customer(world, station, 4, 1s));
  run_to_end(world);
  CHECK(world.diary.take() == "3 interrupted 1, 2 interrupted 1, 1 interrupted 1, 4 done 2");
  CHECK(station.counts().interrupted == 3);
  CHECK(station.audit() == "");
}

TEST_CASE("station: a hundred thousand customers, in service and waiting, are interrupted at once") {
  StationWorld world;
  Station station(world.simulation, {.servers = 1000});
  for (int who = 0; who < 100'000; ++who)
    world.simulation.spawn(customer(world, station, who, 5s, {.patience = 1h}), &world.group);
  interrupt_at(world.simulation, Time{} + 1s, world.group);
  world.simulation.run_until(Time{} + 2s);
  CHECK(station.counts().interrupted == 100'000);
  CHECK(world.group.empty());
  CHECK(world.simulation.pending() == 0);
  CHECK(station.audit() == "");
}

TEST_CASE("station: an acquired server stays taken until it is released") {
  StationWorld world;
  Station station(world.simulation);
  world.simulation.spawn(holder(world, station, 1, 3s));
  CHECK(world.diary.take() == "1 done 0");  // a free server is acquired without suspending
  world.simulation.spawn(holder(world, station, 2, 3s));
  world.simulation.spawn(customer(world, station, 3, 1s));
  run_to_end(world);
  CHECK(world.diary.take() == "2 done 3, 3 done 7");
  CHECK(station.counts().served == 3);
  CHECK(station.audit() == "");
}

TEST_CASE("station: a wait for an acquisition can be rejected, time out or be interrupted") {
  StationWorld world;
  Station station(world.simulation, {.servers = 1, .queue_limit = 2});
  world.simulation.spawn(holder(world, station, 1, 9s));
  world.simulation.spawn(holder(world, station, 2, 9s, {.patience = 2s}));
  world.simulation.spawn(holder(world, station, 3, 9s), &world.group);
  world.simulation.spawn(holder(world, station, 4, 9s));
  interrupt_at(world.simulation, Time{} + 3s, world.group);
  run_to_end(world);
  CHECK(world.diary.take() == "1 done 0, 4 rejected 0, 2 timed_out 2, 3 interrupted 3");
  CHECK(station.in_service() == 0);
  CHECK(station.audit() == "");
}

TEST_CASE("station: who is granted a server and then interrupted at the same instant still owes a release") {
  StationWorld world;
  Station station(world.simulation);
  world.simulation.spawn(holder(world, station, 1, 3s));
  world.simulation.spawn(holder(world, station, 2, 3s), &world.group);
  world.simulation.run_until(Time{} + 2s);
  world.simulation.at(
      Time{} + 3s, [](void* group) { static_cast<ProcessGroup*>(group)->interrupt_all(); }, &world.group,
      Priority::normal);
  world.simulation.run_until(Time{} + 3s);
  // 1 releases, 2 is granted, then the interruption: 2's delay is over at once and it releases.
  CHECK(world.diary.take() == "1 done 0, 2 done 3");
  CHECK(station.in_service() == 0);
  CHECK(station.audit() == "");
}

TEST_CASE("station: a crash leaves acquired servers to their holders") {
  StationWorld world;
  Station station(world.simulation);
  world.simulation.spawn(holder(world, station, 1, 3s));
  station.interrupt_all();
  CHECK(station.in_service() == 1);
  run_to_end(world);
  CHECK(station.in_service() == 0);
  CHECK(station.audit() == "");
}

TEST_CASE("station: releasing what nobody holds is a programmer's error") {
  Simulation simulation;
  Station station(simulation);
  CHECK_THROWS_AS(station.release(), CheckFailure);
}

TEST_CASE("station: the result tells how long the customer waited") {
  StationWorld world;
  Station station(world.simulation);
  Duration first{-1};
  Duration second{-1};
  Duration third{-1};
  world.simulation.spawn(waiting_times(station, 4s, first));
  world.simulation.spawn(waiting_times(station, 4s, second));
  world.simulation.spawn(waiting_times(station, 4s, third, {.patience = 6s}));
  run_to_end(world);
  CHECK(first == 0s);
  CHECK(second == 4s);
  CHECK(third == 6s);
}

TEST_CASE("station: everybody may be there when the simulation is cleared") {
  StationWorld world;
  Station station(world.simulation, {.servers = 2});
  for (int who = 0; who < 10; ++who)
    world.simulation.spawn(customer(world, station, who, 2s, {.patience = 3s}), &world.group);
  world.simulation.clear();
  CHECK(world.group.empty());
  CHECK(world.simulation.pending() == 0);
}
