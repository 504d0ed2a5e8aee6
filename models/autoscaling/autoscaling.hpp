// AWS::AutoScaling::AutoScalingGroup: a group of EC2 instances that is kept at its desired capacity.
//
// Properties carry CloudFormation's names in snake_case; defaults are those of the API. See autoscaling.md
// for what is modelled and what is not.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/autoscaling/capacity.hpp"
#include "models/autoscaling/placement.hpp"
#include "models/autoscaling/scaling.hpp"
#include "models/autoscaling/termination.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/launch.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::autoscaling {

enum class HealthCheckType : std::uint8_t { ec2, elb };
enum class CapacityDistribution : std::uint8_t { balanced_best_effort, balanced_only };
enum class HookTransition : std::uint8_t { launching, terminating };
enum class HookResult : std::uint8_t { abandon, proceed };
enum class PoolState : std::uint8_t { stopped, running };
enum class SpotAllocation : std::uint8_t { capacity_optimized_prioritized, lowest_price };

// What happens to an instance on its way in or out before it may go on.
struct LifecycleHook {
  HookTransition transition = HookTransition::launching;
  Duration heartbeat_timeout = 3600s;
  HookResult default_result = HookResult::abandon;
  DurationDistribution duration = Duration(30s);
  Probability fails;
  static const FieldTable<LifecycleHook>& fields();
};

struct WarmPool {
  int min_size = 0;
  std::optional<int> max_group_prepared_capacity;  // none = the group's maximum size
  PoolState pool_state = PoolState::stopped;
  bool reuse_on_scale_in = false;
  static const FieldTable<WarmPool>& fields();
};

struct MixedInstances {
  int on_demand_base_capacity = 0;
  int on_demand_percentage_above_base_capacity = 100;
  std::vector<std::string> overrides;  // instance types, the most wanted first; none = the group's own
  SpotAllocation spot_allocation_strategy = SpotAllocation::lowest_price;
  int spot_instance_pools = 2;
  static const FieldTable<MixedInstances>& fields();
};

struct MaintenancePolicy {
  int min_healthy_percentage = 100;
  int max_healthy_percentage = 100;
  static const FieldTable<MaintenancePolicy>& fields();
};

// Preferences of an instance refresh.
struct RefreshPreferences {
  std::optional<int> min_healthy_percentage;  // none = the maintenance policy's, else 90
  std::optional<int> max_healthy_percentage;  // none = the maintenance policy's, else 100
  std::optional<Duration> instance_warmup;    // none = default_instance_warmup, else the grace period
  std::vector<int> checkpoint_percentages;
  Duration checkpoint_delay = 3600s;
  bool skip_matching = false;
  bool auto_rollback = false;
  Duration bake_time{};
  static const FieldTable<RefreshPreferences>& fields();
};

struct AutoScalingGroupConfig final : ResourceConfig, LaunchConfig, ScalingConfig {
  int min_size = 0;
  int max_size = 0;
  std::optional<int> desired_capacity;  // none = min_size
  std::vector<Reference> availability_zones;
  std::vector<Reference> target_groups;
  HealthCheckType health_check_type = HealthCheckType::ec2;
  Duration health_check_grace_period{};
  Duration default_cooldown = 300s;
  std::optional<Duration> default_instance_warmup;
  std::vector<TerminationPolicy> termination_policies;
  bool new_instances_protected_from_scale_in = false;
  std::vector<Named<LifecycleHook>> lifecycle_hooks;
  std::optional<Duration> max_instance_lifetime;
  bool capacity_rebalance = false;
  std::optional<WarmPool> warm_pool;
  std::optional<MixedInstances> mixed_instances;
  std::vector<SuspendableProcess> suspended_processes;
  std::optional<MaintenancePolicy> instance_maintenance_policy;
  CapacityDistribution capacity_distribution = CapacityDistribution::balanced_best_effort;
  RefreshPreferences instance_refresh;
  bool metrics_collection = false;

  // Under whose id EC2 names, bills and reports the instances, and aggregates their metrics; empty = the
  // group's own. Composites set it; it is no key of a scenario.
  std::string instance_owner;

  Duration health_check_period = 60s;
  Duration impaired_wait = 3min;
  Duration all_unhealthy_wait = 5min;
  Duration launch_retry_delay = 30s;

  static const FieldTable<AutoScalingGroupConfig>& fields();
  // All instance types that it may launch.
  std::vector<std::string> types() const;
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  const Reference* fleet_application() const override { return &application; }
  const Tags* instance_tags() const override { return &tags; }
  bool has_flows() const override { return has_downloads(); }
  bool is_deployment_target() const override { return true; }
};

}  // namespace nephoscope::autoscaling

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<autoscaling::HealthCheckType> = enum_names<autoscaling::HealthCheckType>(
    {{"EC2", autoscaling::HealthCheckType::ec2}, {"ELB", autoscaling::HealthCheckType::elb}});
template <>
inline constexpr auto kEnumNames<autoscaling::CapacityDistribution> =
    enum_names<autoscaling::CapacityDistribution>(
        {{"balanced-best-effort", autoscaling::CapacityDistribution::balanced_best_effort},
         {"balanced-only", autoscaling::CapacityDistribution::balanced_only}});
template <>
inline constexpr auto kEnumNames<autoscaling::HookTransition> =
    enum_names<autoscaling::HookTransition>({{"launching", autoscaling::HookTransition::launching},
                                             {"terminating", autoscaling::HookTransition::terminating}});
template <>
inline constexpr auto kEnumNames<autoscaling::HookResult> = enum_names<autoscaling::HookResult>(
    {{"ABANDON", autoscaling::HookResult::abandon}, {"CONTINUE", autoscaling::HookResult::proceed}});
template <>
inline constexpr auto kEnumNames<autoscaling::PoolState> = enum_names<autoscaling::PoolState>(
    {{"Stopped", autoscaling::PoolState::stopped}, {"Running", autoscaling::PoolState::running}});
template <>
inline constexpr auto kEnumNames<autoscaling::SpotAllocation> = enum_names<autoscaling::SpotAllocation>(
    {{"capacity-optimized-prioritized", autoscaling::SpotAllocation::capacity_optimized_prioritized},
     {"lowest-price", autoscaling::SpotAllocation::lowest_price}});
template <>
inline constexpr auto kEnumNames<autoscaling::TerminationPolicy> = enum_names<autoscaling::TerminationPolicy>(
    {{"Default", autoscaling::TerminationPolicy::standard},
     {"OldestInstance", autoscaling::TerminationPolicy::oldest_instance},
     {"NewestInstance", autoscaling::TerminationPolicy::newest_instance},
     {"OldestLaunchTemplate", autoscaling::TerminationPolicy::oldest_launch_template},
     {"ClosestToNextInstanceHour", autoscaling::TerminationPolicy::closest_to_next_instance_hour},
     {"AllocationStrategy", autoscaling::TerminationPolicy::allocation_strategy}});
template <>
inline constexpr auto kEnumNames<autoscaling::SuspendableProcess> =
    enum_names<autoscaling::SuspendableProcess>(
        {{"Launch", autoscaling::SuspendableProcess::launch},
         {"Terminate", autoscaling::SuspendableProcess::terminate},
         {"AddToLoadBalancer", autoscaling::SuspendableProcess::add_to_load_balancer},
         {"AlarmNotification", autoscaling::SuspendableProcess::alarm_notification},
         {"AZRebalance", autoscaling::SuspendableProcess::az_rebalance},
         {"HealthCheck", autoscaling::SuspendableProcess::health_check},
         {"InstanceRefresh", autoscaling::SuspendableProcess::instance_refresh},
         {"ReplaceUnhealthy", autoscaling::SuspendableProcess::replace_unhealthy},
         {"ScheduledActions", autoscaling::SuspendableProcess::scheduled_actions}});

}  // namespace nephoscope
