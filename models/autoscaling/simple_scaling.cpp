#include "models/autoscaling/simple_scaling.hpp"

#include <algorithm>

namespace nephoscope::autoscaling {

const FieldTable<SimpleScalingConfig>& SimpleScalingConfig::fields() {
  static const char* const kGuide = "Auto Scaling User Guide, scaling cooldowns";
  using S = SimpleScalingConfig;
  static const auto table =
      FieldTable<S>("simple scaling", "One adjustment, then a cooldown.")
          .required("alarm", &S::alarm, {.doc = "what drives it"})
          .required("adjustment_type", &S::adjustment_type, {.doc = "what the adjustment is"})
          .required("scaling_adjustment", &S::scaling_adjustment,
                    {.doc = "instances or percent, negative to remove; or the exact capacity",
                     .min = -100'000,
                     .max = 100'000})
          .field("min_adjustment_magnitude", &S::min_adjustment_magnitude,
                 {.doc = "of percentages: at least so many instances", .min = 1, .max = 100'000})
          .field("cooldown", &S::cooldown,
                 {.doc = "from the end of the group's last activity until it acts again; none = the group's "
                         "default_cooldown",
                  .source = kGuide,
                  .max = Duration(24h)})
          .validate([](const S& config, const Node& node, Context& context) {
            check_adjustment(config.adjustment(), *node.find("scaling_adjustment"),
                             node.find("min_adjustment_magnitude"), context);
          });
  return table;
}

std::optional<Time> blocked_until(Time now, const RecentActivity& activity, Duration cooldown) {
  if (activity.in_progress) return Time::max();
  if (!activity.ended || *activity.ended + cooldown <= now) return std::nullopt;
  return *activity.ended + cooldown;
}

int simple_capacity(int desired, const Adjustment& adjustment) {
  return std::max(0, desired + adjustment.change(desired));
}

}  // namespace nephoscope::autoscaling
