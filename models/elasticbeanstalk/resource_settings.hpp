// The option settings that decide what the expanded resources look like, typed.
//
// Defaults are the API's (Elastic Beanstalk Developer Guide, "General options for all environments").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/config/context.hpp"

namespace nephoscope::elasticbeanstalk {

enum class TriggerStatistic : std::uint8_t { minimum, maximum, sum, average };
enum class SpotStrategy : std::uint8_t {
  capacity_optimized,
  price_capacity_optimized,
  capacity_optimized_prioritized,
  lowest_price,
};

// aws:autoscaling:trigger
struct Trigger {
  std::string measure = "NetworkOut";
  TriggerStatistic statistic = TriggerStatistic::average;
  double upper_threshold = 6'000'000;
  double lower_threshold = 2'000'000;
  std::optional<Duration> breach_duration;  // none = period * evaluation_periods
  Duration period = 5min;
  std::optional<int> evaluation_periods;  // none = breach_duration / period, else 1
  int upper_increment = 1;
  int lower_increment = -1;

  int periods() const;
  bool operator==(const Trigger&) const = default;
};

// aws:autoscaling:scheduledaction, by resource_name
struct ScheduledAction {
  std::string name = {};
  std::optional<int> min_size = {};
  std::optional<int> max_size = {};
  std::optional<int> desired_capacity = {};
  std::optional<UtcTime> start_time = {};
  std::optional<UtcTime> end_time = {};
  std::optional<std::string> recurrence = {};
  bool suspend = false;
  bool operator==(const ScheduledAction&) const = default;
};

// A load balancer's checks of its targets; none = the default of its type.
struct HealthCheckSettings {
  std::optional<int> interval;
  std::optional<int> timeout;
  std::optional<int> healthy_threshold;
  std::optional<int> unhealthy_threshold;
  bool operator==(const HealthCheckSettings&) const = default;
};

struct ResourceSettings {
  // aws:autoscaling:asg
  Duration cooldown = 360s;
  std::vector<Reference> zones;  // Custom Availability Zones; none = all of the run
  bool capacity_rebalancing = false;
  // aws:autoscaling:launchconfiguration, aws:ec2:instances; InstanceTypes wins, the first of them is used
  std::vector<std::string> instance_types;  // none = t3.micro
  bool detailed_monitoring = false;
  bool spot = false;
  int on_demand_base = 0;
  std::optional<int> on_demand_above_base;  // percent; none = 70, of a single instance 0
  SpotStrategy spot_strategy = SpotStrategy::capacity_optimized;
  Trigger trigger;
  std::vector<ScheduledAction> scheduled_actions;
  // aws:elasticbeanstalk:environment:process:default and aws:elbv2:loadbalancer
  HealthCheckSettings process_checks;
  int deregistration_delay = 20;  // seconds, as those below
  bool stickiness = false;
  int stickiness_duration = 86'400;
  std::optional<int> idle_timeout;
  // aws:elb:healthcheck, aws:elb:policies and aws:elb:loadbalancer: of a Classic Load Balancer
  HealthCheckSettings classic_checks;
  bool classic_draining = false;
  int classic_draining_timeout = 20;
  bool classic_stickiness = false;
  int classic_stickiness_duration = 0;
  int classic_idle_timeout = 60;
  bool classic_cross_zone = false;
  // Resources: AWSEBAutoScalingGroup of a configuration file
  bool health_check_type_elb = false;
  Duration health_check_grace_period{};

  bool operator==(const ResourceSettings&) const = default;
};

}  // namespace nephoscope::elasticbeanstalk
