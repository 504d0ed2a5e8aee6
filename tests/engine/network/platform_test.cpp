#include "engine/network/platform.hpp"

#include <doctest/doctest.h>
#include <simgrid/s4u.hpp>

#include <string>

#include "engine/base/check.hpp"
#include "tests/engine/network/random_network.hpp"
#include "tests/support/forked.hpp"

using namespace nephoscope;

namespace {

std::string names(const std::vector<Hop>& hops) {
  std::string text;
  for (const Hop& hop : hops) text += link_name(hop) + " ";
  return text;
}

std::string simgrid_names(const Platform& platform, NodeId from, NodeId to) {
  std::vector<simgrid::s4u::Link*> links;
  platform.host(from).route_to(&platform.host(to), links, nullptr);
  std::string text;
  for (const auto* link : links) text += link->get_name() + " ";
  return text;
}

// Pairs of hosts, and those whose route in SimGrid is another.
Figures compare_routes(const RandomNetwork& network) {
  Figures figures = {0, 0};
  drive(network.topology(), [&](Platform& platform) {
    for (const NodeId from : network.hosts())
      for (const NodeId to : network.hosts()) {
        ++figures[0];
        if (simgrid_names(platform, from, to) != names(network.topology().route(from, to))) ++figures[1];
      }
  });
  return figures;
}

}  // namespace

TEST_CASE("topology: a route goes up to the lowest common switch and down again") {
  Topology topology;
  const Cable cable{.bandwidth = BytesPerSecond(1e9)};
  const NodeId left = topology.add_switch(topology.root(), cable);
  const NodeId right = topology.add_switch(topology.root(), cable);
  const NodeId a = topology.add_host(left, cable), b = topology.add_host(left, cable);
  const NodeId c = topology.add_host(right, cable);
  CHECK(names(topology.route(a, b)) == "3_UP 4_DOWN ");
  CHECK(names(topology.route(a, c)) == "3_UP 1_UP 2_DOWN 5_DOWN ");
  CHECK(names(topology.route(a, a)) == "3_UP 3_DOWN ");
  const NodeId port = topology.add_port(a, cable);
  CHECK(names(topology.route(port, c)) == "6_UP 3_UP 1_UP 2_DOWN 5_DOWN ");
  CHECK(names(topology.route(b, port)) == "4_UP 3_DOWN 6_DOWN ");
  CHECK(names(topology.route(port, a)) == "6_UP 3_UP 3_DOWN ");
}

TEST_CASE("topology: hosts hang from switches by cables that carry something") {
  Topology topology;
  const Cable cable{.bandwidth = BytesPerSecond(1e9)};
  const NodeId host = topology.add_host(topology.root(), cable);
  CHECK_THROWS_AS(topology.add_host(host, cable), CheckFailure);
  CHECK_THROWS_AS(topology.add_port(topology.root(), cable), CheckFailure);
  CHECK_THROWS_AS(topology.add_host(topology.root(), Cable{}), CheckFailure);
}

TEST_CASE("platform: SimGrid's route between any two hosts is the topology's") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    const RandomNetwork network(seed);
    const Figures figures = forked([&] { return compare_routes(network); });
    CHECK(figures[0] == network.hosts().size() * network.hosts().size());
    CHECK(figures[1] == 0);
  }
}

TEST_CASE("platform: what the body throws comes out of drive") {
  const RandomNetwork network(1);
  CHECK_THROWS_WITH(forked([&] {
                      drive(network.topology(), [](Platform&) { fail_check("test", "thrown inside"); });
                      return Figures{};
                    }),
                    "test: thrown inside");
}

TEST_CASE("platform: a second engine in one process is refused") {
  const RandomNetwork network(1);
  CHECK_THROWS_WITH(forked([&] {
                      drive(network.topology(), [](Platform&) {});
                      drive(network.topology(), [](Platform&) {});
                      return Figures{};
                    }),
                    "network: SimGrid has one engine a process, and this process has had it");
}
