#include "engine/network/flows.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "engine/base/check.hpp"
#include "tests/support/forked.hpp"

using namespace nephoscope;

namespace {

constexpr Bytes kGigabyte{1'000'000'000};
constexpr BytesPerSecond kGigabytePerSecond{1e9};
constexpr BytesPerSecond kUnlimited{1e12};

// Hosts at one switch, 1 GB/s each way.
struct Star {
  explicit Star(int count, Duration latency = {}) {
    for (int i = 0; i < count; ++i)
      hosts.push_back(
          topology.add_host(topology.root(), {.bandwidth = kGigabytePerSecond, .latency = latency}));
  }
  Topology topology;
  std::vector<NodeId> hosts;
};

struct Lab {
  Simulation& simulation;
  Flows& flows;
  Figures results;  // pairs of (seconds, bytes moved)
};

// Runs `body` and then the simulation, in a process of its own; returns the lab's results.
Figures experiment(const Topology& topology, const std::function<void(Lab&)>& body) {
  return forked([&] {
    Figures results;
    drive(topology, [&](Platform& platform) {
      Simulation simulation;
      Flows flows(simulation, platform);
      Lab lab{simulation, flows, {}};
      body(lab);
      simulation.run_until(Time{} + 1h);
      check(flows.in_flight() == 0, "test", "flows are left");
      results = lab.results;
    });
    return results;
  });
}

Process mover(Lab& lab, FlowSpec spec) {
  const std::size_t place = lab.results.size();
  lab.results.resize(place + 2);
  const FlowId flow = lab.flows.start(spec);
  const FlowResult result = co_await lab.flows.wait(flow);
  lab.results[place] = to_seconds(result.time);
  lab.results[place + 1] = static_cast<double>(result.moved.count);
}

void at(Lab& lab, Duration when, Simulation::Callback callback) {
  lab.simulation.after(when, callback, &lab);
}

Figures seconds_of(const Figures& results) {
  Figures seconds;
  for (std::size_t i = 0; i < results.size(); i += 2) seconds.push_back(results[i]);
  return seconds;
}

}  // namespace

TEST_CASE("flows: two links are shared max-min fairly") {
  // Cable x carries 1 GB/s, cable y 0.6 GB/s. A crosses both, B only x, C only y.
  // y is the narrower: A = C = 0.6 / 2 = 0.3 GB/s. B takes what is left of x: 1 - 0.3 = 0.7 GB/s.
  // So 3, 7 and 3 GB all take 10 s.
  Topology topology;
  const NodeId x = topology.add_host(topology.root(), {.bandwidth = kGigabytePerSecond});
  const NodeId y = topology.add_host(topology.root(), {.bandwidth = BytesPerSecond(0.6e9)});
  const NodeId far = topology.add_host(topology.root(), {.bandwidth = BytesPerSecond(1e10)});
  const Figures results = experiment(topology, [&](Lab& lab) {
    lab.simulation.spawn(mover(lab, {x, y, kGigabyte * 3, kUnlimited}));
    lab.simulation.spawn(mover(lab, {x, far, kGigabyte * 7, kUnlimited}));
    lab.simulation.spawn(mover(lab, {far, y, kGigabyte * 3, kUnlimited}));
  });
  CHECK(seconds_of(results) == Figures{10, 10, 10});
}

namespace {

// Four racks of four hosts at 1.25 GB/s each; everybody sends 625 MB to everybody else. First all durations
// within a rack, then those between racks.
std::pair<Figures, Figures> all_to_all(BytesPerSecond rack_uplink) {
  Topology topology;
  std::vector<std::vector<NodeId>> racks;
  for (int rack = 0; rack < 4; ++rack) {
    const NodeId top = topology.add_switch(topology.root(), {.bandwidth = rack_uplink});
    auto& hosts = racks.emplace_back();
    for (int i = 0; i < 4; ++i)
      hosts.push_back(topology.add_host(top, {.bandwidth = BytesPerSecond(1.25e9)}));
  }
  std::vector<bool> inside;
  const Figures seconds = seconds_of(experiment(topology, [&](Lab& lab) {
    for (const auto& from_rack : racks)
      for (const NodeId from : from_rack)
        for (const auto& to_rack : racks)
          for (const NodeId to : to_rack)
            if (from != to) lab.simulation.spawn(mover(lab, {from, to, Bytes(625'000'000), kUnlimited}));
  }));
  for (int from = 0; from < 16; ++from)
    for (int to = 0; to < 16; ++to)
      if (from != to) inside.push_back(from / 4 == to / 4);
  std::pair<Figures, Figures> parts;
  for (std::size_t i = 0; i < seconds.size(); ++i)
    (inside[i] ? parts.first : parts.second).push_back(seconds[i]);
  return parts;
}

}  // namespace

TEST_CASE("flows: an all-to-all over a fat tree with full bisection is bound by the hosts' cards") {
  // 15 flows leave each host, so each has 1.25 / 15 GB/s: 625 MB take 7.5 s.
  const auto [inside, between] = all_to_all(BytesPerSecond(5e9));
  for (const Figures* part : {&inside, &between})
    for (const double seconds : *part) CHECK(seconds == doctest::Approx(7.5).epsilon(1e-8));
}

TEST_CASE("flows: where racks are oversubscribed 2:1, flows between racks wait and those within gain") {
  // 4 x 12 flows leave a rack over 2.5 GB/s: 52.083 MB/s each, so 625 MB take 12 s. A host's card has left
  // 1.25 GB/s - 12 x 52.083 MB/s = 625 MB/s for its 3 flows within the rack: 208.3 MB/s each, 3 s.
  const auto [inside, between] = all_to_all(BytesPerSecond(2.5e9));
  CHECK(inside.size() == 16 * 3);
  CHECK(between.size() == 16 * 12);
  for (const double seconds : inside) CHECK(seconds == doctest::Approx(3).epsilon(1e-8));
  for (const double seconds : between) CHECK(seconds == doctest::Approx(12).epsilon(1e-8));
}

TEST_CASE("flows: a flow stays within its limit, and latency comes on top") {
  // 1 GB at 0.25 GB/s is 4 s; two cables of 10 ms each add 20 ms.
  const Star star(2, 10ms);
  const Figures results = experiment(star.topology, [&](Lab& lab) {
    lab.simulation.spawn(mover(lab, {star.hosts[0], star.hosts[1], kGigabyte, BytesPerSecond(0.25e9)}));
  });
  CHECK(results[0] == doctest::Approx(4.02).epsilon(1e-9));
  CHECK(results[1] == 1e9);
}

TEST_CASE("flows: an interrupted process takes its flow away, and the others speed up") {
  // Two share 1 GB/s: 0.5 GB each after 1 s. Then the second has the cable: 0.5 GB more in 0.5 s.
  const Star star(3);
  const Figures results = experiment(star.topology, [&](Lab& lab) {
    static ProcessGroup group;
    lab.simulation.spawn(mover(lab, {star.hosts[0], star.hosts[1], kGigabyte, kUnlimited}), &group);
    lab.simulation.spawn(mover(lab, {star.hosts[0], star.hosts[2], kGigabyte, kUnlimited}));
    at(lab, 1s, [](void*) { group.interrupt_all(); });
  });
  CHECK(results == Figures{1, 0.5e9, 1.5, 1e9});
}

TEST_CASE("flows: a process that is interrupted already moves nothing") {
  const Star star(2);
  const Figures results = experiment(star.topology, [&](Lab& lab) {
    struct Late {
      static Process run(Lab& where, FlowSpec spec) {
        co_await where.simulation.delay(1s);
        const FlowId flow = where.flows.start(spec);
        const FlowResult result = co_await where.flows.wait(flow);
        where.results = {static_cast<double>(result.end), to_seconds(result.time),
                         static_cast<double>(result.moved.count)};
      }
    };
    static ProcessGroup group;
    lab.simulation.spawn(Late::run(lab, {star.hosts[0], star.hosts[1], kGigabyte, kUnlimited}), &group);
    group.interrupt_all();
  });
  CHECK(results == Figures{static_cast<double>(FlowEnd::interrupted), 0, 0});
}

TEST_CASE("flows: a broken flow says what it moved; a flow that has ended cannot be broken") {
  // 1 GB/s: 1.5 s moved 1.5 GB of the first. The second was through after 1 s.
  const Star star(4);
  const Figures results = experiment(star.topology, [&](Lab& lab) {
    static FlowId flows[2];
    struct Waiter {
      static Process run(Lab& where, FlowId flow) {
        const FlowResult result = co_await where.flows.wait(flow);
        where.results.push_back(static_cast<double>(result.end));
        where.results.push_back(static_cast<double>(result.moved.count));
      }
      static Process late(Lab& where, FlowId flow) {
        co_await where.simulation.delay(5s);
        const FlowResult result = co_await where.flows.wait(flow);
        where.results.push_back(to_seconds(result.time));
      }
    };
    flows[0] = lab.flows.start({star.hosts[0], star.hosts[1], kGigabyte * 2, kUnlimited});
    flows[1] = lab.flows.start({star.hosts[2], star.hosts[3], kGigabyte, kUnlimited});
    lab.simulation.spawn(Waiter::run(lab, flows[0]));
    lab.simulation.spawn(Waiter::late(lab, flows[1]));
    at(lab, 1500ms, [](void* context) {
      for (const FlowId flow : flows) static_cast<Lab*>(context)->flows.break_flow(flow);
    });
  });
  CHECK(results == Figures{static_cast<double>(FlowEnd::broken), 1.5e9, 1});
}

TEST_CASE("flows: a card that gets slower or faster changes the flows that it carries") {
  // Down to 0.25 GB/s after 0.5 s: 0.5 + 0.5 / 0.25 = 2.5 s.
  // Up to 2 GB/s after 1 s, both ends: of 3 GB there are 2 GB left, 1 + 2 / 2 = 2 s.
  const Star star(4);
  static std::vector<NodeId> hosts;
  hosts = star.hosts;
  const Figures results = experiment(star.topology, [&](Lab& lab) {
    lab.simulation.spawn(mover(lab, {hosts[0], hosts[1], kGigabyte, kUnlimited}));
    lab.simulation.spawn(mover(lab, {hosts[2], hosts[3], kGigabyte * 3, kUnlimited}));
    at(lab, 500ms, [](void* context) {
      static_cast<Lab*>(context)->flows.set_bandwidth({hosts[0], Direction::up}, BytesPerSecond(0.25e9));
    });
    at(lab, 1s, [](void* context) {
      auto& flows = static_cast<Lab*>(context)->flows;
      flows.set_bandwidth({hosts[2], Direction::up}, BytesPerSecond(2e9));
      flows.set_bandwidth({hosts[3], Direction::down}, BytesPerSecond(2e9));
    });
  });
  CHECK(seconds_of(results) == Figures{2.5, 2});
}

TEST_CASE("flows: rates are told when they change") {
  // Alone 1 GB/s; with a second one from 1 s to 3 s half of it; then alone again, to the end at 4 s.
  const Star star(3);
  const Figures results = experiment(star.topology, [&](Lab& lab) {
    static FlowId first;
    first = lab.flows.start({star.hosts[0], star.hosts[1], kGigabyte * 3, kUnlimited});
    lab.flows.on_rates(
        [](void* context) {
          auto& where = *static_cast<Lab*>(context);
          where.results.push_back(to_seconds(where.simulation.now()));
          where.results.push_back(where.flows.rate(first).value);
        },
        &lab);
    at(lab, 1s, [](void* context) {
      auto& where = *static_cast<Lab*>(context);
      where.flows.start({NodeId(1), NodeId(3), kGigabyte, kUnlimited});
    });
  });
  CHECK(results == Figures{0, 1e9, 1, 0.5e9, 3, 1e9, 4, 0});
}

TEST_CASE("flows: several hundred that end at one instant all end there") {
  // 300 flows of 10 MB share 1 GB/s: 3 s.
  const Star star(2);
  const Figures results = experiment(star.topology, [&](Lab& lab) {
    for (int i = 0; i < 300; ++i)
      lab.simulation.spawn(mover(lab, {star.hosts[0], star.hosts[1], Bytes(10'000'000), kUnlimited}));
  });
  for (const double seconds : seconds_of(results)) CHECK(seconds == doctest::Approx(3).epsilon(1e-8));
}

TEST_CASE("flows: other events neither wait for flows nor wake SimGrid") {
  // A flow is three events here: asked after the start, its end, asked after the end. The process that waits
  // for it goes on once. A million other events are a million events.
  const Star star(2);
  const Figures results = experiment(star.topology, [&](Lab& lab) {
    struct Ticks {
      static Process run(Lab& where) {
        for (int i = 0; i < 1'000'000; ++i) co_await where.simulation.delay(1us);
        where.results.push_back(static_cast<double>(where.simulation.events()));
      }
    };
    lab.simulation.spawn(mover(lab, {star.hosts[0], star.hosts[1], Bytes(500'000'000), kUnlimited}));
    lab.simulation.spawn(Ticks::run(lab));
  });
  CHECK(results == Figures{0.5, 0.5e9, 1'000'000 + 4});
}

TEST_CASE("flows: an error comes out while flows are under way") {
  const Star star(2);
  CHECK_THROWS_WITH(
      experiment(star.topology,
                 [&](Lab& lab) {
                   lab.simulation.spawn(mover(lab, {star.hosts[0], star.hosts[1], kGigabyte, kUnlimited}));
                   at(lab, 500ms, [](void*) { fail_check("test", "halfway"); });
                 }),
      "test: halfway");
}

TEST_CASE("flows: a flow that is over cannot be waited for again") {
  const Star star(2);
  CHECK_THROWS_WITH(
      experiment(star.topology,
                 [&](Lab& lab) {
                   struct Twice {
                     static Process run(Lab& where, FlowId flow) {
                       (void)co_await where.flows.wait(flow);
                       (void)co_await where.flows.wait(flow);
                     }
                   };
                   const FlowId flow = lab.flows.start({star.hosts[0], star.hosts[1], kGigabyte, kUnlimited});
                   lab.simulation.spawn(Twice::run(lab, flow));
                 }),
      "network: a flow that is over, or never was, is waited for at 1 s");
}
