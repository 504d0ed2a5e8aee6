// What a request wants of one partition, and the answer.
#pragma once

#include <cstdint>

#include "models/dynamodb/partition_map.hpp"
#include "models/dynamodb/position.hpp"
#include "models/dynamodb/throttling.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

struct Demand {
  Position position;
  std::uint64_t key = 0;  // partition key: whose share of the partition's load it is
  Access access = Access::read;
  CapacityUnits units;
  std::uint64_t number = 0;  // of the request, which draws are addressed by
};

// The bucket that was empty, for explanations.
enum class Bucket : std::uint8_t { none, table, partition, node, quota, maximum };

struct Admission {
  ThrottlingReason reason = ThrottlingReason::none;
  Bucket bucket = Bucket::none;
  PartitionId partition;
  bool admitted() const { return reason == ThrottlingReason::none; }
};

}  // namespace nephoscope::dynamodb
