// What an environment stands for: groups, target groups and load balancers like those that Elastic Beanstalk
// creates with CloudFormation.
#include <fmt/format.h>

#include "models/autoscaling/autoscaling.hpp"
#include "models/elasticbeanstalk/environment.hpp"
#include "models/elasticbeanstalk/names.hpp"
#include "models/elasticloadbalancing/elasticloadbalancing.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

using autoscaling::AutoScalingGroupConfig;
using autoscaling::SimpleScalingConfig;
using elasticloadbalancing::LoadBalancerConfig;
using elasticloadbalancing::TargetGroupConfig;

// Assumption: the type that console and EB CLI propose (the API's default varies by account and Region).
constexpr const char* kInstanceType = "t3.micro";
constexpr std::int64_t kAll = 100;  // the weight of a target group that gets all requests

// Makes the parts of one environment; of a second one for blue/green with the prefix "Green/".
class Expansion final {
 public:
  Expansion(const EnvironmentConfig& config, const std::string& id)
      : config_(config), all_(config.resolved()), id_(id) {}

  void add_environment(std::string_view prefix);
  std::vector<ExpandedResource> take() { return std::move(parts_); }

 private:
  const Settings& settings() const { return all_.settings; }
  const ResourceSettings& resources() const { return all_.resources; }
  LoadBalancerType balancer_type() const { return settings().load_balancer_type; }
  bool splits_traffic() const;
  std::string name(std::string_view part) const { return fmt::format("{}{}", prefix_, part); }
  std::string part_id(std::string_view part) const { return id_ + "/" + name(part); }
  Reference reference(std::string_view part) const { return {.id = part_id(part)}; }

  void add_group();
  void add_temporary_group();
  void add_target_group(std::string_view part);
  void add_balancer();
  template <class Config>
  void add(std::string_view part, std::unique_ptr<Config> config);

  std::unique_ptr<AutoScalingGroupConfig> group() const;
  void set_launch(AutoScalingGroupConfig& group) const;
  void set_purchase(AutoScalingGroupConfig& group) const;
  void set_trigger(AutoScalingGroupConfig& group) const;
  void set_schedule(AutoScalingGroupConfig& group) const;
  autoscaling::ScalingPolicyConfig policy(double threshold, ComparisonOperator comparison, int change) const;
  void set_metric(autoscaling::PolicyAlarm& alarm) const;

  const EnvironmentConfig& config_;
  Resolved all_;
  std::string id_;
  std::string_view prefix_;
  std::vector<ExpandedResource> parts_;
};

template <class Config>
void Expansion::add(std::string_view part, std::unique_ptr<Config> config) {
  parts_.push_back({.name = name(part), .type = Config::fields().name(), .config = std::move(config)});
}

bool Expansion::splits_traffic() const {
  return settings().deployment_policy == DeploymentPolicy::traffic_splitting && !config_.blue_green;
}

void Expansion::add_environment(std::string_view prefix) {
  prefix_ = prefix;
  if (settings().load_balanced) {
    add_target_group(kTargetGroup);
    if (splits_traffic()) add_target_group(kSplittingTargetGroup);
    add_balancer();
  }
  add_group();
  if (config_.has_temporary_group()) add_temporary_group();
}

// --- groups ----------------------------------------------------------------------------------------------

void Expansion::add_group() {
  auto config = group();
  if (settings().load_balanced) config->target_groups = {reference(kTargetGroup)};
  if (prefix_.empty()) {
    config->min_size = settings().group_min();
    config->max_size = settings().group_max();
  }
  set_trigger(*config);
  set_schedule(*config);
  add(kAutoScalingGroup, std::move(config));
}

// Empty in between; as large as the environment may become. Its instances are the environment's.
void Expansion::add_temporary_group() {
  auto config = group();
  if (settings().load_balanced)
    config->target_groups = {reference(splits_traffic() ? kSplittingTargetGroup : kTargetGroup)};
  config->max_size = settings().group_max();
  config->instance_owner = part_id(kAutoScalingGroup);
  add(kTemporaryGroup, std::move(config));
}

std::unique_ptr<AutoScalingGroupConfig> Expansion::group() const {
  auto config = std::make_unique<AutoScalingGroupConfig>();
  set_launch(*config);
  set_purchase(*config);
  config->availability_zones = resources().zones;
  config->default_cooldown = resources().cooldown;
  if (resources().health_check_type_elb) config->health_check_type = autoscaling::HealthCheckType::elb;
  config->health_check_grace_period = resources().health_check_grace_period;
  return config;
}

void Expansion::set_launch(AutoScalingGroupConfig& group) const {
  const auto& types = resources().instance_types;
  group.instance_type = types.empty() ? kInstanceType : types.front();
  group.application = config_.application;
  group.version = config_.version;
  group.monitoring = resources().detailed_monitoring;
  group.placement_group = config_.group_in_use();
  group.launch_time = config_.launch_time.copy();
  group.boot_time = config_.boot_time.copy();
  group.bootstrap_time = config_.bootstrap();
  group.restart_time = config_.restart_time.copy();
  group.image_size = config_.image_size;
  group.bundle_size = config_.bundle_size;
}

// Of the Spot allocation strategies the group knows two; the capacity-optimized ones are one of them.
void Expansion::set_purchase(AutoScalingGroupConfig& group) const {
  if (!resources().spot) return;
  using autoscaling::SpotAllocation;
  const bool cheapest = resources().spot_strategy == SpotStrategy::lowest_price;
  group.mixed_instances.emplace();
  group.mixed_instances->on_demand_base_capacity = resources().on_demand_base;
  group.mixed_instances->on_demand_percentage_above_base_capacity =
      resources().on_demand_above_base.value_or(settings().load_balanced ? 70 : 0);
  group.mixed_instances->overrides = resources().instance_types;
  group.mixed_instances->spot_allocation_strategy =
      cheapest ? SpotAllocation::lowest_price : SpotAllocation::capacity_optimized_prioritized;
  group.capacity_rebalance = resources().capacity_rebalancing;
}

// --- scaling ---------------------------------------------------------------------------------------------

// Two simple policies with their alarms, by CloudFormation's logical names.
void Expansion::set_trigger(AutoScalingGroupConfig& group) const {
  if (!settings().load_balanced) return;
  const Trigger& trigger = resources().trigger;
  group.scaling_policies.push_back(
      {.id = "AWSEBAutoScalingScaleUpPolicy",
       .value = policy(trigger.upper_threshold, ComparisonOperator::greater_than, trigger.upper_increment)});
  group.scaling_policies.push_back(
      {.id = "AWSEBAutoScalingScaleDownPolicy",
       .value = policy(trigger.lower_threshold, ComparisonOperator::less_than, trigger.lower_increment)});
}

autoscaling::ScalingPolicyConfig Expansion::policy(double threshold, ComparisonOperator comparison,
                                                   int change) const {
  autoscaling::ScalingPolicyConfig config;
  SimpleScalingConfig& simple = config.simple_scaling.emplace();
  set_metric(simple.alarm);
  simple.alarm.threshold = threshold;
  simple.alarm.comparison_operator = comparison;
  simple.scaling_adjustment = change;
  return config;
}

Statistic statistic_of(TriggerStatistic statistic) {
  switch (statistic) {
    case TriggerStatistic::minimum:
      return Statistic::minimum;
    case TriggerStatistic::maximum:
      return Statistic::maximum;
    case TriggerStatistic::sum:
      return Statistic::sum;
    case TriggerStatistic::average:
      break;
  }
  return Statistic::average;
}

// Metrics of instances are the group's own; those of the load balancer have Classic's or today's name.
void Expansion::set_metric(autoscaling::PolicyAlarm& alarm) const {
  const Trigger& trigger = resources().trigger;
  const std::string& measure = trigger.measure;
  alarm.metric_name = measure;
  alarm.statistic = statistic_of(trigger.statistic);
  alarm.period = trigger.period;
  alarm.evaluation_periods = trigger.periods();
  const bool hosts = measure == "HealthyHostCount" || measure == "UnhealthyHostCount";
  const bool latency = measure == "Latency" || measure == "TargetResponseTime";
  if (!hosts && !latency && measure != "RequestCount") return;
  if (latency) alarm.metric_name = "TargetResponseTime";
  if (measure == "UnhealthyHostCount") alarm.metric_name = "UnHealthyHostCount";
  alarm.space = balancer_type() == LoadBalancerType::network ? "AWS/NetworkELB" : "AWS/ApplicationELB";
  alarm.dimensions = {{"LoadBalancer", part_id(kLoadBalancer)}};
  if (hosts) alarm.dimensions->emplace_back("TargetGroup", part_id(kTargetGroup));
}

void Expansion::set_schedule(AutoScalingGroupConfig& group) const {
  for (const ScheduledAction& action : resources().scheduled_actions) {
    if (action.suspend) continue;
    autoscaling::ScheduledActionConfig config;
    config.start_time = action.start_time;
    config.end_time = action.end_time;
    if (action.recurrence) config.recurrence = parse_cron(*action.recurrence).value;
    config.min_size = action.min_size;
    config.max_size = action.max_size;
    config.desired_capacity = action.desired_capacity;
    group.scheduled_actions.push_back({.id = action.name, .value = std::move(config)});
  }
}

// --- load balancing --------------------------------------------------------------------------------------

// A Classic Load Balancer becomes an application load balancer with Classic's numbers and its way to choose,
// the fewest requests outstanding. Not modelled: its surge queue.
void set_classic(TargetGroupConfig& group, const ResourceSettings& resources) {
  const HealthCheckSettings& checks = resources.classic_checks;
  group.health_check_interval_seconds = checks.interval.value_or(10);
  group.health_check_timeout_seconds = checks.timeout.value_or(5);
  group.healthy_threshold_count = checks.healthy_threshold.value_or(3);
  group.unhealthy_threshold_count = checks.unhealthy_threshold.value_or(5);
  group.deregistration_delay_seconds = resources.classic_draining ? resources.classic_draining_timeout : 0;
  group.stickiness_enabled = resources.classic_stickiness;
  // 0 is as long as the browser's session: the group's own default.
  if (resources.classic_stickiness_duration > 0)
    group.stickiness_duration_seconds = resources.classic_stickiness_duration;
  group.load_balancing_algorithm_type = elasticloadbalancing::Algorithm::least_outstanding_requests;
}

// A network load balancer checks by TCP, for which its time-out is 10 s (Network Load Balancer guide, health
// checks); it knows no cookies.
void set_process(TargetGroupConfig& group, const ResourceSettings& resources, bool network) {
  const HealthCheckSettings& checks = resources.process_checks;
  group.health_check_interval_seconds = checks.interval.value_or(network ? 30 : 15);
  group.health_check_timeout_seconds = network ? 10 : checks.timeout.value_or(5);
  group.healthy_threshold_count = checks.healthy_threshold.value_or(network ? 5 : 3);
  group.unhealthy_threshold_count = checks.unhealthy_threshold.value_or(5);
  group.deregistration_delay_seconds = resources.deregistration_delay;
  group.stickiness_enabled = resources.stickiness && !network;
  group.stickiness_duration_seconds = resources.stickiness_duration;
}

void Expansion::add_target_group(std::string_view part) {
  auto config = std::make_unique<TargetGroupConfig>();
  if (balancer_type() == LoadBalancerType::classic)
    set_classic(*config, resources());
  else
    set_process(*config, resources(), balancer_type() == LoadBalancerType::network);
  add(part, std::move(config));
}

void Expansion::add_balancer() {
  auto config = std::make_unique<LoadBalancerConfig>();
  config->forward.push_back({.target_group = reference(kTargetGroup), .weight = kAll});
  if (splits_traffic())
    config->forward.push_back({.target_group = reference(kSplittingTargetGroup), .weight = 0});
  config->begins_provisioned = prefix_.empty();
  if (balancer_type() == LoadBalancerType::network)
    config->load_balancer_type = elasticloadbalancing::Kind::network;
  if (balancer_type() == LoadBalancerType::application)
    config->idle_timeout_seconds = resources().idle_timeout;
  if (balancer_type() == LoadBalancerType::classic) {
    config->idle_timeout_seconds = resources().classic_idle_timeout;
    config->cross_zone_enabled = resources().classic_cross_zone;
  }
  add(kLoadBalancer, std::move(config));
}

}  // namespace

std::vector<ExpandedResource> EnvironmentConfig::expand(const std::string& id) const {
  Expansion expansion(*this, id);
  expansion.add_environment("");
  if (blue_green) expansion.add_environment(kGreen);
  return expansion.take();
}

}  // namespace nephoscope::elasticbeanstalk
