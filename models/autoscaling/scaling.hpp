// What a group says about its own scaling: its policies and scheduled actions.
//
//   scaling_policies:
//     cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, target_value: 60}}
//   scheduled_actions:
//     morning: {recurrence: "30 7 * * MON-FRI", min_size: 12}
#pragma once

#include <concepts>
#include <optional>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/autoscaling/predictive_scaling.hpp"
#include "models/autoscaling/scheduled_action.hpp"
#include "models/autoscaling/simple_scaling.hpp"
#include "models/autoscaling/step_scaling.hpp"
#include "models/autoscaling/target_tracking.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::autoscaling {

// Exactly one of the four.
struct ScalingPolicyConfig {
  std::optional<TargetTrackingConfig> target_tracking;
  std::optional<StepScalingConfig> step_scaling;
  std::optional<SimpleScalingConfig> simple_scaling;
  std::optional<PredictiveScalingConfig> predictive_scaling;

  static const FieldTable<ScalingPolicyConfig>& fields();
  // The target group that the policy's metric belongs to, if it names one.
  const std::optional<Reference>& resource() const;
};

struct ScalingConfig {
  std::vector<Named<ScalingPolicyConfig>> scaling_policies;
  std::vector<Named<ScheduledActionConfig>> scheduled_actions;

  static FieldRules scaling_policies_rules();
  static FieldRules scheduled_actions_rules();
  // Reports policies that name no target group.
  void check_policies(const Defined& defined, Diagnostics& diagnostics) const;
};

// Adds both keys to the table of a group.
template <std::derived_from<ScalingConfig> T>
FieldTable<T>&& with_scaling(FieldTable<T>&& table) {
  const auto own = []<class M>(M ScalingConfig::*member) { return static_cast<M T::*>(member); };
  using S = ScalingConfig;
  return std::move(table)
      .field("scaling_policies", own(&S::scaling_policies), S::scaling_policies_rules())
      .field("scheduled_actions", own(&S::scheduled_actions), S::scheduled_actions_rules());
}

}  // namespace nephoscope::autoscaling
