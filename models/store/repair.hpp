// Repair: replicas that the store has given up are made again, each from a live one on another node.
//
// A node sends at most so many copies at once, those of chunks with the fewest live replicas first. Where no
// node has room, it searches in vain, puts the chunk at the end of its line and tries the next after a while.
// Each such search costs a node drawn at random one operation on its disks.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/queueing/level.hpp"
#include "engine/stats/quantile_sketch.hpp"
#include "models/common/world.hpp"
#include "models/store/directory.hpp"
#include "models/store/nodes.hpp"
#include "models/store/placement.hpp"
#include "models/store/store.hpp"

namespace nephoscope::store {

// Since the start; started = done + failed + running.
struct RepairCounts {
  std::uint64_t started = 0, done = 0, failed = 0;
  std::uint64_t searches_in_vain = 0;
  std::int64_t bytes = 0;  // of those done
};

class Repair final {
 public:
  // REQUIRES: all outlive it.
  Repair(World& world, const ReplicatedStoreConfig& config, Directory& directory, Nodes& nodes,
         const Placement& placement, std::string_view id);

  // Sees to it that the chunk gets another replica, if it lacks one and that is possible.
  void need(ChunkIndex chunk);
  // Gives the chunks that the node was to send to others. REQUIRES: the node is down.
  void hand_over(NodeIndex node);

  const RepairCounts& counts() const { return counts_; }
  Level& running() { return running_; }
  const Level& running() const { return running_; }
  Level& stuck() { return stuck_; }  // chunks for which the last search found no room
  const Level& stuck() const { return stuck_; }
  QuantileSketch& durations() { return durations_; }
  const QuantileSketch& durations() const { return durations_; }

 private:
  enum class State : std::uint8_t { idle, waiting, stuck, running };

  NodeIndex best_source(ChunkIndex chunk) const;
  static std::size_t backlog(const StorageNode& node);
  void wake(NodeIndex node);
  Process send(NodeLife from);
  // The next chunk that the node should send; none if its outbox is empty.
  std::optional<ChunkIndex> next(NodeIndex node);
  bool still_needed(ChunkIndex chunk, NodeIndex from) const;
  NodeIndex find_target(ChunkIndex chunk, NodeIndex from);
  Task<> search_in_vain(ChunkIndex chunk, NodeIndex from);
  Process ask(NodeIndex node, std::uint64_t number);
  Task<> copy(ChunkIndex chunk, NodeLife from, NodeIndex target);
  Duration shortest(NodeIndex from, NodeIndex to) const;
  void arrived(ChunkIndex chunk, NodeIndex target, Duration time);
  void set(ChunkIndex chunk, State state);

  World& world_;
  const ReplicatedStoreConfig& config_;
  Directory& directory_;
  Nodes& nodes_;
  const Placement& placement_;
  Purpose target_, asked_;
  std::vector<State> states_;            // by chunk
  std::vector<std::uint32_t> searches_;  // by chunk
  RepairCounts counts_;
  Level running_, stuck_;
  QuantileSketch durations_;
};

}  // namespace nephoscope::store
