#include "models/store/repair.hpp"

#include <algorithm>

namespace nephoscope::store {

Repair::Repair(World& world, const ReplicatedStoreConfig& config, Directory& directory, Nodes& nodes,
               const Placement& placement, std::string_view id)
    : world_(world),
      config_(config),
      directory_(directory),
      nodes_(nodes),
      placement_(placement),
      target_(Purpose("store.repair_target").of(id)),
      asked_(Purpose("store.search").of(id)),
      states_(directory.chunks()),
      searches_(directory.chunks()) {}

void Repair::set(ChunkIndex chunk, State state) {
  const Time now = world_.now();
  const auto is = [&](State which) { return (state == which) - (states_[chunk] == which); };
  if (const int by = is(State::stuck); by != 0) stuck_.change(now, by);
  if (const int by = is(State::running); by != 0) running_.change(now, by);
  states_[chunk] = state;
}

// --- who sends what ----------------------------------------------------------------------------------------

std::size_t Repair::backlog(const StorageNode& node) {
  std::size_t sum = static_cast<std::size_t>(node.streams);
  for (const auto& line : node.outbox) sum += line.size();
  return sum;
}

NodeIndex Repair::best_source(ChunkIndex chunk) const {
  NodeIndex best = kNoNode;
  for (const NodeIndex node : directory_.replicas(chunk))
    if (directory_.up(node) && (best == kNoNode || backlog(nodes_[node]) < backlog(nodes_[best])))
      best = node;
  return best;
}

void Repair::need(ChunkIndex chunk) {
  if (states_[chunk] != State::idle || directory_.known(chunk) >= directory_.factor()) return;
  const NodeIndex source = best_source(chunk);
  if (source == kNoNode) return;
  set(chunk, State::waiting);
  nodes_[source].outbox[directory_.live(chunk) - 1].push_back(chunk);
  wake(source);
}

void Repair::hand_over(NodeIndex index) {
  std::vector<ChunkIndex> chunks;
  for (auto& line : nodes_[index].outbox) {
    chunks.insert(chunks.end(), line.begin(), line.end());
    line.clear();
  }
  for (const ChunkIndex chunk : chunks) set(chunk, State::idle);
  for (const ChunkIndex chunk : chunks) need(chunk);
}

void Repair::wake(NodeIndex index) {
  StorageNode& node = nodes_[index];
  if (node.streams >= config_.repair.parallelism) return;
  ++node.streams;
  world_.simulation.spawn(send(nodes_.life(index)), &node.processes);
}

std::optional<ChunkIndex> Repair::next(NodeIndex index) {
  for (auto& line : nodes_[index].outbox) {
    if (line.empty()) continue;
    const ChunkIndex chunk = line.front();
    line.pop_front();
    return chunk;
  }
  return std::nullopt;
}

bool Repair::still_needed(ChunkIndex chunk, NodeIndex from) const {
  return directory_.known(chunk) < directory_.factor() && directory_.has_live(chunk, from);
}

// One stream of copies from a node, until it has none left to send.
Process Repair::send(NodeLife from) {
  while (nodes_.lives(from)) {
    const std::optional<ChunkIndex> chunk = next(from.node);
    if (!chunk) break;
    if (!still_needed(*chunk, from.node)) {
      set(*chunk, State::idle);
      need(*chunk);
      continue;
    }
    const NodeIndex target = find_target(*chunk, from.node);
    if (target == kNoNode) {
      co_await search_in_vain(*chunk, from.node);
    } else {
      co_await copy(*chunk, from, target);
    }
  }
  --nodes_[from.node].streams;
}

// --- searches ----------------------------------------------------------------------------------------------

// A node whose disks have stopped sends nothing.
NodeIndex Repair::find_target(ChunkIndex chunk, NodeIndex from) {
  if (nodes_[from].instance.disk_speed() == 0) return kNoNode;
  Draws draws = world_.random.entity(target_, chunk, searches_[chunk]++);
  return placement_.choose(draws, directory_.replicas(chunk));
}

// The chunk goes to the end of the line.
Task<> Repair::search_in_vain(ChunkIndex chunk, NodeIndex from) {
  const std::uint64_t number = counts_.searches_in_vain++;
  set(chunk, State::stuck);
  nodes_[from].outbox[directory_.live(chunk) - 1].push_back(chunk);
  Draws draws = world_.random.entity(asked_, 0, number);
  const auto asked = static_cast<NodeIndex>(draws.next_below(nodes_.size()));
  if (directory_.up(asked)) world_.simulation.spawn(ask(asked, number), &nodes_[asked].processes);
  co_await world_.simulation.delay(config_.repair.retry_interval);
}

Process Repair::ask(NodeIndex node, std::uint64_t number) {
  co_await nodes_.operate(node, Bytes(0), mix64(number));
}

// --- copies ------------------------------------------------------------------------------------------------

// What a copy takes at least: the disks at both ends and the limit bound it.
Duration Repair::shortest(NodeIndex from, NodeIndex to) const {
  const double speed = std::min(nodes_[from].instance.disk_speed(), nodes_[to].instance.disk_speed());
  double rate = config_.disk_bandwidth.value * speed;
  if (config_.repair.bandwidth) rate = std::min(rate, config_.repair.bandwidth->value);
  return from_seconds(static_cast<double>(config_.chunk_size().count) / rate);
}

Task<> Repair::copy(ChunkIndex chunk, NodeLife from, NodeIndex target) {
  StorageNode& source = nodes_[from.node];
  StorageNode& sink = nodes_[target];
  const NodeLife to = nodes_.life(target);
  const Time begun = world_.now();
  const Time earliest = begun + shortest(from.node, target);
  ++counts_.started;
  set(chunk, State::running);
  ++sink.reserved;
  source.set_copies(+1);
  sink.set_copies(+1);
  const Transfer transfer =
      co_await world_.network->transfer(source.instance.place(), sink.instance.place(), config_.chunk_size());
  if (transfer.ok() && world_.now() < earliest) {
    co_await world_.simulation.delay(earliest - world_.now());
  }
  source.set_copies(-1);
  sink.set_copies(-1);
  --sink.reserved;
  const bool good = transfer.ok() && nodes_.lives(from) && nodes_.lives(to);
  set(chunk, State::idle);
  if (good) arrived(chunk, target, world_.now() - begun);
  if (!good) ++counts_.failed;
  need(chunk);
}

// One that is no longer needed is deleted at once.
void Repair::arrived(ChunkIndex chunk, NodeIndex target, Duration time) {
  ++counts_.done;
  counts_.bytes += config_.chunk_size().count;
  durations_.add(time);
  if (directory_.known(chunk) < directory_.factor() && !directory_.has_live(chunk, target))
    directory_.add(world_.now(), chunk, target);
}

}  // namespace nephoscope::store
