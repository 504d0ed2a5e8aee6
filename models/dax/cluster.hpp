// A running AWS::DAX::Cluster.
//
// Clients choose a node (DAX clients are smart): writes go to the primary, reads to any node that they know
// of. Entries come to be on the primary and reach the replicas later, in order; see dax.md for what is read
// into AWS's text.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "engine/stats/windowed_series.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/dynamodb.hpp"
#include "models/common/reboot.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"
#include "models/dax/dax.hpp"
#include "models/dax/node.hpp"

namespace nephoscope::dax {

class Cluster final : public Resource, public Endpoint, public Rebootable, private ZoneListener {
 public:
  // REQUIRES: world and config outlive it.
  Cluster(World& world, const std::string& id, const ClusterConfig& config);

  Endpoint* endpoint() override { return this; }
  Rebootable* rebootable() override { return this; }
  void connect(const Wiring& wiring) override;
  void start() override;
  void submit(const Request& request, ReplyId reply) override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void bill(UsageMeter& meter) const override;
  void audit(Audit& audit) const override;

  std::vector<std::string> running_nodes() const override;
  void reboot_node(const std::string& name) override;

  std::optional<std::uint32_t> primary() const { return primary_; }
  const Node& node(std::uint32_t index) const { return nodes_[index].node; }

 private:
  // Since the run's start.
  struct Counts {
    std::uint64_t item_hits = 0, item_misses = 0, query_hits = 0, query_misses = 0;
    std::uint64_t scan_hits = 0, scan_misses = 0;
    std::uint64_t stale_items = 0, stale_queries = 0;  // hits on what is not so any more
    std::uint64_t cacheable = 0;                       // items, queries and scans that caches were asked for
    std::uint64_t arrived = 0, ok = 0, faults = 0, errors = 0, throttled = 0, throttled_by_table = 0,
                  lost = 0;
    std::uint64_t to_table = 0;
    std::uint64_t hits() const { return item_hits + query_hits + scan_hits; }
    std::uint64_t misses() const { return item_misses + query_misses + scan_misses; }
  };
  struct PlacedNode final : Endpoint {
    PlacedNode(Cluster& its_cluster, std::uint32_t index, ZoneId zone)
        : cluster(its_cluster), node(its_cluster.world_.simulation, its_cluster.config_, index, zone) {}
    void submit(const Request& request, ReplyId reply) override { cluster.arrive(request, reply, node); }
    Cluster& cluster;
    Node node;
  };
  // What a look-up found of all that a read is about.
  struct Found {
    bool all = true;
    Bytes size;
  };
  struct Errors {
    explicit Errors(Interner<ErrorTag>& names);
    ErrorId throttled, reset, refused;
  };
  struct Metrics {
    MetricId item_hits, item_misses, query_hits, query_misses, scan_hits, scan_misses;
    MetricId total, faults, errors, throttled, cpu, size;
  };

  // Requests (requests.cpp).
  PlacedNode* route(const Request& request, const DynamoDbOperation& operation);
  void arrive(const Request& request, ReplyId reply, Node& node);
  Process read(Request request, ReplyId reply, Node& node);
  Process write(Request request, ReplyId reply, Node& node);
  Process pass_through(Request request, ReplyId reply, Node& node);
  Found look_up(Node& node, const Request& request, const DynamoDbOperation& operation);
  Found look_up_items(Node& node, const Request& request, const DynamoDbOperation& operation);
  Found look_up_search(Node& node, const Request& request, const DynamoDbOperation& operation);
  // What the table's answer leaves in the caches.
  void enter(Node& node, const Request& request, const DynamoDbOperation& operation, const Response& answer);
  void store(Node& node, const Entry& entry);
  void set_arrivals(const Request& request);
  Entry search_entry(const Request& request, const DynamoDbOperation& operation, Bytes size) const;
  std::uint64_t version_of_search(const Request& request, const DynamoDbOperation& operation,
                                  std::uint64_t key) const;
  Cached weighed(std::uint64_t version, Bytes size) const;
  void charge_replicas(const Node& served, std::int64_t normalised);
  Process charge(Node& node, Time arrives, std::int64_t normalised);
  void answer(ReplyId reply, const Response& response);
  void refuse(ReplyId reply, Fault fault, ErrorId error);
  void break_off(ReplyId reply, const Node& node);

  // Nodes (nodes.cpp).
  void zone_power_changed(ZoneId zone, bool on) override;
  std::string name_of(const Node& node) const;
  void lose(Node& node, const char* why);
  Process come_back(Node& node);
  void lose_primary(Node& node);
  void promote();
  void set_primary(Node& node, const char* why);
  void tell_clients();
  void update_clients();

  // Results (report.cpp).
  Process each_minute();
  void publish();
  Process sample();
  double busy_seconds() const;

  World& world_;
  const ClusterConfig& config_;
  std::string id_;
  ResourceId self_;
  Errors errors_;
  Purpose route_, latency_, propagation_, promotion_, restart_;
  DynamoDbTable* table_ = nullptr;
  CloudWatch* cloudwatch_ = nullptr;
  std::deque<PlacedNode> nodes_;
  std::optional<std::uint32_t> primary_ = 0;
  bool promoting_ = false;
  std::uint64_t promotions_ = 0;
  // As clients know them.
  std::vector<std::uint32_t> known_nodes_;
  std::optional<std::uint32_t> known_primary_ = 0;
  std::vector<Time> arrivals_;  // by node, of what the present request sends
  Counts counts_, counts_before_, counts_published_, counts_sampled_;
  std::uint64_t serving_ = 0;
  std::uint64_t evictions_before_ = 0;
  double busy_published_ = 0;
  Metrics metrics_;
  WindowedSeries hit_ratio_series_;
};

}  // namespace nephoscope::dax
