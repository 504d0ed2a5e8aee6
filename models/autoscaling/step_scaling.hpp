// Step scaling: how far a metric lies beyond its alarm's threshold decides by how much the group changes.
// Source: Auto Scaling User Guide, "Step and simple scaling policies".
#pragma once

#include <optional>
#include <vector>

#include "models/autoscaling/adjustment.hpp"
#include "models/autoscaling/metric_source.hpp"
#include "models/autoscaling/proposal.hpp"

namespace nephoscope::autoscaling {

// Bounds count from the threshold. Above it the lower bound belongs to the step and the upper does not,
// below it the other way round.
struct StepAdjustment {
  std::optional<double> metric_interval_lower_bound;  // none = minus infinity
  std::optional<double> metric_interval_upper_bound;  // none = infinity
  int scaling_adjustment = 0;

  static const FieldTable<StepAdjustment>& fields();
};

struct StepScalingConfig {
  PolicyAlarm alarm;
  AdjustmentType adjustment_type = AdjustmentType::change_in_capacity;
  std::vector<StepAdjustment> step_adjustments;
  std::optional<int> min_adjustment_magnitude;
  std::optional<Duration> estimated_instance_warmup;

  static const FieldTable<StepScalingConfig>& fields();
  Adjustment adjustment(const StepAdjustment& step) const {
    return {adjustment_type, step.scaling_adjustment, min_adjustment_magnitude};
  }
};

// The step in whose interval the metric lies; null if it is in none. `comparison` tells on which side a
// metric equal to the threshold lies.
const StepAdjustment* find_step(const std::vector<StepAdjustment>& steps, double metric, double threshold,
                                ComparisonOperator comparison);

// What the adjustment asks for. Instances that warm up are no current capacity, so a repeated breach in one
// step's band asks for the same and launches nothing; those that terminate are, so it removes nothing more.
// None if nothing is asked for, or a removal while an instance is warming.
std::optional<int> step_capacity(const GroupView& group, const Adjustment& adjustment);

}  // namespace nephoscope::autoscaling
