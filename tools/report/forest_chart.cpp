#include <fmt/format.h>

#include <cmath>

#include "tools/nephoscope/terminal.hpp"
#include "tools/report/svg.hpp"

namespace nephoscope {
namespace {

constexpr double kWidth = 440;
constexpr double kLeft = 140;  // of the plot; row labels stand before it
constexpr double kRight = kWidth - 24;
constexpr double kTop = 8;
constexpr double kRow = 24;
constexpr double kFoot = 26;
constexpr std::size_t kLabelWidth = 20;  // characters
constexpr std::size_t kTicks = 5;

Range values_of(const ForestChart& chart) {
  RangeFinder finder;
  if (chart.differences) finder.add(0);
  for (const ForestRow& row : chart.rows) {
    finder.add(row.value);
    finder.add(row.interval);
  }
  return with_room(finder.range().value_or(Range{}), chart.kind);
}

std::string description_of(const ForestChart& chart) {
  std::string text;
  for (const ForestRow& row : chart.rows) text += fmt::format("{}: {}. ", row.label, row.text);
  return text;
}

void write_row(Html& html, const ForestRow& row, const Axis& axis, double y) {
  constexpr double half_a_line = 4, cap = 4;
  html.open("g").element("title", fmt::format("{}: {}", row.label, row.text));
  write_label(html, clipped(printable(row.label), kLabelWidth), {kLeft - 10, y + half_a_line, "end"});
  if (row.interval.bounded()) {
    const double low = axis.at(row.interval.low), high = axis.at(row.interval.high);
    write_line(html, {low, y, high, y}, "bar");
    write_line(html, {low, y - cap, low, y + cap}, "bar");
    write_line(html, {high, y - cap, high, y + cap}, "bar");
  }
  if (std::isfinite(row.value))
    write_dot(html, axis.at(row.value), y, row.clear);
  else
    write_label(html, "n/a", {kLeft + 4, y + half_a_line}, "tick");
  html.close();
}

}  // namespace

void write_chart(Html& html, const ForestChart& chart) {
  const double bottom = kTop + kRow * static_cast<double>(chart.rows.size());
  const Axis axis{values_of(chart), kLeft, kRight, chart.kind, chart.differences};
  open_chart(html, kWidth, bottom + kFoot, chart.title, description_of(chart));
  write_x_axis(html, axis, kTop, bottom, kTicks);
  if (chart.differences) write_line(html, {axis.at(0), kTop, axis.at(0), bottom}, "zero");
  double y = kTop + kRow / 2;
  for (const ForestRow& row : chart.rows) {
    write_row(html, row, axis, y);
    y += kRow;
  }
  html.close();
}

}  // namespace nephoscope
