#include "models/elasticbeanstalk/checks.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "models/common/cron.hpp"
#include "models/common/instance_type.hpp"
#include "models/elasticbeanstalk/environment.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

constexpr std::string_view kGroupSpace = "aws:autoscaling:asg";
constexpr std::string_view kCommandSpace = "aws:elasticbeanstalk:command";
constexpr std::string_view kRollingSpace = "aws:autoscaling:updatepolicy:rollingupdate";
constexpr std::string_view kTriggersSpace = "aws:autoscaling:trigger";
constexpr std::string_view kInstancesSpace = "aws:ec2:instances";
constexpr std::string_view kLaunchSpace = "aws:autoscaling:launchconfiguration";
constexpr std::string_view kProcessSpace = "aws:elasticbeanstalk:environment:process:default";
constexpr std::string_view kClassicChecksSpace = "aws:elb:healthcheck";
constexpr std::string_view kManagedSpace = "aws:elasticbeanstalk:managedactions";
constexpr std::string_view kUpdatesSpace = "aws:elasticbeanstalk:managedactions:platformupdate";

// One look at an environment's settings, with their places.
class Checker final {
 public:
  Checker(const EnvironmentConfig& config, const Node& node, Context& context)
      : applied_(config.applied()), all_(config.resolved()), node_(node), context_(context) {}

  void sizes();
  void deployments();
  void rolling_updates();
  void managed_actions();
  void trigger();
  void instance_types();
  void health_checks();
  void scheduled_actions();

 private:
  // The setting that holds; null if the default does.
  const Setting* find(std::string_view space, std::string_view name) const;
  void report(std::string_view space, std::string_view name, std::string message, std::string hint = "",
              Code code = Code::inconsistent);
  void need_enhanced(std::string_view space, std::string_view name, std::string_view what);
  void scheduled_action(const ScheduledAction& action);
  void action_problem(const ScheduledAction& action, std::string message, std::string hint = "");

  const Settings& settings() const { return all_.settings; }
  const ResourceSettings& resources() const { return all_.resources; }

  std::vector<Setting> applied_;
  Resolved all_;
  const Node& node_;
  Context& context_;
};

const Setting* Checker::find(std::string_view space, std::string_view name) const {
  const Option* option = find_option(*find_space(space), name);
  const Setting* found = nullptr;
  for (const Setting& setting : applied_)
    if (setting.option == option) found = &setting;
  return found;
}

void Checker::report(std::string_view space, std::string_view name, std::string message, std::string hint,
                     Code code) {
  const Setting* setting = find(space, name);
  const bool written = setting != nullptr && setting->place.file >= 0;
  context_.diagnostics().add({code, written ? setting->place : node_.key_place(),
                              written ? setting->path : node_.path(), std::move(message), std::move(hint),
                              ""});
}

void Checker::need_enhanced(std::string_view space, std::string_view name, std::string_view what) {
  if (settings().health_system == HealthSystem::enhanced) return;
  report(space, name, fmt::format("{} need enhanced health reporting", what),
         "set aws:elasticbeanstalk:healthreporting:system: {SystemType: enhanced}");
}

void Checker::sizes() {
  if (!settings().load_balanced) return;
  const int most = settings().max_size;
  if (settings().min_size > most)
    report(kGroupSpace, find(kGroupSpace, "MinSize") != nullptr ? "MinSize" : "MaxSize",
           fmt::format("MinSize {} is above MaxSize {}", settings().min_size, most));
  if (resources().on_demand_base > most)
    report(kInstancesSpace, "SpotFleetOnDemandBase",
           fmt::format("SpotFleetOnDemandBase {} is above MaxSize {}", resources().on_demand_base, most));
}

void Checker::deployments() {
  using enum DeploymentPolicy;
  const DeploymentPolicy policy = settings().deployment_policy;
  if (settings().batch_size_type == BatchSizeType::percentage && settings().batch_size > 100)
    report(kCommandSpace, "BatchSize", fmt::format("'{}' is out of range", settings().batch_size),
           "allowed: 1 to 100, of BatchSizeType Percentage", Code::out_of_range);
  if (!settings().load_balanced && policy != all_at_once && policy != immutable)
    report(kCommandSpace, "DeploymentPolicy", "a single instance takes AllAtOnce or Immutable only");
  else if (policy == traffic_splitting && settings().load_balancer_type != LoadBalancerType::application)
    report(kCommandSpace, "DeploymentPolicy", "TrafficSplitting needs an application load balancer",
           "set aws:elasticbeanstalk:environment: {LoadBalancerType: application}");
  if (policy == immutable || policy == traffic_splitting)
    need_enhanced(kCommandSpace, "DeploymentPolicy", "Immutable and TrafficSplitting deployments");
}

void Checker::rolling_updates() {
  if (settings().rolling_update_enabled && settings().rolling_update_type == RollingUpdateType::immutable)
    need_enhanced(kRollingSpace, "RollingUpdateType", "immutable updates");
}

void Checker::managed_actions() {
  if (!settings().managed_actions_enabled) {
    if (settings().instance_refresh_enabled)
      report(kUpdatesSpace, "InstanceRefreshEnabled",
             "InstanceRefreshEnabled needs ManagedActionsEnabled: true");
    return;
  }
  need_enhanced(kManagedSpace, "ManagedActionsEnabled", "managed platform updates");
  if (!settings().preferred_start_time || find(kUpdatesSpace, "UpdateLevel") == nullptr)
    report(kManagedSpace, "ManagedActionsEnabled",
           "ManagedActionsEnabled needs PreferredStartTime and UpdateLevel beside it",
           "for example: PreferredStartTime: \"Tue:09:00\", UpdateLevel: minor");
}

// What no model publishes cannot drive a policy; a network load balancer sees no requests.
bool is_published(std::string_view measure, LoadBalancerType balancer) {
  const bool hosts = measure == "HealthyHostCount" || measure == "UnhealthyHostCount";
  const bool requests = measure == "RequestCount" || measure == "Latency" || measure == "TargetResponseTime";
  const bool instances = measure == "CPUUtilization" || measure == "NetworkOut";
  return instances || hosts || (requests && balancer != LoadBalancerType::network);
}

void Checker::trigger() {
  const Trigger& trigger = resources().trigger;
  if (trigger.breach_duration && *trigger.breach_duration != trigger.period * trigger.periods())
    report(kTriggersSpace, "BreachDuration",
           fmt::format("BreachDuration {} is not Period {} x EvaluationPeriods {}",
                       show(*trigger.breach_duration), show(trigger.period), trigger.periods()));
  if (settings().group_min() < settings().group_max() &&
      !is_published(trigger.measure, settings().load_balancer_type))
    report(kTriggersSpace, "MeasureName",
           fmt::format("{} is not simulated: the trigger never acts", trigger.measure),
           "set aws:autoscaling:trigger: {MeasureName: CPUUtilization, Unit: Percent, ...}", Code::unused);
}

void Checker::instance_types() {
  std::vector<std::string_view> known;
  for (const auto& type : instance_type_book().types) known.emplace_back(type.id);
  for (const std::string& type : resources().instance_types) {
    if (find_instance_type(type) != nullptr) continue;
    const bool list = find(kInstancesSpace, "InstanceTypes") != nullptr;
    report(list ? kInstancesSpace : kLaunchSpace, list ? "InstanceTypes" : "InstanceType",
           fmt::format("unknown instance type '{}'", type), did_you_mean(type, known), Code::unknown_name);
  }
}

void Checker::health_checks() {
  const auto check_timeout = [&](const HealthCheckSettings& checks, std::string_view space,
                                 std::string_view name, int standard) {
    const int interval = checks.interval.value_or(standard);
    if (checks.timeout.value_or(5) > interval)
      report(space, name,
             fmt::format("{} {} s is longer than the interval of {} s", name, checks.timeout.value_or(5),
                         interval));
  };
  const bool network = settings().load_balancer_type == LoadBalancerType::network;
  check_timeout(resources().process_checks, kProcessSpace, "HealthCheckTimeout", network ? 30 : 15);
  check_timeout(resources().classic_checks, kClassicChecksSpace, "Timeout", 10);
  const int interval = resources().process_checks.interval.value_or(30);
  if (network && interval != 10 && interval != 30)
    report(kProcessSpace, "HealthCheckInterval", fmt::format("'{}' is out of range", interval),
           "allowed: 10 or 30, of a network load balancer", Code::out_of_range);
}

void Checker::action_problem(const ScheduledAction& action, std::string message, std::string hint) {
  for (const Setting& setting : applied_)
    if (setting.resource_name == action.name)
      return context_.diagnostics().add({Code::inconsistent, setting.place, setting.path,
                                         fmt::format("scheduled action '{}': {}", action.name, message),
                                         std::move(hint), ""});
}

void Checker::scheduled_action(const ScheduledAction& action) {
  if (!action.start_time && !action.recurrence)
    action_problem(action, "neither StartTime nor Recurrence is set");
  if (!action.min_size && !action.max_size && !action.desired_capacity)
    action_problem(action, "nothing would change", "set MinSize, MaxSize or DesiredCapacity");
  if (action.min_size.value_or(0) > action.max_size.value_or(10'000))
    action_problem(action, fmt::format("MinSize {} is above MaxSize {}", *action.min_size, *action.max_size));
  if (!action.recurrence) return;
  const auto cron = parse_cron(*action.recurrence);
  if (!cron) action_problem(action, cron.problem.message, cron.problem.hint);
}

void Checker::scheduled_actions() {
  for (const ScheduledAction& action : resources().scheduled_actions) scheduled_action(action);
}

void check_thresholds(std::array<Probability, 3> shares, const Node& node, Context& context) {
  if (shares[0].value <= shares[1].value && shares[1].value <= shares[2].value) return;
  context.report(Code::inconsistent, *node.find("assume"), "shares of 5xx must rise from Warning to Severe");
}

}  // namespace

void check_environment(const EnvironmentConfig& config, const Node& node, Context& context) {
  if (config.tier == Tier::worker)
    context.report(Code::inconsistent, *node.find("tier"), "the worker tier is not modelled yet",
                   "write an Auto Scaling group that calls its queue");
  const auto& c = config;
  check_tags(c.tags, node, "tags", context);
  check_thresholds({c.health_5xx_warning, c.health_5xx_degraded, c.health_5xx_severe}, node, context);
  Checker checker(config, node, context);
  checker.sizes();
  checker.deployments();
  checker.rolling_updates();
  checker.managed_actions();
  checker.trigger();
  checker.instance_types();
  checker.health_checks();
  checker.scheduled_actions();
}

}  // namespace nephoscope::elasticbeanstalk
