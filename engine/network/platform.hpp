// SimGrid under a simulation: a topology as a SimGrid platform, and the actor that runs our event loop.
//
//   drive(topology, [&](Platform& platform) {
//     Simulation simulation;
//     Flows flows(simulation, platform);
//     ...
//     simulation.run_until(Time{} + 1h);
//   });
//
// SimGrid 3.32 has one engine a process, for the process's whole life. Its network model here is CM02
// (max-min fair shares; of flows over one bottleneck those with longer latencies get less, in inverse
// proportion; equal shares where latencies are 0) without TCP windows and without cross traffic of
// acknowledgements.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/network/topology.hpp"

namespace simgrid::s4u {
class Host;
class Link;
}  // namespace simgrid::s4u

namespace nephoscope {

// A topology's SimGrid objects, which SimGrid owns. For Flows and for tests.
class Platform final {
 public:
  // REQUIRES: a SimGrid engine that has no platform yet; `topology` outlives it.
  explicit Platform(const Topology& topology);
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  const Topology& topology() const { return topology_; }
  // REQUIRES: `node` is a host or a port.
  simgrid::s4u::Host& host(NodeId node) const { return *hosts_[node.value]; }
  // REQUIRES: `node` is not the root.
  simgrid::s4u::Link& link(const Hop& hop) const;

 private:
  friend class PlatformBuilder;
  struct Pair {
    simgrid::s4u::Link* up = nullptr;
    simgrid::s4u::Link* down = nullptr;
  };
  const Topology& topology_;
  std::vector<simgrid::s4u::Host*> hosts_;  // by node; null for switches
  std::vector<Pair> links_;                 // by node
};

// Runs `body` on that platform as SimGrid's only actor, and lets out what it throws. Whatever uses Flows
// lives and dies inside it. REQUIRES: `topology` has a host; this process has driven nothing before (fork for
// each).
void drive(const Topology& topology, const std::function<void(Platform&)>& body);

// What engines in this process must be started with, as SimGrid's command-line arguments.
std::vector<std::string> simgrid_arguments();

}  // namespace nephoscope
