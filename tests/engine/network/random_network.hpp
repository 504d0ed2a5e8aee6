// Random topologies and flows over them, from a seed.
#pragma once

#include <random>
#include <vector>

#include "engine/network/flows.hpp"

namespace nephoscope {

struct TimedFlow {
  Time start{};
  FlowSpec flow;
};

class RandomNetwork final {
 public:
  explicit RandomNetwork(std::uint64_t seed, bool latencies = true) : random_(seed), latencies_(latencies) {
    std::vector<NodeId> switches = {topology_.root()};
    for (int i = up_to(6); i > 0; --i) switches.push_back(topology_.add_switch(any(switches), cable()));
    for (int i = 2 + up_to(10); i > 0; --i) hosts_.push_back(topology_.add_host(any(switches), cable()));
    const std::vector<NodeId> without = hosts_;
    for (int i = up_to(4); i > 0; --i) hosts_.push_back(topology_.add_port(any(without), cable()));
  }
  const Topology& topology() const { return topology_; }
  // Ports among them.
  const std::vector<NodeId>& hosts() const { return hosts_; }

  // That last at least a second: the clock has nanoseconds.
  std::vector<TimedFlow> flows(int count) {
    std::vector<TimedFlow> flows;
    for (int i = 0; i < count; ++i) {
      const double limit = std::uniform_real_distribution(1e8, 2e9)(random_);
      const double seconds = std::uniform_real_distribution(1.0, 10.0)(random_);
      const Time start{Duration(std::uniform_int_distribution<std::int64_t>(0, 10'000'000'000)(random_))};
      const NodeId from = any(hosts_), to = any(hosts_);
      flows.push_back({start,
                       {.from = from,
                        .to = to,
                        .size = Bytes(static_cast<std::int64_t>(limit * seconds)),
                        .limit = BytesPerSecond(limit)}});
    }
    return flows;
  }

 private:
  int up_to(int most) { return std::uniform_int_distribution(0, most)(random_); }
  NodeId any(const std::vector<NodeId>& nodes) {
    return nodes[static_cast<std::size_t>(up_to(static_cast<int>(nodes.size()) - 1))];
  }
  Cable cable() {
    const double bandwidth = std::uniform_real_distribution(2e8, 2e9)(random_);
    return {.bandwidth = BytesPerSecond(bandwidth), .latency = Duration(latencies_ ? up_to(20'000'000) : 0)};
  }

  std::mt19937_64 random_;
  bool latencies_;
  Topology topology_;
  std::vector<NodeId> hosts_;
};

}  // namespace nephoscope
