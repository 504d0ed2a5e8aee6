// What one partition admits: its share at any time, and beyond it what it has saved.
//
//   allocated bucket   rate = the partition's share, holds `bucket_span` of it
//   burst bucket       takes what overflows the allocated one; both together hold `burst_span` of the share
//   pace               the partition's hardware: bursts included, at most burst_ceiling x 3,000 / 1,000 a
//   second node buckets       of the storage nodes that hold the replicas: bursts need room there
//
// Admission: the allocated bucket pays if it can; else the burst bucket does, if the leader's node has room
// and, for writes, the other replicas' nodes. Source: Elhemali et al., USENIX ATC 2022, section 4.1. Static
// partitions (generation 1) have the allocated bucket only. With global admission control the share is the
// partition's cap.
#pragma once

#include "engine/base/units.hpp"
#include "models/dynamodb/bucket.hpp"
#include "models/dynamodb/demand.hpp"
#include "models/dynamodb/partition.hpp"
#include "models/dynamodb/partition_settings.hpp"
#include "models/dynamodb/storage_nodes.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

// The most that a partition serves, units/s, whatever the table has (DynamoDB Developer Guide, "Best
// practices for designing and using partition keys effectively").
inline constexpr Throughput kPartitionCaps{.read = 3000, .write = 1000};

// What is never turned away (a replicated write) can put a bucket into debt. So much of it counts, in time at
// the bucket's rate, the rest is forgiven: else others would wait for as long as the excess has lasted
// (assumption).
inline constexpr Duration kMostDebt = 300s;

class PartitionAdmission final {
 public:
  // REQUIRES: both outlive it.
  PartitionAdmission(const PartitionAssumptions& assumptions, StorageNodes& nodes);

  // The partition's share of the table's rate from now on; at most its cap. Fills nothing.
  void set_rate(Time now, Partition& partition, Access access, Rate rate) const;
  // As much in its buckets as it has in `idle` without any traffic.
  void fill(Time now, Partition& partition, Duration idle) const;
  // Which bucket is empty; none: the demand may pass.
  Bucket judge(Time now, Partition& partition, Access access, CapacityUnits units) const;
  void take(Time now, Partition& partition, Access access, CapacityUnits units) const;

 private:
  void settle(Time now, Share& share, Access access) const;
  bool allocated(const Share& share, double cost) const {
    return can_pay(share.level, share.rate * span_, cost);
  }
  bool bursts(const Share& share, Access access, double cost) const;
  double pace_rate(const Share& share, Access access) const { return ceiling_.of(access) - share.rate; }

  StorageNodes& nodes_;
  bool has_nodes_;
  double span_;        // seconds of its rate that an allocated bucket holds
  double saved_span_;  // and a burst bucket
  double most_debt_;   // seconds
  Throughput ceiling_;
};

}  // namespace nephoscope::dynamodb
