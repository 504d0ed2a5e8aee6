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
#include "models/dynamodb/index_config.hpp"
#include "models/dynamodb/partition_settings.hpp"
#include "models/dynamodb/stream_config.hpp"
#include "models/dynamodb/throughput_config.hpp"
#include "models/dynamodb/time_to_live_config.hpp"

namespace nephoscope::dynamodb {

inline constexpr int kMaxLocalIndexes = 5;

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
  std::vector<Named<GlobalIndexConfig>> global_secondary_indexes;
  std::optional<StreamSpecification> stream_specification;
  std::optional<TimeToLiveSpecification> time_to_live_specification;
  bool point_in_time_recovery_enabled = false;
  std::int64_t backups = 0;
  std::optional<Reference> region;
  std::vector<Named<AccessPattern>> access_patterns;
  std::string global_table = {};  // the id of the global table that it is a replica of; no key of its own

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
