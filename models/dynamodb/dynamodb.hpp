// AWS::DynamoDB::Table: a table, its indexes, and what callers do with it.
//
// Properties are CloudFormation's, in snake_case. Sources: AWS::DynamoDB::Table in the CloudFormation User
// Guide; DynamoDB Developer Guide; see dynamodb.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/key_distribution.hpp"
#include "models/common/resource.hpp"
#include "models/dynamodb/access_pattern.hpp"
#include "models/dynamodb/partition_settings.hpp"

namespace nephoscope::dynamodb {

// Default quotas, adjustable (Developer Guide, "Service, account, and table quotas").
inline constexpr double kTableQuota = 40'000;  // units/s of each kind, of a table with its indexes
inline constexpr int kMaxLocalIndexes = 5;

// The names of the key's attributes.
struct KeySchema {
  std::string partition_key;
  std::optional<std::string> sort_key;
  static const FieldTable<KeySchema>& fields();
};

struct ProvisionedThroughput {
  std::int64_t read_capacity_units = 1;
  std::int64_t write_capacity_units = 1;
  static const FieldTable<ProvisionedThroughput>& fields();
  Throughput rates() const;
};

// The limits that an owner sets on a table or index on demand; none = no limit.
struct OnDemandThroughput {
  std::optional<std::int64_t> max_read_request_units;
  std::optional<std::int64_t> max_write_request_units;
  static const FieldTable<OnDemandThroughput>& fields();
};

struct WarmThroughput {
  std::int64_t read_units_per_second = 12'000;
  std::int64_t write_units_per_second = 4'000;
  static const FieldTable<WarmThroughput>& fields();
  Throughput rates() const;
};

enum class ProjectionType : std::uint8_t { all, keys_only };

struct LocalSecondaryIndex {
  std::string sort_key;
  ProjectionType projection = ProjectionType::all;
  static const FieldTable<LocalSecondaryIndex>& fields();
};

struct TableConfig final : ResourceConfig {
  KeySchema key_schema;
  BillingMode billing_mode = BillingMode::provisioned;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;
  std::vector<Named<LocalSecondaryIndex>> local_secondary_indexes;
  // Place of global_secondary_indexes, stream_specification, time_to_live_specification.
  bool point_in_time_recovery_enabled = false;
  std::int64_t backups = 0;
  std::optional<Reference> region;
  std::vector<Named<AccessPattern>> access_patterns;

  // Assumptions.
  std::int64_t items = 100'000;
  std::int64_t items_per_key = 1;
  SizeDistribution item_size = Bytes(1 << 10);
  std::optional<KeyDistribution> keys;
  std::int64_t throughput_quota = 40'000;
  DurationDistribution read_latency, write_latency, transact_read_latency, transact_write_latency;
  Duration time_per_mebibyte = 20ms;
  DurationDistribution replication_lag;
  Duration attempt_limit = 5s;
  Probability applied_after_error{0.5};
  DurationDistribution update_time;
  std::int64_t continuation_attempts = 10;
  Duration continuation_delay = 50ms;
  PartitionAssumptions partitions;

  TableConfig();
  static const FieldTable<TableConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
  bool has_place() const override { return region.has_value(); }
  const Reference* other_region() const override { return region ? &*region : nullptr; }
  std::optional<std::vector<std::string>> operations(const Defined&) const override;
  std::vector<ScalablePart> scalable_parts() const override;

  bool sorted() const { return key_schema.sort_key.has_value(); }
  PartitionSettings partition_settings() const;
};

}  // namespace nephoscope::dynamodb

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<dynamodb::ProjectionType> = enum_names<dynamodb::ProjectionType>({
    {"ALL", dynamodb::ProjectionType::all},
    {"KEYS_ONLY", dynamodb::ProjectionType::keys_only},
});
}  // namespace nephoscope
