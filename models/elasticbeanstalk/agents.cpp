#include "models/elasticbeanstalk/agents.hpp"

#include <algorithm>

namespace nephoscope::elasticbeanstalk {

Agents::Record& Agents::record_of(const Instance& instance) {
  const auto place = std::find_if(records_.begin(), records_.end(),
                                  [&](const Record& each) { return each.instance == &instance; });
  if (place != records_.end()) return *place;
  Record& record = records_.emplace_back();
  record.instance = &instance;
  Draws draws = world_.random.entity(Purpose("elasticbeanstalk.agent").of(instance.name()), 0, 0);
  record.phase = draws.next_below(kReportPeriod / kTick);
  return record;
}

Duration Agents::first_tick(const std::string& environment) const {
  Draws draws = world_.random.entity(Purpose("elasticbeanstalk.tick").of(environment), 0, 0);
  return Duration(static_cast<std::int64_t>(draws.next_below(static_cast<std::uint64_t>(kTick.count()))));
}

void Agents::tick() {
  next_tick_ = world_.now() + kTick;
  const std::uint64_t phase = ticks_++ % (kReportPeriod / kTick);
  for (const Watched& each : groups_)
    for (Instance* instance : each.group->instances())
      if (record_of(*instance).phase == phase) look_at(*instance, each);
  if (phase > 0) return;
  std::erase_if(records_,
                [](const Record& each) { return each.instance->state() == InstanceState::terminated; });
}

void Agents::expect(const AutoScalingGroup& group, const std::string& version) {
  for (Watched& each : groups_)
    if (each.group == &group) each.expected = version;
}

void Agents::look_at(Instance& instance, const Watched& watched) {
  const AutoScalingGroup& group = *watched.group;
  Record& record = record_of(instance);
  record.started = record.started || instance.application_running();
  Audit::Flow flow;
  instance.server().add_to(flow);
  const std::uint64_t failed = flow.failed + flow.rejected;
  const std::uint64_t answered = flow.completed + failed;
  record.window = {
      .reports = record.started && instance.state() == InstanceState::running,
      .application_running = instance.application_running(),
      .healthy_target = !group.registered(instance) || group.healthy_target(instance),
      .right_version = watched.expected.empty() || instance.server().version() == watched.expected,
      .requests = answered - record.answered,
      .failed = failed - record.failed};
  record.answered = answered;
  record.failed = failed;
  heard_ = heard_ || record.window.reports;
  record.last = assess(record.window, thresholds_);
  record.history[record.reports++ % kChecksPerMinute] = record.last.health;
  record.passed = passes(record.last.health) ? record.passed + 1 : 0;
  record.minute.requests += record.window.requests;
  record.minute.failed += record.window.failed;
}

// Info is green, as Ok is; without data nothing is known.
bool Agents::passes(Health health) const {
  if (health == Health::no_data || health == Health::unknown) return false;
  return health <= std::max(threshold_, Health::info);
}

bool Agents::is_ill(const Record& record) {
  return std::count_if(record.history.begin(), record.history.end(),
                       [](Health each) { return each >= Health::warning; }) >= kFailuresToCount;
}

Finding Agents::environment(const AutoScalingGroup& group, int min_size) {
  std::vector<Finding> findings;
  Observation together;
  for (const Instance* instance : group.instances()) {
    Record& record = record_of(*instance);
    if (record.last.health == Health::no_data) continue;
    findings.push_back(is_ill(record) ? record.last : Finding{});
    together.requests += record.minute.requests;
    together.failed += record.minute.failed;
    record.minute = {};
  }
  return assess_environment(findings, together, min_size, thresholds_);
}

}  // namespace nephoscope::elasticbeanstalk
