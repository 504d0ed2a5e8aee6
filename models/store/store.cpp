#include "models/store/store.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/units.hpp"
#include "models/common/references.hpp"
#include "models/store/model.hpp"

namespace nephoscope::store {

const FieldTable<RepairConfig>& RepairConfig::fields() {
  using R = RepairConfig;
  static const auto table =
      FieldTable<R>("repair", "How lost replicas are made again.")
          .field(
              "delay", &R::delay,
              {.doc = "how long a node may be away before its replicas are made again",
               .source = "default: hdfs-default.xml: 2 x dfs.namenode.heartbeat.recheck-interval (5 min) + "
                         "10 x dfs.heartbeat.interval (3 s)"})
          .field("parallelism", &R::parallelism,
                 {.doc = "copies that a node sends at once",
                  .source = "default: hdfs-default.xml: dfs.namenode.replication.max-streams, 2",
                  .min = 1,
                  .max = 1000})
          .field("bandwidth", &R::bandwidth,
                 {.doc = "most that one copy takes; none = no limit", .above = BytesPerSecond(0)})
          .field("retry_interval", &R::retry_interval,
                 {.doc = "between a search for room that found none and the next",
                  .source = "default: hdfs-default.xml: dfs.namenode.redundancy.interval.seconds, 3",
                  .above = 0s});
  return table;
}

namespace {

void check_quorums(const ReplicatedStoreConfig& store, const Node& node, Context& context) {
  const auto at_most_factor = [&](const char* key, std::int64_t quorum) {
    if (quorum > store.replication_factor)
      context.report_key(
          Code::inconsistent, *node.find(key),
          fmt::format("'{}' is {}, and there are {} replicas", key, quorum, store.replication_factor));
  };
  if (node.find("read_quorum") != nullptr) at_most_factor("read_quorum", store.read_quorum);
  if (store.write_quorum) at_most_factor("write_quorum", *store.write_quorum);
}

void check_room(const ReplicatedStoreConfig& store, const Node& node, Context& context) {
  if (store.initial_nodes < store.replication_factor)
    context.report_key(
        Code::inconsistent, *node.find("initial_nodes"),
        fmt::format("{} nodes cannot hold {} replicas", store.initial_nodes, store.replication_factor));
  if (store.data.count < store.chunks)
    context.report_key(Code::inconsistent, *node.find("chunks"), "there are more chunks than bytes");
  if (!store.node_capacity) return;
  const std::int64_t fit = store.node_capacity->count / std::max<std::int64_t>(store.chunk_size().count, 1);
  if (fit * store.initial_nodes < store.chunks * store.replication_factor)
    context.report_key(
        Code::inconsistent, *node.find("node_capacity"),
        fmt::format("{} nodes have room for {} replicas, and there are {}", store.initial_nodes,
                    fit * store.initial_nodes, store.chunks * store.replication_factor));
}

FieldTable<ReplicatedStoreConfig> keys() {
  using S = ReplicatedStoreConfig;
  return FieldTable<S>("Nephoscope::ReplicatedStore",
                       "Chunks with several replicas on the instances of a fleet.")
      .typed()
      .required("nodes", &S::nodes,
                {.doc = "the Auto Scaling group or EC2 instance that it runs on", .refers_to = "resource"})
      .required("initial_nodes", &S::initial_nodes,
                {.doc = "the data is laid out as soon as so many are up; later ones come empty",
                 .min = 1,
                 .max = 10'000})
      .required("data", &S::data,
                {.doc = "of all chunks, each counted once",
                 .max = Bytes(100'000'000'000'000'000),
                 .above = Bytes(0)})
      .required("chunks", &S::chunks, {.doc = "equal parts of the data", .min = 1, .max = 10'000'000})
      .field("replication_factor", &S::replication_factor,
             {.doc = "replicas of each chunk, on different nodes",
              .source = "default: hdfs-default.xml: dfs.replication, 3",
              .min = 1,
              .max = kMaxReplicationFactor})
      .field(
          "placement", &S::placement,
          {.doc = "what replicas of a chunk do not share, if there is a choice: a node, a rack, a partition "
                  "of the placement group, a zone"})
      .field("read_quorum", &S::read_quorum,
             {.doc = "replicas that must answer a read; with fewer a chunk is unavailable",
              .min = 1,
              .max = kMaxReplicationFactor})
      .field("write_quorum", &S::write_quorum,
             {.doc = "replicas that must answer a write; none = a majority",
              .min = 1,
              .max = kMaxReplicationFactor})
      .field("node_capacity", &S::node_capacity,
             {.doc = "of a node's disks; none = enough", .above = Bytes(0)})
      .field("repair", &S::repair, {.doc = "how lost replicas are made again"});
}

}  // namespace

const FieldTable<ReplicatedStoreConfig>& ReplicatedStoreConfig::fields() {
  using S = ReplicatedStoreConfig;
  static const auto table =
      keys()
          .assume("item_size", &S::item_size,
                  {.doc = "what a read or write moves", .source = "assumption: 64 KiB"})
          .assume("disk_time", &S::disk_time,
                  {.doc = "of an operation on a node's disks, moving the data aside",
                   .source = "EBS User Guide, General Purpose SSD volumes: single-digit millisecond latency"})
          .assume("disk_bandwidth", &S::disk_bandwidth,
                  {.doc = "of one operation, and of one copy",
                   .source = "EBS User Guide, General Purpose SSD volumes: gp3 baseline, 125 MiB/s",
                   .above = BytesPerSecond(0)})
          .assume("disk_operations", &S::disk_operations,
                  {.doc = "that a node's disks do at once; each copy in progress takes one away",
                   .source = "assumption: with disk_time 1 ms some 5,000 operations a second at 64 KiB",
                   .min = 1,
                   .max = 1024})
          .assume("bulk_from", &S::bulk_from,
                  {.doc = "items of this size move as flows that share bandwidth with repairs",
                   .source = "assumption: shorter ones end before TCP notices"})
          .assume("timeout", &S::timeout,
                  {.doc = "after which the store gives up on replicas that do not answer",
                   .source = "default: Apache Cassandra, cassandra.yaml: read_request_timeout, 5 s",
                   .above = 0s})
          .validate([](const S& store, const Node& node, Context& context) {
            check_quorums(store, node, context);
            check_room(store, node, context);
          });
  return table;
}

void ReplicatedStoreConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  check_instances(nodes, defined, diagnostics);
}

std::optional<std::vector<std::string>> ReplicatedStoreConfig::operations(const Defined&) const {
  return std::vector<std::string>{"read", "write"};
}

std::unique_ptr<Resource> ReplicatedStoreConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Store>(world, id, *this);
}

}  // namespace nephoscope::store
