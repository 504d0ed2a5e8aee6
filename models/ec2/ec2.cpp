#include "models/ec2/ec2.hpp"

#include <algorithm>

#include "models/common/instance_type.hpp"
#include "models/common/placement_group.hpp"
#include "models/common/references.hpp"
#include "models/ec2/instance_resource.hpp"

namespace nephoscope::ec2 {

// Less than 5 % of a large fleet's Spot instances are reclaimed a month: with a mean share of 65 % an event
// that is 0.05 / 0.65 a month, or one in 9,490 h.
SpotReclaims::SpotReclaims()
    : time_between(duration_from("{dist: exponential, mean: 9490h}")),
      rebalance_lead(duration_from("{dist: uniform, low: 0s, high: 10m}")) {}

Ec2Config::Ec2Config()
    : status_check_initialization(duration_from("{dist: uniform, low: 2m, high: 4m}")),
      impairment_time(duration_from("{dist: uniform, low: 1m, high: 2m}")),
      auto_recovery_time(duration_from("{dist: uniform, low: 3m, high: 10m}")) {}

const FieldTable<SpotReclaims>& SpotReclaims::fields() {
  using S = SpotReclaims;
  static const auto table =
      FieldTable<S>("Spot reclaims", "When EC2 takes back a pool's Spot instances: one type in one zone.")
          .field("time_between", &S::time_between, {.doc = "between two reclaims of a pool; none = never"})
          .field("least_share", &S::least_share, {.doc = "of the pool's instances; uniform from here"})
          .field("greatest_share", &S::greatest_share, {.doc = "to here"})
          .field("spread", &S::spread, {.doc = "time over which the notices of one reclaim are spread"})
          .field("rebalance_lead", &S::rebalance_lead,
                 {.doc = "from an instance's rebalance recommendation to its notice"})
          .validate([](const S& reclaims, const Node& node, Context& context) {
            if (reclaims.least_share <= reclaims.greatest_share) return;
            context.report(Code::inconsistent, node, "'least_share' is above 'greatest_share'");
          });
  return table;
}

const FieldTable<CapacityShortages>& CapacityShortages::fields() {
  using C = CapacityShortages;
  static const auto table =
      FieldTable<C>("capacity shortages", "When launches in a zone find no capacity; each zone by itself.")
          .required("time_between", &C::time_between, {.doc = "from the end of one to the begin of the next"})
          .required("duration", &C::duration, {.doc = "of a shortage"});
  return table;
}

namespace {

using E = Ec2Config;

FieldTable<E> quotas() {
  const char* throttling = "EC2 API reference, request throttling: RunInstances resource token bucket";
  const char* quota = "EC2 User Guide, On-Demand Instance quotas: by vCPUs; Spot quotas likewise";
  return FieldTable<E>("ec2", "The account's EC2: quotas, and beliefs about launches, failures and Spot.")
      .field("run_instances_burst", &E::run_instances_burst,
             {.doc = "instances that can be launched at once", .source = throttling, .min = 1})
      .field("run_instances_rate", &E::run_instances_rate,
             {.doc = "at which that bucket fills again", .source = throttling})
      .field("vcpu_quota", &E::vcpu_quota,
             {.doc = "vCPUs of On-Demand instances; none = no limit", .source = quota, .min = 1})
      .field("spot_vcpu_quota", &E::spot_vcpu_quota,
             {.doc = "vCPUs of Spot instances; none = no limit", .source = quota, .min = 1});
}

FieldTable<E> with_health(FieldTable<E> table) {
  return std::move(table)
      .assume("status_check_initialization", &E::status_check_initialization,
              {.doc = "from the state running to the first result of status checks",
               .source = "assumption: 2 to 4 min until 2/2 checks pass (unverified)"})
      .assume("impairment_time", &E::impairment_time,
              {.doc = "that a fault lasts before the status check of that minute fails",
               .source = "assumption: checks run every minute (EC2 User Guide), and are repeated once"})
      .assume("auto_recovery_time", &E::auto_recovery_time,
              {.doc = "from a failed system check to the boot on another host",
               .source = "assumption: outages of 5 to 15 min in all (unverified)"})
      .assume("stop_time", &E::stop_time,
              {.doc = "from stopping to stopped", .source = "assumption: an orderly shutdown"})
      .assume("terminate_time", &E::terminate_time,
              {.doc = "from shutting-down to terminated", .source = "assumption: an orderly shutdown"})
      .assume(
          "launch_failures", &E::launch_failures,
          {.doc = "share of launches that go from pending to terminated",
           .source = "assumption: none (EC2 User Guide, troubleshoot launch issues, says why there are any)"})
      .assume("time_to_system_failure", &E::time_to_system_failure,
              {.doc = "of an instance's host, from its start; none = never",
               .source = "assumption: none; 1 to 2 % of instances a year are usual (unverified)"})
      .assume("time_to_instance_failure", &E::time_to_instance_failure,
              {.doc = "of an instance's operating system, from its start; none = never",
               .source = "assumption: none"});
}

FieldTable<E> with_hardware(FieldTable<E> table) {
  const auto own = []<class B, class M>(M B::*member) { return static_cast<M E::*>(member); };
  using H = HardwareConfig;
  const char* unpublished = "assumption: AWS publishes nothing of it";
  const char* spread = "assumption for 'attempts to spread': EC2 User Guide, placement groups";
  return std::move(table)
      .assume("racks", own(&ZoneShape::racks),
              {.doc = "of a zone, over which the account's instances come",
               .source = unpublished,
               .min = 1,
               .max = 1000})
      .assume("hosts_per_rack", own(&ZoneShape::hosts_per_rack),
              {.doc = "physical servers in each", .source = unpublished, .min = 1, .max = 100})
      .assume(
          "host_vcpus", own(&H::host_vcpus),
          {.doc = "of a host, or those of its family's largest type if it has more; a host serves one family",
           .source = "EC2 User Guide, general purpose instances: an m6i.metal has 128; assumed for all",
           .min = 1,
           .max = 10'000})
      .assume(
          "racks_considered", own(&H::racks_considered),
          {.doc = "racks drawn at each launch, of which the one with the fewest of the owner's instances is "
                  "taken; 1 = at random",
           .source = spread,
           .min = 1,
           .max = 1000})
      .assume("hosts_per_family", own(&H::hosts_per_family),
              {.doc = "of a rack, that one instance family fills in turn before it takes more",
               .source = spread,
               .min = 1,
               .max = 100})
      .assume("cluster_racks", own(&H::cluster_racks),
              {.doc = "racks of a cluster placement group: those with the most room at its first launch",
               .source = "assumption for 'the same high-bisection segment': EC2 User Guide, placement groups",
               .min = 1,
               .max = 1000})
      .assume("others_least", own(&H::others_least),
              {.doc = "share of a rack's hosts that other customers hold; uniform from here",
               .source = unpublished})
      .assume("others_greatest", own(&H::others_greatest), {.doc = "to here", .source = unpublished})
      .assume(
          "others_turnover", own(&H::others_turnover),
          {.doc = "after which it is drawn anew which hosts they hold", .source = unpublished, .min = 1s});
}

void check_hardware(const E& config, const Node& node, Context& context) {
  if (config.others_least > config.others_greatest)
    context.report(Code::inconsistent, node, "'others_least' is above 'others_greatest'");
}

}  // namespace

const FieldTable<Ec2Config>& Ec2Config::fields() {
  static const auto table =
      with_hardware(with_health(quotas()))
          .assume(
              "capacity_shortages", &E::capacity_shortages,
              {.doc = "launches in a zone end in InsufficientInstanceCapacity", .source = "assumption: none"})
          .assume("spot_discount", &E::spot_discount,
                  {.doc = "Spot price below the On-Demand price",
                   .source = "assumption: discounts of 60 to 90 % are usual (unverified)"})
          .assume("spot_notices", &E::spot_notices,
                  {.doc = "share of reclaims that a notice of 2 min precedes",
                   .source = "EC2 User Guide, Spot Instance interruption notices: best effort"})
          .assume(
              "spot_reclaims", &E::spot_reclaims,
              {.doc = "when EC2 takes Spot instances back",
               .source = "nops.io, AWS Spot facts: less than 5 % of instances a month; arXiv 2604.16457: "
                         "92 % of a pool's interruptions that coincide fall within 3 min; shares assumed"})
          .validate(check_hardware);
  return table;
}

const FieldTable<InstanceConfig>& InstanceConfig::fields() {
  using I = InstanceConfig;
  static const auto table =
      with_launch_fields(
          FieldTable<I>("AWS::EC2::Instance", "One On-Demand instance that runs an application.").typed())
          .field("availability_zone", &I::availability_zone,
                 {.doc = "where it runs; none = the first of the run", .refers_to = "Availability Zone"})
          .field("auto_recovery", &I::auto_recovery,
                 {.doc = "simplified automatic recovery after a failed system status check",
                  .source = "EC2 User Guide, recover your instance; EC2 API, MaintenanceOptions"})
          .validate([](const I& instance, const Node& node, Context& context) {
            check_instance_type(node, context);
            check_partition_number(instance, node, context);
            check_tags(instance.tags, node, "tags", context);
          });
  return table;
}

void InstanceConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  check_application(application, version, defined, diagnostics);
  if (availability_zone) check_zone(*availability_zone, defined, diagnostics);
  check_placement({.launch = *this, .types = {instance_type}}, defined, diagnostics);
}

std::optional<std::vector<std::string>> InstanceConfig::operations(const Defined& defined) const {
  const auto found = defined.applications.find(application.id);
  if (found == defined.applications.end()) return std::nullopt;
  return found->second;
}

std::unique_ptr<Resource> InstanceConfig::build(World& world, const std::string& id) const {
  return std::make_unique<InstanceResource>(world, id, *this);
}

}  // namespace nephoscope::ec2
