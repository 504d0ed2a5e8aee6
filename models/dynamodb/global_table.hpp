// A running AWS::DynamoDB::GlobalTable: replication between the tables of its Regions.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "models/common/resource.hpp"
#include "models/common/series.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/global_table_config.hpp"
#include "models/dynamodb/replica.hpp"
#include "models/dynamodb/replication_link.hpp"
#include "models/dynamodb/replication_state.hpp"

namespace nephoscope::dynamodb {

class GlobalTable final : public Resource, public Endpoint, public RegionQuorum, private ReplicationTarget {
 public:
  // REQUIRES: world and config outlive it.
  GlobalTable(World& world, const std::string& id, const GlobalTableConfig& config);

  Endpoint* endpoint() override { return this; }
  void connect(const Wiring& wiring) override;
  // The same with tables of one's own, in the order of the configuration. REQUIRES: they outlive it.
  void connect(const std::vector<Replica*>& tables);
  void start() override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void audit(Audit& audit) const override;

  // To the replica nearest to the sender; which one that is is found out once, so that it stays the same when
  // the network fails.
  void submit(const Request& request, ReplyId reply) override;

  Outcome begin_write(std::uint32_t replica, const ItemId& item, std::uint64_t number, std::uint32_t attempt,
                      Duration own) override;
  Outcome read(std::uint32_t replica, std::uint64_t number, std::uint32_t attempt) override;

  const ReplicationState& state() const { return state_; }
  // REQUIRES: from != to.
  const ReplicationLink& link(ReplicaIndex from, ReplicaIndex to) const;
  std::int64_t backlog() const { return backlog_.value(); }
  // The age of the oldest acknowledged write of this Region that another one has not got: what would be lost
  // with the Region now.
  Duration recovery_point(ReplicaIndex from) const;

 private:
  // One Region's table. Hears of its commits.
  struct Site final : ChangeListener {
    GlobalTable* owner = nullptr;
    ReplicaIndex index = 0;
    std::string region;
    PlaceId place;
    Duration clock{};  // ahead of the true time
    Replica* table = nullptr;
    Endpoint* endpoint = nullptr;
    void item_changed(const ItemChange& change) override { owner->changed(*this, change); }
  };
  struct Writing {
    ReplicaIndex by = 0;
    Time until{};
  };

  void changed(Site& site, const ItemChange& change);
  bool deliver(ReplicaIndex to, WriteIndex write) override;
  Duration nearest(ReplicaIndex from, std::uint64_t number, std::uint32_t attempt) const;
  ReplicaIndex route(const Request& request);
  Process sample();
  Process publish(CloudWatch& cloudwatch);
  struct Convergence {
    std::uint64_t looked_at = 0;
    std::uint64_t differ = 0;  // in version, or in what the tables hold
  };
  Convergence convergence() const;

  World& world_;
  const GlobalTableConfig& config_;
  std::string id_;
  Purpose clock_;
  ReplicationState state_;
  std::deque<Site> sites_;
  std::deque<ReplicationLink> links_;
  CloudWatch* cloudwatch_ = nullptr;
  std::vector<MetricId> latency_metrics_;  // by link
  std::vector<std::uint32_t> routes_;      // a sender's replica + 1, by place
  ItemMap<Writing> writing_;               // items that are being written, with strong consistency
  std::size_t forget_at_ = 1024;
  struct Counts {
    std::uint64_t writes = 0, lost = 0, conflicts = 0, refused = 0, unreachable = 0;
  };
  Counts counts() const;
  Counts counts_, before_;
  Level backlog_;
  LevelSeries backlog_series_;
};

}  // namespace nephoscope::dynamodb
