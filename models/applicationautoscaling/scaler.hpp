// The running AWS::ApplicationAutoScaling::ScalableTarget.
//
// It sees the resource as AWS does: consumption through CloudWatch and two alarms, minutes late; the capacity
// through requests that may be refused and take time. A change that is refused (too many decreases today, an
// update in progress) is asked for again when the alarm repeats its action, a minute later.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/process.hpp"
#include "engine/stats/quantile_sketch.hpp"
#include "models/applicationautoscaling/applicationautoscaling.hpp"
#include "models/applicationautoscaling/tracking.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/resource.hpp"
#include "models/common/scalable_target.hpp"
#include "models/common/world.hpp"

namespace nephoscope::applicationautoscaling {

class Scaler final : public Resource, private AlarmListener {
 public:
  // REQUIRES: world and config outlive it.
  Scaler(World& world, const std::string& id, const ScalableTargetConfig& config);

  void connect(const Wiring& wiring) override;
  void start() override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void audit(Audit& audit) const override;

 private:
  struct Counts {
    std::uint64_t asked = 0, out = 0, in = 0, unchanged = 0, in_use = 0, refused = 0;
  };
  struct Due {
    const Named<ScheduledActionConfig>* action;
    std::optional<Time> at;
    std::uint64_t count = 0;
  };

  void alarm_acts(const AlarmReading& reading) override;
  void put_alarms();
  void renew_alarms();
  AlarmSpec alarm(const char* which, double threshold) const;
  void decide(Direction direction, double consumed);
  std::string reason(Direction direction, double consumed) const;
  CapacityChange ask(std::int64_t capacity, const std::string& reason);
  void log_failure(CapacityChange outcome, std::int64_t capacity, const std::string& reason);
  Process follow_change(std::int64_t before, std::int64_t after);
  Process keep_within_limits(const char* why);
  Process look_for_silence();
  Process carry_out_schedule();
  std::optional<Time> due_after(const ScheduledActionConfig& action, Time from) const;
  Due* first_due();
  void set_limits(const Named<ScheduledActionConfig>& action);

  World& world_;
  const ScalableTargetConfig& config_;
  std::string id_;
  Purpose delay_;
  CloudWatch* cloudwatch_ = nullptr;
  ScalableDimension* dimension_ = nullptr;
  std::int64_t min_;
  std::int64_t max_;
  Cooldowns cooldowns_;
  std::optional<AlarmId> high_, low_;
  bool changing_ = false;                  // a change of ours is in progress
  bool enforcing_ = false;                 // keep_within_limits() runs
  std::optional<CapacityChange> failing_;  // how the attempts since the last success end, once logged
  Time renewed_{};                         // alarms
  std::vector<Due> due_;
  Counts counts_;
  Counts counts_before_;  // at the end of warm-up
  QuantileSketch durations_;
};

}  // namespace nephoscope::applicationautoscaling
