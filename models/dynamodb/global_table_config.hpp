// AWS::DynamoDB::GlobalTable: one table in several Regions.
//
// It expands into an AWS::DynamoDB::Table for each of its Regions, "ID/us-east-1"; the global table itself
// replicates between them. Requests are sent to one of the tables, or to the global table, which takes them
// to the replica that is nearest to their sender. Source: CloudFormation User Guide,
// AWS::DynamoDB::GlobalTable; DynamoDB Developer Guide, "Global tables". Not modelled: the witness of
// multi-Region strong consistency, replicas that are added or removed in a run. See global-tables.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/resource.hpp"
#include "models/dynamodb/dynamodb.hpp"
#include "models/dynamodb/replication_config.hpp"

namespace nephoscope::dynamodb {

enum class MultiRegionConsistency : std::uint8_t { eventual, strong };

// More would cost memory for nothing; AWS has as many as there are Regions.
inline constexpr std::size_t kMaxReplicas = 8;
inline constexpr std::size_t kStrongReplicas = 3;  // Developer Guide, "Multi-Region strong consistency"

// What a replica has of its own (CloudFormation: ReplicaSpecification).
struct ReplicaConfig {
  std::optional<std::int64_t> read_capacity_units;
  std::optional<std::int64_t> max_read_request_units;
  bool point_in_time_recovery_enabled = false;
  static const FieldTable<ReplicaConfig>& fields();
};

struct GlobalTableConfig final : ResourceConfig {
  TableConfig table;
  std::vector<Named<ReplicaConfig>> replicas;  // by Region
  MultiRegionConsistency multi_region_consistency = MultiRegionConsistency::eventual;
  ReplicationAssumptions replication;

  static const FieldTable<GlobalTableConfig>& fields();
  bool strong() const { return multi_region_consistency == MultiRegionConsistency::strong; }

  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  std::vector<ExpandedResource> expand(const std::string& id) const override;
  bool takes_requests() const override { return true; }
  bool has_place() const override { return true; }
  std::optional<std::vector<std::string>> operations(const Defined& defined) const override {
    return table.operations(defined);
  }
};

}  // namespace nephoscope::dynamodb

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<dynamodb::MultiRegionConsistency> =
    enum_names<dynamodb::MultiRegionConsistency>({
        {"EVENTUAL", dynamodb::MultiRegionConsistency::eventual},
        {"STRONG", dynamodb::MultiRegionConsistency::strong},
    });
}  // namespace nephoscope
