// An environment's option settings as they hold, typed: what the controller works with.
//
// Defaults are the API's (Elastic Beanstalk Developer Guide, "General options for all environments");
// options.hpp says how scenarios, `.ebextensions` and tools override them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/time.hpp"

namespace nephoscope::elasticbeanstalk {

enum class DeploymentPolicy : std::uint8_t {
  all_at_once,
  rolling,
  rolling_with_additional_batch,
  immutable,
  traffic_splitting,
};
enum class BatchSizeType : std::uint8_t { percentage, fixed };
enum class HealthSystem : std::uint8_t { basic, enhanced };
enum class RollingUpdateType : std::uint8_t { time, health, immutable };
enum class LoadBalancerType : std::uint8_t { classic, application, network };
enum class DeletionPolicy : std::uint8_t { remove, retain, snapshot };
enum class UpdateLevel : std::uint8_t { patch, minor };

// The values of the CloudWatch metrics EnvironmentHealth and InstanceHealth (Developer Guide, "Publishing
// Amazon CloudWatch custom metrics for an environment").
enum class Health : std::uint8_t {
  ok = 0,
  info = 1,
  unknown = 5,
  no_data = 10,
  warning = 15,
  degraded = 20,
  severe = 25,
};

// When a managed platform update may begin: a window of two hours a week.
struct MaintenanceWindow {
  int weekday = 0;   // 0 = Sunday
  Duration start{};  // after 00:00 UTC
  bool operator==(const MaintenanceWindow&) const = default;
};

struct Settings {
  // aws:elasticbeanstalk:command
  DeploymentPolicy deployment_policy = DeploymentPolicy::all_at_once;
  BatchSizeType batch_size_type = BatchSizeType::percentage;
  int batch_size = 100;
  Duration command_timeout = 600s;
  bool ignore_health_check = false;
  // aws:elasticbeanstalk:trafficsplitting
  int new_version_percent = 10;
  Duration evaluation_time = 5min;
  // aws:elasticbeanstalk:healthreporting:system
  HealthSystem health_system = HealthSystem::basic;
  Health success_threshold = Health::ok;
  // aws:autoscaling:updatepolicy:rollingupdate
  bool rolling_update_enabled = false;
  RollingUpdateType rolling_update_type = RollingUpdateType::time;
  std::optional<int> max_batch_size;            // none = a third of the minimum size, rounded up
  std::optional<int> min_instances_in_service;  // none = the smaller of MinSize and MaxSize - 1
  std::optional<Duration> pause_time;           // none = computed
  Duration rolling_update_timeout = 30min;
  // aws:elasticbeanstalk:managedactions, ...:platformupdate
  bool managed_actions_enabled = false;
  std::optional<MaintenanceWindow> preferred_start_time;
  UpdateLevel update_level = UpdateLevel::minor;
  bool instance_refresh_enabled = false;  // weekly replacement of instances even without an update
  // aws:elasticbeanstalk:environment
  bool load_balanced = true;
  LoadBalancerType load_balancer_type = LoadBalancerType::classic;
  // aws:autoscaling:asg
  int min_size = 1;
  int max_size = 4;
  // aws:rds:dbinstance
  DeletionPolicy db_deletion_policy = DeletionPolicy::remove;

  // Instances of one batch in a fleet of `instances`; at least 1 (rounding up of percentages is unverified),
  // at most all. REQUIRES: instances >= 1.
  int batch_of(int instances) const;
  // How long a command may take in the end: Elastic Beanstalk adds 4 minutes to Timeout.
  Duration effective_command_timeout() const { return command_timeout + 240s; }
  // Limits of the group: one instance, always, without a load balancer.
  int group_min() const { return load_balanced ? min_size : 1; }
  int group_max() const { return load_balanced ? max_size : 1; }
  // RollingUpdateEnabled with the values that hold when none is set. REQUIRES: group limits as above.
  int rolling_update_batch() const;
  int rolling_update_in_service() const;

  bool operator==(const Settings&) const = default;
};

}  // namespace nephoscope::elasticbeanstalk
