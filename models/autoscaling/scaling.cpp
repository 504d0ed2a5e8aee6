#include "models/autoscaling/scaling.hpp"

namespace nephoscope::autoscaling {

const FieldTable<ScalingPolicyConfig>& ScalingPolicyConfig::fields() {
  using P = ScalingPolicyConfig;
  static const auto table =
      FieldTable<P>("scaling policy", "How a group's size follows a metric.")
          .field("target_tracking", &P::target_tracking, {.doc = "keeps a metric near a target"})
          .field("step_scaling", &P::step_scaling,
                 {.doc = "the farther beyond a threshold, the larger the step"})
          .field("simple_scaling", &P::simple_scaling, {.doc = "one adjustment, then a cooldown"})
          .field("predictive_scaling", &P::predictive_scaling, {.doc = "ahead of each hour, from past days"})
          .exactly_one_of({"target_tracking", "step_scaling", "simple_scaling", "predictive_scaling"});
  return table;
}

const std::optional<Reference>& ScalingPolicyConfig::resource() const {
  static const std::optional<Reference> none;
  if (target_tracking) return target_tracking->resource;
  return predictive_scaling ? predictive_scaling->resource : none;
}

FieldRules ScalingConfig::scaling_policies_rules() {
  return {.doc = "by id: how the size follows metrics",
          .source = "Auto Scaling User Guide, quotas: at most 50",
          .max_items = 50};
}

FieldRules ScalingConfig::scheduled_actions_rules() {
  return {.doc = "by id: sizes at known times",
          .source = "Auto Scaling User Guide, quotas: at most 125",
          .max_items = 125};
}

void ScalingConfig::check_policies(const Defined& defined, Diagnostics& diagnostics) const {
  for (const auto& policy : scaling_policies) {
    const auto& resource = policy.value.resource();
    if (!resource || defined.target_groups.contains(resource->id)) continue;
    const auto found = defined.resources.find(resource->id);
    if (found != defined.resources.end()) {
      report_wrong_reference(*resource, "a target group", "of type " + found->second, diagnostics);
      continue;
    }
    const std::vector<std::string_view> known(defined.target_groups.begin(), defined.target_groups.end());
    report_unknown_reference(*resource, "target group", known, diagnostics);
  }
}

}  // namespace nephoscope::autoscaling
