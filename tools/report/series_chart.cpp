#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/report/svg.hpp"

namespace nephoscope {
namespace {

constexpr double kSeriesWidth = 370, kSeriesHeight = 150;
constexpr double kSeriesLeft = 52, kSeriesRight = kSeriesWidth - 16, kSeriesTop = 8,
                 kSeriesBottom = kSeriesHeight - 22;
constexpr std::size_t kSeriesTimeTicks = 5, kSeriesValueTicks = 5;
constexpr double kThinnest = 0.3;  // a band that is thinner is not drawn

struct Axes {
  Axis x, y;
};

void write_mark(Html& html, const TimeMark& mark, const Axis& x) {
  if (mark.span.high < x.range.low || mark.span.low > x.range.high) return;
  const double from = x.at(mark.span.low), to = x.at(mark.span.high);
  const char* name = mark.fault ? "mark fault" : "mark";
  html.open("g").element("title", mark.label);
  if (to > from)
    html.leaf("rect", {{"class", name},
                       {"x", coordinate(from)},
                       {"y", coordinate(kSeriesTop)},
                       {"width", coordinate(to - from)},
                       {"height", coordinate(kSeriesBottom - kSeriesTop)}});
  write_line(html, {from, kSeriesTop, from, kSeriesBottom}, name);
  if (to > from) write_line(html, {to, kSeriesTop, to, kSeriesBottom}, name);
  html.close();
}

// Runs of points without gaps.
std::vector<std::vector<ChartPoint>> runs_of(const std::vector<ChartPoint>& points) {
  std::vector<std::vector<ChartPoint>> runs;
  bool inside = false;
  for (const ChartPoint& point : points) {
    const bool there = std::isfinite(point.mean);
    if (there && !inside) runs.emplace_back();
    if (there) runs.back().push_back(point);
    inside = there;
  }
  return runs;
}

// A path through one value of each point; points within a level stretch are left out.
class Path final {
 public:
  Path(const Axes& axes, std::string start) : axes_(axes), text_(std::move(start)) {}
  void add(double t, double value) {
    const std::string x = coordinate(axes_.x.at(t)), y = coordinate(axes_.y.at(value));
    if (y == y_ && level_) text_.resize(before_last_);
    level_ = y == y_;
    before_last_ = text_.size();
    text_ += fmt::format("{}{} {}", text_.empty() ? "M" : "L", x, y);
    y_ = y;
  }
  const std::string& text() const { return text_; }

 private:
  const Axes& axes_;
  std::string text_, y_;
  std::size_t before_last_ = 0;
  bool level_ = false;
};

bool has_band(const std::vector<ChartPoint>& run, const Axis& y) {
  return std::any_of(run.begin(), run.end(), [&](const ChartPoint& point) {
    return std::fabs(y.at(point.high) - y.at(point.low)) > kThinnest;
  });
}

std::string band_path(const std::vector<ChartPoint>& run, const Axes& axes) {
  Path path(axes, "");
  for (const ChartPoint& point : run) path.add(point.t, point.high);
  Path closed(axes, path.text());
  for (auto point = run.rbegin(); point != run.rend(); ++point) closed.add(point->t, point->low);
  return closed.text() + "Z";
}

void write_lines(Html& html, const ChartLine& line, const Axes& axes) {
  const std::string style = fmt::format("s{}", line.style % kLineStyles + 1);
  std::string band, middle;
  for (const auto& run : runs_of(line.points)) {
    if (has_band(run, axes.y)) band += band_path(run, axes);
    Path path(axes, "");
    for (const ChartPoint& point : run) path.add(point.t, point.mean);
    middle += path.text();
  }
  if (!band.empty()) html.leaf("path", {{"class", "band " + style}, {"d", band}});
  if (middle.empty()) return;
  html.open("path", {{"class", "line " + style}, {"d", middle}}).element("title", line.label).close();
}

}  // namespace

void write_chart(Html& html, const SeriesChart& chart) {
  const Axes axes{{chart.time, kSeriesLeft, kSeriesRight, MetricKind::duration},
                  {chart.values, kSeriesBottom, kSeriesTop, chart.kind}};
  open_chart(html, kSeriesWidth, kSeriesHeight, chart.title, chart.description);
  write_x_axis(html, axes.x, kSeriesTop, kSeriesBottom, kSeriesTimeTicks);
  write_y_axis(html, axes.y, kSeriesLeft, kSeriesRight, kSeriesValueTicks);
  for (const TimeMark& mark : chart.marks) write_mark(html, mark, axes.x);
  for (const ChartLine& line : chart.lines) write_lines(html, line, axes);
  html.close();
}

}  // namespace nephoscope
