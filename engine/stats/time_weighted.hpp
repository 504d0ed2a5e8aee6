// The time-weighted average of a level that changes in steps: queue length, busy servers, bytes in flight.
//
// A recorder (TimeWeighted, TimeWeightedReal) lives in the simulation; its summary is what leaves it, is
// merged over replications and crosses the pipe.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "engine/base/bytes_io.hpp"
#include "engine/base/check.hpp"
#include "engine/base/time.hpp"

namespace nephoscope {

__extension__ using Int128 = __int128;

// The integral of a level over the observed time. For whole levels it is exact, in level x nanoseconds, so
// that an audit of Little's law (integral of the number in system == sum of the times in system) can use ==.
template <typename Level>
struct LevelSummary {
  static_assert(std::is_same_v<Level, std::int64_t> || std::is_same_v<Level, double>);
  using Integral = std::conditional_t<std::is_same_v<Level, std::int64_t>, Int128, double>;

  Integral integral = 0;  // level x nanoseconds
  Int128 observed = 0;    // nanoseconds, summed over merged replications
  Level max = std::numeric_limits<Level>::lowest();

  // NaN if no time was observed.
  double average() const {
    if (observed == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(integral) / static_cast<double>(observed);
  }
  // Averages weigh by observed time; the largest level wins.
  void merge(const LevelSummary& other) {
    integral += other.integral;
    observed += other.observed;
    max = std::max(max, other.max);
  }
  void save(ByteWriter& out) const;
  static LevelSummary load(ByteReader& in);
};

template <typename Level>
class BasicTimeWeighted final {
 public:
  using Integral = typename LevelSummary<Level>::Integral;

  explicit BasicTimeWeighted(Time start = {}, Level level = 0)
      : start_(start), last_(start), level_(level), max_(level) {}

  // The level is `level` from `now` on. A level that lasts no time still counts for max().
  // REQUIRES: `now` is not before the previous change.
  void set(Time now, Level level) {
    integral_ += area_until(now);
    last_ = now;
    level_ = level;
    max_ = std::max(max_, level);
  }
  void add(Time now, Level change) { set(now, level_ + change); }

  // Forgets the past but not the level: called at the end of the warm-up.
  void reset(Time now) {
    set(now, level_);
    integral_ = 0;
    start_ = now;
    max_ = level_;
  }

  Level level() const { return level_; }
  Level max() const { return max_; }
  Time since() const { return start_; }
  // Over [last reset, now], in level x nanoseconds. REQUIRES: `now` is not before the previous change.
  Integral integral(Time now) const { return integral_ + area_until(now); }
  // NaN when no time has passed since the reset.
  double average(Time now) const { return summary(now).average(); }
  LevelSummary<Level> summary(Time now) const { return {integral(now), (now - start_).count(), max_}; }

 private:
  Integral area_until(Time now) const {
    check(now >= last_, "stats", "a level was observed {} ns before its last change", (last_ - now).count());
    return static_cast<Integral>(level_) * static_cast<Integral>((now - last_).count());
  }

  Time start_;
  Time last_;
  Level level_;
  Level max_;
  Integral integral_ = 0;
};

using TimeWeighted = BasicTimeWeighted<std::int64_t>;
using TimeWeightedReal = BasicTimeWeighted<double>;

}  // namespace nephoscope
