#include <fmt/format.h>

#include <algorithm>

#include "models/elasticloadbalancing/elasticloadbalancing.hpp"
#include "models/elasticloadbalancing/load_balancer.hpp"

namespace nephoscope::elasticloadbalancing {

namespace {

constexpr const char* kGroups = "Application Load Balancer guide, target groups";
constexpr const char* kChecks = "Application Load Balancer guide, health checks for your target groups";
constexpr const char* kHealth = "Application Load Balancer guide, target group health";

void inconsistent(const Node& node, const char* key, Context& context, std::string message) {
  const Node* place = node.find(key);
  context.report_key(Code::inconsistent, place == nullptr ? node : *place, std::move(message));
}

// What single ranges cannot say.
void check_attributes(const TargetGroupAttributes& a, const Node& node, Context& context) {
  if (a.health_check_timeout_seconds > a.health_check_interval_seconds)
    inconsistent(node, "health_check_timeout_seconds", context,
                 fmt::format("a timeout of {} s is longer than the interval of {} s",
                             a.health_check_timeout_seconds, a.health_check_interval_seconds));
  const std::int64_t slow = a.slow_start_duration_seconds;
  if (slow > 0 && slow < 30)
    inconsistent(node, "slow_start_duration_seconds", context, "slow start is 0 (off) or 30 to 900 s");
  if (slow > 0 && a.load_balancing_algorithm_type == Algorithm::least_outstanding_requests)
    inconsistent(node, "slow_start_duration_seconds", context,
                 "slow start does not work with least_outstanding_requests");
  if (a.dns_failover.count < a.unhealthy_state_routing.count)
    inconsistent(node, "dns_failover", context,
                 "dns_failover needs at least as many healthy targets as unhealthy_state_routing");
}

template <std::derived_from<TargetGroupAttributes> T>
FieldTable<T>&& with_attributes(FieldTable<T>&& table) {
  using A = TargetGroupAttributes;
  const auto own = []<class M>(M A::*member) { return static_cast<M T::*>(member); };
  return std::move(table)
      .field("health_check_enabled", own(&A::health_check_enabled),
             {.doc = "off: targets are unavailable and get requests (AWS: of Lambda targets only)",
              .source = kChecks})
      .field("health_check_interval_seconds", own(&A::health_check_interval_seconds),
             {.doc = "between the starts of two checks of a target", .source = kChecks, .min = 5, .max = 300})
      .field(
          "health_check_timeout_seconds", own(&A::health_check_timeout_seconds),
          {.doc =
               "without an answer a check has failed (AWS's default for a network load balancer is 6 or 10)",
           .source = kChecks,
           .min = 2,
           .max = 120})
      .field("healthy_threshold_count", own(&A::healthy_threshold_count),
             {.doc = "successes in a row that make an unhealthy target healthy",
              .source = kChecks,
              .min = 2,
              .max = 10})
      .field(
          "unhealthy_threshold_count", own(&A::unhealthy_threshold_count),
          {.doc = "failures in a row that make a target unhealthy", .source = kChecks, .min = 2, .max = 10})
      .field("load_balancing_algorithm_type", own(&A::load_balancing_algorithm_type),
             {.doc = "which target a node gives the next request (a network load balancer hashes flows)",
              .source = kGroups})
      .field(
          "cross_zone_enabled", own(&A::cross_zone_enabled),
          {.doc = "whether nodes use targets of other zones; none = as the load balancer", .source = kGroups})
      .field("deregistration_delay_seconds", own(&A::deregistration_delay_seconds),
             {.doc = "how long requests in progress may go on at a removed target",
              .source = kGroups,
              .min = 0,
              .max = 3600})
      .field("connection_termination_enabled", own(&A::connection_termination_enabled),
             {.doc = "network: end the connections that are left when the deregistration delay is over",
              .source = "Network Load Balancer guide, target groups"})
      .field("slow_start_duration_seconds", own(&A::slow_start_duration_seconds),
             {.doc = "how long a new target's share grows; 0 = off", .source = kGroups, .min = 0, .max = 900})
      .field("stickiness_enabled", own(&A::stickiness_enabled),
             {.doc = "requests of one client, told by their key, go to one target", .source = kGroups})
      .field("stickiness_duration_seconds", own(&A::stickiness_duration_seconds),
             {.doc = "of the cookie, counted from the client's last request",
              .source = kGroups,
              .min = 1,
              .max = 604'800})
      .field("preserve_client_ip_enabled", own(&A::preserve_client_ip_enabled),
             {.doc = "network: off limits each node to 55,000 connections a target",
              .source = "Network Load Balancer guide, target groups"})
      .field("dns_failover", own(&A::dns_failover),
             {.doc = "below it a zone leaves the DNS answers", .source = kHealth})
      .field("unhealthy_state_routing", own(&A::unhealthy_state_routing),
             {.doc = "below it a node sends to unhealthy targets too (fail-open)", .source = kHealth});
}

void check_fleet(const Reference& targets, const Defined& defined, Diagnostics& diagnostics) {
  if (defined.fleets.contains(targets.id)) return;
  if (const auto other = defined.resources.find(targets.id); other != defined.resources.end())
    return report_wrong_reference(targets, "a resource with machines", other->second, diagnostics);
  std::vector<std::string_view> known;
  for (const auto& [id, application] : defined.fleets) known.emplace_back(id);
  report_unknown_reference(targets, "fleet", known, diagnostics);
}

void check_target_group(const Reference& group, const Defined& defined, Diagnostics& diagnostics) {
  if (defined.target_groups.contains(group.id)) return;
  if (const auto other = defined.resources.find(group.id); other != defined.resources.end())
    return report_wrong_reference(group, "a target group", other->second, diagnostics);
  const std::vector<std::string_view> known(defined.target_groups.begin(), defined.target_groups.end());
  report_unknown_reference(group, "target group", known, diagnostics);
}

FieldTable<LoadBalancerConfig>&& with_assumptions(FieldTable<LoadBalancerConfig>&& table) {
  using L = LoadBalancerConfig;
  return std::move(table)
      .assume("target_keep_alive", &L::target_keep_alive,
              {.doc = "after how long idle the application closes a connection; none = after the load "
                      "balancer does",
               .source = "Application Load Balancer guide, troubleshooting: keep-alive longer than the "
                         "idle timeout, as advised",
               .min = 1s})
      .assume("keep_alive_race", &L::keep_alive_race,
              {.doc = "how long before its end a kept connection may already be closed, unnoticed",
               .source = "assumption: one round trip between zones, 0.5 to 1.5 ms"})
      .assume("requests_per_connection", &L::requests_per_connection,
              {.doc = "that clients send; for new connections and their LCUs",
               .source = "assumption: browsers with keep-alive",
               .min = 1,
               .max = 1'000'000})
      .assume("connection_time", &L::connection_time,
              {.doc = "how long a client's connection stays open; for active connections and LCUs",
               .source = "assumption: as long as the default idle timeout"})
      .assume("rules", &L::rules,
              {.doc = "that a request is checked against; those beyond 10 are billed",
               .source = "assumption: a default action alone",
               .min = 1,
               .max = 100})
      .assume("initial_capacity", &L::initial_capacity,
              {.doc = "requests that it takes at first; doubles at most every 5 min; none = "
                      "no limit",
               .source = "assumption: a load balancer that has seen such a load before"})
      .assume("registration_time", &L::registration_time,
              {.doc = "network: until a new target's health checks begin",
               .source = "Network Load Balancer guide, troubleshooting: 'a few minutes'; 2 assumed"})
      .assume("zone_failover_time", &L::zone_failover_time,
              {.doc = "until DNS knows that a zone's node has lost its power, or has it again",
               .source = "assumption: a few health checks of the node by Route 53"});
}

void check_balancer(const LoadBalancerConfig& config, const Node& node, Context& context) {
  const std::int64_t idle = config.idle_timeout_seconds.value_or(60);
  if (!config.is_network() && idle > 4000)
    inconsistent(node, "idle_timeout_seconds", context, "an application load balancer's limit is 4000 s");
  if (config.is_network() && idle < 60)
    inconsistent(node, "idle_timeout_seconds", context, "a network load balancer needs at least 60 s");
  if (!config.targets && node.find("target_group") != nullptr)
    inconsistent(node, "target_group", context,
                 "'target_group' holds attributes of the group that 'targets' makes");
  const auto weighs = [](const WeightedTargetGroup& group) { return group.weight > 0; };
  if (!config.targets && std::none_of(config.forward.begin(), config.forward.end(), weighs))
    inconsistent(node, "forward", context, "no target group has a weight above 0");
}

}  // namespace

bool HealthThreshold::met(std::size_t healthy, std::size_t registered) const {
  if (static_cast<std::int64_t>(healthy) < count) return false;
  return !percentage || static_cast<double>(healthy) >= percentage->value * static_cast<double>(registered);
}

const FieldTable<HealthThreshold>& HealthThreshold::fields() {
  using H = HealthThreshold;
  static const auto table =
      FieldTable<H>("health threshold", "How many healthy targets it takes; missing either limit acts.")
          .field("count", &H::count, {.doc = "minimum_healthy_targets.count", .min = 1, .max = 1000})
          .field("percentage", &H::percentage, {.doc = "minimum_healthy_targets.percentage; none = off"});
  return table;
}

const FieldTable<InlineTargetGroup>& InlineTargetGroup::fields() {
  static const auto table =
      with_attributes(FieldTable<InlineTargetGroup>(
                          "target group", "The target group that a load balancer's short form makes."))
          .validate(&check_attributes);
  return table;
}

const FieldTable<TargetGroupConfig>& TargetGroupConfig::fields() {
  static const auto table =
      with_attributes(
          FieldTable<TargetGroupConfig>("AWS::ElasticLoadBalancingV2::TargetGroup",
                                        "Machines behind load balancers, and the checks of their health.")
              .typed()
              .field("targets", &TargetGroupConfig::targets,
                     {.doc = "resources whose machines register here", .refers_to = "fleet"}))
          .validate(&check_attributes);
  return table;
}

const FieldTable<WeightedTargetGroup>& WeightedTargetGroup::fields() {
  using W = WeightedTargetGroup;
  static const auto table =
      FieldTable<W>("forward", "A target group's share of the requests.")
          .required("target_group", &W::target_group, {.doc = "who gets them", .refers_to = "target group"})
          .field("weight", &W::weight,
                 {.doc = "its share is weight / sum of all weights",
                  .source = "Application Load Balancer guide, listeners",
                  .min = 0,
                  .max = 999});
  return table;
}

const FieldTable<LoadBalancerConfig>& LoadBalancerConfig::fields() {
  using L = LoadBalancerConfig;
  static const auto table =
      with_assumptions(
          FieldTable<L>(
              "AWS::ElasticLoadBalancingV2::LoadBalancer",
              "Spreads requests over the healthy targets of target groups, from a node in each zone.")
              .typed()
              .field("load_balancer_type", &L::load_balancer_type, {.doc = "CloudFormation's property Type"})
              .field("scheme", &L::scheme, {.doc = "documentation only: both behave alike"})
              .field("targets", &L::targets,
                     {.doc = "short form: one listener, one target group for this resource's machines",
                      .refers_to = "fleet"})
              .field("target_group", &L::target_group, {.doc = "attributes of the short form's target group"})
              .field("forward", &L::forward,
                     {.doc = "the listener's default action: target groups by weight",
                      .source = "Application Load Balancer guide, listeners",
                      .min_items = 1,
                      .max_items = 5})
              .exactly_one_of({"targets", "forward"})
              .field("idle_timeout_seconds", &L::idle_timeout_seconds,
                     {.doc = "without data for so long a connection ends; none = 60 (network: 350)",
                      .source =
                          "Application Load Balancer guide, application load balancers; elbv2 API, listener "
                          "attributes",
                      .min = 1,
                      .max = 6000})
              .field("client_keep_alive_seconds", &L::client_keep_alive_seconds,
                     {.doc = "longest life of a client's connection",
                      .source = "elbv2 API, load balancer attributes",
                      .min = 60,
                      .max = 604'800})
              .field("cross_zone_enabled", &L::cross_zone_enabled,
                     {.doc = "whether nodes use targets of other zones; none = on (network: off)",
                      .source = "Elastic Load Balancing guide, how elastic load balancing works"}))
          .validate(&check_balancer);
  return table;
}

void TargetGroupConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  for (const Reference& fleet : targets) check_fleet(fleet, defined, diagnostics);
}

void LoadBalancerConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  if (targets) check_fleet(*targets, defined, diagnostics);
  for (const WeightedTargetGroup& group : forward)
    check_target_group(group.target_group, defined, diagnostics);
}

// The short form passes on what its machines' application understands; what stands behind target groups is
// not known here.
std::optional<std::vector<std::string>> LoadBalancerConfig::operations(const Defined& defined) const {
  if (!targets) return std::nullopt;
  const auto fleet = defined.fleets.find(targets->id);
  if (fleet == defined.fleets.end()) return std::nullopt;
  const auto handlers = defined.applications.find(fleet->second);
  if (handlers == defined.applications.end()) return std::nullopt;
  return handlers->second;
}

std::unique_ptr<Resource> TargetGroupConfig::build(World& world, const std::string& id) const {
  return std::make_unique<TargetGroupResource>(world, id, *this);
}

std::unique_ptr<Resource> LoadBalancerConfig::build(World& world, const std::string& id) const {
  return std::make_unique<LoadBalancer>(world, id, *this);
}

}  // namespace nephoscope::elasticloadbalancing
