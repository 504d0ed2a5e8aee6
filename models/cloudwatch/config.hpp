// The scenario's `cloudwatch:` section: what is assumed about CloudWatch itself.
#pragma once

#include <cstdint>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::cloudwatch {

struct CloudWatchConfig {
  // A minute's datapoint is published at the minute's end, so it is visible 1 to 2 min after its stamp
  // (model).
  DurationDistribution metric_delay = duration_from("{dist: uniform, low: 0s, high: 60s}");
  DurationDistribution high_resolution_delay = duration_from("{dist: uniform, low: 0s, high: 10s}");
  std::int64_t extra_datapoints = 2;
  Duration composite_delay = 1s;

  static const FieldTable<CloudWatchConfig>& fields();
};

}  // namespace nephoscope::cloudwatch
