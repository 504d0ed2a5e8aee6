// How many partitions a table needs.
//
// Source: N = max(ceil(RCU / 3000 + WCU / 1000), ceil(GB / 10)), R. Houlihan, "Amazon DynamoDB deep dive",
// AWS re:Invent 2016; the caps and the size are documented (DynamoDB Developer Guide, "Partitions and data
// distribution"). An on-demand table begins with four partitions, which is what its 4,000 writes and 12,000
// reads a second need if a partition serves 1,000 and 3,000 at the same time; so on demand it is the larger
// of the two terms, not their sum (assumption).
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/dynamodb/admission.hpp"
#include "models/dynamodb/on_demand.hpp"
#include "models/dynamodb/partition_settings.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

inline constexpr std::int64_t kPartitionBytes = 10'000'000'000;  // "about 10 GB"
inline constexpr double kNeedTolerance = 1e-9;  // partitions; 3 x (1 / 3) is not always 1 in doubles

constexpr double partitions_for(BillingMode mode, Throughput rate) {
  const double reads = rate.read / kPartitionCaps.read;
  const double writes = rate.write / kPartitionCaps.write;
  return mode == BillingMode::provisioned ? reads + writes : std::max(reads, writes);
}
constexpr double partitions_for_bytes(std::int64_t bytes) {
  return std::max(1.0, static_cast<double>(bytes) / static_cast<double>(kPartitionBytes));
}
// What an on-demand table takes from its first moment.
constexpr Throughput on_demand_floor(const PartitionSettings& settings) {
  return larger(kNewOnDemandTable, settings.warm.value_or(Throughput{}));
}

}  // namespace nephoscope::dynamodb
