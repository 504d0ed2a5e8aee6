#include "engine/stats/windowed_series.hpp"

#include <algorithm>
#include <cmath>

#include "engine/base/check.hpp"

namespace nephoscope {
namespace {

void absorb(WindowedSeries::Window& into, const WindowedSeries::Window& from) {
  into.weight += from.weight;
  into.sum += from.sum;
  into.min = std::min(into.min, from.min);
  into.max = std::max(into.max, from.max);
}

}  // namespace

WindowedSeries::WindowedSeries(const Options& options) : options_(options), width_(options.width) {
  check(options.width > Duration::zero(), "stats", "a window of {} ns", options.width.count());
  check(options.max_windows >= 2 && options.max_windows % 2 == 0, "stats", "{} windows", options.max_windows);
}

WindowedSeries::Window& WindowedSeries::window_at(Time t) {
  check(t >= options_.origin, "stats", "a value {} ns before the series began",
        (options_.origin - t).count());
  const Duration offset = t - options_.origin;
  while (static_cast<std::size_t>(offset / width_) >= options_.max_windows) coarsen();
  const auto index = static_cast<std::size_t>(offset / width_);
  if (index >= windows_.size()) windows_.resize(index + 1);
  return windows_[index];
}

void WindowedSeries::coarsen() {
  const std::size_t half = (windows_.size() + 1) / 2;
  for (std::size_t i = 0; i < half; ++i) {
    Window joined = windows_[2 * i];
    if (2 * i + 1 < windows_.size()) absorb(joined, windows_[2 * i + 1]);
    windows_[i] = joined;
  }
  windows_.resize(half);
  width_ *= 2;
}

void WindowedSeries::add(Time t, double value) {
  check(std::isfinite(value), "stats", "a series was given {}", value);
  absorb(window_at(t), {1, value, value, value});
}

void WindowedSeries::add_level(Time from, Time to, double level) {
  check(from <= to, "stats", "a level that ends {} ns before it starts", (from - to).count());
  check(std::isfinite(level), "stats", "a series was given the level {}", level);
  if (from == to) return;
  levels_ = true;
  window_at(to - Duration(1));  // settles the width before the loop
  while (from < to) {
    const Time edge = options_.origin + width_ * ((from - options_.origin) / width_ + 1);
    const double seconds = to_seconds(std::min(edge, to) - from);
    absorb(window_at(from), {seconds, level * seconds, level, level});
    from = std::min(edge, to);
  }
}

void WindowedSeries::merge(const WindowedSeries& other) {
  check(options_.origin == other.options_.origin && options_.width == other.options_.width &&
            options_.max_windows == other.options_.max_windows,
        "stats", "series with different windows cannot merge");
  WindowedSeries theirs = other;
  while (width_ < theirs.width_) coarsen();
  while (theirs.width_ < width_) theirs.coarsen();
  windows_.resize(std::max(windows_.size(), theirs.windows_.size()));
  for (std::size_t i = 0; i < theirs.windows_.size(); ++i) absorb(windows_[i], theirs.windows_[i]);
  runs_ += theirs.runs_;
  levels_ = levels_ || theirs.levels_;
}

double WindowedSeries::rate_per_second(std::size_t i) const {
  check(i < windows_.size(), "stats", "window {} of {}", i, windows_.size());
  return windows_[i].weight / (to_seconds(width_) * static_cast<double>(runs_));
}

void WindowedSeries::save(ByteWriter& out) const {
  out.i64(options_.origin.time_since_epoch().count());
  out.i64(options_.width.count());
  out.u64(options_.max_windows);
  out.i64(width_.count());
  out.i64(runs_);
  out.boolean(levels_);
  out.u64(windows_.size());
  for (const Window& window : windows_)
    for (const double value : {window.weight, window.sum, window.min, window.max}) out.f64(value);
}

WindowedSeries WindowedSeries::load(ByteReader& in) {
  Options options;
  options.origin = Time(Duration(in.i64()));
  options.width = Duration(in.i64());
  options.max_windows = static_cast<std::size_t>(in.u64());
  WindowedSeries series(options);
  series.width_ = Duration(in.i64());
  series.runs_ = in.i64();
  series.levels_ = in.boolean();
  series.windows_.resize(in.length(32));
  for (Window& window : series.windows_)
    for (double* value : {&window.weight, &window.sum, &window.min, &window.max}) *value = in.f64();
  return series;
}

}  // namespace nephoscope
