// Nephoscope::ReplicatedStore: chunks of data with several replicas on the instances of a fleet.
//
// Reads and writes go to live replicas. Replicas on a node that stays away are made again elsewhere, from the
// others: traffic that competes with that of users. See store.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::store {

// What the replicas of a chunk do not share, if there is a choice.
enum class PlacementPolicy : std::uint8_t { random, rack_aware, partition_aware, zone_aware };

inline constexpr std::int64_t kMaxReplicationFactor = 8;

struct RepairConfig {
  Duration delay = 10min + 30s;
  std::int64_t parallelism = 2;
  std::optional<BytesPerSecond> bandwidth;
  Duration retry_interval = 3s;
  static const FieldTable<RepairConfig>& fields();
};

struct ReplicatedStoreConfig final : ResourceConfig {
  Reference nodes;
  std::int64_t initial_nodes = 3;
  Bytes data;
  std::int64_t chunks = 1;
  std::int64_t replication_factor = 3;
  PlacementPolicy placement = PlacementPolicy::random;
  std::int64_t read_quorum = 1;
  std::optional<std::int64_t> write_quorum;
  std::optional<Bytes> node_capacity;
  RepairConfig repair;
  SizeDistribution item_size = Bytes(64 << 10);
  DurationDistribution disk_time = Duration(1ms);
  BytesPerSecond disk_bandwidth{125.0 * (1 << 20)};
  std::int64_t disk_operations = 8;
  Bytes bulk_from{1 << 20};
  Duration timeout = 5s;

  static const FieldTable<ReplicatedStoreConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
  bool has_flows() const override { return true; }
  std::optional<std::vector<std::string>> operations(const Defined&) const override;

  Bytes chunk_size() const { return Bytes(data.count / chunks); }
  // A majority unless the scenario says otherwise.
  std::int64_t writes_needed() const { return write_quorum.value_or(replication_factor / 2 + 1); }
};

}  // namespace nephoscope::store

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<store::PlacementPolicy> = enum_names<store::PlacementPolicy>({
    {"random", store::PlacementPolicy::random},
    {"rack_aware", store::PlacementPolicy::rack_aware},
    {"partition_aware", store::PlacementPolicy::partition_aware},
    {"zone_aware", store::PlacementPolicy::zone_aware},
});
}  // namespace nephoscope
