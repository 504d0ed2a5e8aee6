// What is assumed about how writes get from one Region of a global table to the others.
#pragma once

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::dynamodb {

struct ReplicationAssumptions {
  DurationDistribution cross_region_lag;
  DurationDistribution clock_skew;
  Duration probe_interval = 1s;
  Duration throttled_delay = 100ms;
  ReplicationAssumptions();
  static const FieldTable<ReplicationAssumptions>& fields();
};

}  // namespace nephoscope::dynamodb
