// Charts as inline SVG, with a title and a description for those who do not see them. Colours and fonts come
// from the page's style sheet (style.hpp); all coordinates are finite, whatever the values.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tools/report/axis.hpp"
#include "tools/report/html.hpp"

namespace nephoscope {

// A dot with its interval for each row.
struct ForestRow {
  std::string label;
  double value = 0;  // no dot unless finite
  Interval interval;
  bool clear = true;  // a full dot; else a hollow one
  std::string text;   // value and interval in words
};
struct ForestChart {
  std::string title;
  MetricKind kind = MetricKind::number;
  bool differences = false;  // from a baseline: a line at zero, and signs
  std::vector<ForestRow> rows;
};
void write_chart(Html& html, const ForestChart& chart);

// A dot with error bars in both directions for each place, and a line through those on the front.
struct ScatterPlace {
  std::string label;
  Interval x;  // `mean` is the dot's place
  Interval y;
  bool on_front = false;  // a full dot; else a hollow one
};
struct ScatterChart {
  std::string title;
  std::string x_label, y_label;
  MetricKind x_kind = MetricKind::number, y_kind = MetricKind::number;
  std::vector<ScatterPlace> places;  // of finite means only
};
void write_chart(Html& html, const ScatterChart& chart);

// Lines over time, each with the band between its lowest and highest values.
struct ChartPoint {
  double t = 0;     // seconds
  double mean = 0;  // NaN: a gap
  double low = 0;
  double high = 0;
};
struct ChartLine {
  std::string label;
  std::size_t style = 0;  // 0 to kLineStyles - 1
  std::vector<ChartPoint> points;
};
inline constexpr std::size_t kLineStyles = 4;
// From `span.low` to `span.high`, in seconds; a single instant if they are equal.
struct TimeMark {
  std::string label;
  Range span;
  bool fault = false;
};
struct SeriesChart {
  std::string title;
  std::string description;
  MetricKind kind = MetricKind::number;
  Range time;
  Range values;
  std::vector<ChartLine> lines;
  std::vector<TimeMark> marks;
};
void write_chart(Html& html, const SeriesChart& chart);

// A row of cells for each part, coloured by value.
inline constexpr std::size_t kHeatClasses = 9;  // colours, the first for nothing
struct HeatChart {
  std::string title;
  std::string description;
  double step = 1;  // of columns, in seconds
  double full = 1;  // value of the darkest colour
  std::vector<std::string> rows;
  std::vector<std::vector<double>> values;  // NaN: no cell
};
void write_chart(Html& html, const HeatChart& chart);

// --- what the charts share -------------------------------------------------------------------------------

// "12.3": a coordinate.
std::string coordinate(double value);
// <svg>, its title and description; close() ends it.
void open_chart(Html& html, double width, double height, std::string_view title,
                std::string_view description);
struct LineEnds {
  double x1 = 0, y1 = 0, x2 = 0, y2 = 0;
};
void write_line(Html& html, const LineEnds& ends, std::string_view style_class);
void write_dot(Html& html, double x, double y, bool full);
struct TextPlace {
  double x = 0, y = 0;
  std::string_view anchor = "start";  // start, middle, end
};
void write_label(Html& html, std::string_view text, const TextPlace& place,
                 std::string_view style_class = "");
// The ticks of a horizontal axis, with lines from `top` to `bottom` and texts beneath.
void write_x_axis(Html& html, const Axis& axis, double top, double bottom, std::size_t most);
// The ticks of a vertical axis, with lines from `left` to `right` and texts to the left.
void write_y_axis(Html& html, const Axis& axis, double left, double right, std::size_t most);

}  // namespace nephoscope
