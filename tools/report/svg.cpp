#include "tools/report/svg.hpp"

#include <fmt/format.h>

namespace nephoscope {

std::string coordinate(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

void open_chart(Html& html, double width, double height, std::string_view title,
                std::string_view description) {
  const std::string w = coordinate(width), h = coordinate(height);
  html.open("svg",
            {{"role", "img"}, {"width", w}, {"height", h}, {"viewBox", fmt::format("0 0 {} {}", w, h)}});
  html.element("title", title).element("desc", description);
}

void write_line(Html& html, const LineEnds& ends, std::string_view style_class) {
  html.leaf("line", {{"class", std::string(style_class)},
                     {"x1", coordinate(ends.x1)},
                     {"y1", coordinate(ends.y1)},
                     {"x2", coordinate(ends.x2)},
                     {"y2", coordinate(ends.y2)}});
}

void write_dot(Html& html, double x, double y, bool full) {
  html.leaf(
      "circle",
      {{"class", full ? "dot" : "dot hollow"}, {"cx", coordinate(x)}, {"cy", coordinate(y)}, {"r", "4.5"}});
}

void write_label(Html& html, std::string_view text, const TextPlace& place, std::string_view style_class) {
  html.element("text", text,
               {{"x", coordinate(place.x)},
                {"y", coordinate(place.y)},
                {"text-anchor", std::string(place.anchor)},
                {"class", std::string(style_class)}});
}

void write_x_axis(Html& html, const Axis& axis, double top, double bottom, std::size_t most) {
  constexpr double drop = 16;
  for (const Tick& tick : ticks(axis, most)) {
    write_line(html, {tick.at, top, tick.at, bottom}, "grid");
    write_label(html, tick.text, {tick.at, bottom + drop, "middle"}, "tick");
  }
}

void write_y_axis(Html& html, const Axis& axis, double left, double right, std::size_t most) {
  constexpr double gap = 6, half_a_line = 4;
  for (const Tick& tick : ticks(axis, most)) {
    write_line(html, {left, tick.at, right, tick.at}, "grid");
    write_label(html, tick.text, {left - gap, tick.at + half_a_line, "end"}, "tick");
  }
}

}  // namespace nephoscope
