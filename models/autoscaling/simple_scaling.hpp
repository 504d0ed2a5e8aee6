// Simple scaling: one adjustment, then a wait for its completion and a cooldown.
// Source: Auto Scaling User Guide, "Step and simple scaling policies", "Scaling cooldowns".
#pragma once

#include <optional>

#include "models/autoscaling/adjustment.hpp"
#include "models/autoscaling/metric_source.hpp"
#include "models/autoscaling/proposal.hpp"

namespace nephoscope::autoscaling {

struct SimpleScalingConfig {
  PolicyAlarm alarm;
  AdjustmentType adjustment_type = AdjustmentType::change_in_capacity;
  int scaling_adjustment = 0;
  std::optional<int> min_adjustment_magnitude;
  std::optional<Duration> cooldown;  // none = the group's default_cooldown

  static const FieldTable<SimpleScalingConfig>& fields();
  Adjustment adjustment() const { return {adjustment_type, scaling_adjustment, min_adjustment_magnitude}; }
};

// What the group has been doing, as far as a simple policy waits for it.
struct RecentActivity {
  bool in_progress = false;
  std::optional<Time> ended;  // the last one
};

// Until when a simple policy refuses to act; Time::max() while an activity is in progress, which has no known
// end. None if it may act now.
std::optional<Time> blocked_until(Time now, const RecentActivity& activity, Duration cooldown);

// What the adjustment asks for, from the desired capacity; never below 0.
int simple_capacity(int desired, const Adjustment& adjustment);

}  // namespace nephoscope::autoscaling
