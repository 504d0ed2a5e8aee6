#include "models/job/job.hpp"

#include <doctest/doctest.h>

#include "models/common/report.hpp"
#include "tests/support/fleet_fake.hpp"
#include "tests/support/read_config.hpp"

namespace nephoscope::job {
namespace {

using fleet_fake::FleetFake;
using fleet_fake::NetworkFake;

struct Outcome {
  bool answered = false;
  bool ok = false;
  double seconds = 0;
};

class Fixture {
 public:
  // Of `workers` machines with two vCPUs each.
  Fixture(std::size_t workers, const std::string& stages, const std::string& more = "")
      : world({.warmup = {}, .duration = 10h, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        network(world),
        fleet(world),
        config(read_config<DistributedJobConfig>(
            "{type: Nephoscope::DistributedJob, workers: fleet, stages: {" + stages + "}" + more + "}")),
        job(config.build(world, "job")) {
    job->connect(fleet);
    fleet.add_up(workers);
    job->start();
  }
  ~Fixture() { world.simulation.clear(); }

  void submit(std::uint64_t number = 1) { world.simulation.spawn(call(number)); }
  const Outcome& run(Duration until = 1h) {
    submit();
    world.simulation.run_until(Time{} + until);
    return outcome;
  }
  double metric(const std::string& name) const {
    Report report;
    job->report(report);
    const Measure* found = report.find({Scope::resource, "job", name});
    REQUIRE(found != nullptr);
    const auto& ratio = std::get<RatioMeasure>(found->value);
    return ratio.numerator / ratio.denominator;
  }
  void check_audits() const {
    Audit audit;
    job->audit(audit);
    for (const AuditLine& line : audit.lines()) {
      INFO(line.name << ": " << line.detail);
      CHECK(line.ok);
    }
  }
  // Calls `action` at `instant`.
  template <typename Action>
  void at(Duration instant, Action action) {
    world.simulation.run_until(Time{} + instant);
    action();
  }

  World world;
  NetworkFake network;
  FleetFake fleet;
  DistributedJobConfig config;
  std::unique_ptr<Resource> job;
  Outcome outcome;

 private:
  Process call(std::uint64_t number) {
    Request request;
    request.number = number;
    const Time begun = world.now();
    const ReplyId reply = world.replies.open();
    job->endpoint()->submit(request, reply);
    const Replies::Result result = co_await world.replies.wait(reply);
    outcome = {.answered = true, .ok = result.value.ok(), .seconds = to_seconds(world.now() - begun)};
  }
};

TEST_CASE("job: equal tasks run in waves of one for each vCPU") {
  Fixture fixture(3, "map: {handler: map, tasks: 14}");
  const Outcome& outcome = fixture.run();
  // ceil(14 tasks / (3 workers x 2 vCPUs)) = 3 waves of 10 s
  CHECK(outcome.seconds == doctest::Approx(30));
  CHECK(outcome.ok);
  fixture.check_audits();
}

TEST_CASE("job: without a number there is a task for each vCPU") {
  Fixture fixture(3, "map: {handler: map}");
  CHECK(fixture.run().seconds == doctest::Approx(10));
  CHECK(fixture.metric("tasks.finished") == 6);  // 3 x 2
}

TEST_CASE("job: a stage begins when the one before has ended everywhere") {
  Fixture fixture(2, "map: {handler: map, tasks: 5}, reduce: {handler: reduce, tasks: 1}");
  // ceil(5 / 4) x 10 s + 10 s
  CHECK(fixture.run().seconds == doctest::Approx(30));
  CHECK(fixture.metric("stage.map.duration.mean") == doctest::Approx(20));
}

TEST_CASE("job: in a shuffle each worker fetches its share of what every other has") {
  Fixture fixture(4, "sort: {shuffle: 16GB}", ", assume: {fetch_parallelism: 1}");
  // Each of the 4 fetches 16 GB / 4 / 4 = 1 GB from each of 3 peers, one after the other, at 1 GB/s.
  CHECK(fixture.run().seconds == doctest::Approx(3));
  CHECK(fixture.metric("shuffle.bytes") == doctest::Approx(12e9));  // 16 GB x 3/4
  CHECK(fixture.metric("shuffle.rate") == doctest::Approx(4e9));
  CHECK(fixture.network.most_flows == 4);
  fixture.check_audits();
}

TEST_CASE("job: a worker fetches from at most five peers at once") {
  Fixture fixture(9, "sort: {shuffle: 81GB}");
  // 8 peers, 5 at a time: 2 rounds of 1 GB at 1 GB/s; 9 x 5 flows at once.
  CHECK(fixture.run().seconds == doctest::Approx(2));
  CHECK(fixture.network.most_flows == 45);
}

TEST_CASE("job: what is shuffled lies where the tasks ran") {
  Fixture fixture(2, "map: {handler: map, tasks: 1, shuffle: 10GB}");
  // All 10 GB are on one worker; half of it stays: 10 s for the task, 5 s for 5 GB.
  CHECK(fixture.run().seconds == doctest::Approx(15));
}

TEST_CASE("job: a round of exchanges takes its compute step and the slowest path") {
  Fixture fixture(3, "solve: {exchanges: {rounds: 1000, compute: 900us}}");
  fixture.network.latency = [](PlaceId a, PlaceId b) {
    return a == PlaceId(0) && b == PlaceId(2) ? Duration(100us) : Duration(35us);
  };
  // 1000 x (900 us + max(35, 35, 100) us)
  CHECK(fixture.run().seconds == doctest::Approx(1.0));
}

TEST_CASE("job: a slow worker holds up every round") {
  Fixture fixture(2, "solve: {exchanges: {rounds: 100, compute: 10ms}}");
  fixture.fleet.all[1].set_degradation(0.5);
  CHECK(fixture.run().seconds == doctest::Approx(2.0));  // 100 x 10 ms / 0.5
}

TEST_CASE("job: messages leave through the network card, and are metered") {
  Fixture fixture(3, "solve: {exchanges: {rounds: 10, size: 1MB}}");
  // m6i.large: 0.781 Gbps; two messages of 1 MB a round: 2e6 x 8 / 0.781e9 s
  CHECK(fixture.run().seconds == doctest::Approx(10 * 16e6 / 0.781e9).epsilon(1e-6));
  CHECK(fixture.network.counted == Bytes(60'000'000));  // 10 rounds x 3 workers x 2 messages
}

TEST_CASE("job: a slow machine's tasks are stragglers") {
  Fixture fixture(4, "map: {handler: map, tasks: 8}");
  fixture.fleet.all[0].set_degradation(0.5);
  CHECK(fixture.run().seconds == doctest::Approx(20));                 // 10 s / 0.5
  CHECK(fixture.metric("tasks.stragglers") == doctest::Approx(0.25));  // 2 of 8
}

TEST_CASE("job: what a dead worker did in the stage is done again by others") {
  Fixture fixture(2, "map: {handler: map, tasks: 8}");
  fixture.submit();
  fixture.at(15s, [&] { fixture.fleet.down(fixture.fleet.all[0]); });
  fixture.world.simulation.run_until(Time{} + 1h);
  // At 10 s each has done 2; at 15 s worker 0 loses 2 outputs and 2 running tasks. Worker 1 ends its second 2
  // at 20 s and does the 4 that are left in two waves.
  CHECK(fixture.outcome.seconds == doctest::Approx(40));
  CHECK(fixture.metric("tasks.lost") == 4);
  fixture.check_audits();
}

TEST_CASE("job: what lies behind a barrier is not lost") {
  Fixture fixture(2, "map: {handler: map, tasks: 4}, reduce: {handler: reduce, tasks: 4}");
  fixture.submit();
  fixture.at(15s, [&] { fixture.fleet.down(fixture.fleet.all[0]); });
  fixture.world.simulation.run_until(Time{} + 1h);
  // reduce: 2 lost at 15 s; worker 1 ends its own at 20 s, and those 2 at 30 s.
  CHECK(fixture.outcome.seconds == doctest::Approx(30));
  CHECK(fixture.metric("tasks.lost") == 2);
}

TEST_CASE("job: a worker that dies during the shuffle takes its tasks along, and all is moved again") {
  Fixture fixture(3, "map: {handler: map, tasks: 6, shuffle: 9GB}", ", assume: {fetch_parallelism: 1}");
  fixture.submit();
  fixture.at(11s, [&] { fixture.fleet.down(fixture.fleet.all[2]); });
  fixture.world.simulation.run_until(Time{} + 1h);
  // 10 s of tasks; a share is 9 GB / 3 / 3 = 1 GB: at 11 s the first of two is there, and the peers' second
  // ones (one from the dead) end at 12 s; its 2 tasks run until 22 s; then 9 GB / 2 / 2 = 2.25 GB each way.
  CHECK(fixture.outcome.ok);
  CHECK(fixture.outcome.seconds == doctest::Approx(24.25));
  CHECK(fixture.metric("stages.repeated") == 1);
  fixture.check_audits();
}

TEST_CASE("job: a tightly coupled stage begins anew when one of its workers dies") {
  Fixture fixture(2, "solve: {exchanges: {rounds: 100, compute: 100ms}}");
  fixture.submit();
  fixture.at(5s + 50ms, [&] { fixture.fleet.down(fixture.fleet.all[0]); });
  fixture.world.simulation.run_until(Time{} + 1h);
  CHECK(fixture.outcome.seconds == doctest::Approx(15.1));  // noticed at the round's end, 5.1 s; then 10 s
}

TEST_CASE("job: it waits for as many workers as it must have") {
  Fixture fixture(1, "map: {handler: map, tasks: 4}", ", min_workers: 2");
  fixture.submit();
  fixture.at(60s, [&] { fixture.fleet.add_up(1); });
  fixture.world.simulation.run_until(Time{} + 1h);
  CHECK(fixture.outcome.seconds == doctest::Approx(70));
}

TEST_CASE("job: a new worker takes tasks that wait") {
  Fixture fixture(1, "map: {handler: map, tasks: 6}");
  fixture.submit();
  fixture.at(5s, [&] { fixture.fleet.add_up(1); });
  fixture.world.simulation.run_until(Time{} + 1h);
  // 2 at 0 s, 2 at 5 s, 2 at 10 s
  CHECK(fixture.outcome.seconds == doctest::Approx(20));
}

TEST_CASE("job: a task that fails too often fails the run") {
  Fixture fixture(2, "map: {handler: map, tasks: 3}", ", max_attempts: 3");
  fixture.fleet.all[0].server().fails = true;
  fixture.fleet.all[1].server().fails = true;
  const Outcome& outcome = fixture.run();
  CHECK(outcome.answered);
  CHECK_FALSE(outcome.ok);
  CHECK(fixture.metric("jobs.failed") == 1);
  fixture.check_audits();
}

TEST_CASE("job: runs take turns") {
  Fixture fixture(1, "map: {handler: map, tasks: 2}");
  fixture.submit(1);
  fixture.submit(2);
  fixture.world.simulation.run_until(Time{} + 1h);
  CHECK(fixture.outcome.seconds == doctest::Approx(20));  // of the second, its wait included
  CHECK(fixture.metric("job.duration.mean") == doctest::Approx(10));
}

}  // namespace
}  // namespace nephoscope::job
