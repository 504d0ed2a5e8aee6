#include "models/autoscaling/step_scaling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace nephoscope::autoscaling {

namespace {

constexpr const char* kStepScaling = "Auto Scaling User Guide, step and simple scaling policies";
constexpr std::size_t kMaxSteps = 20;  // Auto Scaling User Guide, quotas
constexpr double kInfinity = std::numeric_limits<double>::infinity();

double lower(const StepAdjustment& step) { return step.metric_interval_lower_bound.value_or(-kInfinity); }
double upper(const StepAdjustment& step) { return step.metric_interval_upper_bound.value_or(kInfinity); }

void check_step(const StepAdjustment& step, const Node& node, Context& context) {
  if (!step.metric_interval_lower_bound && !step.metric_interval_upper_bound)
    context.report(Code::inconsistent, node, "a step needs a bound", "add 'metric_interval_lower_bound: 0'");
  else if (lower(step) >= upper(step))
    context.report(Code::inconsistent, node,
                   fmt::format("the step from {} to {} is empty", lower(step), upper(step)));
}

// Bounds may neither overlap nor leave a gap, and reach to infinity on the side where they go.
void check_bounds(const StepScalingConfig& config, const Node& node, Context& context) {
  std::vector<StepAdjustment> sorted = config.step_adjustments;
  std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return lower(a) < lower(b); });
  const Node& steps = *node.find("step_adjustments");
  for (std::size_t i = 1; i < sorted.size(); ++i)
    if (upper(sorted[i - 1]) != lower(sorted[i]))
      context.report(Code::inconsistent, steps,
                     fmt::format("the steps {} between {} and {}",
                                 upper(sorted[i - 1]) < lower(sorted[i]) ? "leave a gap" : "overlap",
                                 std::min(upper(sorted[i - 1]), lower(sorted[i])),
                                 std::max(upper(sorted[i - 1]), lower(sorted[i]))));
  if (lower(sorted.front()) < 0 && lower(sorted.front()) > -kInfinity)
    context.report(Code::inconsistent, steps,
                   fmt::format("no step covers what lies below {}", lower(sorted.front())),
                   "leave out the lowest step's lower bound");
  if (upper(sorted.back()) > 0 && upper(sorted.back()) < kInfinity)
    context.report(Code::inconsistent, steps,
                   fmt::format("no step covers what lies above {}", upper(sorted.back())),
                   "leave out the highest step's upper bound");
}

void check_step_scaling(const StepScalingConfig& config, const Node& node, Context& context) {
  check_bounds(config, node, context);
  const Node& steps = *node.find("step_adjustments");
  const Node* magnitude = node.find("min_adjustment_magnitude");
  for (std::size_t i = 0; i < config.step_adjustments.size(); ++i)
    check_adjustment(config.adjustment(config.step_adjustments[i]), steps[i], i == 0 ? magnitude : nullptr,
                     context);
}

}  // namespace

const FieldTable<StepAdjustment>& StepAdjustment::fields() {
  using S = StepAdjustment;
  static const auto table =
      FieldTable<S>("step adjustment", "By how much the group changes in one interval of the metric.")
          .field("metric_interval_lower_bound", &S::metric_interval_lower_bound,
                 {.doc = "counted from the threshold; none = minus infinity", .source = kStepScaling})
          .field("metric_interval_upper_bound", &S::metric_interval_upper_bound,
                 {.doc = "counted from the threshold; none = infinity", .source = kStepScaling})
          .required("scaling_adjustment", &S::scaling_adjustment,
                    {.doc = "instances or percent, negative to remove; or the exact capacity",
                     .min = -100'000,
                     .max = 100'000})
          .validate(check_step);
  return table;
}

const FieldTable<StepScalingConfig>& StepScalingConfig::fields() {
  using S = StepScalingConfig;
  static const auto table =
      FieldTable<S>("step scaling", "Changes a group by how far a metric is beyond a threshold.")
          .required("alarm", &S::alarm, {.doc = "what drives it"})
          .required("adjustment_type", &S::adjustment_type,
                    {.doc = "what adjustments are", .source = kStepScaling})
          .required("step_adjustments", &S::step_adjustments,
                    {.doc = "by interval of the metric",
                     .source = "Auto Scaling User Guide, quotas: at most 20",
                     .min_items = 1,
                     .max_items = kMaxSteps})
          .field("min_adjustment_magnitude", &S::min_adjustment_magnitude,
                 {.doc = "of percentages: at least so many instances",
                  .source = kStepScaling,
                  .min = 1,
                  .max = 100'000})
          .field("estimated_instance_warmup", &S::estimated_instance_warmup,
                 {.doc = "of instances launched for it; none = the group's default_instance_warmup",
                  .source = kStepScaling,
                  .max = 1h})
          .validate(check_step_scaling);
  return table;
}

const StepAdjustment* find_step(const std::vector<StepAdjustment>& steps, double metric, double threshold,
                                ComparisonOperator comparison) {
  const bool counts_up = comparison == ComparisonOperator::greater_than ||
                         comparison == ComparisonOperator::greater_than_or_equal;
  const double breach = metric - threshold;
  const bool above = breach > 0 || (breach == 0 && counts_up);
  for (const StepAdjustment& step : steps) {
    const bool inside =
        above ? lower(step) <= breach && breach < upper(step) : lower(step) < breach && breach <= upper(step);
    if (inside) return &step;
  }
  return nullptr;
}

std::optional<int> step_capacity(const GroupView& group, const Adjustment& adjustment) {
  const int exact = adjustment.amount;
  const bool is_exact = adjustment.type == AdjustmentType::exact_capacity;
  const bool grows = is_exact ? exact > group.desired : adjustment.amount > 0;
  if (grows)
    return std::max(group.desired, is_exact ? exact : group.current + adjustment.change(group.current));
  const bool shrinks = is_exact ? exact < group.desired : adjustment.amount < 0;
  if (!shrinks || group.warming > 0) return std::nullopt;
  if (is_exact) return exact;
  return std::min(group.desired, group.shrinking_from + adjustment.change(group.shrinking_from));
}

}  // namespace nephoscope::autoscaling
