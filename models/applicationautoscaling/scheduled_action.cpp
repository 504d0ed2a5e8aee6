#include "models/applicationautoscaling/scheduled_action.hpp"

#include <fmt/format.h>

namespace nephoscope::applicationautoscaling {
namespace {

constexpr const char* kScheduleGuide = "Application Auto Scaling User Guide, scheduled scaling";

void check_scheduled(const ScheduledActionConfig& action, const Node& node, Context& context) {
  if (!action.start_time && !action.schedule)
    context.report_key(Code::missing_key, node, "missing key 'start_time' or 'schedule'",
                       "add 'schedule: \"0 9 * * *\"'");
  if (!action.min_capacity && !action.max_capacity)
    context.report_key(Code::missing_key, node,
                       "missing key 'min_capacity' or 'max_capacity': nothing would change",
                       "add 'min_capacity: 100'");
  if (action.end_time && !action.schedule)
    context.report_key(Code::inconsistent, *node.find("end_time"), "'end_time' has no meaning here",
                       "it ends a 'schedule'");
  if (action.end_time && action.start_time && *action.end_time <= *action.start_time)
    context.report(Code::inconsistent, *node.find("end_time"), "it ends before it starts");
  if (action.min_capacity && action.max_capacity && *action.min_capacity > *action.max_capacity)
    context.report(Code::inconsistent, *node.find("min_capacity"),
                   fmt::format("'min_capacity' {} is above 'max_capacity' {}", *action.min_capacity,
                               *action.max_capacity));
}

}  // namespace

ScheduledActionConfig::ScheduledActionConfig()
    : delay(duration_from("{dist: lognormal, p50: 5s, p99: 60s}")) {}

const FieldTable<ScheduledActionConfig>& ScheduledActionConfig::fields() {
  using S = ScheduledActionConfig;
  static const auto table =
      FieldTable<S>("scheduled capacity", "New limits at a time that is known.")
          .field("start_time", &S::start_time,
                 {.doc = "when it is due, for the first time", .source = kScheduleGuide})
          .field("end_time", &S::end_time, {.doc = "when it recurs no longer", .source = kScheduleGuide})
          .field("schedule", &S::schedule,
                 {.doc = "minute, hour, day of month, month and day of week, in UTC (AWS's cron expressions "
                         "have a year besides)",
                  .source = kScheduleGuide})
          .field("min_capacity", &S::min_capacity,
                 {.doc = "the new minimum; none = as it is",
                  .source = kScheduleGuide,
                  .min = 1,
                  .max = kMostCapacity})
          .field("max_capacity", &S::max_capacity,
                 {.doc = "the new maximum; none = as it is",
                  .source = kScheduleGuide,
                  .min = 1,
                  .max = kMostCapacity})
          .assume("delay", &S::delay,
                  {.doc = "how much later than due it happens, at most 2 min",
                   .source = "Auto Scaling User Guide, scheduled scaling: within seconds, up to two minutes "
                             "late; spread assumed"})
          .validate(check_scheduled);
  return table;
}

std::string ScheduledActionConfig::change_text() const {
  std::string text;
  if (min_capacity) text = fmt::format("min {}", *min_capacity);
  if (max_capacity) text += fmt::format("{}max {}", text.empty() ? "" : ", ", *max_capacity);
  return text;
}

}  // namespace nephoscope::applicationautoscaling
