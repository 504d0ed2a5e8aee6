#include "models/dax/dax.hpp"

#include "models/common/references.hpp"
#include "models/dax/cluster.hpp"

namespace nephoscope::dax {
namespace {

constexpr const char* kGuide = "DynamoDB Developer Guide, DAX: how it works";
constexpr const char* kSizing = "DynamoDB Developer Guide, Sizing your DAX cluster";

FieldTable<ClusterConfig> keys() {
  using C = ClusterConfig;
  return FieldTable<C>("AWS::DAX::Cluster", "A write-through cache in front of a DynamoDB table.")
      .typed()
      .required("table", &C::table, {.doc = "the DynamoDB table behind it", .refers_to = "DynamoDB table"})
      .required("node_type", &C::node_type, {.doc = "of all nodes", .source = kSizing})
      .field("replication_factor", &C::replication_factor,
             {.doc = "nodes: a primary and read replicas",
              .source = "DynamoDB Developer Guide, DAX cluster components: up to 10 replicas",
              .min = 1,
              .max = kMostNodes})
      .field(
          "availability_zones", &C::availability_zones,
          {.doc = "where the nodes stand, in turn; none = the run's zones", .refers_to = "Availability Zone"})
      .field("parameter_group", &C::parameter_group, {.doc = "how long entries serve"});
}

FieldTable<ClusterConfig>&& with_memory(FieldTable<ClusterConfig>&& table) {
  using C = ClusterConfig;
  return std::move(table)
      .assume("cache_share", &C::cache_share,
              {.doc = "of a node's memory that holds entries",
               .source = "assumption: the rest runs the node",
               .above = 0})
      .assume("query_cache_share", &C::query_cache_share,
              {.doc = "of those entries' memory that is the query cache's",
               .source = "assumption: AWS does not say how the two caches share"})
      .assume("entry_overhead", &C::entry_overhead,
              {.doc = "memory of an entry beyond its data; what a missing item takes",
               .source = "assumption",
               .min = Bytes(1)})
      .assume(
          "item_size", &C::item_size,
          {.doc = "of items that were written and whose answers carry no size; answers of reads tell theirs",
           .source = "assumption: 1 KiB"});
}

FieldTable<ClusterConfig>&& with_load(FieldTable<ClusterConfig>&& table) {
  using C = ClusterConfig;
  return std::move(table)
      .assume("hit_latency", &C::hit_latency,
              {.doc = "of an answer from the cache, inside the node, the CPU's time aside",
               .source = "assumption: hundreds of microseconds (AWS: microseconds)"})
      .assume("node_throughput", &C::node_throughput,
              {.doc = "normalised requests/s of a node; none = the node type's",
               .source = kSizing,
               .min = 1,
               .max = 100'000'000})
      .assume("miss_weight", &C::miss_weight,
              {.doc = "what a read costs that goes to the table, in normalised requests for each KB",
               .source = kSizing,
               .min = 1,
               .max = 10'000})
      .assume("write_weight", &C::write_weight,
              {.doc = "what a write costs each node, in normalised requests for each KB",
               .source = kSizing,
               .min = 1,
               .max = 10'000})
      .assume("queue_limit", &C::queue_limit,
              {.doc = "requests that wait for a node's CPUs; further ones get a ThrottlingException",
               .source = "assumption: some 13 ms of work of a dax.r5.large",
               .min = 0,
               .max = 10'000'000})
      .assume(
          "table_client", &C::table_client,
          {.doc = "how nodes call the table", .source = "assumption: errors are passed on, clients retry"});
}

FieldTable<ClusterConfig>&& with_nodes(FieldTable<ClusterConfig>&& table) {
  using C = ClusterConfig;
  return std::move(table)
      .assume(
          "propagation_delay", &C::propagation_delay,
          {.doc = "from an entry on the primary to the same on a replica",
           .source = "DynamoDB Developer Guide, DAX and DynamoDB consistency models: usually less than one "
                     "second; distribution assumed"})
      .assume("promotion_time", &C::promotion_time,
              {.doc = "from the primary's loss until a replica takes its place; no writes meanwhile",
               .source = "assumption: seconds (AWS: automatically)"})
      .assume(
          "restart_time", &C::restart_time,
          {.doc = "of a node's reboot, or from its power's return until it serves", .source = "assumption"})
      .assume("client_refresh", &C::client_refresh,
              {.doc = "how long clients go on using a node that is lost, or do not use one that has come",
               .source = "amazon-dax-client: cluster update interval, 4 s"});
}

}  // namespace

const FieldTable<ParameterGroup>& ParameterGroup::fields() {
  using P = ParameterGroup;
  static const auto table =
      FieldTable<P>("DAX parameter group", "How long entries of the caches serve.")
          .field("item_ttl", &P::item_ttl,
                 {.doc = "of the item cache (record-ttl-millis)", .source = kGuide, .above = 0s})
          .field("query_ttl", &P::query_ttl,
                 {.doc = "of the query cache (query-ttl-millis)", .source = kGuide, .above = 0s});
  return table;
}

const FieldTable<TableClient>& TableClient::fields() {
  static const auto table =
      with_call_policy(FieldTable<TableClient>("DAX table client", "How DAX calls its table."));
  return table;
}

ClusterConfig::ClusterConfig()
    : hit_latency(duration_from("{dist: lognormal, p50: 250us, p99: 800us}")),
      propagation_delay(duration_from("{dist: lognormal, p50: 50ms, p99: 500ms}")),
      promotion_time(10s),
      restart_time(60s) {}

const FieldTable<ClusterConfig>& ClusterConfig::fields() {
  static const auto table = with_nodes(with_load(with_memory(keys())));
  return table;
}

void ClusterConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  for (const Reference& zone : availability_zones) check_zone(zone, defined, diagnostics);
  const auto found = defined.resources.find(table.id);
  if (found == defined.resources.end()) {
    std::vector<std::string_view> known;
    for (const auto& [id, type] : defined.resources)
      if (type == "AWS::DynamoDB::Table") known.emplace_back(id);
    return report_unknown_reference(table, "DynamoDB table", known, diagnostics);
  }
  if (found->second != "AWS::DynamoDB::Table")
    report_wrong_reference(table, "a DynamoDB table", found->second, diagnostics);
}

std::optional<std::vector<std::string>> ClusterConfig::operations(const Defined& defined) const {
  const auto behind = defined.endpoints.find(table.id);
  return behind == defined.endpoints.end() ? std::nullopt : behind->second;
}

std::unique_ptr<Resource> ClusterConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Cluster>(world, id, *this);
}

}  // namespace nephoscope::dax
