// Policies that launch new instances beside the old ones, in a temporary Auto Scaling group.
#include <fmt/format.h>

#include <algorithm>

#include "engine/config/units.hpp"
#include "models/elasticbeanstalk/names.hpp"
#include "models/elasticbeanstalk/rollout.hpp"

namespace nephoscope::elasticbeanstalk {

namespace {

constexpr std::int64_t kWholeWeight = 100;  // of both target groups together

std::string target_group_of(const Site& site, std::string_view name) {
  return fmt::format("{}/{}", site.name, name);
}

void split(const Site& site, std::int64_t to_new) {
  site.load_balancer->set_weight(target_group_of(site, kSplittingTargetGroup), to_new);
  site.load_balancer->set_weight(target_group_of(site, kTargetGroup), kWholeWeight - to_new);
}

}  // namespace

// One instance first; if it is well, as many as there are old ones.
Task<bool> Rollout::immutable(const Site& site) {
  const Batch old = in_service(*site.group);
  const int count = std::max(static_cast<int>(old.size()), 1);
  bool well = co_await launch_beside(site, 1);
  if (well && count > 1) {
    well = co_await launch_beside(site, count);
  }
  if (!well) {
    give_up(site, "the old fleet was not touched");
    co_return false;
  }
  co_await move_in(site, old);
  co_return true;
}

Task<bool> Rollout::launch_beside(const Site& site, int count) {
  const int more = count - site.temporary->desired_capacity();
  log(Step::launch, fmt::format("{} with {} in a temporary group", more, version_));
  site.temporary->update(0, count, count, "the new version");
  const bool passed = co_await launched(*site.temporary, count, command_deadline());
  co_return passed;
}

// Instances that were registered elsewhere are waited for before the old ones go.
Task<> Rollout::move_in(const Site& site, const Batch& old) {
  const int min = site.group->minimum_size();
  const int max = site.group->maximum_size();
  log(Step::move, fmt::format("{} to the environment's group", in_service(*site.temporary).size()));
  site.group->set_launch_version(version_);
  site.group->set_frozen(true);
  site.group->take_over(*site.temporary, "the new version is well");
  co_await until_healthy_targets(*site.group);
  log(Step::terminate, fmt::format("{} with the version before", old.size()));
  for (Instance* each : old)
    if (site.group->in_service(*each)) site.group->terminate_instance(*each, true, "replaced by " + version_);
  site.group->update(min, max, {}, "the old instances go");
  site.group->set_frozen(false);
}

void Rollout::give_up(const Site& site, const std::string& why) {
  log(Step::terminate, fmt::format("{} with {}", site.temporary->instances().size(), version_));
  site.temporary->update(0, 0, 0, "the new version is ill");
  log(Step::roll_back, why);
}

// Both groups keep their size while the load balancer sends a part of the traffic to the new instances.
Task<bool> Rollout::traffic_splitting(const Site& site) {
  const Batch old = in_service(*site.group);
  site.group->set_frozen(true);
  bool well = co_await launch_beside(site, std::max(static_cast<int>(old.size()), 1));
  if (well) {
    log(Step::shift, fmt::format("{} % of the traffic to {}", settings_.new_version_percent, version_));
    split(site, settings_.new_version_percent);
    well = co_await stays_well(*site.temporary, settings_.evaluation_time);
    if (!well) {
      log(Step::shift, "all traffic to the version before");
      split(site, 0);
    }
  }
  if (!well) {
    give_up(site, "the old fleet serves all traffic");
    site.group->set_frozen(false);
    co_return false;
  }
  log(Step::shift, fmt::format("all traffic to {}", version_));
  split(site, kWholeWeight);
  co_await move_in(site, old);
  split(site, 0);
  site.group->drop_foreign_targets();
  site.group->set_frozen(false);
  co_return true;
}

Task<bool> Rollout::stays_well(const AutoScalingGroup& group, Duration time) {
  log(Step::evaluate, fmt::format("for {}", show(time)));
  const Time end = world_.now() + time;
  while (world_.now() < end) {
    const WaitStatus status = co_await world_.simulation.delay(std::min(kReportPeriod, end - world_.now()));
    if (status != WaitStatus::done) co_return false;
    const Batch batch = in_service(group);
    const auto ill = [&](const Instance* each) { return agents_.ill(*each); };
    if (!batch.empty() && std::none_of(batch.begin(), batch.end(), ill)) continue;
    log(Step::health, fmt::format("failed: {}", worst_of(batch)));
    co_return settings_.ignore_health_check;
  }
  log(Step::health, "passed under traffic");
  co_return true;
}

// Until the instances that were moved are healthy where the environment's own registered them.
Task<> Rollout::until_healthy_targets(const AutoScalingGroup& group) {
  const Time deadline = command_deadline();
  for (;;) {
    const Batch batch = in_service(group);
    const auto healthy = [&](const Instance* each) { return group.healthy_target(*each); };
    if (std::all_of(batch.begin(), batch.end(), healthy) || world_.now() >= deadline) co_return;
    const WaitStatus status = co_await world_.simulation.delay(agents_.until_next_tick());
    if (status != WaitStatus::done) co_return;
  }
}

}  // namespace nephoscope::elasticbeanstalk
