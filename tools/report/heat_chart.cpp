#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/terminal.hpp"
#include "tools/report/svg.hpp"

namespace nephoscope {
namespace {

constexpr double kHeatWidth = 560, kHeatLeft = 120, kHeatRight = kHeatWidth - 16, kHeatTop = 6;
constexpr double kRowHeight = 14, kGap = 1, kHeatFoot = 24;
constexpr std::size_t kHeatTicks = 6, kRowLabel = 18;

// The class of a colour: 0 (nothing) to kHeatClasses - 1; -1 for a cell that does not exist.
int class_of(double value, double full) {
  if (!std::isfinite(value)) return -1;
  if (value <= 0) return 0;
  const double scaled = value / full * static_cast<double>(kHeatClasses - 1);
  return std::clamp(static_cast<int>(std::ceil(scaled)), 1, static_cast<int>(kHeatClasses) - 1);
}

// Neighbours of one colour are one rectangle.
void write_row(Html& html, const HeatChart& chart, std::size_t row, const Axis& x) {
  const std::vector<double>& values = chart.values[row];
  const double y = kHeatTop + static_cast<double>(row) * kRowHeight;
  write_label(html, clipped(chart.rows[row], kRowLabel), {kHeatLeft - 6, y + kRowHeight - 4, "end"}, "tick");
  for (std::size_t from = 0, to = 0; from < values.size(); from = to) {
    const int colour = class_of(values[from], chart.full);
    while (to < values.size() && class_of(values[to], chart.full) == colour) ++to;
    if (colour < 0) continue;
    const double left = x.at(static_cast<double>(from) * chart.step);
    const double right = x.at(static_cast<double>(to) * chart.step);
    html.leaf("rect", {{"class", fmt::format("h{}", colour)},
                       {"x", coordinate(left)},
                       {"y", coordinate(y)},
                       {"width", coordinate(right - left)},
                       {"height", coordinate(kRowHeight - kGap)}});
  }
}

}  // namespace

void write_chart(Html& html, const HeatChart& chart) {
  const double bottom = kHeatTop + static_cast<double>(chart.rows.size()) * kRowHeight;
  std::size_t columns = 0;
  for (const auto& row : chart.values) columns = std::max(columns, row.size());
  const Axis x{{0, static_cast<double>(std::max<std::size_t>(columns, 1)) * chart.step},
               kHeatLeft,
               kHeatRight,
               MetricKind::duration};
  open_chart(html, kHeatWidth, bottom + kHeatFoot, chart.title, chart.description);
  write_x_axis(html, x, kHeatTop, bottom, kHeatTicks);
  for (std::size_t row = 0; row < chart.rows.size(); ++row) write_row(html, chart, row, x);
  html.close();
}

}  // namespace nephoscope
