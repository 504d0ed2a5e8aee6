// A running AWS::DynamoDB::Table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/common/audit.hpp"
#include "models/common/dynamodb.hpp"
#include "models/common/network.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/batches.hpp"
#include "models/dynamodb/core.hpp"
#include "models/dynamodb/index_set.hpp"
#include "models/dynamodb/replica.hpp"
#include "models/dynamodb/searches.hpp"
#include "models/dynamodb/single_items.hpp"
#include "models/dynamodb/stream.hpp"
#include "models/dynamodb/time_to_live.hpp"
#include "models/dynamodb/transactions.hpp"
#include "models/dynamodb/update_table.hpp"

namespace nephoscope::dynamodb {

class Table final : public Resource,
                    public Endpoint,
                    public DynamoDbTable,
                    public Replica,
                    private ExpiringItems,
                    private ZoneListener {
 public:
  // REQUIRES: world and config outlive it.
  Table(World& world, const std::string& id, const TableConfig& config);

  Endpoint* endpoint() override { return front_ ? static_cast<Endpoint*>(&*front_) : this; }
  DynamoDbTable* dynamodb_table() override { return this; }
  RecordStream* record_stream() override { return stream_ ? &*stream_ : nullptr; }
  ScalableDimension* scalable_dimension(std::string_view part, std::string_view dimension) override;
  void connect(const Wiring& wiring) override;
  void start() override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void bill(UsageMeter& meter) const override;
  void audit(Audit& audit) const override;

  void submit(const Request& request, ReplyId reply) override;

  DynamoDbOperation describe(OperationId operation) const override;
  ItemKey item_of(const Request& request, std::uint32_t index) const override;
  std::uint64_t version_of(ItemKey item) const override;

  // As a replica of a global table.
  void listen(ChangeListener& listener) override { core_.listeners.push_back(&listener); }
  void agree_with(RegionQuorum& quorum, std::uint32_t index) override;
  bool replicate(const ReplicatedWrite& write) override { return core_.replicate(write); }
  std::int64_t bytes_of(const ItemId& item) const override;

  // What indexes, streams, time to live and replicas build on.
  Core& core() { return core_; }
  GlobalIndexes* indexes() { return indexes_ ? &*indexes_ : nullptr; }
  TableUpdates& updates() { return updates_; }

 private:
  void serve(const Request& request, const Operation& operation, ReplyId reply);

  // Indexes, stream and time to live, if the configuration has them.
  void make_followers();
  void connect_followers(CloudWatch& cloudwatch);
  Process publish_followers();
  void start_followers();
  void begin_followers();
  void report_followers(Report& report) const;
  void audit_followers(Audit& audit) const;
  void delete_expired(const ItemId& item) override { core_.delete_expired(item); }
  void zone_power_changed(ZoneId zone, bool on) override;
  void report_heat(Report& report) const;

  World& world_;
  const TableConfig& config_;
  Core core_;
  SingleItems single_;
  Searches searches_;
  Batches batches_;
  Transactions transactions_;
  TableUpdates updates_;
  ProvisionedCapacity capacity_;
  std::int64_t backed_up_;               // bytes of one backup
  std::optional<PlacedEndpoint> front_;  // if it has a place
  std::optional<GlobalIndexes> indexes_;
  std::optional<ChangeStream> stream_;
  std::optional<TimeToLive> time_to_live_;
  bool follower_metrics_ = false;
};

}  // namespace nephoscope::dynamodb
