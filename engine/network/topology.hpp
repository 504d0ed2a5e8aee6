// A network as a tree: switches, and the hosts that hang from them, each below its parent by a cable of its
// own. Plain data; platform.hpp makes a SimGrid platform of it.
//
// A cable is split duplex: what goes up and what goes down does not share its bandwidth. A flow crosses the
// cables up from its source to the lowest common switch and from there down to its destination; a host that
// sends to itself uses its own cable up and down. A port is a second way into a host, by a cable of its own
// in front of the host's: what uses the port shares that cable as well.
#pragma once

#include <string>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/base/units.hpp"

namespace nephoscope {

// A switch, a host or a port; numbered in the order in which they are added.
using NodeId = Id<struct NodeTag>;

struct Cable {
  BytesPerSecond bandwidth;  // of each direction; REQUIRES: > 0
  Duration latency{};
};

enum class Direction : std::uint8_t { up, down };

// One direction of the cable above `node`.
struct Hop {
  NodeId node;
  Direction direction = Direction::up;
  bool operator==(const Hop&) const = default;
};

enum class NodeKind : std::uint8_t { network_switch, host, port };

class Topology final {
 public:
  struct Node {
    NodeKind kind = NodeKind::network_switch;
    NodeId parent;  // none: the root
    Cable cable;    // to the parent
    std::vector<NodeId> children;
  };

  // A network that is one switch, its root.
  Topology() : nodes_(1) {}

  NodeId root() const { return NodeId(0); }
  // REQUIRES of both: `parent` is a switch of this topology.
  NodeId add_switch(NodeId parent, const Cable& cable) {
    return add(parent, cable, NodeKind::network_switch);
  }
  NodeId add_host(NodeId parent, const Cable& cable) { return add(parent, cable, NodeKind::host); }
  // REQUIRES: `host` is a host of this topology.
  NodeId add_port(NodeId host, const Cable& cable) { return add(host, cable, NodeKind::port); }

  std::size_t size() const { return nodes_.size(); }
  const Node& operator[](NodeId node) const { return nodes_[node.value]; }
  bool is_switch(NodeId node) const { return nodes_[node.value].kind == NodeKind::network_switch; }

  // What a flow crosses, in order. REQUIRES: both are hosts or ports.
  std::vector<Hop> route(NodeId from, NodeId to) const;

 private:
  NodeId add(NodeId parent, const Cable& cable, NodeKind kind);
  std::vector<NodeId> path_to_root(NodeId node) const;
  std::vector<Node> nodes_;
};

// The name of a hop's link in the SimGrid platform: "7_UP".
std::string link_name(const Hop& hop);

}  // namespace nephoscope
