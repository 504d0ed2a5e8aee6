#include "models/store/directory.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::store {

Directory::Directory(const Options& options)
    : options_(options),
      slots_(options.chunks * options.factor, kNoNode),
      known_(options.chunks),
      live_(options.chunks),
      copies_(options.chunks) {}

NodeIndex Directory::add_node() {
  nodes_.emplace_back();
  return static_cast<NodeIndex>(nodes_.size() - 1);
}

// --- levels ------------------------------------------------------------------------------------------------

void Directory::count(Time now, ChunkIndex chunk, int by) {
  if (!opened_) return;
  if (copies_[chunk] == 0) return lost_.change(now, by);
  if (live_[chunk] < options_.quorum) unavailable_.change(now, by);
  if (live_[chunk] >= options_.factor) return;
  under_replicated_.change(now, by);
  const bool impaired = under_replicated_.value() > 0;
  if (impaired != (impaired_.value() > 0)) impaired_.change(now, impaired ? +1 : -1);
}

void Directory::change(Time now, ChunkIndex chunk, int live, int copies) {
  count(now, chunk, -1);
  live_[chunk] = static_cast<std::uint8_t>(live_[chunk] + live);
  copies_[chunk] = static_cast<std::uint8_t>(copies_[chunk] + copies);
  count(now, chunk, +1);
}

void Directory::open(Time now) {
  opened_ = true;
  for (ChunkIndex chunk = 0; chunk < chunks(); ++chunk) count(now, chunk, +1);
}

void Directory::reset_statistics(Time now) {
  for (Level* level : {&under_replicated_, &unavailable_, &lost_, &impaired_}) level->reset(now);
}

// --- replicas ----------------------------------------------------------------------------------------------

bool Directory::has_live(ChunkIndex chunk, NodeIndex node) const {
  const auto known = replicas(chunk);
  return nodes_[node].up && std::find(known.begin(), known.end(), node) != known.end();
}

void Directory::learn(ChunkIndex chunk, NodeIndex node) {
  check(known_[chunk] < options_.factor, "store", "chunk {} has a replica too many", chunk);
  slots_[std::size_t{chunk} * options_.factor + known_[chunk]++] = node;
}

void Directory::forget(ChunkIndex chunk, NodeIndex node) {
  const auto first = slots_.begin() + static_cast<std::ptrdiff_t>(std::size_t{chunk} * options_.factor);
  const auto last = first + known_[chunk];
  const auto place = std::find(first, last, node);
  check(place != last, "store", "chunk {} has no replica on node {}", chunk, node);
  std::copy(place + 1, last, place);
  --known_[chunk];
}

void Directory::add(Time now, ChunkIndex chunk, NodeIndex node) {
  ++created_;
  nodes_[node].chunks.push_back(chunk);
  learn(chunk, node);
  change(now, chunk, +1, +1);
}

// --- nodes -------------------------------------------------------------------------------------------------

void Directory::set_up(Time now, NodeIndex index, bool up) {
  NodeEntry& node = nodes_[index];
  if (node.up == up) return;
  node.up = up;
  if (node.given_up) return;
  for (const ChunkIndex chunk : node.chunks) change(now, chunk, up ? +1 : -1, 0);
}

void Directory::erase(Time now, NodeIndex index) {
  NodeEntry& node = nodes_[index];
  check(!node.up, "store", "node {} is erased while it is up", index);
  if (node.erased) return;
  node.erased = true;
  destroyed_ += node.chunks.size();
  for (const ChunkIndex chunk : node.chunks) change(now, chunk, 0, -1);
  if (node.given_up) node.chunks.clear();
}

std::vector<ChunkIndex> Directory::give_up(NodeIndex index) {
  NodeEntry& node = nodes_[index];
  check(!node.up && !node.given_up, "store", "node {} is given up in vain", index);
  node.given_up = true;
  std::vector<ChunkIndex> concerned = node.chunks;
  for (const ChunkIndex chunk : concerned) forget(chunk, index);
  if (node.erased) node.chunks.clear();
  return concerned;
}

void Directory::take_back(Time now, NodeIndex index) {
  NodeEntry& node = nodes_[index];
  check(!node.up && node.given_up, "store", "node {} need not be taken back", index);
  std::vector<ChunkIndex> kept;
  for (const ChunkIndex chunk : node.chunks) {
    const bool needed = known_[chunk] < options_.factor;
    if (needed) {
      learn(chunk, index);
      kept.push_back(chunk);
    } else {
      ++deleted_;
    }
    change(now, chunk, needed ? +1 : 0, needed ? 0 : -1);
  }
  node.chunks = std::move(kept);
  node.up = true;
  node.erased = node.given_up = false;
}

// --- audit -------------------------------------------------------------------------------------------------

std::string Directory::audit() const {
  std::uint64_t on_disks = 0;
  std::vector<std::uint32_t> copies(chunks());
  for (const NodeEntry& node : nodes_) {
    if (node.erased) continue;
    on_disks += node.chunks.size();
    for (const ChunkIndex chunk : node.chunks) ++copies[chunk];
  }
  if (created_ != on_disks + deleted_ + destroyed_)
    return fmt::format("{} copies created, {} on disks, {} deleted, {} destroyed", created_, on_disks,
                       deleted_, destroyed_);
  for (ChunkIndex chunk = 0; chunk < chunks(); ++chunk) {
    const auto known = replicas(chunk);
    const auto live =
        std::count_if(known.begin(), known.end(), [&](NodeIndex node) { return nodes_[node].up; });
    if (live != live_[chunk] || copies[chunk] != copies_[chunk])
      return fmt::format("chunk {}: {} live of {} counted, {} copies of {} counted", chunk, live,
                         live_[chunk], copies[chunk], copies_[chunk]);
  }
  return {};
}

}  // namespace nephoscope::store
