// What a group measures of itself: AWS/AutoScaling's group metrics as levels, and counts of activities.
// Source: Amazon EC2 Auto Scaling User Guide, "Monitor CloudWatch metrics for your Auto Scaling groups".
#pragma once

#include <cstdint>
#include <string>

#include "engine/queueing/level.hpp"
#include "models/common/report.hpp"
#include "models/common/series.hpp"
#include "models/common/world.hpp"

namespace nephoscope::autoscaling {

struct ActivityCounts {
  std::uint64_t scale_outs = 0;  // changes of the desired capacity
  std::uint64_t scale_ins = 0;
  std::uint64_t entered_service = 0;  // instances that came into service
  std::uint64_t terminations = 0;     // instances that ended
  std::uint64_t replacements = 0;     // terminations for another reason than scaling
  std::uint64_t failed_launches = 0;  // launch activities that failed
  std::uint64_t unhealthy = 0;        // instances found unhealthy
};

class GroupMetrics final {
 public:
  explicit GroupMetrics(const World& world);

  void set_desired(Time now, int desired) { set(desired_, now, desired); }
  void set_in_service(Time now, int number) { set(in_service_, now, number); }
  void set_total(Time now, int number) { set(total_, now, number); }
  void begin_measurement(Time now);
  void sample(Time now);
  void report(Report& report, const std::string& id, Time now, Duration span) const;

  ActivityCounts counts;

  const Level& in_service() const { return in_service_; }
  const Level& desired() const { return desired_; }
  const Level& total() const { return total_; }
  Duration step() const { return in_service_series_.step(); }

 private:
  static void set(Level& level, Time now, int value) { level.change(now, value - level.value()); }

  Level desired_;
  Level in_service_;
  Level total_;
  LevelSeries desired_series_;
  LevelSeries in_service_series_;
};

}  // namespace nephoscope::autoscaling
