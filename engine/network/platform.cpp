#include "engine/network/platform.hpp"

#include <simgrid/s4u.hpp>

#include <exception>

#include "engine/base/check.hpp"

namespace nephoscope {

namespace s4u = simgrid::s4u;

// Builds zones from the root down. A zone of SimGrid holds either hosts or zones: with both, links of hosts
// vanish silently from routes. So each zone has its gateway, and each host beside switches itself, in a leaf
// zone of its own.
class PlatformBuilder final {
 public:
  explicit PlatformBuilder(Platform& platform) : platform_(platform), topology_(platform.topology_) {}
  void build() { build_switch(topology_.root(), nullptr); }

 private:
  using Links = std::vector<s4u::LinkInRoute>;
  using Gateway = simgrid::kernel::routing::NetPoint*;
  struct Zone {
    s4u::NetZone* zone;
    Gateway gateway;
  };

  static s4u::NetZone* star(const std::string& name, const s4u::NetZone* parent) {
    s4u::NetZone* const zone = s4u::create_star_zone(name);
    if (parent != nullptr) zone->set_parent(parent);
    return zone;
  }
  static std::string name_of(NodeId node) { return std::to_string(node.value); }

  // A zone that is only a gateway for the zone above.
  static Gateway add_gateway(const std::string& name, s4u::NetZone& parent) {
    s4u::NetZone* const zone = star(name, &parent);
    const Gateway gateway = zone->create_router(name + "_router");
    zone->seal();
    connect({zone, gateway}, parent, {});
    return gateway;
  }
  static void connect(const Zone& child, s4u::NetZone& parent, const Links& up) {
    parent.add_route(child.zone->get_netpoint(), nullptr, child.gateway, nullptr, up);
  }

  bool only_hosts(NodeId node) const {
    for (const NodeId child : topology_[node].children)
      if (topology_.is_switch(child)) return false;
    return true;
  }

  Zone build_switch(NodeId node, const s4u::NetZone* parent) {
    const std::string name = "switch_" + name_of(node);
    s4u::NetZone* const zone = star(name, parent);
    const bool leaf = only_hosts(node);
    const Gateway gateway =
        leaf ? zone->create_router(name + "_router") : add_gateway(name + "_gateway", *zone);
    for (const NodeId child : topology_[node].children) {
      if (leaf)
        add_host(child, *zone);
      else if (topology_.is_switch(child))
        connect(build_switch(child, zone), *zone, {upwards(add_cable(child, *zone))});
      else
        connect(wrap_host(child, *zone), *zone, {});
    }
    zone->seal();
    return {zone, gateway};
  }

  // A host in a zone of its own; its cable is the zone's.
  Zone wrap_host(NodeId node, const s4u::NetZone& parent) {
    s4u::NetZone* const zone = star("port_" + name_of(node), &parent);
    const Gateway gateway = zone->create_router("port_" + name_of(node) + "_router");
    add_host(node, *zone);
    zone->seal();
    return {zone, gateway};
  }

  static s4u::LinkInRoute upwards(const s4u::SplitDuplexLink* cable) {
    return s4u::LinkInRoute(cable, s4u::LinkInRoute::Direction::UP);
  }

  s4u::SplitDuplexLink* add_cable(NodeId node, s4u::NetZone& zone) {
    const Cable& cable = topology_[node].cable;
    s4u::SplitDuplexLink* const link = zone.create_split_duplex_link(name_of(node), cable.bandwidth.value);
    link->set_latency(to_seconds(cable.latency))->seal();
    platform_.links_[node.value] = {link->get_link_up(), link->get_link_down()};
    return link;
  }

  void add_host(NodeId node, s4u::NetZone& zone) {
    const Links links = {upwards(add_cable(node, zone))};
    add_end(node, zone, links);
    for (const NodeId port : topology_[node].children)
      add_end(port, zone, {upwards(add_cable(port, zone)), links.front()});
  }

  // Something that flows begin and end at, with the links from there to the zone's gateway.
  void add_end(NodeId node, s4u::NetZone& zone, const Links& up) {
    s4u::Host* const host = zone.create_host(name_of(node), 1.0);
    host->seal();
    Links there_and_back = up;
    for (auto link = up.rbegin(); link != up.rend(); ++link)
      there_and_back.emplace_back(link->get_link(), s4u::LinkInRoute::Direction::DOWN);
    zone.add_route(host->get_netpoint(), nullptr, nullptr, nullptr, up);
    zone.add_route(host->get_netpoint(), host->get_netpoint(), nullptr, nullptr, there_and_back);
    platform_.hosts_[node.value] = host;
  }

  Platform& platform_;
  const Topology& topology_;
};

Platform::Platform(const Topology& topology)
    : topology_(topology), hosts_(topology.size()), links_(topology.size()) {
  PlatformBuilder(*this).build();
}

s4u::Link& Platform::link(const Hop& hop) const {
  const Pair& pair = links_[hop.node.value];
  return *(hop.direction == Direction::up ? pair.up : pair.down);
}

std::vector<std::string> simgrid_arguments() {
  std::vector<std::string> arguments = {"nephoscope", "--cfg=network/model:CM02",
                                        "--cfg=network/TCP-gamma:1e30", "--cfg=network/crosstraffic:0",
                                        "--log=root.thres:warning"};
#ifdef __SANITIZE_ADDRESS__
  arguments.emplace_back("--cfg=contexts/factory:thread");
#endif
  return arguments;
}

namespace {

s4u::Host& any_host(const Platform& platform) {
  for (std::uint32_t node = 0; node < platform.topology().size(); ++node)
    if (!platform.topology().is_switch(NodeId(node))) return platform.host(NodeId(node));
  fail_check("network", "a topology without hosts cannot be driven");
}

}  // namespace

void drive(const Topology& topology, const std::function<void(Platform&)>& body) {
  check(!s4u::Engine::is_initialized(), "network",
        "SimGrid has one engine a process, and this process has had it");
  std::vector<std::string> arguments = simgrid_arguments();
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  // Never destroyed: the engine is the process's own.
  auto& engine = *new s4u::Engine(&argc, argv.data());
  Platform platform(topology);
  std::exception_ptr failure;
  s4u::Actor::create("simulation", &any_host(platform), [&] {
    try {
      body(platform);
    } catch (...) {
      failure = std::current_exception();
    }
  });
  engine.run();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace nephoscope
