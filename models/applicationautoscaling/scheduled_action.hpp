// Scheduled actions: at a date, or again and again, a scalable target gets other limits. Times are UTC.
// Source: Application Auto Scaling User Guide, "Scheduled scaling".
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/common/cron.hpp"
#include "models/common/distribution_field.hpp"

namespace nephoscope::applicationautoscaling {

// Of our own: keeps products exact.
inline constexpr std::int64_t kMostCapacity = 1'000'000'000;

struct ScheduledActionConfig {
  std::optional<UtcTime> start_time;
  std::optional<UtcTime> end_time;
  std::optional<Cron> schedule;
  std::optional<std::int64_t> min_capacity;
  std::optional<std::int64_t> max_capacity;
  DurationDistribution delay;

  ScheduledActionConfig();
  static const FieldTable<ScheduledActionConfig>& fields();
  // When it is due for the first time at or after `from`, if ever.
  std::optional<UtcTime> next(UtcTime from) const { return next_due(start_time, end_time, schedule, from); }
  // "min 1000, max 4000"
  std::string change_text() const;
};

}  // namespace nephoscope::applicationautoscaling
