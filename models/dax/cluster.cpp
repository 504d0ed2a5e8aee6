#include "models/dax/cluster.hpp"

#include <algorithm>

#include "models/common/report.hpp"
#include "models/common/series.hpp"

namespace nephoscope::dax {

Cluster::Errors::Errors(Interner<ErrorTag>& names)
    : throttled(names.intern("ThrottlingException")),
      reset(names.intern("ConnectionReset")),
      refused(names.intern("ConnectionRefused")) {}

Cluster::Cluster(World& world, const std::string& id, const ClusterConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      self_(world.resources.intern("resources." + id)),
      errors_(world.errors),
      route_(Purpose("dax.route").of(id)),
      latency_(Purpose("dax.latency").of(id)),
      propagation_(Purpose("dax.propagation").of(id)),
      promotion_(Purpose("dax.promotion").of(id)),
      restart_(Purpose("dax.restart").of(id)),
      hit_ratio_series_({.origin = Time{}, .width = series_step(world.run)}) {
  world.zone_listeners.push_back(this);
  const auto nodes = static_cast<std::uint32_t>(config.replication_factor);
  const std::size_t zones =
      config.availability_zones.empty() ? world.run.zones.size() : config.availability_zones.size();
  for (std::uint32_t i = 0; i < nodes; ++i) {
    const auto at = static_cast<std::uint32_t>(i % zones);
    const ZoneId zone = config.availability_zones.empty()
                            ? ZoneId(at)
                            : zone_named(config.availability_zones[at].id, world.run.zones);
    nodes_.emplace_back(*this, i, zone);
    known_nodes_.push_back(i);
  }
  arrivals_.resize(nodes);
}

void Cluster::connect(const Wiring& wiring) {
  table_ = &wiring.dynamodb_table(config_.table.id);
  Endpoint& behind = wiring.endpoint(config_.table.id);
  const ResourceId table_id = world_.resources.intern("resources." + config_.table.id);
  for (PlacedNode& each : nodes_) {
    if (world_.network != nullptr)
      each.node.place = world_.network->add_node({.owner = id_, .zone = each.node.zone});
    each.node.table = std::make_unique<Caller>(world_, behind, config_.table_client, self_, table_id);
  }
  cloudwatch_ = &wiring.cloudwatch();
  const auto metric = [&](const char* name) {
    return cloudwatch_->metric({.space = "AWS/DAX", .name = name, .dimensions = {{"ClusterId", id_}}});
  };
  metrics_ = {.item_hits = metric("ItemCacheHits"),
              .item_misses = metric("ItemCacheMisses"),
              .query_hits = metric("QueryCacheHits"),
              .query_misses = metric("QueryCacheMisses"),
              .scan_hits = metric("ScanCacheHits"),
              .scan_misses = metric("ScanCacheMisses"),
              .total = metric("TotalRequestCount"),
              .faults = metric("FaultRequestCount"),
              .errors = metric("ErrorRequestCount"),
              .throttled = metric("ThrottledRequestCount"),
              .cpu = metric("CPUUtilization"),
              .size = metric("EstimatedDbSize")};
}

void Cluster::start() {
  world_.simulation.spawn(each_minute());
  world_.simulation.spawn(sample());
}

}  // namespace nephoscope::dax
