// A time series of bounded length: values aggregated over windows of one width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "engine/base/bytes_io.hpp"
#include "engine/base/time.hpp"

namespace nephoscope {

struct WindowedSeriesOptions {
  Time origin{};                   // start of window 0
  Duration width = 60s;            // of a window, before any coarsening
  std::size_t max_windows = 2000;  // even, at least 2
};

// Value number i belongs to window floor((t - origin) / width). A value past the last possible window doubles
// the width, joining neighbours (sums add, extremes stay), until it fits; so memory never exceeds
// `max_windows` windows.
class WindowedSeries final {
 public:
  using Options = WindowedSeriesOptions;

  struct Window {
    double weight = 0;  // values added, or seconds observed for levels
    double sum = 0;     // of the values, or of level x seconds
    double min = std::numeric_limits<double>::infinity();
    double max = -std::numeric_limits<double>::infinity();

    // NaN for an empty window.
    double mean() const { return weight > 0 ? sum / weight : std::numeric_limits<double>::quiet_NaN(); }
  };

  // REQUIRES: width > 0; max_windows even and >= 2.
  explicit WindowedSeries(const Options& options = {});

  // One value at an instant. REQUIRES: t >= origin; `value` finite.
  void add(Time t, double value);

  // A level that held over [from, to): each window gets its share. A series holds values or levels, not both.
  // REQUIRES: origin <= from <= to; `level` finite.
  void add_level(Time from, Time to, double level);

  // Point by point, over replications; the finer series is coarsened first.
  // REQUIRES: equal options.
  void merge(const WindowedSeries& other);

  Time origin() const { return options_.origin; }
  Duration width() const { return width_; }
  // From the origin up to the last window that holds anything.
  std::span<const Window> windows() const { return windows_; }
  // How many series went into this one by merging, itself included.
  std::int64_t runs() const { return runs_; }
  // Whether it holds levels.
  bool levels() const { return levels_; }
  // REQUIRES: it holds values. Values per second of one run in window i; the last window counts as whole.
  // REQUIRES: i < windows().size().
  double rate_per_second(std::size_t i) const;

  void save(ByteWriter& out) const;
  static WindowedSeries load(ByteReader& in);

 private:
  Window& window_at(Time t);
  void coarsen();

  Options options_;
  Duration width_;
  std::int64_t runs_ = 1;
  bool levels_ = false;
  std::vector<Window> windows_;
};

}  // namespace nephoscope
