#include "models/dynamodb/global_table_config.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/common/references.hpp"
#include "models/dynamodb/global_table.hpp"

namespace nephoscope::dynamodb {
namespace {

void refuse_with_strong(const GlobalTableConfig& config, const Node& node, Context& context) {
  if (config.replicas.size() != kStrongReplicas)
    context.report_key(Code::inconsistent, *node.find("replicas"),
                       fmt::format("multi-Region strong consistency needs {} replicas, and there are {}",
                                   kStrongReplicas, config.replicas.size()));
  for (const char* key : {"time_to_live_specification", "local_secondary_indexes"})
    if (const Node* given = node.find(key))
      context.report_key(Code::inconsistent, *given,
                         fmt::format("'{}' does not go with multi-Region strong consistency", key));
  for (const auto& pattern : config.table.access_patterns)
    if (is_transaction(pattern.value.operation))
      context.report_key(Code::inconsistent, *node.find("access_patterns")->find(pattern.id),
                         "there are no transactions with multi-Region strong consistency");
}

void check_replica(const GlobalTableConfig& config, const Named<ReplicaConfig>& replica, const Node& node,
                   Context& context) {
  const bool provisioned = config.table.billing_mode == BillingMode::provisioned;
  if (!provisioned && replica.value.read_capacity_units)
    context.report_key(Code::inconsistent, *node.find("read_capacity_units"),
                       "'read_capacity_units' has no meaning in mode PAY_PER_REQUEST");
  if (provisioned && replica.value.max_read_request_units)
    context.report_key(Code::inconsistent, *node.find("max_read_request_units"),
                       "'max_read_request_units' has no meaning in mode PROVISIONED");
}

// A global table stands in the Regions of its replicas, and nowhere by itself.
void refuse_region(const GlobalTableConfig& config, Diagnostics& diagnostics) {
  const Reference& region = *config.table.region;
  std::vector<std::string_view> known;
  for (const auto& replica : config.replicas) known.push_back(replica.id);
  if (std::find(known.begin(), known.end(), region.id) == known.end())
    return report_unknown_reference(region, "replica", known, diagnostics);
  diagnostics.add({Code::inconsistent, region.place, region.path,
                   "a global table stands in the Regions of its replicas", "leave out 'region'", ""});
}

void validate(const GlobalTableConfig& config, const Node& node, Context& context) {
  const Node& replicas = *node.find("replicas");
  for (const auto& replica : config.replicas)
    check_replica(config, replica, *replicas.find(replica.id), context);
  if (config.strong()) refuse_with_strong(config, node, context);
}

}  // namespace

const FieldTable<ReplicaConfig>& ReplicaConfig::fields() {
  using R = ReplicaConfig;
  static const auto table =
      FieldTable<R>("replica", "A Region's table.")
          .field("read_capacity_units", &R::read_capacity_units,
                 {.doc = "provisioned there; none = as the global table says",
                  .source = "CloudFormation User Guide, ReadProvisionedThroughputSettings",
                  .min = 1,
                  .max = 100'000'000})
          .field("max_read_request_units", &R::max_read_request_units,
                 {.doc = "limit there on demand; none = as the global table says",
                  .source = "CloudFormation User Guide, ReadOnDemandThroughputSettings",
                  .min = 1})
          .field("point_in_time_recovery_enabled", &R::point_in_time_recovery_enabled,
                 {.doc = "continuous backups there"});
  return table;
}

const FieldTable<GlobalTableConfig>& GlobalTableConfig::fields() {
  using G = GlobalTableConfig;
  static const auto table =
      FieldTable<G>("AWS::DynamoDB::GlobalTable", "A DynamoDB table in several Regions.")
          .typed()
          .required("replicas", &G::replicas,
                    {.doc = "Regions, and what differs there", .min_items = 2, .max_items = kMaxReplicas})
          .field("multi_region_consistency", &G::multi_region_consistency,
                 {.doc = "the last writer wins, a moment later; or reads see the newest write of any Region",
                  .source = "default: Developer Guide, Global tables: eventual"})
          .include(&G::table)
          .include(&G::replication)
          .validate(validate);
  return table;
}

void GlobalTableConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  if (table.region) refuse_region(*this, diagnostics);
  for (const auto& replica : replicas) {
    const Reference region{.id = replica.id, .place = replica.place};
    for (const auto& other : replicas)
      if (other.id != replica.id) check_regions(region, other.id, defined, diagnostics);
  }
}

std::vector<ExpandedResource> GlobalTableConfig::expand(const std::string& id) const {
  std::vector<ExpandedResource> parts;
  for (const auto& replica : replicas) {
    auto config = std::make_unique<TableConfig>(table);
    config->region = Reference{.id = replica.id, .place = replica.place};
    config->global_table = id;
    if (replica.value.read_capacity_units)
      config->provisioned_throughput->read_capacity_units = *replica.value.read_capacity_units;
    if (replica.value.max_read_request_units) {
      if (!config->on_demand_throughput) config->on_demand_throughput.emplace();
      config->on_demand_throughput->max_read_request_units = replica.value.max_read_request_units;
    }
    config->point_in_time_recovery_enabled |= replica.value.point_in_time_recovery_enabled;
    parts.push_back({.name = replica.id, .type = TableConfig::fields().name(), .config = std::move(config)});
  }
  return parts;
}

std::unique_ptr<Resource> GlobalTableConfig::build(World& world, const std::string& id) const {
  return std::make_unique<GlobalTable>(world, id, *this);
}

}  // namespace nephoscope::dynamodb
