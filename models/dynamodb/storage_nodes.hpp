// The storage nodes that hold a table's partitions: how busy they are, and who should move.
//
// A node serves many customers; what counts here is what it can do for this table beside the others, an
// assumption. Each partition has three replicas, the r-th on a node of zone r (zones cyclic if there are
// fewer). Reads are counted at the leader's node, writes at all three. Sources: Elhemali et al., USENIX ATC
// 2022, sections 3, 4.1 (node buckets) and 4.4 (nodes propose partitions to move).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "models/dynamodb/bucket.hpp"
#include "models/dynamodb/partition.hpp"
#include "models/dynamodb/partition_settings.hpp"

namespace nephoscope::dynamodb {

// What one node did for the table in a while.
struct NodeLoad {
  Throughput sum;
  std::uint32_t partitions = 0;
  PartitionId busiest;
  std::uint32_t replica = 0;  // the busiest partition's replica on this node
  double most = -1;           // its units/s, a write as three reads: caps are in that proportion
  void add(PartitionId partition, std::uint32_t its_replica, Throughput load) {
    ++partitions;
    sum.read += load.read;
    sum.write += load.write;
    const double burden = load.read + 3 * load.write;
    if (burden <= most) return;
    most = burden;
    busiest = partition;
    replica = its_replica;
  }
};

class StorageNodes final {
 public:
  // Room for `partitions`, `partitions_per_node` of them on each node.
  StorageNodes(const PartitionAssumptions& assumptions, std::uint32_t partitions);

  // Puts a new table's partition on its nodes.
  void place(Partition& partition, PartitionId id) const;
  // Marks a node from which a replica is about to move; false if one is already. One at a time.
  bool begin_move(std::uint32_t node);
  void end_move(std::uint32_t node) { moving_[node] = false; }
  // Moves one replica to a node that holds no other partition of the table.
  void move(Time now, Partition& partition, std::size_t replica);

  // Whether all nodes that an access burdens have room for it.
  bool have(Time now, const Partition& partition, Access access, CapacityUnits units);
  void take(Time now, const Partition& partition, Access access, CapacityUnits units);

  std::size_t size() const { return buckets_.size(); }
  // The share of a node's capacity that such a load is: of the kind that burdens it more.
  Probability load(Throughput units) const {
    return Probability(std::max(units.read / rate_.read, units.write / rate_.write));
  }

 private:
  using Buckets = std::array<RateBucket, kAccesses>;
  Buckets full() const { return {RateBucket(Rate(rate_.read), span_), RateBucket(Rate(rate_.write), span_)}; }

  Throughput rate_;
  Duration span_;
  std::uint32_t per_zone_;
  std::vector<Buckets> buckets_;
  std::vector<bool> moving_;  // whether a replica is on its way from there
};

}  // namespace nephoscope::dynamodb
