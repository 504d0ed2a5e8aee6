// What a group notices of its instances' health, and how it replaces them.
#include <fmt/format.h>

#include <algorithm>

#include "engine/config/units.hpp"
#include "models/autoscaling/group.hpp"
#include "models/autoscaling/placement.hpp"

namespace nephoscope::autoscaling {

namespace {

constexpr int kBackAbove = 90;  // percent of the desired capacity: "Health checks", replacement

const char* word(InstanceEvent event) {
  switch (event) {
    case InstanceEvent::stopping:
      return "stopping";
    case InstanceEvent::stopped:
      return "stopped";
    case InstanceEvent::shutting_down:
      return "shutting-down";
    default:
      return "terminated";
  }
}

}  // namespace

void Group::instance_changed(Member& member, InstanceEvent event) {
  switch (event) {
    case InstanceEvent::running:
      if (member.state == LifecycleState::pending) comes_up(member);
      break;
    case InstanceEvent::application_started:
      if (member.state == LifecycleState::warmed_pending && !member.entering_pool) prepared(member);
      break;
    case InstanceEvent::impaired:
      member.impaired_since = world_.now();
      break;
    case InstanceEvent::recovered:
      member.impaired_since.reset();
      break;
    case InstanceEvent::rebalance_recommendation:
    case InstanceEvent::interruption_notice:
      member.at_risk = true;
      replace_at_risk();
      break;
    default:
      left_running(member, event);
  }
  settle();
}

// Wanted by the group or not, the instance no longer runs.
void Group::left_running(Member& member, InstanceEvent event) {
  if (is_terminating(member.state)) {
    if (event == InstanceEvent::terminated) return ended(member);
    world_.simulation.cancel(member.timer);
    member.to_pool = false;
    member.drained = true;
    return end_instance(member);
  }
  const bool pool = is_warmed(member.state);
  if (pool && member.entering_pool && event == InstanceEvent::stopping) return;
  if (pool && member.entering_pool && event == InstanceEvent::stopped) return rests_in_pool(member);
  const std::string reason = fmt::format("EC2 has it {}, not running", word(event));
  if (!member.activity.ended()) return left_early(member, reason);
  if (pool) return terminate(member, {.cause = Cause::pool, .reason = reason, .skip_hooks = true});
  if (member.state == LifecycleState::standby && event != InstanceEvent::terminated) return;
  if (member.unhealthy.empty()) ++metrics_.counts.unhealthy;
  member.unhealthy = reason;
  if (suspended(SuspendableProcess::health_check) || suspended(SuspendableProcess::replace_unhealthy)) return;
  terminate(member, {.cause = Cause::replacement, .reason = reason, .skip_hooks = true});
}

// --- the periodic look
// ---------------------------------------------------------------------------------------

Process Group::look_after() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(config_.health_check_period);
    if (status != WaitStatus::done) co_return;
    look_at_health();
    replace_unhealthy();
    replace_old();
    replace_at_risk();
    rebalance_zones();
    settle();
  }
}

void Group::look_at_health() {
  if (suspended(SuspendableProcess::health_check)) return;
  for (Member* each : live_) {
    if (!each->in_service() || !each->unhealthy.empty()) continue;
    each->unhealthy = trouble(*each);
    if (each->unhealthy.empty()) continue;
    ++metrics_.counts.unhealthy;
    log("health", fmt::format("{} is Unhealthy: {}", each->name(), each->unhealthy));
  }
}

std::string Group::trouble(const Member& member) const {
  const Time now = world_.now();
  if (now < member.in_service_since + config_.health_check_grace_period) return "";
  if (member.impaired_since && now - *member.impaired_since >= config_.impaired_wait)
    return fmt::format("EC2 status check impaired for {}", show(now - *member.impaired_since));
  const auto fails = [](const Registration& each) { return each.state == TargetState::unhealthy; };
  const auto& targets = member.registrations;
  if (config_.health_check_type == HealthCheckType::elb && std::any_of(targets.begin(), targets.end(), fails))
    return "the load balancer's health checks fail";
  return "";
}

// Launches and fresh instances: replacement of what still runs waits for them.
bool Group::busy() const {
  return counted() != desired_ || warming() > 0 || activity_in_progress() ||
         count(LifecycleState::in_service) < healthy_floor(desired_, kBackAbove);
}

void Group::replace_unhealthy() {
  if (suspended(SuspendableProcess::replace_unhealthy)) return;
  std::vector<Member*> ill;
  for (Member* each : live_)
    if (each->in_service() && !each->unhealthy.empty() && each->successor == nullptr) ill.push_back(each);
  const bool all = static_cast<int>(ill.size()) == count(LifecycleState::in_service);
  if (all && world_.now() - last_replacement_ < config_.all_unhealthy_wait) return;
  replace_some(ill, "Unhealthy");
}

void Group::replace_old() {
  if (!config_.max_instance_lifetime || frozen_) return;
  std::vector<Member*> old;
  for (Member* each : live_)
    if (each->in_service() && each->successor == nullptr &&
        world_.now() - each->instance->launched_at() >= *config_.max_instance_lifetime)
      old.push_back(each);
  replace_some(old, "older than max_instance_lifetime");
}

// One set: by the maintenance policy, else 10 % at a time, terminated while their substitutes are launched.
void Group::replace_some(const std::vector<Member*>& members, const std::string& why) {
  if (members.empty() || busy()) return;
  ReplacementRoom room{.launch_first = 0, .terminate_first = unhealthy_batch(desired_)};
  const auto& policy = config_.instance_maintenance_policy;
  if (policy) {
    const auto healthy = std::count_if(live_.begin(), live_.end(), [](const Member* each) {
      return each->in_service() && each->unhealthy.empty();
    });
    room = replacement_room({policy->min_healthy_percentage, policy->max_healthy_percentage}, desired_,
                            static_cast<int>(healthy), counted(), false);
  }
  for (Member* each : members) {
    const std::string reason = each->unhealthy.empty() ? why : why + ": " + each->unhealthy;
    if (room.launch_first > 0) {
      if (!replace_by_successor(*each, reason)) return;
      --room.launch_first;
    } else if (room.terminate_first-- > 0) {
      terminate(*each, {.cause = Cause::replacement, .reason = reason});
    }
  }
}

// --- successors first
// ----------------------------------------------------------------------------------------

bool Group::replace_by_successor(Member& member, const std::string& reason, std::optional<Duration> warmup) {
  if (suspended(SuspendableProcess::launch) || suspended(SuspendableProcess::terminate)) return false;
  Member* const successor =
      launch({.cause = Cause::replacement, .reason = "in place of " + member.name(), .warmup = warmup});
  if (successor == nullptr) return false;
  successor->predecessor = &member;
  member.successor = successor;
  member.leaving = reason;
  return true;
}

bool Group::ready(const Member& member) const {
  if (!member.in_service() || !member.unhealthy.empty()) return false;
  if (member.warm_before_ready && !member.warm) return false;
  return config_.health_check_type != HealthCheckType::elb || targets_are_healthy(member);
}

bool Group::targets_are_healthy(const Member& member) const {
  return std::all_of(member.registrations.begin(), member.registrations.end(),
                     [](const Registration& each) { return each.is_healthy() || each.is_leaving(); });
}

bool Group::finish_replacements() {
  for (Member* each : live_) {
    if (!each->stays() || each->successor == nullptr || !ready(*each->successor)) continue;
    terminate(*each, {.cause = Cause::replacement, .reason = each->leaving});
    return true;
  }
  return false;
}

// Capacity Rebalancing: while a launch fails, the next periodic look tries again.
void Group::replace_at_risk() {
  if (!config_.capacity_rebalance || frozen_) return;
  const std::vector<Member*> members = live_;
  for (Member* each : members)
    if (each->at_risk && each->in_service() && each->successor == nullptr)
      if (!replace_by_successor(*each, "Spot Instance at elevated risk")) return;
}

// --- zones
// -----------------------------------------------------------------------------------------------------

void Group::rebalance_zones() {
  if (suspended(SuspendableProcess::az_rebalance) || suspended(SuspendableProcess::launch) ||
      suspended(SuspendableProcess::terminate) || counted() != desired_ || activity_in_progress())
    return;
  while (true) {
    const auto leaving = std::count_if(live_.begin(), live_.end(),
                                       [](const Member* each) { return each->successor != nullptr; });
    const int total = counted() + static_cast<int>(leaving);
    if (total >= max_ + rebalancing_surplus(max_) || !rebalance_once(per_zone(false))) return;
  }
}

bool Group::rebalance_once(const std::vector<int>& zones) {
  const auto skew = imbalance(zones);
  if (!skew) return false;
  std::vector<Member*> members;
  for (Member* each : live_)
    if (each->in_service() && each->successor == nullptr && each->zone == skew->fullest)
      members.push_back(each);
  const auto victim = victim_among(members);
  if (!victim) return false;
  Member& old = *members[*victim];
  Member* const successor = launch_in(
      skew->emptiest, {.cause = Cause::replacement, .reason = "zones are out of balance, for " + old.name()});
  if (successor == nullptr) return false;
  successor->predecessor = &old;
  old.successor = successor;
  old.leaving = "zones are out of balance";
  return true;
}

}  // namespace nephoscope::autoscaling
