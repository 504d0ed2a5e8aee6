// Rolling updates of an environment's configuration, which exchange its instances.
//
// Source: Elastic Beanstalk Developer Guide, "Elastic Beanstalk rolling environment configuration updates":
// each batch is terminated and launched anew; time-based updates pause between batches, health-based ones
// wait until the new instances are well; a failed update is followed by one back. Without rolling updates all
// go at once.
#include <fmt/format.h>

#include <algorithm>

#include "engine/config/units.hpp"
#include "models/elasticbeanstalk/rollout.hpp"

namespace nephoscope::elasticbeanstalk {

Task<DeploymentOutcome> Rollout::change_type(const Site& site, const std::string& instance_type) {
  const std::string type_before = type_;
  set_launch_type(site, instance_type);
  if (settings_.rolling_update_enabled && settings_.rolling_update_type == RollingUpdateType::immutable) {
    const DeploymentOutcome outcome = co_await ship_immutably(site);
    if (outcome != DeploymentOutcome::succeeded) set_launch_type(site, type_before);
    co_return outcome;
  }
  const bool done = co_await exchange(site, in_service(*site.group));
  if (done) {
    log(Step::succeed, fmt::format("all instances are of type {}", instance_type));
    co_return DeploymentOutcome::succeeded;
  }
  log(Step::roll_back, "a second rolling update exchanges what the first one launched");
  set_launch_type(site, type_before);
  Batch changed = site.group->instances();
  std::erase_if(changed, [&](const Instance* each) { return each->type() != instance_type; });
  const bool back = co_await exchange(site, changed);
  if (!back) log(Step::fail, "the way back fails as well: the fleet stays mixed");
  co_return back ? DeploymentOutcome::rolled_back : DeploymentOutcome::failed;
}

// For both groups: what is launched beside the old instances later is of this type as well.
void Rollout::set_launch_type(const Site& site, const std::string& instance_type) {
  type_ = instance_type;
  site.group->set_launch_type(instance_type);
  if (site.temporary != nullptr) site.temporary->set_launch_type(instance_type);
}

// In batches that leave as many in service as the settings ask for, but of one instance at least.
Task<bool> Rollout::exchange(const Site& site, const Batch& old) {
  AutoScalingGroup& group = *site.group;
  const auto all = static_cast<int>(old.size());
  const int room = group.desired_capacity() - settings_.rolling_update_in_service();
  const int size = settings_.rolling_update_enabled
                       ? std::max(std::min(settings_.rolling_update_batch(), room), 1)
                       : std::max(all, 1);
  const bool pauses =
      settings_.rolling_update_enabled && settings_.rolling_update_type == RollingUpdateType::time;
  for (int first = 0; first < all; first += size) {
    const int last = std::min(first + size, all);
    log(Step::terminate, fmt::format("{} to {} of {}, which are launched anew", first + 1, last, all));
    for (int i = first; i < last; ++i) {
      Instance& instance = *old[static_cast<std::size_t>(i)];
      if (group.in_service(instance)) group.terminate_instance(instance, false, "its configuration changes");
    }
    if (pauses) {
      log(Step::pause, fmt::format("for {}", show(pause_time())));
      const WaitStatus status = co_await world_.simulation.delay(pause_time());
      if (status != WaitStatus::done) co_return false;
      continue;
    }
    const bool well =
        co_await launched(group, group.desired_capacity(), world_.now() + settings_.rolling_update_timeout);
    if (!well) co_return false;
  }
  co_return true;
}

// AWS computes one that is not set from instance type and container, by no published rule.
Duration Rollout::pause_time() const {
  if (settings_.pause_time) return *settings_.pause_time;
  const double launch = config_.launch_time.mean() + config_.boot_time.mean() + config_.bootstrap().mean();
  return Duration(static_cast<std::int64_t>(launch * 1e9));
}

}  // namespace nephoscope::elasticbeanstalk
