// AWS::DAX::Cluster: a write-through cache in front of a DynamoDB table.
//
//   orders-cache:
//     type: AWS::DAX::Cluster
//     table: orders
//     node_type: dax.r5.large
//     replication_factor: 3          # nodes: a primary and two read replicas
//     parameter_group: {item_ttl: 5m, query_ttl: 1m}
//
// It understands what its table understands. Properties are CloudFormation's in snake_case; `table` is ours:
// a cluster of AWS serves all tables of an account, one here a single one. See dax.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/call_policy.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"
#include "models/dax/node_types.hpp"

namespace nephoscope::dax {

// 1 primary and up to 10 read replicas (DynamoDB Developer Guide, "DAX cluster components").
inline constexpr std::int64_t kMostNodes = 11;

struct ParameterGroup {
  Duration item_ttl = 5min;
  Duration query_ttl = 5min;

  static const FieldTable<ParameterGroup>& fields();
};

// How nodes call the table.
struct TableClient final : CallPolicy {
  TableClient() { timeout = 5s; }
  static const FieldTable<TableClient>& fields();
};

struct ClusterConfig final : ResourceConfig {
  Reference table;
  NodeType node_type = NodeType::r5_large;
  std::int64_t replication_factor = 1;
  std::vector<Reference> availability_zones;
  ParameterGroup parameter_group;

  Probability cache_share{0.75};
  Probability query_cache_share{0.3};
  Bytes entry_overhead{64};
  Bytes item_size{1 << 10};
  DurationDistribution hit_latency;
  std::optional<std::int64_t> node_throughput;
  std::int64_t miss_weight = 10;
  std::int64_t write_weight = 25;
  std::int64_t queue_limit = 1000;
  DurationDistribution propagation_delay;
  DurationDistribution promotion_time;
  DurationDistribution restart_time;
  Duration client_refresh = 4s;
  TableClient table_client;

  ClusterConfig();
  static const FieldTable<ClusterConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  bool takes_requests() const override { return true; }
  bool has_place() const override { return true; }
  bool is_rebootable() const override { return true; }
  std::optional<std::vector<std::string>> operations(const Defined& defined) const override;

  // Normalised requests/s of one node.
  std::int64_t throughput() const { return node_throughput.value_or(info(node_type).throughput); }
};

}  // namespace nephoscope::dax
