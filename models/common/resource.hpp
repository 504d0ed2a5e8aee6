// What the scenario's wiring asks of every resource and workload.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/context.hpp"
#include "models/common/place.hpp"
#include "models/common/placement_group.hpp"
#include "models/common/region.hpp"
#include "models/common/request.hpp"
#include "models/common/server.hpp"
#include "models/common/tags.hpp"

namespace nephoscope {

class Report;
class UsageMeter;
class Audit;
class AutoScalingGroup;
class CloudWatch;
class Compute;
class DeploymentTarget;
class Diagnostics;
class DnsName;
class DynamoDbTable;
class Fleet;
class LoadBalancerControl;
class Rebootable;
class RecordStream;
class Removable;
class Resource;
class ScalableDimension;
class TargetGroup;
struct World;

// Finds what a scenario names. Names were checked when the scenario was read, so look-ups cannot fail.
class Wiring {
 public:
  virtual ~Wiring() = default;
  // The endpoint behind resource `id`.
  virtual Endpoint& endpoint(std::string_view id) const = 0;
  virtual Application& application(std::string_view id) const = 0;
  // Those that an account always has, and other views of a resource. Each fails a check where there is none.
  virtual CloudWatch& cloudwatch() const;
  virtual Compute& compute() const;
  virtual TargetGroup& target_group(std::string_view id) const;
  virtual Fleet& fleet(std::string_view id) const;
  virtual DeploymentTarget& deployment_target(std::string_view id) const;
  virtual AutoScalingGroup& auto_scaling_group(std::string_view id) const;
  virtual LoadBalancerControl& load_balancer(std::string_view id) const;
  virtual Removable& removable(std::string_view id) const;
  virtual Rebootable& rebootable(std::string_view id) const;
  virtual DynamoDbTable& dynamodb_table(std::string_view id) const;
  virtual RecordStream& record_stream(std::string_view id) const;
  // `part` names a part of resource `id` ("index/by-status"), or is empty; see
  // Resource::scalable_dimension().
  virtual ScalableDimension& scalable_dimension(std::string_view id, std::string_view part,
                                                std::string_view dimension) const;
  // The DNS name by which clients reach resource `id`; null if its address never changes.
  virtual const DnsName* dns_name(std::string_view id) const;
};

// A number of a resource that Application Auto Scaling can scale.
struct ScalablePart {
  std::string part;       // "index/by-status"; empty: the resource itself
  std::string dimension;  // "dynamodb:table:WriteCapacityUnits"
};

// The parts of a scenario that others may name: for checks between parts once all have been read.
struct Defined {
  // Resources that take requests, with the operations they understand (none: any operation).
  std::map<std::string, std::optional<std::vector<std::string>>, std::less<>> endpoints;
  std::map<std::string, std::string, std::less<>> resources;                  // id -> type
  std::map<std::string, std::vector<std::string>, std::less<>> applications;  // id -> its handlers' names
  std::map<std::string, std::vector<std::string>, std::less<>> versions;  // application id -> its versions
  std::map<std::string, std::string, std::less<>> fleets;    // resources with machines -> their application
  std::set<std::string, std::less<>> target_groups;          // resources that machines can register with
  std::set<std::string, std::less<>> deployment_targets;     // resources that versions can be shipped to
  std::set<std::string, std::less<>> instance_type_targets;  // whose instance type deployments can change
  std::vector<std::string> zones;                            // of the run, by whole names: "us-east-1a"
  std::string region;                                        // of the run
  RegionTable regions;                                       // that there are, and round trips between them
  std::map<std::string, std::string, std::less<>> other_regions;  // resources that stand in other Regions
  std::map<std::string, PlacementGroupSettings, std::less<>> placement_groups;
  std::map<std::string, std::vector<ScalablePart>, std::less<>> scalable;  // resources with such parts
  TagsById tags;                                                           // of resources with instances
  std::set<std::string, std::less<>> rebootable;  // resources with nodes that can be rebooted
  std::set<std::string, std::less<>> dns_names;   // resources about which DNS may change its answer
  ZoneShape zone_shape;
};

// Reports an application, or a version of it, that is not declared.
void check_application(const Reference& application, const std::optional<Reference>& version,
                       const Defined& defined, Diagnostics& diagnostics);

class ResourceConfig;

// An ordinary resource that a composite makes; its id in the scenario is "COMPOSITE/NAME".
struct ExpandedResource {
  std::string name;  // "AutoScalingGroup"
  std::string type;  // "AWS::AutoScaling::AutoScalingGroup"
  std::unique_ptr<ResourceConfig> config;
};

// The configuration of one resource or workload, as read from the scenario; immutable afterwards.
class ResourceConfig {
 public:
  virtual ~ResourceConfig() = default;
  // Reports what is wrong between this and other parts (unknown references, unknown operations).
  virtual void check(const Defined&, Diagnostics&) const {}
  // The running resource. `id` is its key in the scenario. Called once per replication.
  virtual std::unique_ptr<Resource> build(World& world, const std::string& id) const = 0;
  // What a composite stands for, made once after the scenario has been read; the composite itself is the
  // controller. `id` is its key in the scenario, by which what it makes refers to each other.
  virtual std::vector<ExpandedResource> expand(const std::string& /*id*/) const { return {}; }
  // Whether requests can be sent to it, and which operations it understands (none: any). Called before
  // check(), twice: at first `defined` holds applications, fleets and target groups only, then also what
  // everybody said the first time (for what passes on the operations of another resource).
  virtual bool takes_requests() const { return false; }
  // The application that its machines run, if it is a Fleet.
  virtual const Reference* fleet_application() const { return nullptr; }
  // Whether its address may change behind a DNS name.
  virtual bool has_dns_name() const { return false; }
  // Whether what DNS says of it may change in a run: its address, or which of its nodes are healthy.
  virtual bool has_dns_answers() const { return has_dns_name(); }
  virtual bool is_target_group() const { return false; }
  // Whether it is no part of EC2 and yet has a place in the network.
  virtual bool has_place() const { return false; }
  // The Region that it stands in, if the scenario says so.
  virtual const Reference* other_region() const { return nullptr; }
  // What it is as a placement group; null if it is none.
  virtual const PlacementGroupSettings* as_placement_group() const { return nullptr; }
  // The tags of its instances; null if it cannot have any.
  virtual const Tags* instance_tags() const { return nullptr; }
  // Whether it moves data in bulk (Network::transfer).
  virtual bool has_flows() const { return false; }
  virtual bool is_deployment_target() const { return false; }
  // Whether deployments can change its instance type, too.
  virtual bool can_change_instance_type() const { return false; }
  virtual std::optional<std::vector<std::string>> operations(const Defined&) const { return std::nullopt; }
  // Whether it has nodes that can be rebooted (Resource::rebootable()).
  virtual bool is_rebootable() const { return false; }
  // What Application Auto Scaling can scale of it; see Resource::scalable_dimension().
  virtual std::vector<ScalablePart> scalable_parts() const { return {}; }
};

// A running resource or workload. Calls come in this order: connect, start, (begin_measurement at the end of
// warm-up), report and bill at the run's duration, report_drained and audit after the last calls have
// drained.
class Resource {
 public:
  virtual ~Resource() = default;
  // Looks up what it talks to.
  virtual void connect(const Wiring&) {}
  // Starts its processes; simulated time is 0.
  virtual void start() {}
  // What requests are sent to; null if it takes none.
  virtual Endpoint* endpoint() { return nullptr; }
  // Other views of it; null if it has none.
  virtual Fleet* fleet() { return nullptr; }
  virtual TargetGroup* target_group() { return nullptr; }
  virtual DeploymentTarget* deployment_target() { return nullptr; }
  virtual AutoScalingGroup* auto_scaling_group() { return nullptr; }
  virtual LoadBalancerControl* load_balancer() { return nullptr; }
  virtual Removable* removable() { return nullptr; }
  virtual Rebootable* rebootable() { return nullptr; }
  virtual DynamoDbTable* dynamodb_table() { return nullptr; }
  virtual RecordStream* record_stream() { return nullptr; }
  // By the name that Application Auto Scaling has for it: "dynamodb:table:WriteCapacityUnits".
  virtual ScalableDimension* scalable_dimension(std::string_view /*part*/, std::string_view /*dimension*/) {
    return nullptr;
  }
  virtual const DnsName* dns_name() const { return nullptr; }
  // Warm-up is over: statistics begin afresh, state stays.
  virtual void begin_measurement() {}
  // Adds what was measured in [warm-up, duration).
  virtual void report(Report&) const {}
  // Adds what can only be known when measured calls have been answered.
  virtual void report_drained(Report&) const {}
  // Adds metered usage of the whole run, warm-up included.
  virtual void bill(UsageMeter&) const {}
  // Adds its conservation laws.
  virtual void audit(Audit&) const {}
};

}  // namespace nephoscope
