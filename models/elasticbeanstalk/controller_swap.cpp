// Blue/green deployments, by a swap of two environments' CNAMEs, and managed platform updates.
#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"
#include "models/elasticbeanstalk/controller.hpp"

namespace nephoscope::elasticbeanstalk {

namespace {

constexpr Duration kWindowLength = 2h;  // in which managed updates start (Developer Guide, managed updates)
constexpr Duration kWeek = 7 * 24h;
constexpr int kThursday = 4;  // 1970-01-01

}  // namespace

// A second environment is created and tested; users come by the swap; if it is ill then, they go back.
Task<DeploymentOutcome> Controller::swap_environments() {
  Site& blue = live();
  Site& green = sites_[1 - addresses_.back().site];
  const bool tested = co_await create(green);
  if (!tested) {
    rollout_.log(Step::roll_back, "users never saw the new environment");
    terminate(green);
    co_return DeploymentOutcome::rolled_back;
  }
  swap();
  const bool well = co_await rollout_.stays_well(*green.group, config_.blue_green->watch_time);
  if (!well) {
    swap();
    rollout_.log(Step::roll_back, "users go back to the old environment as their resolvers ask again");
  }
  if (well) rollout_.log(Step::succeed, operation_.version + " is deployed");
  keeps_old_ = true;
  world_.simulation.spawn(retire(well ? blue : green, config_.blue_green->keep_old));
  co_return well ? DeploymentOutcome::succeeded : DeploymentOutcome::rolled_back;
}

Task<bool> Controller::create(Site& green) {
  const AutoScalingGroup& blue = *live().group;
  const int count = std::max(blue.desired_capacity(), 1);
  rollout_.log(Step::launch,
               fmt::format("{}: a second environment of {} with {}", green.name, count, operation_.version));
  if (green.load_balancer != nullptr) green.load_balancer->set_provisioned(true);
  const WaitStatus created = co_await world_.simulation.delay(config_.blue_green->create_time);
  if (created != WaitStatus::done) co_return false;
  green.group->set_launch_version(operation_.version);
  green.group->set_launch_type(rollout_.launch_type());
  agents_.expect(*green.group, operation_.version);
  green.group->update(blue.minimum_size(), blue.maximum_size(), count, "the environment is created");
  const bool launched = co_await rollout_.launched(*green.group, count, rollout_.command_deadline());
  if (!launched) co_return false;
  const bool tested = co_await rollout_.stays_well(*green.group, config_.blue_green->test_time);
  co_return tested;
}

void Controller::swap() {
  live().group->set_frozen(true);
  addresses_.push_back({world_.now(), 1 - addresses_.back().site});
  live().group->set_frozen(false);
  rollout_.log(Step::swap, fmt::format("{} is now {}; resolvers may keep the old answer for {}", id_,
                                       live().name, show(config_.cname_ttl)));
}

Process Controller::retire(Site& old, Duration after) {
  const WaitStatus status = co_await world_.simulation.delay(after);
  if (status != WaitStatus::done) co_return;
  terminate(old);
  keeps_old_ = false;
}

// The database goes with the environment that it was created in, which is the first one, unless it is
// retained.
void Controller::terminate(Site& site) {
  rollout_.log(Step::terminate,
               fmt::format("environment {} with {} instances", site.name, site.group->instances().size()));
  site.group->update(0, 0, 0, "the environment is terminated");
  if (site.load_balancer != nullptr) site.load_balancer->set_provisioned(false);
  if (database_ == nullptr || &site != &sites_[0] || settings_.db_deletion_policy == DeletionPolicy::retain)
    return;
  database_->remove("its environment was terminated");
}

// --- managed platform updates
// --------------------------------------------------------------------------------

Process Controller::managed_actions() {
  for (;;) {
    Draws draws = world_.random.entity(Purpose("elasticbeanstalk.managed").of(id_), 0, managed_++);
    const double within = draws.next_uniform();
    const bool update = draws.next_uniform() < config_.platform_updates.value;
    const auto offset =
        Duration(static_cast<std::int64_t>(within * static_cast<double>(kWindowLength.count())));
    const WaitStatus status =
        co_await world_.simulation.delay(next_window(world_.now()) + offset - world_.now());
    if (status != WaitStatus::done) co_return;
    if (busy_ || keeps_old_ || !(update || settings_.instance_refresh_enabled)) continue;
    co_await managed_action();
  }
}

// The next begin of the weekly window after `from`.
Time Controller::next_window(Time from) const {
  const MaintenanceWindow window = settings_.preferred_start_time.value_or(MaintenanceWindow{});
  const Duration epoch = Duration(1s) * world_.run.start_epoch;
  const Duration in_week = (window.weekday - kThursday) * Duration(24h) + window.start;
  const Duration now = epoch + (from - Time{});
  const Duration next = now - ((now - in_week) % kWeek + kWeek) % kWeek + kWeek;
  return Time{} + (next - epoch);
}

Task<> Controller::managed_action() {
  busy_ = true;
  const std::string version = deployed_version();
  world_.log(id_, "managed action", "replaces all instances");
  rollout_.begin(version, version);
  co_await rollout_.ship_immutably(live());
  busy_ = false;
}

}  // namespace nephoscope::elasticbeanstalk
