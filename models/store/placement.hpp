// Where replicas go: nodes drawn at random, on different racks, partitions or zones if there is a choice.
#pragma once

#include <cstdint>
#include <span>

#include "engine/random/draws.hpp"
#include "models/store/nodes.hpp"

namespace nephoscope::store {

class Placement final {
 public:
  // REQUIRES: nodes and directory outlive it.
  Placement(const Nodes& nodes, const Directory& directory, PlacementPolicy policy)
      : nodes_(nodes), directory_(directory), policy_(policy) {}

  // A node for one more replica beside those in `taken`: one that is up, has room, disks that work and a
  // domain of its own; if there is none, one without a domain of its own; kNoNode if none is left.
  NodeIndex choose(Draws& draws, std::span<const NodeIndex> taken) const;

  // What replicas should not share with others: two nodes with one number do.
  std::uint64_t domain(NodeIndex node) const;

 private:
  bool free(NodeIndex node, std::span<const NodeIndex> taken) const;
  bool apart(NodeIndex node, std::span<const NodeIndex> taken) const;
  template <typename Fits>
  NodeIndex next(NodeIndex from, Fits fits) const;

  const Nodes& nodes_;
  const Directory& directory_;
  PlacementPolicy policy_;
};

}  // namespace nephoscope::store
