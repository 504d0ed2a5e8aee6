// How a global secondary index is set up (CloudFormation: GlobalSecondaryIndex), and what is assumed about
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/key_distribution.hpp"
#include "models/dynamodb/partition_settings.hpp"
#include "models/dynamodb/throughput_config.hpp"

namespace nephoscope::dynamodb {

// Which attributes an index entry carries beside the index's and the table's keys.
enum class IndexProjection : std::uint8_t { all, keys_only, include };

struct Projection {
  IndexProjection projection_type = IndexProjection::all;
  std::vector<std::string> non_key_attributes;
  static const FieldTable<Projection>& fields();
};

inline constexpr std::size_t kMaxGlobalIndexes = 20;  // Developer Guide, quotas: GSIs per table (default)

struct GlobalIndexConfig {
  KeySchema key_schema;
  Projection projection;
  std::optional<ProvisionedThroughput> provisioned_throughput;
  std::optional<OnDemandThroughput> on_demand_throughput;
  std::optional<WarmThroughput> warm_throughput;

  std::optional<KeyDistribution> keys;  // values of the index's partition key; none = each item has its own
  Probability share_indexed{1};
  Probability changes_key{0};
  std::optional<Probability> changes_projected;
  std::optional<Bytes> entry_size;
  DurationDistribution propagation_lag;

  GlobalIndexConfig();
  static const FieldTable<GlobalIndexConfig>& fields();
  // Of updates that leave the indexed key alone: those that change what the index holds.
  Probability projected_changes() const;
  // The bytes of an entry whose item has `item` bytes; 0 for no item.
  std::int64_t entry_bytes(std::int64_t item) const;
};

}  // namespace nephoscope::dynamodb

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<dynamodb::IndexProjection> = enum_names<dynamodb::IndexProjection>({
    {"ALL", dynamodb::IndexProjection::all},
    {"KEYS_ONLY", dynamodb::IndexProjection::keys_only},
    {"INCLUDE", dynamodb::IndexProjection::include},
});
}  // namespace nephoscope
