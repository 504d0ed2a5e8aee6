// Numbers as people read them in tables. Text is written as scenarios write quantities: 99.98%, 412ms, $1.73.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/stats/interval.hpp"
#include "models/study/metrics.hpp"

namespace nephoscope {

// `digits` significant digits, without exponent and without trailing zeros: 1234.5 -> "1235", 0.01230 ->
// "0.0123". "n/a" for what is not finite.
std::string significant(double value, int digits = 4);

// A value in its metric's base unit: shares as percentages with enough digits to tell 99.99% from 99.999%,
// durations in ns to h, money to the cent or three digits below a dollar.
std::string show_value(MetricKind kind, double value);
// "[99.97%, 99.99%]", or "" without bounds.
std::string show_interval(MetricKind kind, const Interval& interval);

// A difference with its sign: "+12ms", "-$0.50"; of shares in percentage points: "+0.02pp".
std::string show_difference(MetricKind kind, double value);
// "[-2ms, +12ms]", "exactly" where both bounds are the same, or "" without bounds.
std::string show_difference_interval(MetricKind kind, const Interval& interval);

// The kind of a metric by its name, else by its unit.
MetricKind kind_of(std::string_view name, std::string_view unit);

// 1234567 -> "1.23 M".
std::string show_count(std::uint64_t count);

}  // namespace nephoscope
