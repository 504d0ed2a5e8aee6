#include <doctest/doctest.h>

#include "engine/queueing/station.hpp"

using namespace nephoscope;

namespace {

constexpr WideInt kSecond = 1'000'000'000;

Process customer(Simulation& simulation, Station& station, Duration after, Duration work,
                 ServeOptions options = {}) {
  co_await simulation.delay(after);
  co_await station.serve(work, options);
}

Process holder(Simulation& simulation, Station& station, Duration span) {
  const ServiceResult result = co_await station.acquire();
  if (result.status != WaitStatus::done) co_return;
  co_await simulation.delay(span);
  station.release();
}

// A small generator for tests that want many different cases (Marsaglia, J. Stat. Soft. 8(14), 2003).
std::uint64_t next_bits(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

Duration up_to(std::uint64_t& state, std::uint64_t limit) {
  return Duration(static_cast<std::int64_t>(next_bits(state) % limit));
}

Process random_arrivals(Simulation& simulation, Station& station, std::uint64_t seed, ProcessGroup& group) {
  for (int i = 0; i < 3000; ++i) {
    co_await simulation.delay(up_to(seed, 1000));
    const int priority = static_cast<int>(next_bits(seed) % 4);
    const Patience patience = next_bits(seed) % 2 == 0 ? Patience() : Patience(up_to(seed, 4000));
    const Duration work = up_to(seed, 2200);
    simulation.spawn(customer(simulation, station, 0s, work, {.priority = priority, .patience = patience}),
                     &group);
    if (i % 7 == 0) simulation.spawn(holder(simulation, station, up_to(seed, 3000)));
    if (i % 100 == 99) station.set_servers(static_cast<std::uint32_t>(1 + next_bits(seed) % 4));
    if (i % 500 == 250) group.interrupt_all();
    if (i % 500 == 450) station.interrupt_all();
    if (i % 700 == 699) station.reset_statistics();
    const std::string report = station.audit();
    if (!report.empty()) FAIL(report);
  }
}

}  // namespace

TEST_CASE("station: queue and busy servers are integrated over time") {
  Simulation simulation;
  Station station(simulation, {.servers = 2});
  // Three arrive at 1 s with 4 s of work: two in service during [1, 5), one waits, is served in [5, 9).
  for (int i = 0; i < 3; ++i) simulation.spawn(customer(simulation, station, 1s, 4s));
  simulation.run_until(Time{} + 10s);
  const Time now = simulation.now();
  CHECK(station.queue().integral(now) == 4 * kSecond);
  CHECK(station.busy().integral(now) == 12 * kSecond);
  CHECK(station.queue().mean(now) == doctest::Approx(0.4));
  CHECK(station.queue().peak() == 1);
  CHECK(station.utilization() == doctest::Approx(12.0 / 20.0));
  CHECK(station.mean_wait() == doctest::Approx(4.0 / 3.0));  // (0 + 0 + 4) / 3
  CHECK(station.audit() == "");
}

TEST_CASE("station: after a reset only what follows counts, and who was there is carried") {
  Simulation simulation;
  Station station(simulation);
  for (int i = 0; i < 3; ++i) simulation.spawn(customer(simulation, station, 0s, 4s));
  simulation.run_until(Time{} + 2s);
  station.reset_statistics();
  CHECK(station.audit() == "");
  simulation.run_until(Time{} + 10s);
  const Time now = simulation.now();
  // In [2, 10): one served all the time; two wait in [2, 4), one in [4, 8).
  CHECK(station.busy().integral(now) == 8 * kSecond);
  CHECK(station.queue().integral(now) == 8 * kSecond);
  CHECK(station.counts().carried == 3);
  CHECK(station.counts().arrivals == 0);
  CHECK(station.counts().served == 2);
  CHECK(station.wait_of_started() == 12 * kSecond);  // 4 s and 8 s: in full, not from the reset
  CHECK(station.audit() == "");
}

TEST_CASE("station: servers that are added and removed count in the utilisation while they are there") {
  Simulation simulation;
  Station station(simulation, {.servers = 1});
  simulation.spawn(customer(simulation, station, 0s, 10s));
  simulation.run_until(Time{} + 5s);
  station.set_servers(3);
  simulation.run_until(Time{} + 10s);
  CHECK(station.utilization() == doctest::Approx(10.0 / (5 * 1 + 5 * 3)));
}

TEST_CASE("station: the books balance at every step of a random history") {
  for (const Discipline discipline : {Discipline::fifo, Discipline::priority}) {
    for (std::uint64_t seed = 1; seed <= 5; ++seed) {
      Simulation simulation;
      ProcessGroup group;
      Station station(simulation, {.servers = 2, .queue_limit = 20, .discipline = discipline});
      simulation.spawn(random_arrivals(simulation, station, seed, group));
      simulation.run_until(Time{} + 1s);
      CHECK(station.in_service() == 0);
      CHECK(station.waiting() == 0);
      CHECK(station.audit() == "");
      simulation.clear();
    }
  }
}

TEST_CASE("station: M/D/1 waits as Pollaczek and Khinchine say") {
  // Geometric arrivals approximate a Poisson stream: one chance in 1000 each microsecond, so rate 1/ms.
  // Deterministic service of 0.8 ms: rho = 0.8, W = rho S / (2 (1 - rho)) = 1.6 ms. A discrete stream waits
  // less by about half a slot (0.5 us). Standard error over 400,000 customers is about 1 %; we allow 4 %.
  struct Source {
    static Process run(Simulation& simulation, Station& station) {
      std::uint64_t state = 88172645463325252U;
      for (int i = 0; i < 400'000; ++i) {
        std::int64_t gap = 1;
        while (next_bits(state) >> 32 >= (std::uint64_t{1} << 32) / 1000) ++gap;
        co_await simulation.delay(std::chrono::microseconds(gap));
        simulation.spawn(customer(simulation, station, 0s, 800us));
      }
    }
  };
  Simulation simulation;
  Station station(simulation);
  simulation.spawn(Source::run(simulation, station));
  simulation.run_until(Time{} + 1h);
  CHECK(station.mean_wait() == doctest::Approx(1.6e-3).epsilon(0.04));
  CHECK(station.audit() == "");
}
