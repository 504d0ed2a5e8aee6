#include "models/cloudwatch/cloudwatch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/common/report.hpp"

namespace nephoscope::cloudwatch {
namespace {

// Auto Scaling actions are repeated once a minute, also by high-resolution alarms.
constexpr Duration kRepetition = 60s;

std::int64_t hours(Duration span) { return (span + Duration(1h) - Duration(1ns)) / Duration(1h); }

}  // namespace

std::string_view name_of(AlarmState state) {
  switch (state) {
    case AlarmState::insufficient_data:
      return "INSUFFICIENT_DATA";
    case AlarmState::ok:
      return "OK";
    case AlarmState::alarm:
      return "ALARM";
  }
  fail_check("cloudwatch", "no such state");
}

bool may_follow(AlarmState from, AlarmState to, bool composite) {
  return from != to && !(composite && to == AlarmState::insufficient_data);
}

AlarmId Service::put_alarm(const AlarmSpec& spec, AlarmListener* listener) {
  Alarm& alarm = add(spec.name, spec.owner, listener);
  alarm.watch = std::make_unique<MetricWatch>(spec, config_, store_);
  schedule(alarm);
  return alarm.id;
}

AlarmId Service::put_composite_alarm(const CompositeAlarmSpec& spec, AlarmListener* listener) {
  auto parsed = AlarmRule::parse(spec.alarm_rule);
  check(parsed.value.has_value(), "cloudwatch", "alarm {}: {}", spec.name, parsed.problem);
  Alarm& alarm = add(spec.name, spec.owner, listener);
  alarm.rule = std::make_unique<AlarmRule>(std::move(*parsed.value));
  schedule_soon(alarm);
  return alarm.id;
}

Service::Alarm& Service::add(const std::string& name, const std::string& owner, AlarmListener* listener) {
  const AlarmId id(static_cast<std::uint32_t>(alarms_.size()));
  alarms_.push_back(std::make_unique<Alarm>(Alarm{.service = this,
                                                  .id = id,
                                                  .name = name,
                                                  .owner = owner,
                                                  .listener = listener,
                                                  .created = world_.now()}));
  by_name_[name] = id;
  return *alarms_.back();
}

void Service::delete_alarm(AlarmId id) {
  Alarm& alarm = *alarms_[id.value];
  if (alarm.deleted) return;
  alarm.deleted = world_.now();
  world_.simulation.cancel(alarm.timer);
}

// Its evaluations come at a phase of its own within the minute (or 10 s), drawn once from its name.
void Service::schedule(Alarm& alarm) {
  const Duration interval = alarm.watch->interval();
  Draws draws = world_.random.entity(Purpose("cloudwatch.evaluation").of(alarm.owner).of(alarm.name), 0, 0);
  const auto phase = static_cast<std::int64_t>(draws.next_uniform() * static_cast<double>(interval.count()));
  const Time now = world_.now();
  Time next = now - now.time_since_epoch() % interval + Duration(phase);
  if (next <= now) next += interval;
  alarm.timer = world_.simulation.at(
      next, [](void* each) { static_cast<Alarm*>(each)->service->evaluate(*static_cast<Alarm*>(each)); },
      &alarm);
}

void Service::schedule_soon(Alarm& composite) {
  if (composite.due) return;
  composite.due = true;
  composite.timer = world_.simulation.after(
      config_.composite_delay,
      [](void* each) { static_cast<Alarm*>(each)->service->evaluate_composite(*static_cast<Alarm*>(each)); },
      &composite);
}

void Service::evaluate(Alarm& alarm) {
  schedule(alarm);
  const AlarmState before = alarm.state;
  const Verdict verdict = alarm.watch->evaluate(world_.now(), before);
  const bool changed = verdict.state != before;
  const std::string reason = changed ? alarm.watch->reason(verdict.grounds) : "";
  if (changed) change(alarm, verdict.state, reason);
  const bool repeats = alarm.watch->spec().repeats_action && verdict.state == AlarmState::alarm &&
                       world_.now() - alarm.last_action >= kRepetition;
  if (changed || repeats)
    act(alarm, {.alarm = alarm.id,
                .before = before,
                .now = verdict.state,
                .value = alarm.watch->newest(),
                .reason = reason});
}

void Service::evaluate_composite(Alarm& alarm) {
  alarm.due = false;
  std::vector<AlarmState> states;
  for (const std::string& name : alarm.rule->alarms()) states.push_back(state_of(name));
  const AlarmState before = alarm.state;
  const AlarmState now = alarm.rule->holds(states) ? AlarmState::alarm : AlarmState::ok;
  if (now == before) return;
  std::string reason;
  for (std::size_t i = 0; i < states.size(); ++i)
    reason += fmt::format("{}{} is {}", i == 0 ? "" : ", ", alarm.rule->alarms()[i], name_of(states[i]));
  change(alarm, now, reason);
  act(alarm, {.alarm = alarm.id, .before = before, .now = now, .value = {}, .reason = reason});
}

void Service::change(Alarm& alarm, AlarmState now, const std::string& reason) {
  check(may_follow(alarm.state, now, alarm.rule != nullptr), "cloudwatch", "alarm {} goes from {} to {}",
        alarm.name, name_of(alarm.state), name_of(now));
  const std::string who = alarm.name == alarm.owner ? "" : alarm.name + " ";
  world_.log(alarm.owner, "alarm",
             fmt::format("{}{} -> {}: {}", who, name_of(alarm.state), name_of(now), reason));
  alarm.state = now;
  follow(alarm);
}

// The listener may delete alarms, also this one; nothing is done with the alarm after it.
void Service::act(Alarm& alarm, const AlarmReading& reading) {
  alarm.last_action = world_.now();
  if (alarm.listener != nullptr) alarm.listener->alarm_acts(reading);
}

// Composite alarms that name it look again.
void Service::follow(const Alarm& changed) {
  for (const auto& each : alarms_) {
    if (each->rule == nullptr || each->deleted) continue;
    const auto& names = each->rule->alarms();
    if (std::find(names.begin(), names.end(), changed.name) != names.end()) schedule_soon(*each);
  }
}

AlarmState Service::state_of(const std::string& name) const {
  const auto place = by_name_.find(name);
  const bool there = place != by_name_.end() && !alarms_[place->second.value]->deleted;
  return there ? alarms_[place->second.value]->state : AlarmState::insufficient_data;
}

std::optional<double> Service::statistic(MetricId metric, Statistic statistic, Time from, Time to) const {
  check(from >= Time{} ? world_.now() - from <= store_.history(metric) : true, "cloudwatch",
        "metric {} is not kept for {} s", metric.value, to_seconds(world_.now() - from));
  return value_of(store_.visible(metric, from, to), statistic);
}

// By the hour of their existence; an alarm over metric math for each metric (AWS price list, CloudWatch).
void Service::bill(UsageMeter& meter) const {
  for (const auto& alarm : alarms_) {
    const std::int64_t span = hours(alarm->deleted.value_or(world_.now()) - alarm->created);
    if (alarm->rule != nullptr)
      meter.add(alarm->owner, "CW:CompositeAlarmMonitorUsage", span);
    else
      meter.add(alarm->owner,
                alarm->watch->high_resolution() ? "CW:HighResAlarmMonitorUsage" : "CW:AlarmMonitorUsage",
                span * alarm->watch->metric_count());
  }
  if (const std::int64_t published = store_.custom_metric_hours(); published > 0)
    meter.add("cloudwatch", "CW:MetricMonitorUsage", published);
}

void Service::audit(Audit& audit) const {
  const MetricStore::Counts counts = store_.counts();
  if (counts.puts == 0) return;
  audit.add("balance: cloudwatch",
            counts.puts == counts.unwatched + counts.too_late + counts.held + counts.expired,
            fmt::format("{} puts = {} unwatched + {} too late + {} held + {} expired", counts.puts,
                        counts.unwatched, counts.too_late, counts.held, counts.expired));
}

}  // namespace nephoscope::cloudwatch
