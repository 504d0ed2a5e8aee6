// What one PartitionSet remembers of its load, so that results can say why it throttled: the heat of
// partitions over time, and whose keys were turned away by which bucket.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/time.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/partition_set.hpp"

namespace nephoscope::dynamodb {

class HeatRecord final {
 public:
  explicit HeatRecord(const RunWindow& run);
  // Units that a partition has served, or has turned away.
  void consumed(Time now, PartitionId partition, const Demand& demand);
  void throttled(Time now, const Demand& demand, const Admission& admission);

 private:
  Duration step_;
};

}  // namespace nephoscope::dynamodb
