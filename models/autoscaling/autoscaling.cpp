#include "models/autoscaling/autoscaling.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/autoscaling/group.hpp"
#include "models/common/instance_type.hpp"
#include "models/common/placement_group.hpp"

namespace nephoscope::autoscaling {

namespace {

// Amazon EC2 Auto Scaling API reference and quotas.
constexpr int kMostInstances = 10'000;
constexpr std::size_t kMostHooks = 50;
constexpr std::size_t kMostTargetGroups = 50;

constexpr const char* kGuide = "Amazon EC2 Auto Scaling User Guide, ";

std::string guide(const char* page) { return std::string(kGuide) + page; }

}  // namespace

const FieldTable<LifecycleHook>& LifecycleHook::fields() {
  using H = LifecycleHook;
  static const auto table =
      FieldTable<H>("lifecycle hook", "What happens to an instance on its way in or out before it may go on.")
          .required("transition", &H::transition, {.doc = "on the way in or out"})
          .field("heartbeat_timeout", &H::heartbeat_timeout,
                 {.doc = "after which default_result holds",
                  .source = "Auto Scaling API reference, PutLifecycleHook",
                  .min = 30s,
                  .max = 7200s})
          .field("default_result", &H::default_result,
                 {.doc = "of a hook that is not completed in time: ABANDON a launch terminates the instance",
                  .source = "Auto Scaling API reference, PutLifecycleHook"})
          .assume("duration", &H::duration,
                  {.doc = "until what the hook waits for calls CompleteLifecycleAction",
                   .source = "assumption: a script that fetches configuration or ships logs"})
          .assume("fails", &H::fails,
                  {.doc = "share of instances for which it then says ABANDON",
                   .source = "assumption: no failures"});
  return table;
}

const FieldTable<WarmPool>& WarmPool::fields() {
  using W = WarmPool;
  static const auto table =
      FieldTable<W>("warm pool", "Instances that have been prepared and wait outside the group.")
          .field("min_size", &W::min_size,
                 {.doc = "instances that the pool holds at least", .min = 0, .max = kMostInstances})
          .field("max_group_prepared_capacity", &W::max_group_prepared_capacity,
                 {.doc = "instances in pool and group together; none = max_size",
                  .source = guide("warm pools"),
                  .min = 0,
                  .max = kMostInstances})
          .field("pool_state", &W::pool_state, {.doc = "in which prepared instances wait"})
          .field("reuse_on_scale_in", &W::reuse_on_scale_in,
                 {.doc = "whether instances return to the pool on scale-in instead of being terminated"});
  return table;
}

const FieldTable<MixedInstances>& MixedInstances::fields() {
  using M = MixedInstances;
  static const auto table =
      FieldTable<M>("mixed instances policy", "On-Demand and Spot Instances of several types in one group.")
          .field("on_demand_base_capacity", &M::on_demand_base_capacity,
                 {.doc = "instances that are On-Demand first of all", .min = 0, .max = kMostInstances})
          .field("on_demand_percentage_above_base_capacity", &M::on_demand_percentage_above_base_capacity,
                 {.doc = "of the instances above the base, rounded up; the others are Spot Instances",
                  .source = "Auto Scaling API reference, InstancesDistribution",
                  .min = 0,
                  .max = 100})
          .field("overrides", &M::overrides,
                 {.doc = "instance types, the most wanted (or cheapest) first; none = instance_type"})
          .field("spot_allocation_strategy", &M::spot_allocation_strategy,
                 {.doc = "the first type with capacity, or spread over the first spot_instance_pools types",
                  .source = "Auto Scaling API reference, InstancesDistribution"})
          .field("spot_instance_pools", &M::spot_instance_pools,
                 {.doc = "types that lowest-price spreads Spot Instances over",
                  .source = "Auto Scaling API reference, InstancesDistribution",
                  .min = 1,
                  .max = 20});
  return table;
}

const FieldTable<MaintenancePolicy>& MaintenancePolicy::fields() {
  using M = MaintenancePolicy;
  static const auto table =
      FieldTable<M>("instance maintenance policy", "How many instances may be replaced at a time.")
          .required("min_healthy_percentage", &M::min_healthy_percentage,
                    {.doc = "of the desired capacity that stays in service; 100 = launch before terminate",
                     .source = "Auto Scaling API reference, InstanceMaintenancePolicy",
                     .min = 0,
                     .max = 100})
          .required("max_healthy_percentage", &M::max_healthy_percentage,
                    {.doc = "of the desired capacity that may be in service or pending meanwhile",
                     .source = "Auto Scaling API reference, InstanceMaintenancePolicy",
                     .min = 100,
                     .max = 200})
          .validate([](const M& policy, const Node& node, Context& context) {
            if (policy.max_healthy_percentage - policy.min_healthy_percentage > 100)
              context.report(Code::inconsistent, *node.find("max_healthy_percentage"),
                             fmt::format("{} and {} are more than 100 apart", policy.min_healthy_percentage,
                                         policy.max_healthy_percentage));
          });
  return table;
}

const FieldTable<RefreshPreferences>& RefreshPreferences::fields() {
  using R = RefreshPreferences;
  static const std::string source = "Auto Scaling API reference, RefreshPreferences";
  static const auto table =
      FieldTable<R>("instance refresh", "How a new version reaches the group's instances.")
          .field("min_healthy_percentage", &R::min_healthy_percentage,
                 {.doc = "of the desired capacity that stays ready, rounded up; none = the maintenance "
                         "policy's, else 90",
                  .source = source,
                  .min = 0,
                  .max = 100})
          .field("max_healthy_percentage", &R::max_healthy_percentage,
                 {.doc = "of the desired capacity that may exist meanwhile; none = the maintenance policy's, "
                         "else 100",
                  .source = source,
                  .min = 100,
                  .max = 200})
          .field("instance_warmup", &R::instance_warmup,
                 {.doc = "from InService until an instance counts as replaced; none = "
                         "default_instance_warmup, else health_check_grace_period",
                  .source = source,
                  .max = 3600s})
          .field("checkpoint_percentages", &R::checkpoint_percentages,
                 {.doc = "shares of replaced instances at which the refresh pauses, rising",
                  .source = source,
                  .min = 1,
                  .max = 100})
          .field("checkpoint_delay", &R::checkpoint_delay,
                 {.doc = "of each pause", .source = source, .max = 48h})
          .field("skip_matching", &R::skip_matching,
                 {.doc = "leaves instances alone that run the version already", .source = source})
          .field("auto_rollback", &R::auto_rollback,
                 {.doc = "replaces everything again, by the version before, when the refresh fails",
                  .source = source})
          .field("bake_time", &R::bake_time,
                 {.doc = "waited at the end before the refresh is a success", .source = source, .max = 48h})
          .validate([](const R& refresh, const Node& node, Context& context) {
            const auto& marks = refresh.checkpoint_percentages;
            if (std::adjacent_find(marks.begin(), marks.end(), std::greater_equal<>()) != marks.end())
              context.report(Code::inconsistent, *node.find("checkpoint_percentages"),
                             "checkpoints must rise");
          });
  return table;
}

namespace {

using A = AutoScalingGroupConfig;

void check_overrides(const MixedInstances& mixed, const Node& node, Context& context) {
  std::vector<std::string_view> known;
  for (const auto& type : instance_type_book().types) known.emplace_back(type.id);
  for (std::size_t i = 0; i < mixed.overrides.size(); ++i)
    if (find_instance_type(mixed.overrides[i]) == nullptr)
      context.unknown_name(Code::unknown_name, (*node.find("mixed_instances")->find("overrides"))[i],
                           "instance type", mixed.overrides[i], known);
}

void check_sizes(const A& group, const Node& node, Context& context) {
  if (group.min_size > group.max_size)
    context.report(
        Code::inconsistent, *node.find("max_size"),
        fmt::format("the maximum size {} lies below the minimum size {}", group.max_size, group.min_size));
  else if (group.desired_capacity &&
           (*group.desired_capacity < group.min_size || *group.desired_capacity > group.max_size))
    context.report(Code::inconsistent, *node.find("desired_capacity"),
                   fmt::format("the desired capacity {} lies outside {} to {}", *group.desired_capacity,
                               group.min_size, group.max_size));
}

FieldTable<A> size_fields() {
  return FieldTable<A>("AWS::AutoScaling::AutoScalingGroup",
                       "A group of EC2 instances that is kept at its desired capacity.")
      .typed()
      .required("min_size", &A::min_size, {.doc = "instances", .min = 0, .max = kMostInstances})
      .required("max_size", &A::max_size, {.doc = "instances", .min = 0, .max = kMostInstances})
      .field("desired_capacity", &A::desired_capacity,
             {.doc = "instances at the start; none = min_size", .min = 0, .max = kMostInstances})
      .field("availability_zones", &A::availability_zones,
             {.doc = "where instances run; none = all zones of the run", .refers_to = "Availability Zone"})
      .field("capacity_distribution", &A::capacity_distribution,
             {.doc = "whether a launch that fails in one zone is tried in another",
              .source = "Auto Scaling API reference, AvailabilityZoneDistribution"})
      .field("target_groups", &A::target_groups,
             {.doc = "where instances are registered, beside load balancers whose `targets` name this group",
              .max_items = kMostTargetGroups,
              .refers_to = "target group"});
}

FieldTable<A> with_health_fields(FieldTable<A> table) {
  return std::move(table)
      .field("health_check_type", &A::health_check_type,
             {.doc = "ELB: instances that a load balancer finds unhealthy are replaced too",
              .source = guide("health checks")})
      .field("health_check_grace_period", &A::health_check_grace_period,
             {.doc = "from InService, in which failed checks are ignored (0 by API, 300 s in the console)",
              .source = guide("health check grace period"),
              .max = 48h})
      .field("default_cooldown", &A::default_cooldown,
             {.doc = "of simple scaling policies", .source = guide("scaling cooldowns"), .max = 48h})
      .field("default_instance_warmup", &A::default_instance_warmup,
             {.doc = "from InService until an instance counts in the group's metrics; none = policies fall "
                     "back to default_cooldown",
              .source = guide("default instance warmup"),
              .max = 3600s})
      .field("termination_policies", &A::termination_policies,
             {.doc = "which instance goes on scale-in, in order; zones are evened out first",
              .source = guide("termination policies")})
      .field("new_instances_protected_from_scale_in", &A::new_instances_protected_from_scale_in,
             {.doc = "whether scale-in passes over instances"})
      .field("lifecycle_hooks", &A::lifecycle_hooks,
             {.doc = "by name", .source = guide("lifecycle hooks"), .max_items = kMostHooks})
      .field("max_instance_lifetime", &A::max_instance_lifetime,
             {.doc = "after which an instance is replaced",
              .source = guide("maximum instance lifetime"),
              .min = 86'400s})
      .field("instance_maintenance_policy", &A::instance_maintenance_policy,
             {.doc = "how many instances may be replaced at a time"});
}

FieldTable<A> with_option_fields(FieldTable<A> table) {
  return std::move(table)
      .field("capacity_rebalance", &A::capacity_rebalance,
             {.doc = "replaces Spot Instances at elevated risk before they are interrupted",
              .source = guide("capacity rebalancing")})
      .field("warm_pool", &A::warm_pool, {.doc = "instances prepared in advance"})
      .field("mixed_instances", &A::mixed_instances, {.doc = "On-Demand and Spot Instances of several types"})
      .field("suspended_processes", &A::suspended_processes,
             {.doc = "what the group does not do", .source = guide("suspend and resume processes")})
      .field("instance_refresh", &A::instance_refresh, {.doc = "how deployments reach the group"})
      .field("metrics_collection", &A::metrics_collection,
             {.doc = "publishes the group's metrics to CloudWatch", .source = guide("metrics")});
}

FieldTable<A> with_assumptions(FieldTable<A> table) {
  return std::move(table)
      .assume("health_check_period", &A::health_check_period,
              {.doc = "between two looks at the health of instances",
               .source = "assumption: AWS does not publish it; a minute at most",
               .min = 1s})
      .assume("impaired_wait", &A::impaired_wait,
              {.doc = "how long a status check must fail before the instance is unhealthy",
               .source = "assumption for 'a few minutes': " + guide("health checks")})
      .assume("all_unhealthy_wait", &A::all_unhealthy_wait,
              {.doc = "between replacements while the load balancer finds every instance unhealthy",
               .source = "assumption for 'more slowly': " + guide("health checks")})
      .assume("launch_retry_delay", &A::launch_retry_delay,
              {.doc = "after a failed launch; it doubles from failure to failure, up to 32 times",
               .source = "assumption: AWS retries at growing intervals",
               .above = 0s});
}

}  // namespace

const FieldTable<A>& A::fields() {
  static const auto table =
      with_assumptions(
          with_scaling(with_launch_fields(with_option_fields(with_health_fields(size_fields())))))
          .validate([](const A& group, const Node& node, Context& context) {
            check_sizes(group, node, context);
            check_instance_type(node, context);
            check_partition_number(group, node, context);
            check_tags(group.tags, node, "tags", context);
            if (group.mixed_instances) check_overrides(*group.mixed_instances, node, context);
            if (group.warm_pool && group.mixed_instances)
              context.report_key(Code::conflicting_keys, *node.find("warm_pool"),
                                 "a group with mixed instances has no warm pool",
                                 "give at most one of 'warm_pool', 'mixed_instances'");
          });
  return table;
}

std::vector<std::string> A::types() const {
  if (mixed_instances && !mixed_instances->overrides.empty()) return mixed_instances->overrides;
  return {instance_type};
}

void A::check(const Defined& defined, Diagnostics& diagnostics) const {
  check_application(application, version, defined, diagnostics);
  const auto check_known = [&](const std::vector<Reference>& references, const char* what,
                               const auto& names) {
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (const Reference& each : references)
      if (std::find(known.begin(), known.end(), each.id) == known.end())
        report_unknown_reference(each, what, known, diagnostics);
  };
  check_known(availability_zones, "Availability Zone", defined.zones);
  check_known(target_groups, "target group", defined.target_groups);
  const std::size_t zones = availability_zones.empty() ? defined.zones.size() : availability_zones.size();
  check_placement({.launch = *this, .types = types(), .zones = zones, .least = min_size}, defined,
                  diagnostics);
  check_policies(defined, diagnostics);
}

std::unique_ptr<Resource> A::build(World& world, const std::string& id) const {
  return std::make_unique<Group>(world, id, *this);
}

}  // namespace nephoscope::autoscaling
