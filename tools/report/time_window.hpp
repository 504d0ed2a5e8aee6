// What the time series of a page show: deployments and faults as marks, and the part of the run around them.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/stats/windowed_series.hpp"
#include "models/study/comparison.hpp"
#include "tools/report/svg.hpp"

namespace nephoscope {

// From the first to the last event of each deployment and each fault, in the first replication.
std::vector<TimeMark> marks_of(const StudyResult& study);

// The run without its warm-up; where all marks of all studies lie in a small part of it, that part and as
// much again around it.
Range shown_time(const Comparison& comparison);

// The windows of a series within `time`, neighbours joined until there are `most` at most. A point is the
// mean of its windows, with the lowest and highest of their means, so that joining hides no spike.
std::vector<ChartPoint> points_of(const WindowedSeries& series, const Range& time, std::size_t most);

}  // namespace nephoscope
