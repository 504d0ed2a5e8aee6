#include "models/common/cron.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <chrono>
#include <span>
#include <vector>

namespace nephoscope {

namespace {

constexpr std::int64_t kMinute = 60;
constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kSearchedDays = 9 * 366;

constexpr std::array<std::string_view, 12> kMonths = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                      "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> kWeekdays = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct Field {
  std::string_view name;
  int low = 0;
  int high = 0;
  std::span<const std::string_view> names = {};  // of low, low + 1, ...
};
constexpr std::array<Field, 5> kFields = {{{"minute", 0, 59},
                                           {"hour", 0, 23},
                                           {"day of month", 1, 31},
                                           {"month", 1, 12, kMonths},
                                           {"day of week", 0, 7, kWeekdays}}};

std::vector<std::string_view> split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::optional<int> number_in(std::string_view text, int low, int high) {
  int value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return {};
  return low <= value && value <= high ? std::optional(value) : std::nullopt;
}

std::optional<int> value_in(std::string_view text, const Field& field) {
  for (std::size_t i = 0; i < field.names.size(); ++i)
    if (text == field.names[i]) return field.low + static_cast<int>(i);
  return number_in(text, field.low, field.high);
}

// One item of a field's list: "*", "*/15", "5", "1-5", "0-30/10". Sets its values; false if it is wrong.
bool read_item(std::string_view item, const Field& field, std::bitset<60>& values) {
  const std::size_t slash = item.find('/');
  const std::string_view range = item.substr(0, slash);
  const std::size_t dash = range.find('-');
  const bool is_range = range == "*" || dash != std::string_view::npos;
  std::optional<int> step = 1;
  if (slash != std::string_view::npos)
    step = is_range ? number_in(item.substr(slash + 1), 1, field.high) : std::nullopt;
  std::optional<int> first = field.low;
  std::optional<int> last = field.high;
  if (range != "*") {
    first = value_in(range.substr(0, dash), field);
    last = dash == std::string_view::npos ? first : value_in(range.substr(dash + 1), field);
  }
  if (!step || !first || !last || *first > *last) return false;
  for (int value = *first; value <= *last; value += *step) values.set(static_cast<std::size_t>(value));
  return true;
}

std::optional<std::bitset<60>> read_field(std::string_view text, const Field& field) {
  std::bitset<60> values;
  for (const std::string_view item : split(text, ","))
    if (!read_item(item, field, values)) return std::nullopt;
  return values;
}

Problem wrong_field(std::string_view text, const Field& field) {
  const std::string names =
      field.names.empty() ? "" : fmt::format(" or {} to {}", field.names.front(), field.names.back());
  return {Code::bad_instant, fmt::format("'{}' is no {} of a recurrence", text, field.name),
          fmt::format("{} to {}{}, or *", field.low, field.high, names)};
}

template <std::size_t N>
std::bitset<N> lowest(const std::bitset<60>& values) {
  std::bitset<N> result;
  for (std::size_t i = 0; i < std::min<std::size_t>(N, 60); ++i) result[i] = values[i];
  return result;
}

}  // namespace

bool Cron::day_matches(std::int64_t day) const {
  const std::chrono::sys_days date{std::chrono::days(day)};
  const std::chrono::year_month_day calendar(date);
  if (!months_[unsigned(calendar.month())]) return false;
  const bool day_fits = days_[unsigned(calendar.day())];
  const bool weekday_fits = weekdays_[std::chrono::weekday(date).c_encoding()];
  if (any_day_ || any_weekday_) return day_fits && weekday_fits;
  return day_fits || weekday_fits;
}

std::optional<UtcTime> Cron::next(UtcTime from) const {
  const std::int64_t first =
      from.seconds + (kMinute - 1) - ((from.seconds + kMinute - 1) % kMinute + kMinute) % kMinute;
  std::int64_t day = first / kDay - (first % kDay < 0 ? 1 : 0);
  for (const std::int64_t last = day + kSearchedDays; day <= last; ++day) {
    if (!day_matches(day)) continue;
    for (std::size_t hour = 0; hour < hours_.size(); ++hour)
      for (std::size_t minute = 0; hours_[hour] && minute < minutes_.size(); ++minute) {
        const std::int64_t instant = day * kDay + static_cast<std::int64_t>(hour) * kHour +
                                     static_cast<std::int64_t>(minute) * kMinute;
        if (minutes_[minute] && instant >= first) return UtcTime{instant};
      }
  }
  return std::nullopt;
}

Parsed<Cron> parse_cron(std::string_view text) {
  std::vector<std::string_view> parts;
  for (const std::string_view part : split(text, " \t"))
    if (!part.empty()) parts.push_back(part);
  if (parts.size() != kFields.size())
    return {std::nullopt,
            {Code::bad_instant,
             fmt::format("'{}' has {} field{}; a recurrence has 5", text, parts.size(),
                         parts.size() == 1 ? "" : "s"),
             "minute, hour, day of month, month, day of week: \"0 9 * * MON-FRI\""}};
  std::array<std::bitset<60>, kFields.size()> values;
  for (std::size_t i = 0; i < kFields.size(); ++i) {
    const auto read = read_field(parts[i], kFields[i]);
    if (!read) return {std::nullopt, wrong_field(parts[i], kFields[i])};
    values[i] = *read;
  }
  Cron cron;
  cron.text_ = std::string(text);
  cron.minutes_ = values[0];
  cron.hours_ = lowest<24>(values[1]);
  cron.days_ = lowest<32>(values[2]);
  cron.months_ = lowest<13>(values[3]);
  cron.weekdays_ = lowest<8>(values[4]);
  if (cron.weekdays_[7]) cron.weekdays_.set(0);
  cron.any_day_ = parts[2].front() == '*';
  cron.any_weekday_ = parts[4].front() == '*';
  if (!cron.next(UtcTime{}))
    return {std::nullopt, {Code::bad_instant, fmt::format("'{}' never happens", text), "no such day exists"}};
  return {std::move(cron), {}};
}

std::optional<UtcTime> next_due(std::optional<UtcTime> start, std::optional<UtcTime> end,
                                const std::optional<Cron>& recurrence, UtcTime from) {
  if (start && from <= *start) return start;
  if (!recurrence) return std::nullopt;
  const auto due = recurrence->next(from);
  if (due && end && *due > *end) return std::nullopt;
  return due;
}

std::optional<Cron> FieldType<Cron>::read(const Node& node, Context& context, const FieldRules&) {
  const std::string* text =
      field_detail::scalar_text(node, context, "a cron expression", "\"0 9 * * MON-FRI\"", false);
  if (text == nullptr) return std::nullopt;
  auto parsed = parse_cron(*text);
  if (!parsed) return context.report(node, std::move(parsed.problem)), std::nullopt;
  return std::move(parsed.value);
}

void FieldType<Cron>::schema(Json& out, SchemaBook&, const FieldRules&) {
  schema::pattern(out, R"(^\s*(\S+\s+){4}\S+\s*$)", "0 9 * * MON-FRI");
}

}  // namespace nephoscope
