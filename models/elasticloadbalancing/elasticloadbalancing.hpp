// AWS::ElasticLoadBalancingV2: application and network load balancers and their target groups.
//
// What the scenario states; the running resources are load_balancer.hpp and group.hpp. Properties and
// attributes carry AWS's names with underscores for dots, without repetitions (`deregistration_delay.
// timeout_seconds` is `deregistration_delay_seconds`). Defaults: Application Load Balancer guide, "Target
// groups", "Target group health" and "Application Load Balancers"; Network Load Balancer guide, same pages.
#pragma once

#include <concepts>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::elasticloadbalancing {

enum class Kind : std::uint8_t { application, network };
enum class Scheme : std::uint8_t { internet_facing, internal };
enum class Algorithm : std::uint8_t { round_robin, least_outstanding_requests, weighted_random };

// How many healthy targets it takes; either limit, when missed, acts.
struct HealthThreshold {
  std::int64_t count = 1;
  std::optional<Probability> percentage;  // none = off
  static const FieldTable<HealthThreshold>& fields();
  bool met(std::size_t healthy, std::size_t registered) const;
};

// What both ways to write a target group have in common.
struct TargetGroupAttributes {
  bool health_check_enabled = true;
  std::int64_t health_check_interval_seconds = 30;
  std::int64_t health_check_timeout_seconds = 5;
  std::int64_t healthy_threshold_count = 5;
  std::int64_t unhealthy_threshold_count = 2;
  Algorithm load_balancing_algorithm_type = Algorithm::round_robin;
  std::optional<bool> cross_zone_enabled;  // none = the load balancer's
  std::int64_t deregistration_delay_seconds = 300;
  bool connection_termination_enabled = false;
  std::int64_t slow_start_duration_seconds = 0;
  bool stickiness_enabled = false;
  std::int64_t stickiness_duration_seconds = 86'400;
  bool preserve_client_ip_enabled = true;
  HealthThreshold dns_failover;
  HealthThreshold unhealthy_state_routing;
};

// Written inside a load balancer, for the target group that its short form makes.
struct InlineTargetGroup : TargetGroupAttributes {
  static const FieldTable<InlineTargetGroup>& fields();
};

struct TargetGroupConfig final : ResourceConfig, TargetGroupAttributes {
  std::vector<Reference> targets;

  static const FieldTable<TargetGroupConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool is_target_group() const override { return true; }
};

struct WeightedTargetGroup {
  Reference target_group;
  std::int64_t weight = 1;
  static const FieldTable<WeightedTargetGroup>& fields();
};

struct LoadBalancerConfig final : ResourceConfig {
  Kind load_balancer_type = Kind::application;  // CloudFormation's Type: `type` is the resource's here
  Scheme scheme = Scheme::internet_facing;
  std::optional<Reference> targets;
  InlineTargetGroup target_group;
  std::vector<WeightedTargetGroup> forward;
  std::optional<std::int64_t> idle_timeout_seconds;  // none = 60 of an application, 350 of a network one
  std::int64_t client_keep_alive_seconds = 3600;
  std::optional<bool> cross_zone_enabled;  // none = on for an application, off for a network load balancer

  std::optional<Duration> target_keep_alive;
  Duration keep_alive_race = 1ms;
  std::int64_t requests_per_connection = 10;
  Duration connection_time = 60s;
  std::int64_t rules = 1;
  std::optional<Rate> initial_capacity;
  Duration registration_time = 2min;
  Duration zone_failover_time = 60s;

  // Whether it exists when the run begins. Composites set it; it is no key of a scenario.
  bool begins_provisioned = true;

  static const FieldTable<LoadBalancerConfig>& fields();
  bool is_network() const { return load_balancer_type == Kind::network; }
  bool cross_zone() const { return cross_zone_enabled.value_or(!is_network()); }
  Duration idle_timeout() const {
    return idle_timeout_seconds.value_or(is_network() ? 350 : 60) * Duration(1s);
  }
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
  // In its short form it can be named as the target group that it makes.
  bool is_target_group() const override { return targets.has_value(); }
  bool has_dns_answers() const override { return true; }
  std::optional<std::vector<std::string>> operations(const Defined& defined) const override;
};

}  // namespace nephoscope::elasticloadbalancing

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<elasticloadbalancing::Kind> =
    enum_names<elasticloadbalancing::Kind>({{"application", elasticloadbalancing::Kind::application},
                                            {"network", elasticloadbalancing::Kind::network}});
template <>
inline constexpr auto kEnumNames<elasticloadbalancing::Scheme> = enum_names<elasticloadbalancing::Scheme>(
    {{"internet-facing", elasticloadbalancing::Scheme::internet_facing},
     {"internal", elasticloadbalancing::Scheme::internal}});
template <>
inline constexpr auto kEnumNames<elasticloadbalancing::Algorithm> =
    enum_names<elasticloadbalancing::Algorithm>(
        {{"round_robin", elasticloadbalancing::Algorithm::round_robin},
         {"least_outstanding_requests", elasticloadbalancing::Algorithm::least_outstanding_requests},
         {"weighted_random", elasticloadbalancing::Algorithm::weighted_random}});
}  // namespace nephoscope
