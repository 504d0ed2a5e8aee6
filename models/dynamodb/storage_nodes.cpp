#include "models/dynamodb/storage_nodes.hpp"

#include <algorithm>

namespace nephoscope::dynamodb {

StorageNodes::StorageNodes(const PartitionAssumptions& assumptions, std::uint32_t partitions)
    : rate_{.read = assumptions.node_reads.per_second, .write = assumptions.node_writes.per_second},
      span_(assumptions.bucket_span) {
  const auto each = static_cast<std::uint32_t>(assumptions.partitions_per_node);
  per_zone_ = std::max(1U, (partitions + each - 1) / each);
  buckets_.assign(std::size_t{per_zone_} * kReplicas, full());
  moving_.assign(buckets_.size(), false);
}

void StorageNodes::place(Partition& partition, PartitionId id) const {
  for (std::uint32_t replica = 0; replica < kReplicas; ++replica)
    partition.nodes[replica] = replica * per_zone_ + id.value % per_zone_;
}

void StorageNodes::move(Time now, Partition& partition, std::size_t replica) {
  partition.nodes[replica] = static_cast<std::uint32_t>(buckets_.size());
  buckets_.push_back(full());
  for (RateBucket& bucket : buckets_.back()) bucket.refill(now);
  moving_.push_back(false);
}

bool StorageNodes::begin_move(std::uint32_t node) {
  if (moving_[node]) return false;
  moving_[node] = true;
  return true;
}

bool StorageNodes::have(Time now, const Partition& partition, Access access, CapacityUnits units) {
  const std::size_t kind = index_of(access);
  if (access == Access::read) return buckets_[partition.nodes[partition.leader]][kind].has(now, units);
  return std::all_of(partition.nodes.begin(), partition.nodes.end(),
                     [&](std::uint32_t node) { return buckets_[node][kind].has(now, units); });
}

void StorageNodes::take(Time now, const Partition& partition, Access access, CapacityUnits units) {
  const auto take_from = [&](std::uint32_t node) { buckets_[node][index_of(access)].spend(now, units); };
  if (access == Access::read) return take_from(partition.nodes[partition.leader]);
  for (const std::uint32_t node : partition.nodes) take_from(node);
}

}  // namespace nephoscope::dynamodb
