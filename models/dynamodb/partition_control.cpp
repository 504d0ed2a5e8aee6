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

constexpr std::int64_t kMuchGrowth = 1'000'000'000;  // bytes; samples cost some KiB

// What a part of a partition has of its bytes: they lie evenly over the hashes.
std::int64_t part_of(std::int64_t bytes, const PositionRange& part, const PositionRange& whole,
                     std::uint32_t parts, bool halves) {
  if (whole.one_key() || halves) return bytes / parts;
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
      divisions.push_back({map_.ids()[i], split_at(range.middle())});
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
    part.bytes = last ? left : part_of(bytes, range, whole, count, division.choice.halves_bytes);
    left -= part.bytes;
    set_share(part);
    parts.push_back({division.id, range.first, id});
    heat_->began(world_.now(), id);
  }
  heat_->ended(world_.now(), division.id);
  at(division.id).heir = PartitionId(first_id);
  at(division.id).samples.reset();
  at(division.id).growth.reset();
}

// REQUIRES: in the order of positions.
void PartitionSet::split_soon(std::vector<Division> divisions, std::string why) {
  for (const Division& division : divisions) at(division.id).splitting = true;
  world_.simulation.spawn(split_later(std::move(divisions), std::move(why)));
}

Process PartitionSet::split_later(std::vector<Division> divisions, std::string why) {
  co_await world_.simulation.delay(assumptions_.split_time);
  // Some may have been split meanwhile because the table has grown.
  std::erase_if(divisions, [&](const Division& division) { return !at(division.id).alive(); });
  if (divisions.empty()) co_return;
  const std::size_t first = partitions_.size();
  divide(divisions);
  for (std::size_t i = first; i < partitions_.size(); ++i) leaders_.hand_over(partitions_[i]);
  const std::string which = divisions.size() == 1 ? fmt::format("partition {}", divisions.front().id.value)
                                                  : fmt::format("{} partitions", divisions.size());
  world_.log(name_, "partition",
             fmt::format("{} -> {} to {}: {}", which, first, partitions_.size() - 1, why));
}

void PartitionSet::split_for_size(PartitionId id) {
  const Partition& partition = at(id);
  const std::span<const AccessSample> written =
      partition.growth ? partition.growth->in_order() : std::span<const AccessSample>{};
  const SplitChoice choice = choose_middle(written, map_.range_from(partition.first), settings_.divides_keys);
  if (choice.count > 0)
    split_soon({{id, choice}},
               fmt::format("{:.2f} GB, over 10 GB", static_cast<double>(partition.bytes) * 1e-9));
}

void PartitionSet::add_bytes(const Position& position, std::int64_t delta) {
  const PartitionId id = map_.find(position);
  Partition& partition = at(id);
  partition.bytes += delta;
  bytes_ += delta;
  if (delta <= 0) return;
  partition.written += delta;
  if (partition.written > kMuchGrowth) [[unlikely]]
    sample_growth(partition, position, delta);
  if (partition.bytes > kPartitionBytes && !partition.splitting) [[unlikely]]
    split_for_size(id);
}

void PartitionSet::sample_growth(Partition& partition, const Position& position, std::int64_t delta) {
  if (!partition.growth) partition.growth = std::make_unique<AccessSamples>(Access::write);
  partition.growth->add({.position = position,
                         .access = Access::write,
                         .units = {delta},
                         .number = mix64(static_cast<std::uint64_t>(partition.written))});
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

// Served or not.
Throughput PartitionSet::asked(const Partition& partition) const {
  const Throughput yes = served(partition);
  const Throughput no = throttled(partition);
  return {.read = yes.read + no.read, .write = yes.write + no.write};
}

void PartitionSet::look() {
  Throughput used;
  for (const Access access : {Access::read, Access::write}) {
    CapacityUnits& last = looked_[index_of(access)];
    used.of(access) = per_second(counts(access).consumed, last, assumptions_.control_period);
    last = counts(access).consumed;
  }
  if (assumptions_.admission == AdmissionGeneration::burst_adaptive) adapt(used);
  if (global()) split_for_heat();
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
      const double rate = table_rate().of(access);
      if (used.of(access) > rate)
        boost *= 1 - assumptions_.adaptive_gain.value;
      else if (missed.of(access) > 0 && used.of(access) < assumptions_.heat_threshold.value * rate)
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

void PartitionSet::split_for_heat() {
  std::vector<Division> divisions;
  std::string why;
  for (const PartitionId id : map_.ids()) {
    if (!watch(id)) continue;
    const SplitChoice choice = choose_heat_split(id);
    if (choice.count > 0) {
      why = heat_of(at(id)) + (choice.isolates ? "; one item is set apart" : "");
      divisions.push_back({id, choice});
    } else if (!at(id).told) {
      at(id).told = true;
      world_.log(
          name_, "partition",
          fmt::format("partition {} is {} and stays whole: {}", id.value, heat_of(at(id)), choice.why));
    }
  }
  if (divisions.size() > 1) why = "hot";
  if (!divisions.empty()) split_soon(std::move(divisions), std::move(why));
  for (const PartitionId id : map_.ids())
    if (at(id).samples) at(id).samples->clear();
}

// Whether it has been hot for long enough to be split. Samples are taken from the second period on.
bool PartitionSet::watch(PartitionId id) {
  Partition& partition = at(id);
  const Throughput load = asked(partition);
  const double reads = load.read / kPartitionCaps.read;
  const double writes = load.write / kPartitionCaps.write;
  if (std::max(reads, writes) < assumptions_.heat_threshold.value) {
    partition.hot_periods = 0;
    partition.samples.reset();
    return false;
  }
  const Access access = reads > writes ? Access::read : Access::write;
  const bool sampled = partition.samples && partition.samples->access() == access;
  if (!sampled) partition.samples = std::make_unique<AccessSamples>(access);
  return ++partition.hot_periods >= assumptions_.heat_periods && sampled && !partition.splitting;
}

SplitChoice PartitionSet::choose_heat_split(PartitionId id) const {
  const Partition& partition = partitions_[id.value];
  return choose_split(partition.samples->in_order(), map_.range_from(partition.first),
                      {.hot_item = assumptions_.hot_item_share,
                       .sequence = assumptions_.sequence_share,
                       .divides_keys = settings_.divides_keys,
                       .isolates_items = settings_.isolates_items});
}

std::string PartitionSet::heat_of(const Partition& partition) const {
  const Access access = partition.samples->access();
  return fmt::format("hot, {:.0f} {} units/s", asked(partition).of(access),
                     access == Access::read ? "read" : "write");
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
    if (!nodes_.begin_move(at(node.busiest).nodes[node.replica])) continue;
    world_.simulation.spawn(move_later(node.busiest, node.replica));
  }
}

Process PartitionSet::move_later(PartitionId id, std::uint32_t replica) {
  co_await world_.simulation.delay(assumptions_.move_time);
  Partition& partition = at(id);
  nodes_.end_move(partition.nodes[replica]);
  if (!partition.alive()) co_return;
  nodes_.move(world_.now(), partition, replica);
  if (replica == partition.leader) leaders_.hand_over(partition);
  world_.log(name_, "partition", fmt::format("partition {}: a replica has moved off a hot node", id.value));
}

}  // namespace nephoscope::dynamodb
