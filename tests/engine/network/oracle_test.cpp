// Flows against the same flows written directly for SimGrid.
#include <doctest/doctest.h>
#include <simgrid/s4u.hpp>

#include <algorithm>
#include <cmath>

#include "tests/engine/network/random_network.hpp"
#include "tests/support/forked.hpp"

using namespace nephoscope;

namespace {

namespace s4u = simgrid::s4u;

Process one_flow(Simulation& simulation, Flows& flows, TimedFlow timed, double& seconds) {
  co_await simulation.delay(timed.start - Time{});
  const FlowId flow = flows.start(timed.flow);
  const FlowResult result = co_await flows.wait(flow);
  seconds = to_seconds(result.time);
}

Figures durations(const Topology& topology, const std::vector<TimedFlow>& timed) {
  Figures seconds(timed.size(), -1);
  drive(topology, [&](Platform& platform) {
    Simulation simulation;
    Flows flows(simulation, platform);
    for (std::size_t i = 0; i < timed.size(); ++i)
      simulation.spawn(one_flow(simulation, flows, timed[i], seconds[i]));
    simulation.run_until(Time{} + 1h);
  });
  return seconds;
}

// An actor that sends each flow at its start, and one that is ready to receive it.
Figures simgrid_durations(const Topology& topology, const std::vector<TimedFlow>& timed) {
  std::vector<std::string> arguments = simgrid_arguments();
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  s4u::Engine engine(&argc, argv.data());
  const Platform platform(topology);
  Figures seconds(timed.size(), -1);
  for (std::size_t i = 0; i < timed.size(); ++i) {
    const TimedFlow& flow = timed[i];
    s4u::Mailbox* const mailbox = s4u::Mailbox::by_name(std::to_string(i));
    s4u::Actor::create("receiver", &platform.host(flow.flow.to), [mailbox] { mailbox->get<double>(); });
    s4u::Actor::create("sender", &platform.host(flow.flow.from), [&seconds, &flow, mailbox, i] {
      s4u::this_actor::sleep_until(to_seconds(flow.start));
      const double start = s4u::Engine::get_clock();
      mailbox->put_init(&seconds[i], static_cast<std::uint64_t>(flow.flow.size.count))
          ->set_rate(flow.flow.limit.value)
          ->wait();
      seconds[i] = s4u::Engine::get_clock() - start;
    });
  }
  engine.run();
  return seconds;
}

void compare(std::uint64_t seed, int count, bool latencies) {
  CAPTURE(seed);
  RandomNetwork network(seed, latencies);
  const std::vector<TimedFlow> timed = network.flows(count);
  const Figures ours = forked([&] { return durations(network.topology(), timed); });
  const Figures theirs = forked([&] { return simgrid_durations(network.topology(), timed); });
  double worst = 0;
  for (std::size_t i = 0; i < timed.size(); ++i) {
    CHECK(ours[i] >= 1);
    worst = std::max(worst, std::abs(ours[i] / theirs[i] - 1));
  }
  CHECK(worst < 1e-9);
}

}  // namespace

TEST_CASE("flows: durations equal those of the same flows written for SimGrid, to 1e-9") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) compare(seed, 30, seed % 2 == 0);
}

TEST_CASE("flows: several hundred at a time also equal SimGrid's") { compare(100, 400, false); }
