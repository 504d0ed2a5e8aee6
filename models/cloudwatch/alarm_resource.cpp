#include "models/cloudwatch/alarm_resource.hpp"

#include <fmt/format.h>

#include "models/common/report.hpp"

namespace nephoscope::cloudwatch {
namespace {

std::size_t index(AlarmState state) { return static_cast<std::size_t>(state); }

}  // namespace

void AlarmResource::start() {
  changed_ = world_.now();
  if (const auto* metric = std::get_if<AlarmSpec>(&spec_))
    cloudwatch_->put_alarm(*metric, this);
  else
    cloudwatch_->put_composite_alarm(std::get<CompositeAlarmSpec>(spec_), this);
}

void AlarmResource::alarm_acts(const AlarmReading& reading) {
  if (reading.now == state_) return;
  times_ = times();
  changed_ = world_.now();
  state_ = reading.now;
  ++transitions_;
  if (state_ == AlarmState::alarm && !first_alarm_) first_alarm_ = changed_;
}

void AlarmResource::begin_measurement() {
  before_warm_ = times();
  transitions_ = 0;
  first_alarm_.reset();
  if (state_ == AlarmState::alarm) first_alarm_ = world_.now();
}

AlarmResource::Times AlarmResource::times() const {
  Times times = times_;
  times[index(state_)] += world_.now() - changed_;
  return times;
}

void AlarmResource::report(Report& report) const {
  const Times now = times();
  const double span = to_seconds(world_.now() - world_.warmup_end());
  const auto share = [&](const char* name, AlarmState state) {
    const Duration in = now[index(state)] - before_warm_[index(state)];
    report.ratio({Scope::resource, id_, name}, "1", to_seconds(in), span);
  };
  share("alarm.share", AlarmState::alarm);
  share("insufficient_data.share", AlarmState::insufficient_data);
  report.ratio({Scope::resource, id_, "transitions"}, "1", static_cast<double>(transitions_), 1);
  // Since the run's start; over replications the mean of those in which there was an alarm.
  report.ratio({Scope::resource, id_, "alarm.first"}, "s", first_alarm_ ? to_seconds(*first_alarm_) : 0,
               first_alarm_ ? 1 : 0);
}

void AlarmResource::audit(Audit& audit) const {
  const Times now = times();
  const Duration sum = now[0] + now[1] + now[2];
  const Duration run = world_.now() - Time{};
  audit.add("balance: resources." + id_, sum == run,
            fmt::format("{} s in three states, {} s since the start", to_seconds(sum), to_seconds(run)));
}

}  // namespace nephoscope::cloudwatch
