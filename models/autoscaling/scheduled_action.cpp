#include "models/autoscaling/scheduled_action.hpp"

#include <fmt/format.h>

namespace nephoscope::autoscaling {

namespace {

constexpr const char* kScheduledScaling = "Auto Scaling User Guide, scheduled scaling";

void check_scheduled_action(const ScheduledActionConfig& action, const Node& node, Context& context) {
  if (!action.start_time && !action.recurrence)
    context.report_key(Code::missing_key, node, "missing key 'start_time' or 'recurrence'",
                       "add 'recurrence: \"0 9 * * *\"'");
  if (!action.min_size && !action.max_size && !action.desired_capacity)
    context.report_key(Code::missing_key, node,
                       "missing key 'min_size', 'max_size' or 'desired_capacity': nothing would change",
                       "add 'min_size: 4'");
  if (action.end_time && !action.recurrence)
    context.report_key(Code::inconsistent, *node.find("end_time"), "'end_time' has no meaning here",
                       "it ends a 'recurrence'");
  if (action.end_time && action.start_time && *action.end_time <= *action.start_time)
    context.report(Code::inconsistent, *node.find("end_time"), "it ends before it starts");
  const auto refuse_above = [&](const char* key, std::optional<int> low, std::optional<int> high,
                                const char* limit) {
    if (low && high && *low > *high)
      context.report(Code::inconsistent, *node.find(key),
                     fmt::format("'{}' {} is above {} {}", key, *low, limit, *high));
  };
  refuse_above("min_size", action.min_size, action.max_size, "'max_size'");
  refuse_above("desired_capacity", action.desired_capacity, action.max_size, "'max_size'");
  refuse_above("min_size", action.min_size, action.desired_capacity, "'desired_capacity'");
}

}  // namespace

ScheduledActionConfig::ScheduledActionConfig()
    : delay(duration_from("{dist: lognormal, p50: 5s, p99: 60s}")) {}

const FieldTable<ScheduledActionConfig>& ScheduledActionConfig::fields() {
  using S = ScheduledActionConfig;
  static const auto size = [](const char* doc) {
    return FieldRules{.doc = doc, .source = kScheduledScaling, .min = 0, .max = 100'000};
  };
  static const auto table =
      FieldTable<S>("scheduled action", "New limits or a new desired capacity at a time that is known.")
          .field("start_time", &S::start_time,
                 {.doc = "when it is due, for the first time", .source = kScheduledScaling})
          .field("end_time", &S::end_time, {.doc = "when it recurs no longer", .source = kScheduledScaling})
          .field("recurrence", &S::recurrence,
                 {.doc = "minute, hour, day of month, month and day of week, in UTC",
                  .source = kScheduledScaling})
          .field("min_size", &S::min_size, size("the group's new minimum; none = as it is"))
          .field("max_size", &S::max_size, size("the group's new maximum; none = as it is"))
          .field("desired_capacity", &S::desired_capacity,
                 size("the group's new desired capacity; none = as it is, but within the limits"))
          .assume(
              "delay", &S::delay,
              {.doc = "how much later than due it happens, at most 2 min",
               .source = "Auto Scaling User Guide: within seconds, up to two minutes late; spread assumed"})
          .validate(check_scheduled_action);
  return table;
}

std::string ScheduledActionConfig::change_text() const {
  std::string text;
  const auto add = [&text](const char* name, std::optional<int> size) {
    if (size) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", name, *size);
  };
  add("min", min_size);
  add("max", max_size);
  add("desired", desired_capacity);
  return text;
}

}  // namespace nephoscope::autoscaling
