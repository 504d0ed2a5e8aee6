// A running Nephoscope::ReplicatedStore.
#pragma once

#include <array>
#include <cstdint>
#include <string>

#include "models/common/resource.hpp"
#include "models/common/series.hpp"
#include "models/common/world.hpp"
#include "models/store/directory.hpp"
#include "models/store/nodes.hpp"
#include "models/store/placement.hpp"
#include "models/store/repair.hpp"
#include "models/store/store.hpp"

namespace nephoscope::store {

class Store final : public Resource, public Endpoint, private InstanceListener {
 public:
  // REQUIRES: world and config outlive it.
  Store(World& world, const std::string& id, const ReplicatedStoreConfig& config);

  Endpoint* endpoint() override { return this; }
  void connect(const Wiring& wiring) override;
  void start() override { world_.simulation.spawn(sample()); }
  void submit(const Request& request, ReplyId reply) override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void audit(Audit& audit) const override;

 private:
  // A live replica, as seen from where the request comes from.
  struct Choice {
    NodeIndex node = kNoNode;
    Way way;
  };
  struct Choices {
    std::array<Choice, kMaxReplicationFactor> all;
    std::size_t count = 0;
  };
  struct Counts {
    std::uint64_t arrived = 0, ok = 0, unavailable = 0, lost = 0, timed_out = 0;
  };

  // Nodes.
  void instance_changed(Instance& instance, InstanceEvent event) override;
  void came(Instance& instance);
  void went(NodeIndex node);
  void erase(NodeIndex node);
  Process give_up_later(NodeLife life);
  void give_up(NodeIndex node);
  void lay_out();

  // Requests.
  Process serve(Request request, ReplyId reply);
  Process at_replica(Request request, Choice choice, ReplyId ack);
  Task<bool> carry_item(const Request& request, NodeIndex node, bool to_node);
  ChunkIndex chunk_of(const Request& request) const;
  Choices choose(const Request& request, ChunkIndex chunk) const;
  Bytes size_of(const Request& request) const;
  void refuse(ReplyId reply, Fault fault, ErrorId error);

  // Results.
  Process sample();
  void take_sample();
  void report_chunks(Report& report) const;
  void report_repairs(Report& report) const;

  World& world_;
  const ReplicatedStoreConfig& config_;
  std::string id_;
  ResourceId self_;
  OperationId write_;
  ErrorId unavailable_, lost_, timed_out_;
  Purpose layout_, key_, size_;
  Directory directory_;
  Nodes nodes_;
  Placement placement_;
  Repair repair_;
  bool laid_out_ = false;
  TimeoutClass timeout_;
  Counts counts_;
  std::uint64_t serving_ = 0;
  // At the end of warm-up.
  Counts counts_before_;
  RepairCounts repairs_before_;
  LevelSeries unavailable_series_, under_replicated_series_, repairs_series_, stuck_series_;
};

}  // namespace nephoscope::store
