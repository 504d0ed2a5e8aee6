#include "models/elasticbeanstalk/rollout.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/units.hpp"

namespace nephoscope::elasticbeanstalk {

namespace {

// "2 instances".
std::string count_of(std::size_t count) { return fmt::format("{} instance{}", count, count == 1 ? "" : "s"); }

}  // namespace

std::string_view name_of(Step step) {
  switch (step) {
    case Step::begin:
      return "begin";
    case Step::launch:
      return "launch";
    case Step::pause:
      return "pause";
    case Step::detach:
      return "detach";
    case Step::drain:
      return "drain";
    case Step::deploy:
      return "deploy";
    case Step::attach:
      return "attach";
    case Step::health:
      return "health";
    case Step::shift:
      return "shift";
    case Step::evaluate:
      return "evaluate";
    case Step::move:
      return "move";
    case Step::terminate:
      return "terminate";
    case Step::swap:
      return "swap";
    case Step::roll_back:
      return "roll back";
    case Step::fail:
      return "fail";
    case Step::succeed:
      break;
  }
  return "succeed";
}

Rollout::Rollout(World& world, const std::string& environment, const EnvironmentConfig& config,
                 const Settings& settings, Agents& agents)
    : world_(world),
      environment_(environment),
      config_(config),
      settings_(settings),
      agents_(agents),
      deploy_purpose_(Purpose("elasticbeanstalk.deploy").of(environment)),
      restart_purpose_(Purpose("elasticbeanstalk.restart").of(environment)) {}

void Rollout::log(Step step, std::string_view text) {
  world_.log(environment_, "deployment", fmt::format("{}: {}", name_of(step), text));
}

Time Rollout::command_deadline() const { return world_.now() + settings_.effective_command_timeout(); }

// --- the whole
// -----------------------------------------------------------------------------------------------

void Rollout::begin(const std::string& version, const std::string& before) {
  version_ = version;
  before_ = before;
  ++number_;
  log(Step::begin, fmt::format("{} in place of {}", version, before));
}

Task<DeploymentOutcome> Rollout::ship(const Site& site) {
  const DeploymentPolicy policy = settings_.deployment_policy;
  const bool beside = policy == DeploymentPolicy::immutable || policy == DeploymentPolicy::traffic_splitting;
  AutoScalingGroup& target = beside ? *site.temporary : *site.group;
  agents_.expect(target, version_);
  target.set_launch_version(version_);
  bool shipped = false;
  switch (policy) {
    case DeploymentPolicy::all_at_once:
      shipped = co_await all_at_once(site);
      break;
    case DeploymentPolicy::rolling:
      shipped = co_await rolling(site);
      break;
    case DeploymentPolicy::rolling_with_additional_batch:
      shipped = co_await additional_batch(site);
      break;
    case DeploymentPolicy::immutable:
      shipped = co_await immutable(site);
      break;
    case DeploymentPolicy::traffic_splitting:
      shipped = co_await traffic_splitting(site);
      break;
  }
  co_return close(site, shipped, beside ? DeploymentOutcome::rolled_back : DeploymentOutcome::failed);
}

Task<DeploymentOutcome> Rollout::ship_immutably(const Site& site) {
  agents_.expect(*site.temporary, version_);
  site.temporary->set_launch_version(version_);
  const bool shipped = co_await immutable(site);
  co_return close(site, shipped, DeploymentOutcome::rolled_back);
}

// From now on launches install, and health expects, what was shipped last with success.
DeploymentOutcome Rollout::close(const Site& site, bool shipped, DeploymentOutcome failure) {
  const std::string& now = shipped ? version_ : before_;
  agents_.expect(*site.group, now);
  site.group->set_launch_version(now);
  if (shipped) log(Step::succeed, version_ + " is deployed");
  return shipped ? DeploymentOutcome::succeeded : failure;
}

// --- in place
// --------------------------------------------------------------------------------------------------

Task<bool> Rollout::all_at_once(const Site& site) {
  const Batch all = in_service(*site.group);
  begin_gate(all);
  log(Step::deploy, fmt::format("{} on all {}", version_, count_of(all.size())));
  co_await install(all);
  const bool passed = co_await gate(site, all);
  if (!passed) log(Step::fail, fmt::format("{} stays on {}", version_, count_of(all.size())));
  co_return passed;
}

Task<bool> Rollout::rolling(const Site& site) {
  const int size = settings_.batch_of(std::max(site.group->desired_capacity(), 1));
  for (;;) {
    const Batch batch = next_batch(site, size);
    if (batch.empty()) co_return true;
    const bool passed = co_await update_batch(site, batch);
    if (passed) continue;
    log(Step::detach, fmt::format("{} of the failed batch stay out", count_of(batch.size())));
    for (Instance* each : batch)
      if (site.load_balancer != nullptr && site.group->in_service(*each))
        site.group->deregister_targets(*each);
    log(Step::fail, fmt::format("{} runs on some instances, the version before on others", version_));
    co_return false;
  }
}

// What scaling launches meanwhile installs the new version by itself and is passed over.
Rollout::Batch Rollout::next_batch(const Site& site, int size) const {
  Batch batch;
  for (Instance* each : in_service(*site.group))
    if (static_cast<int>(batch.size()) < size && each->server().version() != version_) batch.push_back(each);
  return batch;
}

Task<bool> Rollout::update_batch(const Site& site, const Batch& batch) {
  if (site.load_balancer != nullptr) {
    co_await detach(site, batch);
  }
  begin_gate(batch);
  log(Step::deploy, fmt::format("{} on {}", version_, count_of(batch.size())));
  co_await install(batch);
  if (site.load_balancer != nullptr) {
    log(Step::attach, fmt::format("{} to the load balancer", count_of(batch.size())));
    for (Instance* each : batch)
      if (site.group->in_service(*each)) site.group->register_targets(*each);
  }
  const bool passed = co_await gate(site, batch);
  co_return passed;
}

Task<> Rollout::detach(const Site& site, const Batch& batch) {
  log(Step::detach, fmt::format("{} from the load balancer", count_of(batch.size())));
  for (Instance* each : batch)
    if (site.group->in_service(*each)) site.group->deregister_targets(*each);
  const Time began = world_.now();
  const auto connected = [&](const Instance* each) { return site.group->registered(*each); };
  while (std::any_of(batch.begin(), batch.end(), connected)) {
    const WaitStatus status = co_await world_.simulation.delay(agents_.until_next_tick());
    if (status != WaitStatus::done) co_return;
  }
  log(Step::drain, fmt::format("connections have ended after {}", show(world_.now() - began)));
}

// The old version serves while the bundle arrives and is installed; then the application restarts.
Task<> Rollout::install(const Batch& batch) {
  for (Instance* each : batch) {
    const Duration takes = draw(deploy_purpose_, *each, config_.deploy_time);
    const Duration restart = draw(restart_purpose_, *each, config_.restart_time);
    ++installing_;
    world_.simulation.spawn(install_on(*each, takes, restart));
  }
  while (installing_ > 0) {
    const WaitStatus status = co_await world_.simulation.delay(agents_.until_next_tick());
    if (status != WaitStatus::done) co_return;
  }
}

Process Rollout::install_on(Instance& instance, Duration takes, Duration restart) {
  if (config_.bundle_size.count > 0) {
    co_await instance.fetch(config_.bundle_size);
  }
  co_await world_.simulation.delay(takes);
  instance.restart_application(version_, restart);
  co_await world_.simulation.delay(restart);
  --installing_;
}

Duration Rollout::draw(Purpose purpose, const Instance& instance, const DurationDistribution& takes) const {
  Draws draws = world_.random.entity(purpose.of(instance.name()), 0, number_);
  return std::max(takes.sample(draws), Duration{});
}

// --- with a batch more
// -----------------------------------------------------------------------------------------

Task<bool> Rollout::additional_batch(const Site& site) {
  AutoScalingGroup& group = *site.group;
  const int size = settings_.batch_of(std::max(group.desired_capacity(), 1));
  const int max = group.maximum_size();
  const int desired = group.desired_capacity();
  const Batch old = in_service(group);
  group.set_frozen(true);
  group.update({}, std::max(max, desired + size), desired + size, "an additional batch");
  const bool added = co_await add_batch(site, size);
  const bool shipped = added && co_await rolling(site);
  Batch extra = group.instances();
  std::erase_if(extra, [&](Instance* each) { return std::find(old.begin(), old.end(), each) != old.end(); });
  if (!extra.empty()) log(Step::terminate, fmt::format("{} of the additional batch", count_of(extra.size())));
  for (Instance* each : extra)
    group.terminate_instance(*each, true, "the additional batch has done its work");
  group.update({}, max, {}, "the additional batch has gone");
  group.set_frozen(false);
  if (!added) log(Step::fail, "the additional batch has gone, the fleet runs the version before");
  co_return shipped;
}

Task<bool> Rollout::add_batch(const Site& site, int size) {
  log(Step::launch, fmt::format("{} with {}", count_of(static_cast<std::size_t>(size)), version_));
  const int all = site.group->desired_capacity();
  const bool passed = co_await launched(*site.group, all, command_deadline());
  co_return passed;
}

// --- gates
// -----------------------------------------------------------------------------------------------------

bool Rollout::passes(const AutoScalingGroup& group, const Instance& instance) {
  if (settings_.health_system == HealthSystem::enhanced) return agents_.passed(instance) >= kChecksToPass;
  return instance.application_running() && (!group.registered(instance) || group.healthy_target(instance));
}

void Rollout::begin_gate(const Batch& batch) {
  for (const Instance* each : batch) agents_.begin_gate(*each);
}

// Instances that have left the group meanwhile are no longer waited for.
Task<bool> Rollout::gate(const Site& site, const Batch& batch) {
  begin_gate(batch);
  const Time deadline = command_deadline();
  const auto waits = [&](const Instance* each) {
    return site.group->in_service(*each) && !passes(*site.group, *each);
  };
  while (std::any_of(batch.begin(), batch.end(), waits)) {
    if (world_.now() >= deadline) {
      log(Step::health, fmt::format("failed: {}", worst_of(batch)));
      co_return settings_.ignore_health_check;
    }
    const WaitStatus status = co_await world_.simulation.delay(agents_.until_next_tick());
    if (status != WaitStatus::done) co_return false;
  }
  log(Step::health, fmt::format("passed by {}", count_of(batch.size())));
  co_return true;
}

Task<bool> Rollout::launched(AutoScalingGroup& group, int count, Time deadline) {
  for (;;) {
    const Batch there = in_service(group);
    const auto well = std::count_if(there.begin(), there.end(), [&](Instance* each) {
      return each->server().version() != version_ || passes(group, *each);
    });
    if (well >= count) break;
    if (world_.now() >= deadline) {
      log(Step::health, fmt::format("failed: {} of {} instances pass; {}", well, count, worst_of(there)));
      co_return settings_.ignore_health_check;
    }
    const WaitStatus status = co_await world_.simulation.delay(agents_.until_next_tick());
    if (status != WaitStatus::done) co_return false;
  }
  log(Step::health, fmt::format("passed by all {}", count_of(static_cast<std::size_t>(count))));
  co_return true;
}

std::string Rollout::worst_of(const Batch& batch) {
  const Instance* worst = nullptr;
  for (const Instance* each : batch)
    if (worst == nullptr || agents_.finding(*each).health > agents_.finding(*worst).health) worst = each;
  if (worst == nullptr) return "no instance has come";
  const Finding& finding = agents_.finding(*worst);
  return fmt::format("{} is {}{}{}", worst->name(), name_of(finding.health),
                     finding.cause.empty() ? "" : ": ", finding.cause);
}

Rollout::Batch Rollout::in_service(const AutoScalingGroup& group) const {
  Batch batch = group.instances();
  std::erase_if(batch, [&](const Instance* each) { return !group.in_service(*each); });
  return batch;
}

}  // namespace nephoscope::elasticbeanstalk
