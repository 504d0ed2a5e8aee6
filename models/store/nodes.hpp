// The nodes of a store: the instances of its fleet, with their disks, network cards and room.
#pragma once

#include <cstdint>
#include <deque>

#include "engine/queueing/level.hpp"
#include "engine/queueing/station.hpp"
#include "models/common/compute.hpp"
#include "models/common/world.hpp"
#include "models/store/directory.hpp"
#include "models/store/store.hpp"

namespace nephoscope::store {

struct StorageNode {
  StorageNode(Simulation& simulation, Instance& its, std::uint32_t operations);
  // Takes a copy's share of the disks, or gives it back.
  void set_copies(int by);

  Instance& instance;
  BytesPerSecond bandwidth;  // of its network card, each way
  bool erased_on_stop;       // its disks are the host's
  std::uint32_t operations;  // that its disks do at once
  Station disk;
  ProcessGroup processes;                                // what dies with it
  std::uint32_t deaths = 0;                              // tells its lives apart
  int copies_running = 0;                                // sent or received
  std::int64_t reserved = 0;                             // chunks on their way to it
  int streams = 0;                                       // copies that it sends
  std::deque<ChunkIndex> outbox[kMaxReplicationFactor];  // chunks to send, by live replicas - 1
};

// One node in one of its lives.
struct NodeLife {
  NodeIndex node = kNoNode;
  std::uint32_t deaths = 0;
};

class Nodes final {
 public:
  // REQUIRES: world, config and directory outlive it.
  Nodes(World& world, const ReplicatedStoreConfig& config, Directory& directory)
      : world_(world), config_(config), directory_(directory), access_("store.disk") {}

  // The node on this instance, which is added if it is new.
  NodeIndex index_of(Instance& instance);
  // The same; kNoNode if there is none.
  NodeIndex find(const Instance& instance) const;
  std::size_t size() const { return all_.size(); }
  StorageNode& operator[](NodeIndex node) { return all_[node]; }
  const StorageNode& operator[](NodeIndex node) const { return all_[node]; }
  std::int64_t up() const;
  NodeLife life(NodeIndex node) const { return {node, all_[node].deaths}; }
  bool lives(NodeLife life) const {
    return directory_.up(life.node) && all_[life.node].deaths == life.deaths;
  }
  // Whether it can take one more chunk.
  bool has_room(NodeIndex node) const;

  // An operation on its disks; `number` addresses its draws. False if the node dies meanwhile.
  // REQUIRES: called from a process of the node.
  Task<bool> operate(NodeIndex node, Bytes size, std::uint64_t number);

 private:
  World& world_;
  const ReplicatedStoreConfig& config_;
  Directory& directory_;
  Purpose access_;
  std::deque<StorageNode> all_;
};

}  // namespace nephoscope::store
