#include "models/elasticbeanstalk/controller.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/common/report.hpp"
#include "models/common/series.hpp"
#include "models/elasticbeanstalk/names.hpp"

namespace nephoscope::elasticbeanstalk {

namespace {

constexpr int kTicksPerStatus =
    60;  // an environment's status is published each 60 s (Developer Guide, health)

ErrorThresholds thresholds_of(const EnvironmentConfig& config) {
  return {config.health_5xx_warning, config.health_5xx_degraded, config.health_5xx_severe};
}

}  // namespace

void ElasticIp::submit(const Request& request, ReplyId reply) {
  for (Instance* each : group_->instances())
    if (group_->in_service(*each)) return carry(*world_, each->place(), each->server(), request, reply);
}

Controller::Controller(World& world, const std::string& id, const EnvironmentConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      settings_(config.settings()),
      agents_(world, thresholds_of(config), settings_.success_threshold),
      rollout_(world, id_, config_, settings_, agents_),
      deployed_(config.version ? config.version->id : ""),
      series_({.origin = Time{}, .width = std::max<Duration>(series_step(world.run), 1min)}) {}

// --- wiring
// --------------------------------------------------------------------------------------------------

void Controller::connect(const Wiring& wiring) {
  cloudwatch_ = &wiring.cloudwatch();
  metric_ = cloudwatch_->metric({.space = "AWS/ElasticBeanstalk",
                                 .name = "EnvironmentHealth",
                                 .dimensions = {{"EnvironmentName", id_}}});
  sites_[0] = connect_site(wiring, id_ + "/");
  if (config_.blue_green) sites_[1] = connect_site(wiring, id_ + "/" + std::string(kGreen));
  if (config_.database) database_ = &wiring.removable(config_.database->id);
  machines_ = &wiring.fleet(id_ + "/" + std::string(kAutoScalingGroup));
  for (TargetGroup* each : attached_) machines_->attach(*each);
}

Site Controller::connect_site(const Wiring& wiring, const std::string& prefix) {
  const std::size_t number = prefix.ends_with(kGreen) ? 1 : 0;
  const auto id = [&](std::string_view name) { return prefix + std::string(name); };
  Site site{.name = prefix.substr(0, prefix.size() - 1),
            .group = &wiring.auto_scaling_group(id(kAutoScalingGroup))};
  agents_.watch(*site.group);
  if (config_.has_temporary_group()) {
    site.temporary = &wiring.auto_scaling_group(id(kTemporaryGroup));
    agents_.watch(*site.temporary);
  }
  elastic_ips_[number].set_group(world_, *site.group);
  fronts_[number] = &elastic_ips_[number];
  if (!settings_.load_balanced) return site;
  site.load_balancer = &wiring.load_balancer(id(kLoadBalancer));
  fronts_[number] = &wiring.endpoint(id(kLoadBalancer));
  return site;
}

void Controller::attach(TargetGroup& group) {
  if (machines_ != nullptr) return machines_->attach(group);
  attached_.push_back(&group);
}

void Controller::start() {
  if (config_.blue_green) sites_[1].group->set_frozen(true);
  world_.simulation.spawn(look_after());
  if (settings_.managed_actions_enabled) world_.simulation.spawn(managed_actions());
}

Endpoint& Controller::address_at(Time asked) const {
  const auto after = std::find_if(addresses_.begin(), addresses_.end(),
                                  [&](const Address& each) { return each.since > asked; });
  return *fronts_[std::prev(after)->site];
}

// --- health
// --------------------------------------------------------------------------------------------------

Process Controller::look_after() {
  Duration wait = agents_.first_tick(id_);
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(wait);
    if (status != WaitStatus::done) co_return;
    wait = kTick;
    agents_.tick();
    if (++ticks_ % kTicksPerStatus == 0) publish();
  }
}

// While something is done to the environment its status is not lowered (Developer Guide, "Health colors and
// statuses").
void Controller::publish() {
  Finding now = agents_.environment(*live().group, settings_.min_size);
  if (busy_) now = {Health::info, "an operation is in progress"};
  if (health_.health == Health::unknown && now.health >= Health::warning && !agents_.heard()) now = health_;
  if (now.health != health_.health)
    world_.log(id_, "health",
               fmt::format("{} -> {}{}{}", name_of(health_.health), name_of(now.health),
                           now.cause.empty() ? "" : ": ", now.cause));
  health_ = std::move(now);
  const auto value = static_cast<double>(health_.health);
  cloudwatch_->put(metric_, published_, StatisticSet::of(value));
  series_.add_level(published_, world_.now(), value);
  published_ = world_.now();
  measured_.sum += value;
  measured_.minutes += 1;
}

void Controller::report(Report& report) const {
  report.ratio({Scope::resource, id_, "EnvironmentHealth"}, "1", measured_.sum, measured_.minutes);
  report.series(id_ + ".EnvironmentHealth", "1", series_);
}

// --- deployments
// ---------------------------------------------------------------------------------------------

std::string Controller::deployed_version() const {
  if (!deployed_.empty()) return deployed_;
  for (Instance* each : live().group->instances()) return each->server().version();
  return "";
}

// One operation at a time.
bool Controller::begin(const std::string& deployment, DeploymentListener& listener) {
  if (busy_ || keeps_old_) {
    world_.log(id_, "deployment",
               busy_ ? "refused: another operation is in progress (the environment is not Ready)"
                     : "refused: the environment that was swapped out has not been terminated yet");
    listener.deployment_ended(deployment, DeploymentOutcome::cancelled);
    return false;
  }
  busy_ = true;
  const std::string version = deployed_version();
  operation_ = {.deployment = deployment, .version = version, .before = version, .listener = &listener};
  return true;
}

void Controller::deploy(const std::string& deployment, const std::string& version,
                        DeploymentListener& listener) {
  if (!begin(deployment, listener)) return;
  operation_.version = version;
  world_.simulation.spawn(run());
}

void Controller::change_instance_type(const std::string& deployment, const std::string& instance_type,
                                      DeploymentListener& listener) {
  if (begin(deployment, listener)) world_.simulation.spawn(run_update(instance_type));
}

Process Controller::run_update(std::string instance_type) {
  rollout_.begin(operation_.version, operation_.version);
  const DeploymentOutcome outcome = co_await rollout_.change_type(live(), instance_type);
  busy_ = false;
  operation_.listener->deployment_ended(operation_.deployment, outcome);
}

Process Controller::run() {
  rollout_.begin(operation_.version, operation_.before);
  DeploymentOutcome outcome = DeploymentOutcome::failed;
  if (config_.blue_green) {
    outcome = co_await swap_environments();
  } else {
    outcome = co_await rollout_.ship(live());
  }
  const bool shipped = outcome == DeploymentOutcome::succeeded;
  deployed_ = shipped ? operation_.version : operation_.before;
  busy_ = false;
  operation_.listener->deployment_ended(operation_.deployment, outcome);
}

std::unique_ptr<Resource> EnvironmentConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Controller>(world, id, *this);
}

}  // namespace nephoscope::elasticbeanstalk
