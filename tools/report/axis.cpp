#include "tools/report/axis.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "tools/nephoscope/numbers.hpp"

namespace nephoscope {
namespace {

// Steps of clocks, in seconds; below a second and above a day steps are decimal.
constexpr auto kClockSteps =
    std::to_array<double>({1,   2,   5,    10,   15,   20,   30,    60,    120,   180,  300,
                           600, 900, 1200, 1800, 3600, 7200, 10800, 21600, 43200, 86400});

struct TimeUnit {
  double seconds;
  std::string_view name;
};
constexpr auto kTimeUnits =
    std::to_array<TimeUnit>({{3600, "h"}, {60, "m"}, {1, "s"}, {1e-3, "ms"}, {1e-6, "us"}});

// 1, 2 or 5 times a power of ten, not below `least`.
double decimal_step(double least) {
  const double power = std::pow(10, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0})
    if (factor * power >= least * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

double step_of(MetricKind kind, double least) {
  if (kind == MetricKind::duration && least > 0.5)
    for (const double step : kClockSteps)
      if (step >= least) return step;
  return decimal_step(least);
}

// The largest unit of which the axis holds two.
TimeUnit time_unit(const Range& range) {
  const double longest = std::max(std::fabs(range.low), std::fabs(range.high));
  for (const TimeUnit& unit : kTimeUnits)
    if (longest >= 2 * unit.seconds) return unit;
  return kTimeUnits.back();
}

std::string sign_of(double value) { return value > 0 ? "+" : ""; }

std::string tick_text(const Axis& axis, double value) {
  if (axis.kind == MetricKind::duration && value != 0) {
    const TimeUnit unit = time_unit(axis.range);
    return (axis.differences ? sign_of(value) : "") + significant(value / unit.seconds) +
           std::string(unit.name);
  }
  return axis.differences ? show_difference(axis.kind, value) : show_value(axis.kind, value);
}

}  // namespace

void RangeFinder::add(double value) {
  if (!std::isfinite(value)) return;
  if (!range_)
    range_ = {value, value};
  else
    range_ = {std::min(range_->low, value), std::max(range_->high, value)};
}

void RangeFinder::add(const Interval& interval) {
  add(interval.low);
  add(interval.high);
}

Range with_room(Range range, MetricKind kind) {
  constexpr double shortest = 0.02, room = 0.06;
  if (range.low == 0 && range.high == 0) range.high = 1;
  double size = std::max(std::fabs(range.low), std::fabs(range.high));
  if (kind == MetricKind::share && range.high > 0.9 && range.low < 1) size = 1 - range.low;
  const double more = std::max(shortest * size - range.length(), 0.0) / 2 + room * range.length();
  return {range.low - more, range.high + more};
}

double Axis::at(double value) const {
  const double share = (std::clamp(value, range.low, range.high) - range.low) / range.length();
  return from + share * (to - from);
}

std::vector<Tick> ticks(const Axis& axis, std::size_t most) {
  const double step = step_of(axis.kind, axis.range.length() / static_cast<double>(most));
  std::vector<Tick> result;
  double highest = axis.range.high + 1e-9 * step;
  if (axis.kind == MetricKind::share && !axis.differences) highest = std::min(highest, 1.0);
  for (double i = std::ceil(axis.range.low / step - 1e-9); i * step <= highest; ++i)
    result.push_back({axis.at(i * step), tick_text(axis, i * step)});
  return result;
}

}  // namespace nephoscope
