#include "tools/nephoscope/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace nephoscope {
namespace {

std::string without_trailing_zeros(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

// Decimals that leave `digits` significant ones.
int decimals_for(double value, int digits) {
  const int magnitude = value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::fabs(value))));
  return std::clamp(digits - 1 - magnitude, 0, 15);
}

std::string show_share(double share) {
  constexpr int digits_of_rest = 2;  // of what is missing to 100 %
  const double percent = share * 100;
  const double rest = 100 - percent;
  if (share <= 0.9 || rest <= 0) return significant(percent, 3) + "%";
  std::string text = fmt::format("{:.{}f}", percent, std::max(decimals_for(rest, digits_of_rest), 1));
  return without_trailing_zeros(std::move(text)) + "%";
}

struct TimeUnit {
  double from;     // seconds
  double seconds;  // in one unit
  std::string_view name;
};

std::string show_duration(double seconds) {
  constexpr TimeUnit units[] = {{7200, 3600, "h"},  {600, 60, "m"},     {1, 1, "s"},
                                {1e-3, 1e-3, "ms"}, {1e-6, 1e-6, "us"}, {0, 1e-9, "ns"}};
  if (seconds == 0) return "0s";
  // 3 digits may round up to the next unit: 999.96 ms is shown as 1s.
  const double rounded = std::fabs(seconds) * 1.0005;
  const auto* unit =
      std::find_if(std::begin(units), std::end(units), [&](const auto& u) { return rounded >= u.from; });
  return significant(seconds / unit->seconds, 3) + std::string(unit->name);
}

std::string show_money(double dollars) {
  const double size = std::fabs(dollars);
  const std::string digits = size >= 1 || size == 0 ? fmt::format("{:.2f}", size) : significant(size, 3);
  return (dollars < 0 ? "-$" : "$") + digits;
}

}  // namespace

std::string significant(double value, int digits) {
  constexpr double tiny = 1e-5;  // smaller ones are easier to read with an exponent
  if (!std::isfinite(value)) return "n/a";
  if (value != 0 && std::fabs(value) < tiny) return fmt::format("{:.2g}", value);
  const int decimals = decimals_for(value, digits);
  return without_trailing_zeros(fmt::format("{:.{}f}", value, decimals));
}

std::string show_value(MetricKind kind, double value) {
  if (!std::isfinite(value)) return "n/a";
  switch (kind) {
    case MetricKind::share:
      return show_share(value);
    case MetricKind::duration:
      return show_duration(value);
    case MetricKind::rate:
      return significant(value) + "/s";
    case MetricKind::money:
      return show_money(value);
    case MetricKind::minutes:
      return significant(value, 3) + "m";
    case MetricKind::number:
      return significant(value);
  }
  return "n/a";
}

std::string show_interval(MetricKind kind, const Interval& interval) {
  if (!interval.bounded()) return "";
  return fmt::format("[{}, {}]", show_value(kind, interval.low), show_value(kind, interval.high));
}

std::string show_difference(MetricKind kind, double value) {
  if (!std::isfinite(value)) return "n/a";
  const double size = std::fabs(value);
  const std::string text =
      kind == MetricKind::share ? significant(size * 100, 3) + "pp" : show_value(kind, size);
  return (value < 0 ? "-" : value > 0 ? "+" : "") + text;
}

std::string show_difference_interval(MetricKind kind, const Interval& interval) {
  if (!interval.bounded()) return "";
  if (interval.low == interval.high) return "exactly";
  return fmt::format("[{}, {}]", show_difference(kind, interval.low), show_difference(kind, interval.high));
}

MetricKind kind_of(std::string_view name, std::string_view unit) {
  if (const MetricInfo* info = find_metric(name)) return info->kind;
  for (const MetricKind kind :
       {MetricKind::duration, MetricKind::rate, MetricKind::money, MetricKind::minutes})
    if (unit_of(kind) == unit) return kind;
  return MetricKind::number;
}

std::string show_count(std::uint64_t count) {
  const auto value = static_cast<double>(count);
  if (count >= 1'000'000'000) return significant(value / 1e9, 3) + " G";
  if (count >= 1'000'000) return significant(value / 1e6, 3) + " M";
  if (count >= 10'000) return significant(value / 1e3, 3) + " k";
  return std::to_string(count);
}

}  // namespace nephoscope
