#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/terminal.hpp"
#include "tools/report/svg.hpp"

namespace nephoscope {
namespace {

constexpr double kScatterWidth = 520, kScatterHeight = 340;
constexpr double kScatterLeft = 64, kScatterRight = kScatterWidth - 20, kScatterTop = 14,
                 kScatterBottom = kScatterHeight - 46;
constexpr std::size_t kScatterTicks = 6;
constexpr std::size_t kScatterLabelWidth = 24;  // characters

struct Box {
  double left = 0, top = 0, right = 0, bottom = 0;
  bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

Axis axis_of(const ScatterChart& chart, Interval ScatterPlace::*side, MetricKind kind, Range ends) {
  RangeFinder finder;
  for (const ScatterPlace& place : chart.places) {
    finder.add((place.*side).mean);
    finder.add(place.*side);
  }
  return {with_room(finder.range().value_or(Range{}), kind), ends.low, ends.high, kind};
}

std::string words(const Interval& interval, MetricKind kind) {
  const std::string bounds = show_interval(kind, interval);
  return show_value(kind, interval.mean) + (bounds.empty() ? "" : " " + bounds);
}

std::string words(const ScatterChart& chart, const ScatterPlace& place) {
  return fmt::format("{}: {} {}, {} {}{}", place.label, chart.x_label, words(place.x, chart.x_kind),
                     chart.y_label, words(place.y, chart.y_kind), place.on_front ? ", on the front" : "");
}

std::string description_of(const ScatterChart& chart) {
  std::string text;
  for (const ScatterPlace& place : chart.places) text += words(chart, place) + ". ";
  return text;
}

// Steps through the dots of the front that fail less than all cheaper ones; others of the front are
// undecided.
void write_front(Html& html, const ScatterChart& chart, const Axis& x, const Axis& y) {
  std::vector<const ScatterPlace*> front;
  for (const ScatterPlace& place : chart.places)
    if (place.on_front) front.push_back(&place);
  std::stable_sort(front.begin(), front.end(),
                   [](const auto* a, const auto* b) { return a->x.mean < b->x.mean; });
  std::string path;
  const ScatterPlace* last = nullptr;
  for (const ScatterPlace* place : front) {
    if (last != nullptr && place->y.mean >= last->y.mean) continue;
    const std::string across = coordinate(x.at(place->x.mean)), up = coordinate(y.at(place->y.mean));
    path += last == nullptr ? fmt::format("M{} {}", across, up) : fmt::format("H{}V{}", across, up);
    last = place;
  }
  if (path.find('H') != std::string::npos) html.leaf("path", {{"class", "front"}, {"d", path}});
}

void write_place(Html& html, const ScatterChart& chart, const ScatterPlace& place, const Axis& x,
                 const Axis& y) {
  const double across = x.at(place.x.mean), up = y.at(place.y.mean);
  html.open("g").element("title", words(chart, place));
  if (place.x.bounded()) write_line(html, {x.at(place.x.low), up, x.at(place.x.high), up}, "bar");
  if (place.y.bounded()) write_line(html, {across, y.at(place.y.low), across, y.at(place.y.high)}, "bar");
  write_dot(html, across, up, place.on_front);
  html.close();
}

// Where the name of a dot may stand: beside it, then further and further above and below.
std::vector<TextPlace> places_for_name(double x, double y) {
  constexpr double gap = 8, half_a_line = 4, line = 14;
  constexpr int levels = 8;
  std::vector<TextPlace> places;
  for (int level = 0; level < levels; ++level)
    for (const int side : {-1, 1}) {
      const double up = y + half_a_line + side * level * line;
      places.push_back({x + gap, up, "start"});
      places.push_back({x - gap, up, "end"});
    }
  return places;
}

Box box_of(const TextPlace& place, std::string_view name) {
  constexpr double letter = 6.8, height = 12, below = 3, between = 4;
  const double width = letter * static_cast<double>(display_width(name));
  const double left = place.anchor == "end" ? place.x - width : place.x;
  return {left - between, place.y + below - height, left + width + between, place.y + below};
}

// At the first place where nothing is yet, with a line to the dot if that is not beside it; at the first
// place of all if there is none.
void write_name(Html& html, std::string_view label, double x, double y, std::vector<Box>& taken) {
  constexpr double far = 10, half_a_line = 4;
  const std::string name = clipped(printable(label), kScatterLabelWidth);
  const std::vector<TextPlace> places = places_for_name(x, y);
  const auto is_free = [&](const TextPlace& place) {
    const Box box = box_of(place, name);
    if (box.left < kScatterLeft - 4 || box.right > kScatterWidth || box.top < 0 ||
        box.bottom > kScatterBottom + 2)
      return false;
    return std::none_of(taken.begin(), taken.end(), [&](const Box& other) { return box.meets(other); });
  };
  const auto found = std::find_if(places.begin(), places.end(), is_free);
  const TextPlace& chosen = found == places.end() ? places.front() : *found;
  taken.push_back(box_of(chosen, name));
  if (std::fabs(chosen.y - half_a_line - y) > far)
    write_line(html, {x, y, chosen.x, chosen.y - half_a_line}, "leader");
  write_label(html, name, chosen, "name");
}

}  // namespace

void write_chart(Html& html, const ScatterChart& chart) {
  const Axis x = axis_of(chart, &ScatterPlace::x, chart.x_kind, {kScatterLeft, kScatterRight});
  const Axis y = axis_of(chart, &ScatterPlace::y, chart.y_kind, {kScatterBottom, kScatterTop});
  open_chart(html, kScatterWidth, kScatterHeight, chart.title, description_of(chart));
  write_x_axis(html, x, kScatterTop, kScatterBottom, kScatterTicks);
  write_y_axis(html, y, kScatterLeft, kScatterRight, kScatterTicks);
  write_label(html, chart.x_label, {(kScatterLeft + kScatterRight) / 2, kScatterHeight - 6, "middle"},
              "tick");
  html.element("text", chart.y_label,
               {{"class", "tick"},
                {"text-anchor", "middle"},
                {"transform", fmt::format("translate(13 {}) rotate(-90)",
                                          coordinate((kScatterTop + kScatterBottom) / 2))}});
  write_front(html, chart, x, y);
  constexpr double dot = 5;
  std::vector<Box> taken;
  for (const ScatterPlace& place : chart.places) {
    const double across = x.at(place.x.mean), up = y.at(place.y.mean);
    taken.push_back({across - dot, up - dot, across + dot, up + dot});
    if (place.x.bounded()) taken.push_back({x.at(place.x.low), up - 1, x.at(place.x.high), up + 1});
    if (place.y.bounded()) taken.push_back({across - 1, y.at(place.y.high), across + 1, y.at(place.y.low)});
    write_place(html, chart, place, x, y);
  }
  for (const ScatterPlace& place : chart.places)
    write_name(html, place.label, x.at(place.x.mean), y.at(place.y.mean), taken);
  html.close();
}

}  // namespace nephoscope
