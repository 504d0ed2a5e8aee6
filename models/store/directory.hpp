// What a store knows of its chunks and nodes: where replicas are, which of them can be read, what is lost.
//
// A replica is *known* until its node has been away so long that the store gives it up; *live* if it is known
// and its node is up. A *copy* exists wherever the data lies on a disk that has not been erased, whether the
// store knows it or not. Nothing here takes time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/queueing/level.hpp"

namespace nephoscope::store {

using NodeIndex = std::uint32_t;
using ChunkIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = 0xffffffffU;

class Directory final {
 public:
  struct Options {
    std::size_t chunks = 0;
    std::uint32_t factor = 1;  // replicas wanted
    std::uint32_t quorum = 1;  // live replicas without which a chunk is unavailable
  };
  explicit Directory(const Options& options);

  NodeIndex add_node();  // empty and up
  std::size_t nodes() const { return nodes_.size(); }
  std::size_t chunks() const { return live_.size(); }
  std::uint32_t factor() const { return options_.factor; }

  // A new copy, known at once. REQUIRES: the node is up and has none; known(chunk) < factor.
  void add(Time now, ChunkIndex chunk, NodeIndex node);
  // From here on chunks count: they have their first replicas.
  void open(Time now);

  // The node goes down; it comes back with its data.
  void set_up(Time now, NodeIndex node, bool up);
  // Its disks are erased.
  void erase(Time now, NodeIndex node);
  // The store no longer counts on it: its replicas are not known any more. Returns the chunks concerned.
  std::vector<ChunkIndex> give_up(NodeIndex node);
  // A node that had been given up is back: copies that are needed are known again, the others are deleted.
  void take_back(Time now, NodeIndex node);

  bool up(NodeIndex node) const { return nodes_[node].up; }
  bool erased(NodeIndex node) const { return nodes_[node].erased; }
  bool given_up(NodeIndex node) const { return nodes_[node].given_up; }
  // Copies on its disks.
  std::size_t copies(NodeIndex node) const { return nodes_[node].chunks.size(); }
  const std::vector<ChunkIndex>& chunks_of(NodeIndex node) const { return nodes_[node].chunks; }

  // The nodes of the known replicas.
  std::span<const NodeIndex> replicas(ChunkIndex chunk) const {
    return {slots_.data() + std::size_t{chunk} * options_.factor, known_[chunk]};
  }
  std::uint32_t known(ChunkIndex chunk) const { return known_[chunk]; }
  std::uint32_t live(ChunkIndex chunk) const { return live_[chunk]; }
  bool lost(ChunkIndex chunk) const { return opened_ && copies_[chunk] == 0; }
  bool has_live(ChunkIndex chunk, NodeIndex node) const;

  // Numbers of chunks.
  const Level& under_replicated() const {
    return under_replicated_;
  }                                                          // fewer live replicas than wanted, not lost
  const Level& unavailable() const { return unavailable_; }  // fewer than the quorum, not lost
  const Level& lost() const { return lost_; }                // no copy anywhere
  const Level& impaired() const { return impaired_; }        // 1 while any is under-replicated
  void reset_statistics(Time now);

  // What does not add up, in words; empty if all is well. O(chunks).
  std::string audit() const;
  std::uint64_t created() const { return created_; }
  std::uint64_t deleted() const { return deleted_; }
  std::uint64_t destroyed() const { return destroyed_; }

 private:
  struct NodeEntry {
    bool up = true;
    bool erased = false;
    bool given_up = false;
    std::vector<ChunkIndex> chunks;
  };
  // Counts a chunk out of, or into, the levels.
  void count(Time now, ChunkIndex chunk, int by);
  void change(Time now, ChunkIndex chunk, int live, int copies);
  void learn(ChunkIndex chunk, NodeIndex node);
  void forget(ChunkIndex chunk, NodeIndex node);

  Options options_;
  bool opened_ = false;
  std::vector<NodeEntry> nodes_;
  std::vector<NodeIndex> slots_;  // factor a chunk
  std::vector<std::uint8_t> known_, live_, copies_;
  Level under_replicated_, unavailable_, lost_, impaired_;
  std::uint64_t created_ = 0;    // copies
  std::uint64_t deleted_ = 0;    // since there were enough
  std::uint64_t destroyed_ = 0;  // with the disks that they were on
};

}  // namespace nephoscope::store
