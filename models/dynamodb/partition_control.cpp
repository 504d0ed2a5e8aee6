// What a PartitionSet does by itself: grows, splits, moves, and looks at loads.
#include <fmt/format.h>

#include <algorithm>

#include "models/dynamodb/heat_record.hpp"
#include "models/dynamodb/partition_need.hpp"
#include "models/dynamodb/partition_set.hpp"

namespace nephoscope::dynamodb {

void PartitionSet::start() {
  world_.simulation.spawn(control());
  world_.simulation.spawn(peaks());
  world_.simulation.spawn(failures());
}

namespace {

// What a part of a partition has of its bytes: they lie evenly over the hashes, or over the parts of one key.
std::int64_t part_of(std::int64_t bytes, const PositionRange& part, const PositionRange& whole,
                     std::uint32_t parts) {
  if (whole.one_key()) return bytes / parts;
  return static_cast<std::int64_t>(static_cast<double>(bytes) * (part.width() / whole.width()));
}

}  // namespace

// --- growth and splits -------------------------------------------------------------------------------------

// A partition is split in the middle as long as even keys would ask more of it than its caps. Never above an
// earlier level: partitions are not merged.
void PartitionSet::grow() {
  const double need = partitions_for(settings_.mode, table_rate());
  const std::size_t before = map_.size();
  std::vector<Division> divisions;
  do {
    divisions.clear();
    for (std::size_t i = 0; i < map_.size(); ++i) {
      const PositionRange range = map_.range(i);
      if (range.one_key() || range.width() * need <= 1 + kNeedTolerance) continue;
      divisions.push_back(
          {map_.ids()[i], {.cuts = {range.middle(), {}}, .count = 1, .isolates = false, .why = {}}});
    }
    divide(divisions);
  } while (!divisions.empty());
  if (map_.size() > before)
    world_.log(name_, "partition",
               fmt::format("{} -> {} partitions: for {:.0f} read and {:.0f} write units/s", before,
                           map_.size(), table_rate().read, table_rate().write));
}

// REQUIRES: in the order of positions.
void PartitionSet::divide(std::span<const Division> divisions) {
  if (divisions.empty()) return;
  std::vector<PartitionMap::Part> parts;
  parts.reserve(2 * divisions.size());
  for (const Division& division : divisions)
    add_parts(division, map_.range_from(at(division.id).first), parts);
  map_.split(parts);
}

void PartitionSet::add_parts(const Division& division, const PositionRange& whole,
                             std::vector<PartitionMap::Part>& parts) {
  const std::uint32_t count = division.choice.count + 1;
  const auto first_id = static_cast<std::uint32_t>(partitions_.size());
  const std::int64_t bytes = at(division.id).bytes;
  std::int64_t left = bytes;
  for (std::uint32_t i = 0; i < count; ++i) {
    const bool last = i + 1 == count;
    const PositionRange range{i == 0 ? whole.first : division.choice.cuts[i - 1],
                              last ? whole.last : previous(division.choice.cuts[i])};
    const PartitionId id(first_id + i);
    partitions_.push_back(at(division.id).part(range.first, count));
    Partition& part = partitions_.back();
    part.parent = division.id;
    part.bytes = last ? left : part_of(bytes, range, whole, count);
    left -= part.bytes;
    set_share(part);
    parts.push_back({division.id, range.first, id});
  }
  at(division.id).heir = PartitionId(first_id);
  at(division.id).samples.reset();
}

void PartitionSet::split_soon(PartitionId id, const SplitChoice& choice, std::string why) {
  at(id).splitting = true;
  world_.simulation.spawn(split_later({id, choice}, std::move(why)));
}

Process PartitionSet::split_later(Division division, std::string why) {
  co_await world_.simulation.delay(assumptions_.split_time);
  if (!at(division.id).alive()) co_return;  // it has been split because the table has grown
  const std::size_t first = partitions_.size();
  divide({&division, 1});
  for (std::size_t i = first; i < partitions_.size(); ++i) leaders_.hand_over(partitions_[i]);
  world_.log(
      name_, "partition",
      fmt::format("partition {} -> {} to {}: {}", division.id.value, first, partitions_.size() - 1, why));
}

// Data is taken to lie evenly over the hashes. Within one partition key it grows where it is written.
void PartitionSet::split_for_size(PartitionId id, const Position& written) {
  const PositionRange range = map_.range_from(at(id).first);
  if (range.one_key() && (!settings_.divides_keys || written == range.first)) return;
  const Position cut = range.one_key() ? written : range.middle();
  split_soon(id, {.cuts = {cut, {}}, .count = 1, .isolates = false, .why = {}},
             fmt::format("{:.1f} GB, over 10 GB", static_cast<double>(at(id).bytes) * 1e-9));
}

void PartitionSet::add_bytes(const Position& position, std::int64_t delta) {
  const PartitionId id = map_.find(position);
  Partition& partition = at(id);
  partition.bytes += delta;
  bytes_ += delta;
  if (partition.bytes > kPartitionBytes && !partition.splitting) [[unlikely]]
    split_for_size(id, position);
}

// --- control loops -----------------------------------------------------------------------------------------

Process PartitionSet::control() {
  while (true) {
    co_await world_.simulation.delay(assumptions_.control_period);
    look();
  }
}

Process PartitionSet::peaks() {
  std::array<CapacityUnits, kAccesses> before{};
  while (true) {
    co_await world_.simulation.delay(assumptions_.peak_window);
    Throughput mean;
    for (const Access access : {Access::read, Access::write}) {
      CapacityUnits& last = before[index_of(access)];
      const CapacityUnits sum = counts(access).consumed;
      mean.of(access) = (sum - last).value() / to_seconds(assumptions_.peak_window);
      last = sum;
    }
    capacity_.served(world_.now(), mean);
    if (!capacity_.advance(world_.now()) || !on_demand()) continue;
    grow();
    set_rates();
  }
}

Process PartitionSet::failures() {
  while (true) {
    const Time at_time = leaders_.next_failure(map_.size());
    if (at_time > world_.end()) co_return;
    co_await world_.simulation.delay(at_time - world_.now());
    const PartitionId id = map_.ids()[leaders_.victim(map_.size())];
    leaders_.lose(at(id), id);
    world_.log(name_, "partition", fmt::format("partition {} has lost its leader", id.value));
  }
}

namespace {

double per_second(CapacityUnits now, CapacityUnits before, Duration period) {
  return (now - before).value() / to_seconds(period);
}

}  // namespace

// In the last control period, units/s.
Throughput PartitionSet::served(const Partition& partition) const {
  Throughput rate;
  for (const Access access : {Access::read, Access::write})
    rate.of(access) = per_second(partition.counts[index_of(access)].consumed,
                                 partition.seen[index_of(access)].consumed, assumptions_.control_period);
  return rate;
}

Throughput PartitionSet::throttled(const Partition& partition) const {
  Throughput rate;
  for (const Access access : {Access::read, Access::write})
    rate.of(access) = per_second(partition.counts[index_of(access)].throttled,
                                 partition.seen[index_of(access)].throttled, assumptions_.control_period);
  return rate;
}

void PartitionSet::look() {
  Throughput used;
  for (const Access access : {Access::read, Access::write}) {
    CapacityUnits& last = looked_[index_of(access)];
    used.of(access) = per_second(counts(access).consumed, last, assumptions_.control_period);
    last = counts(access).consumed;
  }
  if (assumptions_.admission == AdmissionGeneration::burst_adaptive) adapt(used);
  if (global())
    for (const PartitionId id : map_.ids()) watch(id);
  if (assumptions_.admission != AdmissionGeneration::static_partitions) relieve_nodes();
  for (const PartitionId id : map_.ids()) at(id).seen = at(id).counts;
}

// --- adaptive capacity -------------------------------------------------------------------------------------

// Proportional control: a partition that throttles gets more while the table is under its rate; what was
// given is taken back while the table is over it (Elhemali et al., USENIX ATC 2022, section 4.1).
void PartitionSet::adapt(Throughput used) {
  std::size_t raised = 0;
  for (const PartitionId id : map_.ids()) {
    Partition& partition = at(id);
    const Throughput missed = throttled(partition);
    for (const Access access : {Access::read, Access::write}) {
      double& boost = partition.shares[index_of(access)].boost;
      if (used.of(access) >= table_rate().of(access))
        boost *= 1 - assumptions_.adaptive_gain.value;
      else if (missed.of(access) > 0)
        boost =
            std::min(boost + assumptions_.adaptive_gain.value * missed.of(access), kPartitionCaps.of(access));
      raised += boost > 0 && missed.of(access) > 0;
    }
    set_share(partition);
  }
  if (raised > 0 && raised != raised_)
    world_.log(name_, "partition",
               fmt::format("adaptive capacity raises the shares of {} partitions", raised));
  raised_ = raised;
}

// --- split for heat ----------------------------------------------------------------------------------------

void PartitionSet::watch(PartitionId id) {
  Partition& partition = at(id);
  const Throughput load = served(partition);
  const Throughput missed = throttled(partition);
  const double reads = (load.read + missed.read) / kPartitionCaps.read;
  const double writes = (load.write + missed.write) / kPartitionCaps.write;
  if (std::max(reads, writes) < assumptions_.heat_threshold.value) {
    partition.hot_periods = 0;
    partition.samples.reset();
    return;
  }
  const Access access = reads > writes ? Access::read : Access::write;
  const bool same = partition.samples && partition.samples->access() == access;
  if (++partition.hot_periods >= assumptions_.heat_periods && same && !partition.splitting) decide(id);
  if (same)
    partition.samples->clear();
  else
    partition.samples = std::make_unique<AccessSamples>(access);
}

void PartitionSet::decide(PartitionId id) {
  Partition& partition = at(id);
  const Access access = partition.samples->access();
  const SplitChoice choice = choose_split(partition.samples->in_order(), map_.range_from(partition.first),
                                          {.hot_item = assumptions_.hot_item_share,
                                           .sequence = assumptions_.sequence_share,
                                           .divides_keys = settings_.divides_keys,
                                           .isolates_items = settings_.isolates_items});
  const double load = served(partition).of(access) + throttled(partition).of(access);
  const std::string heat =
      fmt::format("hot, {:.0f} {} units/s", load, access == Access::read ? "read" : "write");
  if (choice.count > 0) {
    split_soon(id, choice, heat + (choice.isolates ? "; one item is set apart" : ""));
  } else if (!partition.told) {
    partition.told = true;
    world_.log(name_, "partition",
               fmt::format("partition {} is {} and stays whole: {}", id.value, heat, choice.why));
  }
}

// --- hot nodes ---------------------------------------------------------------------------------------------

// Of each node that is hot with several of the table's partitions, the busiest moves away.
void PartitionSet::relieve_nodes() {
  std::vector<NodeLoad> loads(nodes_.size());
  for (const PartitionId id : map_.ids()) {
    const Partition& partition = at(id);
    const Throughput all = served(partition);
    for (std::uint32_t replica = 0; replica < kReplicas; ++replica)
      loads[partition.nodes[replica]].add(
          id, replica, {.read = replica == partition.leader ? all.read : 0, .write = all.write});
  }
  for (const NodeLoad& node : loads) {
    if (node.partitions < 2 || nodes_.load(node.sum).value < assumptions_.heat_threshold.value) continue;
    if (at(node.busiest).moving) continue;
    at(node.busiest).moving = true;
    world_.simulation.spawn(move_later(node.busiest, node.replica));
  }
}

Process PartitionSet::move_later(PartitionId id, std::uint32_t replica) {
  co_await world_.simulation.delay(assumptions_.move_time);
  Partition& partition = at(id);
  partition.moving = false;
  if (!partition.alive()) co_return;
  nodes_.move(world_.now(), partition, replica);
  if (replica == partition.leader) leaders_.hand_over(partition);
  world_.log(name_, "partition", fmt::format("partition {}: a replica has moved off a hot node", id.value));
}

}  // namespace nephoscope::dynamodb
