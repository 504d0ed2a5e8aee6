// Rows that time the engine alone: M/M/1 against a hand-specialised loop, and the hold model.
#include <algorithm>
#include <functional>
#include <limits>
#include <queue>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/core/simulation.hpp"
#include "engine/queueing/station.hpp"
#include "engine/random/draws.hpp"
#include "tools/bench/ratios.hpp"

namespace nephoscope::bench {
namespace {

constexpr Purpose kArrival("bench.arrival");
constexpr Purpose kService("bench.service");
constexpr double kMeanGapNs = 1.25e9;  // utilisation 0.8
constexpr double kMeanServiceNs = 1e9;

Duration exponential_ns(const RandomSource& random, Purpose purpose, std::uint64_t number, double mean_ns) {
  Draws draws = random.request(purpose, number);
  return Duration(static_cast<std::int64_t>(draws.next_exponential() * mean_ns));
}

Process customer(Station& station, const RandomSource& random, std::uint64_t number, std::uint64_t& served) {
  const ServiceResult result =
      co_await station.serve(exponential_ns(random, kService, number, kMeanServiceNs));
  served += result.status == WaitStatus::done;
}

Process source(Simulation& simulation, Station& station, const RandomSource& random, std::uint64_t customers,
               std::uint64_t& served) {
  Duration gap = exponential_ns(random, kArrival, 0, kMeanGapNs);
  for (std::uint64_t number = 0; number < customers; ++number) {
    co_await simulation.delay(gap);
    gap = exponential_ns(random, kArrival, number + 1, kMeanGapNs);
    simulation.spawn(customer(station, random, number, served));
  }
}

// Returns the summed waits in seconds.
double engine_mm1(std::uint64_t customers) {
  const RandomSource random(Seed{1}, 0);
  Simulation simulation;
  Station station(simulation);
  std::uint64_t served = 0;
  simulation.spawn(source(simulation, station, random, customers, served));
  while (simulation.step()) {
  }
  check(served == customers, "bench", "{} of {} customers were served", served, customers);
  return static_cast<double>(station.wait_of_started()) * 1e-9;
}

constexpr std::size_t kHoldPending = 1'000'000;
constexpr std::uint64_t kHoldSteps = 2'000'000;

// A cheap sequence for the hold model, equal for both sides: the comparison is of event lists.
struct Gaps {
  std::uint64_t state = 88172645463325252U;
  std::int64_t next() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::int64_t>(-elementary::log(static_cast<double>(state >> 11 | 1) * 0x1p-53) * 1e9);
  }
};

struct HoldEvent {
  std::int64_t time;
  std::uint64_t order;
  std::function<void()> action;
  bool operator<(const HoldEvent& other) const {
    return time != other.time ? time > other.time : order > other.order;
  }
};

// Each side: `order` of all events in sequence, hashed, so that equal order can be demanded.
struct HoldResult {
  double seconds = 0;
  std::uint64_t hash = 0;
};

HoldResult hold_with_priority_queue() {
  Gaps gaps;
  std::priority_queue<HoldEvent> queue;
  std::uint64_t order = 0;
  std::uint64_t happened = 0;
  HoldResult result;
  const auto action = [&happened] { ++happened; };
  for (std::size_t i = 0; i < kHoldPending; ++i) queue.push({gaps.next(), ++order, action});
  result.seconds = seconds_of([&] {
    for (std::uint64_t i = 0; i < kHoldSteps; ++i) {
      HoldEvent event = std::move(const_cast<HoldEvent&>(queue.top()));
      queue.pop();
      event.action();
      result.hash = result.hash * 31 + event.order;
      queue.push({event.time + gaps.next(), ++order, std::move(event.action)});
    }
  });
  check(happened == kHoldSteps, "bench", "{} events happened", happened);
  return result;
}

HoldResult hold_with_event_list() {
  Gaps gaps;
  FutureEventList list;
  std::uint64_t order = 0;
  HoldResult result;
  for (std::size_t i = 0; i < kHoldPending; ++i) list.push({gaps.next(), ++order, 0, 0});
  result.seconds = seconds_of([&] {
    for (std::uint64_t i = 0; i < kHoldSteps; ++i) {
      const FutureEventList::Entry event = list.pop();
      result.hash = result.hash * 31 + event.order;
      list.push({event.time + gaps.next(), ++order, 0, 0});
    }
  });
  return result;
}

}  // namespace

double specialised_mm1_loop(std::uint64_t customers) {
  constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  constexpr std::size_t places = 1 << 16;
  const RandomSource random(Seed{1}, 0);
  std::vector<std::int64_t> line(places);  // arrivals of those who wait, a ring
  std::size_t head = 0, tail = 0;
  std::int64_t waited = 0;
  std::uint64_t arrived = 0, started = 0, served = 0;
  const auto gap = [&](std::uint64_t number) {
    return exponential_ns(random, kArrival, number, kMeanGapNs).count();
  };
  const auto service = [&] { return exponential_ns(random, kService, started++, kMeanServiceNs).count(); };
  std::int64_t arrival = gap(0), departure = never;
  while (served < customers) {
    if (arrival < departure) {
      if (departure == never)
        departure = arrival + service();
      else
        line[tail++ % places] = arrival;
      check(tail - head < places, "bench", "the line is longer than {}", places);
      ++arrived;
      arrival = arrived < customers ? arrival + gap(arrived) : never;
    } else {
      ++served;
      if (head == tail) {
        departure = never;
      } else {
        waited += departure - line[head++ % places];
        departure += service();
      }
    }
  }
  return static_cast<double>(waited) * 1e-9;
}

Row mm1_row() {
  constexpr std::uint64_t customers = 2'000'000;
  double engine = 0, loop = 0;
  const double ratio = speed_ratio({.subject = [&] { engine = engine_mm1(customers); },
                                    .subject_work = customers,
                                    .reference = [&] { loop = specialised_mm1_loop(customers); },
                                    .reference_work = customers},
                                   7);
  check(engine > 0 && engine / loop - 1 < 1e-9 && loop / engine - 1 < 1e-9, "bench",
        "the engine's waits sum to {} s, the loop's to {} s", engine, loop);
  return {"mm1.engine_per_specialised_loop", ratio, 0.4};
}

Row hold_row() {
  std::vector<double> ratios;
  for (int round = 0; round < 3; ++round) {
    const HoldResult list = hold_with_event_list();
    const HoldResult queue = hold_with_priority_queue();
    check(list.hash == queue.hash, "bench", "the two event lists disagree on the order of events");
    ratios.push_back(queue.seconds / list.seconds);
  }
  std::sort(ratios.begin(), ratios.end());
  return {"hold.1e6_pending.event_list_per_priority_queue", ratios[ratios.size() / 2], 5};
}

}  // namespace nephoscope::bench
