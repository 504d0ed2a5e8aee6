// Rows on bulk flows: what they cost the requests that run beside them.
#include <fmt/format.h>
#include <sys/resource.h>
#include <simgrid/s4u.hpp>

#include <memory>
#include <string>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/network/platform.hpp"
#include "models/common/world.hpp"
#include "models/network/fabric.hpp"
#include "models/replication.hpp"
#include "models/report_process.hpp"
#include "tools/bench/ratios.hpp"

namespace nephoscope::bench {
namespace {

constexpr std::uint32_t kFlows = 10'000;
constexpr std::uint32_t kInstances = 64;

// Flows in a fixed pattern over 64 instances with 5 Gbps: lanes side by side, in each one flow after another.
struct Pattern {
  std::uint32_t lanes;
  std::int64_t unit;  // bytes; flows have 1 to 10 of them

  std::uint32_t flows_of(std::uint32_t lane) const {
    return kFlows / lanes + (lane < kFlows % lanes ? 1 : 0);
  }
  static std::uint32_t from(std::uint32_t lane, std::uint32_t flow) {
    return (7 * lane + 13 * flow) % kInstances;
  }
  static std::uint32_t to(std::uint32_t lane, std::uint32_t flow) {
    return (from(lane, flow) + 1 + (lane + 5 * flow) % (kInstances - 1)) % kInstances;
  }
  Bytes size(std::uint32_t lane, std::uint32_t flow) const {
    return Bytes(unit * (1 + (31 * lane + 17 * flow) % 10));
  }
};

constexpr BytesPerSecond kCard{625e6};

HostSite site_of(std::uint32_t instance) {
  return {.zone = ZoneId(instance % 3), .rack = instance / 3, .host = 0};
}

class Load final : public Resource {
 public:
  Load(World& world, const Pattern& pattern) : world_(world), pattern_(pattern) {}
  void start() override {
    for (std::uint32_t i = 0; i < kInstances; ++i) {
      NetworkHost host;
      host.site = site_of(i);
      host.baseline = host.burst = kCard;
      places_.push_back(world_.network->add_host(host));
      world_.network->set_host_up(places_.back(), true);
    }
    for (std::uint32_t lane = 0; lane < pattern_.lanes; ++lane) world_.simulation.spawn(run(*this, lane));
  }

 private:
  static Process run(Load& self, std::uint32_t lane) {
    for (std::uint32_t i = 0; i < self.pattern_.flows_of(lane); ++i) {
      const PlaceId from = self.places_[Pattern::from(lane, i)], to = self.places_[Pattern::to(lane, i)];
      (void)co_await self.world_.network->transfer(from, to, self.pattern_.size(lane, i));
    }
  }
  World& world_;
  Pattern pattern_;
  std::vector<PlaceId> places_;
};

struct LoadConfig final : ResourceConfig {
  Pattern pattern;
  explicit LoadConfig(const Pattern& flows) : pattern(flows) {}
  bool has_flows() const override { return true; }
  std::unique_ptr<Resource> build(World& world, const std::string&) const override {
    return std::make_unique<Load>(world, pattern);
  }
};

// CPU seconds of this process and its children: with flows, a replication is a child.
double cpu_seconds() {
  double seconds = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    for (const timeval& time : {usage.ru_utime, usage.ru_stime})
      seconds += static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  }
  return seconds;
}

double cpu_seconds_of(const std::function<void()>& work) {
  const double before = cpu_seconds();
  work();
  return cpu_seconds() - before;
}

// The same flows as actors of SimGrid's that send them, over the same topology.
void run_on_simgrid_alone(const Pattern& pattern) {
  namespace s4u = simgrid::s4u;
  std::vector<std::string> arguments = simgrid_arguments();
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  const s4u::Engine engine(&argc, argv.data());
  const network::Fabric fabric(3, ZoneShape{}, {});
  const Platform platform(fabric.topology());
  std::vector<s4u::Host*> hosts;
  for (std::uint32_t i = 0; i < kInstances; ++i) {
    const NodeId node = fabric.host(site_of(i));
    hosts.push_back(&platform.host(node));
    for (const Direction way : {Direction::up, Direction::down})
      platform.link({node, way}).set_bandwidth(kCard.value);
  }
  for (std::uint32_t lane = 0; lane < pattern.lanes; ++lane)
    s4u::Actor::create("lane", hosts[0], [&pattern, &hosts, lane] {
      for (std::uint32_t i = 0; i < pattern.flows_of(lane); ++i)
        s4u::Comm::sendto(hosts[Pattern::from(lane, i)], hosts[Pattern::to(lane, i)],
                          static_cast<std::uint64_t>(pattern.size(lane, i).count));
    });
  engine.run();
}

void run_beside_requests(const Pattern& pattern) {
  Scenario scenario = scenario_of(whole_request_for("1000s"));
  Named<ResourceEntry> load;
  load.id = "load";
  load.value.config = std::make_unique<LoadConfig>(pattern);
  scenario.document.resources.push_back(std::move(load));
  const Report report = run_replication(scenario, 0);
  const auto& flows = std::get<RatioMeasure>(report.find({Scope::resource, "network", "flows"})->value);
  check(flows.numerator == kFlows, "bench", "{} flows are through", flows.numerator);
}

}  // namespace

// Requests/s with flows, SimGrid's own time taken off, over requests/s without. SimGrid's own time is that of
// the same flows run on SimGrid alone; all times are CPU seconds, since the parts run in different processes.
Row flows_row(std::uint32_t in_flight) {
  const Pattern pattern{.lanes = in_flight, .unit = in_flight < 100 ? 150'000'000 : 250'000'000};
  const Scenario requests = scenario_of(whole_request_for("1000s"));
  const double without = cpu_seconds_of([&] { run_replication(requests, 0); });
  const double with = cpu_seconds_of([&] { run_beside_requests(pattern); });
  const double simgrid = cpu_seconds_of([&] {
    make_in_process([&] {
      run_on_simgrid_alone(pattern);
      return Report{};
    });
  });
  fmt::print("# {} flows, {} in flight: {:.0f} flows/s beside requests, {:.0f} flows/s on SimGrid alone\n",
             kFlows, in_flight, kFlows / (with - without), kFlows / simgrid);
  return {fmt::format("flows.requests_net_of_simgrid_{}_in_flight", in_flight), without / (with - simgrid),
          0.8};
}

}  // namespace nephoscope::bench
