// How instances leave a group: deregistration and draining, hooks, the end.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/autoscaling/group.hpp"
#include "models/autoscaling/placement.hpp"

namespace nephoscope::autoscaling {

std::optional<std::size_t> Group::victim_among(const std::vector<Member*>& members) {
  std::vector<Candidate> candidates;
  const std::vector<std::string> types = type_order(Market::on_demand);
  for (const Member* each : members) {
    const auto type = std::find(types.begin(), types.end(), each->instance->type()) - types.begin();
    candidates.push_back({.zone = static_cast<std::uint32_t>(each->zone),
                          .is_protected = each->is_protected,
                          .launched = each->instance->launched_at(),
                          .version = version_rank(each->version),
                          .market = each->instance->market(),
                          .type = static_cast<std::size_t>(type)});
  }
  MarketBalance balance;
  if (config_.mixed_instances) {
    const MixedInstances& mixed = *config_.mixed_instances;
    balance = {.mixed = true,
               .on_demand = on_demand_share(
                   {.on_demand_base = mixed.on_demand_base_capacity,
                    .on_demand_percentage_above_base = mixed.on_demand_percentage_above_base_capacity},
                   static_cast<int>(members.size()) - 1)};
  }
  Draws draws = world_.random.entity(victim_purpose_, 0, selections_++);
  return choose_victim(candidates, config_.termination_policies, balance, world_.now(), draws);
}

void Group::terminate(Member& member, const TerminateOrder& order) {
  check(member.stays(), "autoscaling", "{} is {} already", member.name(), name_of(member.state));
  world_.simulation.cancel(member.timer);
  unlink(member);
  const bool pending = is_pending(member.state);
  if (!member.activity.ended()) close(member, pending ? ActivityStatus::cancelled : ActivityStatus::failed);
  const bool scaling = order.cause == Cause::scaling;
  member.activity = Activity(ActivityKind::terminate, ActivityStatus::in_progress, scaling);
  const bool runs = member.instance->state() == InstanceState::running;
  member.skips_hooks = order.skip_hooks || !runs;
  member.to_pool = order.to_pool && runs && !pending;
  log("terminate", fmt::format("{}: {}", member.name(), order.reason));
  if (order.cause == Cause::replacement) {
    ++metrics_.counts.replacements;
    last_replacement_ = world_.now();
  }
  move(member, is_warmed(member.state) ? LifecycleState::warmed_terminating : LifecycleState::terminating);
  deregister(member);
  if (runs && drains(member))
    progress(member.activity, ActivityStatus::waiting_for_elb_connection_draining);
  else
    drained(member);
  settle();
}

// A successor without predecessor is an ordinary member; a predecessor without successor counts again.
void Group::unlink(Member& member) {
  if (member.successor != nullptr) member.successor->predecessor = nullptr;
  if (member.predecessor != nullptr) member.predecessor->successor = nullptr;
  member.successor = member.predecessor = nullptr;
}

// Registrations stay listed until the load balancer releases them.
void Group::deregister(Member& member) {
  const std::vector<Registration> registered = member.registrations;
  for (const Registration& each : registered) each.group->remove(each.target);
  std::erase_if(member.registrations,
                [](const Registration& each) { return each.group->released(each.target); });
}

bool Group::drains(const Member& member) const { return !member.registrations.empty(); }

void Group::drained(Member& member) {
  if (member.drained) return;
  member.drained = true;
  if (member.activity.status() == ActivityStatus::waiting_for_elb_connection_draining)
    progress(member.activity, ActivityStatus::in_progress);
  if (member.skips_hooks) return end_instance(member);
  begin_hooks(member, HookTransition::terminating);
}

void Group::end_instance(Member& member) {
  const InstanceState state = member.instance->state();
  if (state == InstanceState::terminated) return ended(member);
  if (state != InstanceState::shutting_down) member.instance->terminate();
}

void Group::ended(Member& member) {
  if (member.state == LifecycleState::terminated || member.state == LifecycleState::warmed_terminated) return;
  world_.simulation.cancel(member.timer);
  move(member, is_warmed(member.state) ? LifecycleState::warmed_terminated : LifecycleState::terminated);
  close(member, ActivityStatus::successful);
  ++metrics_.counts.terminations;
  settle();
}

// Target ids belong to their group, so every registration is looked up afresh.
void Group::target_changed(Member& member) {
  for (Registration& each : member.registrations) each.state = each.group->state(each.target);
  std::erase_if(member.registrations,
                [](const Registration& each) { return each.group->released(each.target); });
  const bool waits = member.activity.status() == ActivityStatus::waiting_for_elb_connection_draining;
  if (waits && !drains(member)) drained(member);
  settle();
}

}  // namespace nephoscope::autoscaling
