#include "engine/network/topology.hpp"

#include <fmt/format.h>

#include "engine/base/check.hpp"

namespace nephoscope {

NodeId Topology::add(NodeId parent, const Cable& cable, NodeKind kind) {
  const NodeKind above = kind == NodeKind::port ? NodeKind::host : NodeKind::network_switch;
  check(parent.value < nodes_.size() && nodes_[parent.value].kind == above, "network",
        "a node hangs from what cannot carry it");
  check(cable.bandwidth.value > 0 && cable.latency >= Duration{}, "network",
        "a cable has {} byte/s and a latency of {} s", cable.bandwidth.value, to_seconds(cable.latency));
  const NodeId node(static_cast<std::uint32_t>(nodes_.size()));
  nodes_.push_back({.kind = kind, .parent = parent, .cable = cable, .children = {}});
  nodes_[parent.value].children.push_back(node);
  return node;
}

// From the node itself to the last one below the root.
std::vector<NodeId> Topology::path_to_root(NodeId node) const {
  std::vector<NodeId> path;
  for (; node != root(); node = nodes_[node.value].parent) path.push_back(node);
  return path;
}

std::vector<Hop> Topology::route(NodeId from, NodeId to) const {
  std::vector<NodeId> ups = path_to_root(from);
  std::vector<NodeId> downs = path_to_root(to);
  while (!ups.empty() && !downs.empty() && ups.back() == downs.back() && is_switch(ups.back())) {
    ups.pop_back();
    downs.pop_back();
  }
  std::vector<Hop> hops;
  for (const NodeId node : ups) hops.push_back({node, Direction::up});
  for (auto node = downs.rbegin(); node != downs.rend(); ++node) hops.push_back({*node, Direction::down});
  return hops;
}

std::string link_name(const Hop& hop) {
  return fmt::format("{}_{}", hop.node.value, hop.direction == Direction::up ? "UP" : "DOWN");
}

}  // namespace nephoscope
