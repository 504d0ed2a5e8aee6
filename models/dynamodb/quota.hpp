// The default quota of an on-demand table with its indexes.
//
// Source: DynamoDB Developer Guide, "Service, account, and table quotas": 40,000 read and 40,000 write
// request units a second. In provisioned mode the same quota limits what may be asked for, so nothing is
// throttled by it.
#pragma once

#include <array>

#include "models/dynamodb/bucket.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

inline constexpr Throughput kOnDemandTableQuota{.read = 40'000, .write = 40'000};

// Shared by the PartitionSets of one table. Holds one second's worth: AWS speaks of rates per second only.
class TableQuota final {
 public:
  explicit TableQuota(Throughput limit = kOnDemandTableQuota)
      : buckets_{RateBucket(Rate(limit.read), 1s), RateBucket(Rate(limit.write), 1s)} {}

  bool has(Time now, Access access, CapacityUnits units) {
    return buckets_[index_of(access)].has(now, units);
  }
  // The level may fall below zero.
  void take(Time now, Access access, CapacityUnits units) { buckets_[index_of(access)].spend(now, units); }

 private:
  std::array<RateBucket, kAccesses> buckets_;
};

}  // namespace nephoscope::dynamodb
