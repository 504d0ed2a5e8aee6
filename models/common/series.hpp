// The time series of a level (queue length, busy servers), sampled as exact means over steps.
#pragma once

#include <algorithm>

#include "engine/queueing/level.hpp"
#include "engine/stats/windowed_series.hpp"
#include "models/common/world.hpp"

namespace nephoscope {

// The step at which a run of this length is sampled: about 1,000 steps, at least a second, in whole seconds.
inline Duration series_step(const RunWindow& run) {
  const auto seconds = run.duration / 1000 / Duration(1s);
  return std::max<std::int64_t>(seconds, 1) * Duration(1s);
}

// Turns a Level's growing integral into a series of means.
class LevelSeries {
 public:
  explicit LevelSeries(const RunWindow& run)
      : step_(series_step(run)), series_({.origin = Time{}, .width = step_}) {}
  Duration step() const { return step_; }

  // Adds the mean level since the last call. `scale` divides it (busy servers / servers = utilisation).
  void sample(Time now, const Level& level, std::int64_t scale = 1) {
    const WideInt integral = level.integral(now);
    const WideInt grown = integral - integral_;
    const double span = static_cast<double>((now - sampled_).count());
    if (span > 0)
      series_.add_level(sampled_, now, static_cast<double>(grown) / span / static_cast<double>(scale));
    integral_ = integral;
    sampled_ = now;
  }
  // To be called right after Level::reset(), having sampled right before it.
  void level_was_reset() { integral_ = 0; }
  const WindowedSeries& series() const { return series_; }

 private:
  Duration step_;
  WindowedSeries series_;
  WideInt integral_ = 0;
  Time sampled_{};
};

}  // namespace nephoscope
