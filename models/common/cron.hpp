// Recurrences as crontab writes them, five fields in UTC: minute, hour, day of month, month, day of week.
//
//   "0 9 * * *"         every day at 9:00
//   "30 6 * * MON-FRI"  on weekdays at 6:30
//
// A field is `*`, numbers, ranges `1-5` and lists of these `1,6,12`; `*/15` and `0-30/10` step. Months and
// days of the week also have names (JAN, MON); Sunday is 0 and 7. If both days are restricted, either
// suffices, as in every crontab. Source: Auto Scaling User Guide, "Scheduled scaling", "Recurring schedules".
// Not modelled: other time zones.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/config/field_type.hpp"
#include "engine/config/units.hpp"

namespace nephoscope {

class Cron final {
 public:
  // The first minute at or after `from` that matches; none if there is none within 9 years (a 29th of
  // February may be 8 years away).
  std::optional<UtcTime> next(UtcTime from) const;
  const std::string& text() const { return text_; }

 private:
  friend Parsed<Cron> parse_cron(std::string_view text);
  bool day_matches(std::int64_t day) const;

  std::string text_;
  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;  // 1 to 31
  std::bitset<13> months_;
  std::bitset<8> weekdays_;  // 0 to 6
  bool any_day_ = false;
  bool any_weekday_ = false;
};

// Refuses what never happens (the 30th of February), too.
Parsed<Cron> parse_cron(std::string_view text);

// When something is due for the first time at or after `from`, if ever: at its start, and then as it
// recurs, up to its end.
std::optional<UtcTime> next_due(std::optional<UtcTime> start, std::optional<UtcTime> end,
                                const std::optional<Cron>& recurrence, UtcTime from);

template <>
struct FieldType<Cron> {
  static std::optional<Cron> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const Cron& value) { return value.text(); }
  static std::string type_name() { return "cron expression"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

}  // namespace nephoscope
