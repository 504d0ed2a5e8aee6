// How instances come into a group.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/autoscaling/group.hpp"
#include "models/autoscaling/hooks.hpp"
#include "models/autoscaling/placement.hpp"

namespace nephoscope::autoscaling {

namespace {

// The only refusal that another zone or type may not share.
constexpr std::string_view kNoCapacity = "InsufficientInstanceCapacity";

}  // namespace

// Instances by zone that stay; successors' predecessors do not.
std::vector<int> Group::per_zone(bool with_pool) const {
  std::vector<int> counts(zones_.size());
  for (const Member* each : live_)
    if (each->stays() && each->successor == nullptr && (with_pool || !is_warmed(each->state)))
      ++counts[each->zone];
  return counts;
}

Member* Group::launch(const LaunchOrder& order) {
  for (const std::size_t zone : by_need(per_zone(order.for_pool))) {
    Member* member = order.for_pool ? nullptr : take_from_pool(zone, order);
    if (member == nullptr) member = launch_in(zone, order);
    if (member != nullptr) return member;
    if (config_.capacity_distribution == CapacityDistribution::balanced_only) break;
  }
  return nullptr;
}

Market Group::market_of_next() const {
  if (!config_.mixed_instances) return Market::on_demand;
  int total = 0;
  int on_demand = 0;
  for (const Member* each : live_) {
    if (!each->stays() || each->successor != nullptr) continue;
    ++total;
    if (each->instance->market() == Market::on_demand) ++on_demand;
  }
  const MixedInstances& mixed = *config_.mixed_instances;
  return next_market({.on_demand_base = mixed.on_demand_base_capacity,
                      .on_demand_percentage_above_base = mixed.on_demand_percentage_above_base_capacity},
                     on_demand, total);
}

// The types to try, in order. lowest-price spreads Spot Instances over the first types of the list.
std::vector<std::string> Group::type_order(Market market) const {
  if (!config_.mixed_instances || config_.mixed_instances->overrides.empty()) return {launch_type_};
  const MixedInstances& mixed = *config_.mixed_instances;
  std::vector<std::string> types = mixed.overrides;
  if (market == Market::on_demand || mixed.spot_allocation_strategy != SpotAllocation::lowest_price)
    return types;
  const auto pools = std::min<std::size_t>(static_cast<std::size_t>(mixed.spot_instance_pools), types.size());
  const auto in_use = [&](const std::string& type) {
    return std::count_if(live_.begin(), live_.end(), [&](const Member* each) {
      return each->stays() && each->instance->market() == Market::spot && each->instance->type() == type;
    });
  };
  std::stable_sort(types.begin(), types.begin() + static_cast<std::ptrdiff_t>(pools),
                   [&](const std::string& a, const std::string& b) { return in_use(a) < in_use(b); });
  return types;
}

LaunchSpec Group::spec_for(std::size_t zone, Market market, const std::string& type) const {
  return {.config = config_,
          .owner = owner(),
          .zone = zones_[zone],
          .market = market,
          .instance_type = type,
          .version = refresh_.active() ? refresh_.version() : version_,
          .auto_scaling_member = true};
}

Member* Group::launch_in(std::size_t zone, const LaunchOrder& order) {
  const Market market = market_of_next();
  Activity activity(ActivityKind::launch,
                    market == Market::spot ? ActivityStatus::waiting_for_spot_instance_id
                                           : ActivityStatus::waiting_for_instance_id,
                    order.cause == Cause::scaling);
  all_.push_back(std::make_unique<Member>(
      *this, members_so_far(), order.for_pool ? LifecycleState::warmed_pending : LifecycleState::pending,
      activity));
  std::string error;
  for (const std::string& type : type_order(market)) {
    const LaunchResult result = compute_->launch(spec_for(zone, market, type), *all_.back());
    if (const auto* instance = std::get_if<Instance*>(&result))
      return &adopt(**instance, zone, order, activity);
    error = std::get<LaunchFailure>(result).error;
    if (error != kNoCapacity) break;
  }
  all_.pop_back();
  progress(activity, ActivityStatus::failed);
  launch_failed(world_.run.zones[zones_[zone].value], error);
  return nullptr;
}

void Group::launch_failed(const std::string& where, const std::string& error) {
  ++metrics_.counts.failed_launches;
  log("launch", fmt::format("no instance in {}: {}", where, error));
}

Member& Group::adopt(Instance& instance, std::size_t zone, const LaunchOrder& order, Activity activity) {
  Member& member = *all_.back();
  ++launches_;
  progress(activity, ActivityStatus::pre_in_service);
  member.activity = activity;
  member.instance = &instance;
  member.version = instance.server().version();
  if (version_rank(member.version) == static_cast<int>(versions_.size())) versions_.push_back(member.version);
  member.zone = zone;
  member.is_protected = config_.new_instances_protected_from_scale_in;
  member.warmup = warmup_of(order);
  member.warm_before_ready = order.warmup.has_value() || config_.default_instance_warmup.has_value();
  instance.set_in_group_metrics(false);
  live_.push_back(&member);
  ++counts_[static_cast<std::size_t>(member.state)];
  note_levels();
  log("launch", fmt::format("{} ({}, {}) for {}: {}", member.name(), instance.type(),
                            world_.run.zones[zones_[zone].value],
                            order.for_pool ? "the warm pool" : "the group", order.reason));
  return member;
}

Duration Group::warmup_of(const LaunchOrder& order) const {
  if (refresh_.active()) return refresh_.warmup();
  if (order.warmup) return *order.warmup;
  return config_.default_instance_warmup.value_or(config_.default_cooldown);
}

// The instance runs: hooks, then service.
void Group::comes_up(Member& member) { begin_hooks(member, HookTransition::launching); }

HookEnd Group::draw_hooks(Member& member, HookTransition transition, bool& any) {
  std::vector<HookEnd> ends;
  for (const auto& hook : config_.lifecycle_hooks) {
    if (hook.value.transition != transition) continue;
    Draws draws = world_.random.entity(hook_purpose_.of(hook.id), member.number, member.hook_runs);
    const Duration takes = hook.value.duration.sample(draws);
    const bool fails = draws.next_uniform() < hook.value.fails.value;
    ends.push_back(hook_end(hook.value, takes, fails));
  }
  any = !ends.empty();
  ++member.hook_runs;
  return together(ends);
}

void Group::begin_hooks(Member& member, HookTransition transition) {
  bool any = false;
  const HookEnd end = draw_hooks(member, transition, any);
  if (!any) return after_hooks(member);
  switch (member.state) {
    case LifecycleState::pending:
      move(member, LifecycleState::pending_wait);
      break;
    case LifecycleState::terminating:
      move(member, LifecycleState::terminating_wait);
      break;
    case LifecycleState::warmed_pending:
      move(member, LifecycleState::warmed_pending_wait);
      break;
    default:
      move(member, LifecycleState::warmed_terminating_wait);
      break;
  }
  progress(member.activity, ActivityStatus::mid_lifecycle_action);
  member.hook_abandons = end.abandoned;
  member.timer = world_.simulation.after(
      end.after,
      [](void* context) {
        auto& self = *static_cast<Member*>(context);
        self.group->hooks_over(self);
      },
      &member);
}

void Group::hooks_over(Member& member) {
  const bool launching =
      member.state == LifecycleState::pending_wait || member.state == LifecycleState::warmed_pending_wait;
  if (launching && member.hook_abandons) {
    left_early(member, "a lifecycle hook abandons the launch");
    return settle();
  }
  progress(member.activity, launching ? ActivityStatus::pre_in_service : ActivityStatus::in_progress);
  switch (member.state) {
    case LifecycleState::pending_wait:
      move(member, LifecycleState::pending_proceed);
      break;
    case LifecycleState::terminating_wait:
      move(member, LifecycleState::terminating_proceed);
      break;
    case LifecycleState::warmed_pending_wait:
      move(member, LifecycleState::warmed_pending_proceed);
      break;
    default:
      move(member, LifecycleState::warmed_terminating_proceed);
      break;
  }
  after_hooks(member);
  settle();
}

// On the way out both results let the instance go.
void Group::after_hooks(Member& member) {
  if (is_terminating(member.state)) return member.to_pool ? return_to_pool(member) : end_instance(member);
  is_warmed(member.state) ? rests_in_pool(member) : enter_service(member);
}

// With those target groups that do not have it.
void Group::register_targets(Member& member) {
  Instance& instance = *member.instance;
  const Target target{.server = &instance.server(),
                      .zone = instance.zone(),
                      .name = instance.name(),
                      .place = instance.place()};
  for (TargetGroup* group : target_groups_) {
    const auto has_it = [&](const Registration& each) { return each.group == group && !each.is_leaving(); };
    if (std::any_of(member.registrations.begin(), member.registrations.end(), has_it)) continue;
    const TargetId id = group->add(target, &member);
    member.registrations.push_back({.group = group, .target = id, .state = group->state(id)});
  }
}

void Group::enter_service(Member& member) {
  if (!suspended(SuspendableProcess::add_to_load_balancer)) register_targets(member);
  move(member, LifecycleState::in_service);
  close(member, ActivityStatus::successful);
  ++metrics_.counts.entered_service;
  member.in_service_since = world_.now();
  member.warm = false;
  log("launch", member.name() + " is InService");
  if (member.warmup <= Duration{}) return becomes_warm(member);
  member.timer = world_.simulation.after(
      member.warmup,
      [](void* context) {
        auto& self = *static_cast<Member*>(context);
        self.group->becomes_warm(self);
      },
      &member);
}

void Group::becomes_warm(Member& member) {
  member.warm = true;
  show_in_metrics(member);
  settle();
}

// EC2 aggregates the metrics of instances under their owner: those of another group's do not count in this
// one's.
void Group::show_in_metrics(Member& member) {
  member.instance->set_in_group_metrics(member.warm && owner() == id_);
}

void Group::close(Member& member, ActivityStatus end) {
  if (member.activity.ended()) return;
  progress(member.activity, end);
  if (member.activity.scaling()) last_activity_end_ = world_.now();
}

// A launch that does not lead to service.
void Group::left_early(Member& member, const std::string& reason) {
  ++metrics_.counts.failed_launches;
  close(member, ActivityStatus::failed);
  terminate(member, {.cause = is_warmed(member.state) ? Cause::pool : Cause::replacement,
                     .reason = reason,
                     .skip_hooks = true});
}

}  // namespace nephoscope::autoscaling
