// Axes of charts: ranges of values, round ticks, and where values lie in a drawing.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "engine/stats/interval.hpp"
#include "models/study/metrics.hpp"

namespace nephoscope {

struct Range {
  double low = 0;
  double high = 1;
  double length() const { return high - low; }
};

// The smallest range of what was added; values that are not finite are left out.
class RangeFinder final {
 public:
  void add(double value);
  void add(const Interval& interval);
  // Nothing if there was nothing finite.
  std::optional<Range> range() const { return range_; }

 private:
  std::optional<Range> range_;
};

// With some room at both ends, and long enough for the labels of its ticks to differ.
Range with_room(Range range, MetricKind kind);

// Maps values to coordinates: range.low to `from`, range.high to `to`.
struct Axis {
  Range range;
  double from = 0;
  double to = 100;
  MetricKind kind = MetricKind::number;
  bool differences = false;  // ticks have signs

  // REQUIRES: `value` finite. What lies outside is put at the end of the axis.
  double at(double value) const;
};

struct Tick {
  double at = 0;  // coordinate
  std::string text;
};
// Round values on the axis, about `most` at most, times in one unit. No share is above 100 %.
std::vector<Tick> ticks(const Axis& axis, std::size_t most);

}  // namespace nephoscope
