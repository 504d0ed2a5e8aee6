#include "tools/report/time_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/config/units.hpp"

namespace nephoscope {
namespace {

constexpr double kNotable = 0.99;  // the availability of a window below which its time is shown

// Deployments log under their own id and under that of their target; the former frame the latter.
bool is_marked(const StudyResult& study, const LoggedEvent& event) {
  if (event.kind == "fault") return true;
  return event.kind == "deployment" &&
         study.find({Scope::resource, event.resource, "time_to_ship"}) != nullptr;
}

ChartPoint joined(std::span<const WindowedSeries::Window> windows, double middle) {
  WindowedSeries::Window all;
  RangeFinder means;
  for (const auto& window : windows) {
    all.weight += window.weight;
    all.sum += window.sum;
    means.add(window.mean());
  }
  const Range range = means.range().value_or(Range{});
  return {middle, all.mean(), range.low, range.high};
}

// When deployments and faults acted, and when many calls failed.
void add_notable(const StudyResult& study, const Range& run, RangeFinder& finder) {
  for (const LoggedEvent& event : study.pooled.timeline)
    if (event.kind == "fault" || event.kind == "deployment") finder.add(to_seconds(event.time));
  for (const SeriesMeasure& each : study.pooled.all_series()) {
    if (!each.name.ends_with(".availability")) continue;
    const double origin = to_seconds(each.series.origin()), width = to_seconds(each.series.width());
    for (std::size_t i = 0; i < each.series.windows().size(); ++i) {
      const double begin = origin + width * static_cast<double>(i);
      if (begin < run.low || !(each.series.windows()[i].mean() < kNotable)) continue;
      finder.add(begin);
      finder.add(begin + width);
    }
  }
}

}  // namespace

std::vector<TimeMark> marks_of(const StudyResult& study) {
  std::vector<TimeMark> marks;
  for (const LoggedEvent& event : study.pooled.timeline) {
    if (!is_marked(study, event)) continue;
    const double t = to_seconds(event.time);
    const std::string text = fmt::format("{}: {}", event.resource, event.text);
    const auto same = std::find_if(marks.begin(), marks.end(), [&](const TimeMark& mark) {
      return mark.label.starts_with(event.resource + ": ");
    });
    if (same == marks.end()) {
      marks.push_back({text, {t, t}, event.kind == "fault"});
      continue;
    }
    same->span.high = std::max(same->span.high, t);
    same->label += "; " + event.text;
  }
  return marks;
}

Range shown_time(const Comparison& comparison) {
  constexpr double small = 0.4;  // of the run
  const StudyResult& baseline = comparison.baseline();
  const Range run = {to_seconds(baseline.warmup), to_seconds(baseline.duration)};
  RangeFinder finder;
  for (const StudyResult& study : comparison.studies) add_notable(study, run, finder);
  const std::optional<Range> notable = finder.range();
  if (!notable || notable->length() <= 0 || notable->length() > small * run.length()) return run;
  const double room = notable->length() / 2;
  const double grain = room > 10 ? 1 : 1e-3;  // seconds, for times that people read
  return {std::max(run.low, std::round((notable->low - room) / grain) * grain),
          std::min(run.high, std::round((notable->high + room) / grain) * grain)};
}

std::vector<ChartPoint> points_of(const WindowedSeries& series, const Range& time, std::size_t most) {
  const double origin = to_seconds(series.origin()), width = to_seconds(series.width());
  const auto windows = series.windows();
  const auto index_of = [&](double t) {
    return static_cast<std::size_t>(std::max(std::floor((t - origin) / width + 1e-9), 0.0));
  };
  const std::size_t from = std::min(index_of(time.low), windows.size());
  const std::size_t to = std::min(index_of(time.high), windows.size());
  const std::size_t many = std::max<std::size_t>((to - from + most - 1) / most, 1);
  std::vector<ChartPoint> points;
  for (std::size_t i = from; i < to; i += many) {
    const std::size_t count = std::min(many, to - i);
    const double middle = origin + width * (static_cast<double>(i) + static_cast<double>(count) / 2);
    points.push_back(joined(windows.subspan(i, count), middle));
  }
  return points;
}

}  // namespace nephoscope
