// Simulated time: std::chrono over signed 64-bit nanoseconds, on a clock that nobody can read.
//
// Range: +-292 years around the run's start (Time{} == the start of the run). There is no now(): only a
// Simulation knows the time.
#pragma once

#include <chrono>
#include <cstdint>

namespace nephoscope {

using Duration = std::chrono::duration<std::int64_t, std::nano>;

struct SimulatedClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SimulatedClock>;
  static constexpr bool is_steady = true;
};

// An instant; nanoseconds since the run's start.
using Time = SimulatedClock::time_point;

using namespace std::chrono_literals;  // 30s, 250ms, 5min: the units are part of how models read

// The longest span that input may name (100 years): sums of a few of them stay far from overflow.
inline constexpr Duration kMaxDuration = std::chrono::hours(24 * 365 * 100);

constexpr double to_seconds(Duration span) { return static_cast<double>(span.count()) * 1e-9; }
constexpr double to_seconds(Time instant) { return to_seconds(instant.time_since_epoch()); }

// The nearest whole nanosecond (halves away from zero).
// REQUIRES: |seconds| <= 100 years; throws CheckFailure otherwise, also for NaN.
Duration from_seconds(double seconds);

}  // namespace nephoscope
