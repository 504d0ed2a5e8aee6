// Scheduled actions: at a date, or again and again, a group gets other limits or another desired capacity.
// Source: Auto Scaling User Guide, "Scheduled scaling". Times are UTC.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/cron.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::autoscaling {

// A scheduled action may come so late, at most.
inline constexpr Duration kLongestDelay = 2min;

struct ScheduledActionConfig {
  std::optional<UtcTime> start_time;
  std::optional<UtcTime> end_time;
  std::optional<Cron> recurrence;
  std::optional<int> min_size;
  std::optional<int> max_size;
  std::optional<int> desired_capacity;
  DurationDistribution delay;

  ScheduledActionConfig();
  static const FieldTable<ScheduledActionConfig>& fields();
  // When it is due for the first time at or after `from`, if ever. With a start time and a recurrence it is
  // due at the start time and then as it recurs.
  std::optional<UtcTime> next(UtcTime from) const { return next_due(start_time, end_time, recurrence, from); }
  // "min 4, desired 6"
  std::string change_text() const;
};

}  // namespace nephoscope::autoscaling
