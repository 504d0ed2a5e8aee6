// The warm pool: instances that are prepared in advance and wait outside the group.
#include <fmt/format.h>

#include <algorithm>

#include "models/autoscaling/group.hpp"
#include "models/autoscaling/placement.hpp"

namespace nephoscope::autoscaling {

int Group::pool_size() const {
  return static_cast<int>(std::count_if(live_.begin(), live_.end(), [](const Member* each) {
    return is_warmed(each->state) && each->stays();
  }));
}

void Group::fill_pool() {
  if (!config_.warm_pool || suspended(SuspendableProcess::launch)) return;
  const WarmPool& pool = *config_.warm_pool;
  const int wanted = warm_pool_size(pool.max_group_prepared_capacity.value_or(max_), pool.min_size, desired_);
  const LaunchOrder order{
      .cause = Cause::pool, .reason = "the pool is to hold " + std::to_string(wanted), .for_pool = true};
  if (world_.now() >= launch_retry_at_)
    for (int missing = wanted - pool_size(); missing > 0; --missing)
      if (launch(order) == nullptr) return retry_later();
  const std::vector<Member*> members = live_;
  int surplus = pool_size() - wanted;
  for (auto each = members.rbegin(); each != members.rend() && surplus > 0; ++each) {
    if (!is_warmed((*each)->state) || !(*each)->stays()) continue;
    terminate(**each, {.cause = Cause::pool, .reason = "the pool is to hold " + std::to_string(wanted)});
    --surplus;
  }
}

// Without a waiting instance in that zone the group launches a new one.
Member* Group::take_from_pool(std::size_t zone, const LaunchOrder& order) {
  for (Member* each : live_) {
    const bool stopped = each->state == LifecycleState::warmed_stopped;
    if (each->zone != zone || (!stopped && each->state != LifecycleState::warmed_running)) continue;
    each->activity = Activity(ActivityKind::launch, ActivityStatus::waiting_for_instance_id,
                              order.cause == Cause::scaling);
    if (stopped) each->instance->start();
    if (each->instance->state() == InstanceState::stopped) {
      progress(each->activity, ActivityStatus::failed);
      launch_failed(each->name(), each->instance->start_failure());
      continue;
    }
    progress(each->activity, ActivityStatus::pre_in_service);
    each->warmup = warmup_of(order);
    each->warm_before_ready = order.warmup.has_value() || config_.default_instance_warmup.has_value();
    each->entering_pool = false;
    log("launch", fmt::format("{} from the warm pool: {}", each->name(), order.reason));
    move(*each, LifecycleState::pending);
    if (!stopped) comes_up(*each);
    return each;
  }
  return nullptr;
}

// Booted and bootstrapped, as a launch hook makes sure in practice; then come the group's own hooks.
void Group::prepared(Member& member) { begin_hooks(member, HookTransition::launching); }

// Stops the instance first if the pool wants it stopped, and is called again when it is.
void Group::rests_in_pool(Member& member) {
  const bool stops = config_.warm_pool->pool_state == PoolState::stopped;
  member.entering_pool = true;
  if (stops && member.instance->state() != InstanceState::stopped) return member.instance->stop();
  move(member, stops ? LifecycleState::warmed_stopped : LifecycleState::warmed_running);
  close(member, ActivityStatus::successful);
  member.entering_pool = false;
  log("pool", fmt::format("{} is {}", member.name(), name_of(member.state)));
}

void Group::return_to_pool(Member& member) {
  member.to_pool = false;
  member.drained = false;
  member.warm = false;
  member.instance->set_in_group_metrics(false);
  move(member, LifecycleState::warmed_pending);
  rests_in_pool(member);
}

void Group::renew_pool(const std::string& version) {
  const std::vector<Member*> members = live_;
  for (Member* each : members)
    if (is_warmed(each->state) && each->stays() && each->version != version)
      terminate(*each, {.cause = Cause::pool, .reason = "its version is not " + version});
}

}  // namespace nephoscope::autoscaling
