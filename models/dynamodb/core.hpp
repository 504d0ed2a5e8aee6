// What a table's operations share: its items, its partitions, and the two things that can be done with an
// item, each at one instant: read it, or write it.
//
// A request takes effect when it is admitted; its answer comes a service time later. So a write is seen from
// before its acknowledgement on, as it may be at AWS, and a strongly consistent read that begins after an
// acknowledgement always sees it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "models/common/world.hpp"
#include "models/dynamodb/dynamodb.hpp"
#include "models/dynamodb/item_change.hpp"
#include "models/dynamodb/items.hpp"
#include "models/dynamodb/latency.hpp"
#include "models/dynamodb/metering.hpp"
#include "models/dynamodb/operations.hpp"
#include "models/dynamodb/partition_set.hpp"
#include "models/dynamodb/quota.hpp"
#include "models/dynamodb/replica.hpp"
#include "models/dynamodb/secondary_indexes.hpp"
#include "models/dynamodb/storage.hpp"
#include "models/dynamodb/time_to_live.hpp"

namespace nephoscope::dynamodb {

// A write as it would be done now.
struct WritePlan {
  ItemChange change;
  Demand demand;
  WriteKind kind = WriteKind::put;
  bool holds = true;  // its condition
  // Whether anything changes: not where nothing is deleted, or a condition is only checked.
  bool changes() const {
    return holds && kind != WriteKind::check && (change.old_bytes > 0 || change.new_bytes > 0);
  }
};

// Who was throttled by what.
struct Refusal {
  Admission admission;
  bool of_index = false;
  bool admitted() const { return admission.admitted(); }
};

class Core final {
 public:
  // REQUIRES: world and config outlive it.
  Core(World& world, const std::string& id, const TableConfig& config);

  // Reads. -----------------------------------------------------------------------------------------------
  static Demand read_demand(const Request& request, const ItemKey& item, const ItemState& state,
                            Consistency consistency);
  // Whether an eventually consistent read meets a replica that has not got the last write yet; counts it.
  void note_freshness(const ItemState& state, std::uint64_t bits);

  // Writes. ----------------------------------------------------------------------------------------------
  // `index`: which item of the request.
  WritePlan plan(const Request& request, const Operation& operation, const ItemKey& item, WriteKind kind,
                 std::uint32_t index) const;
  // By the table and all its indexes, or by none; takes nothing, but counts a refusal.
  Refusal judge(const WritePlan& plan);
  // REQUIRES: judged as admitted at this instant, nothing taken in between.
  void take(const WritePlan& plan, const Admission& admission);
  // Whether the item's collection would outgrow what an LSI can hold.
  bool collection_overflows(const WritePlan& plan) const;
  void commit(const WritePlan& plan);
  // What a planned write finds now: deletions by time to live and other Regions' writes respect no
  // transaction.
  void refresh(WritePlan& plan) const;
  // Versions of planned writes are theirs from now on, however late they are committed.
  void reserve_versions(std::uint64_t count) { version_ += count; }
  // After an error that does not say what became of the write.
  void commit_anyway(const WritePlan& plan);

  // Without a client. ---------------------------------------------------------------------------------------
  // A write of another Region, and a deletion of an item that has expired: see Replica and ExpiringItems.
  bool replicate(const ReplicatedWrite& write);
  void delete_expired(const ItemId& item);

  // Whether the partition at `position` gets a leader within the limit for an attempt.
  Task<bool> leader_of(Position position);
  // Whether it has one now.
  bool has_leader(PartitionId partition) const { return partitions.leader_ready(partition) <= world.now(); }

  // Transactions: items of transactions in progress, and of other writes while there are transactions.
  // --------
  bool in_transaction(const ItemKey& item) const;
  bool being_written(const ItemKey& item) const;
  void lock(const ItemKey& item, bool transaction);
  void unlock(const ItemKey& item);
  bool has_transactions = false;

  // Answers. ---------------------------------------------------------------------------------------------
  // Answers after `latency`, counted from now; `begun`: when the request came.
  void answer(const Operation& operation, ReplyId reply, Outcome outcome, const Response& response,
              Time begun, Duration latency) {
    world.simulation.spawn(answer_later(operation, reply, outcome, response, begun, latency));
  }
  // The same for a write, whose item is in flight until then.
  void answer_write(const Operation& operation, ReplyId reply, const ItemKey& item, Time begun,
                    Duration latency) {
    world.simulation.spawn(answer_write_later(operation, reply, item, begun, latency));
  }
  // Answers now: for processes that have waited themselves.
  void finish(const Operation& operation, ReplyId reply, Outcome outcome, const Response& response,
              Time begun) {
    metering.answered(operation.action, outcome, world.now() - begun);
    --in_flight;
    world.replies.answer(reply, response);
  }
  // With multi-Region strong consistency.
  void answer_without_quorum(const Operation& operation, ReplyId reply, RegionQuorum::Verdict verdict,
                             Time begun, Duration latency);
  Response failure(Outcome outcome) const;
  Response throttled(const Admission& admission) const;
  // Sums of what the requests of one call have read: the body of its answer.
  static Response body(std::int64_t bytes) {
    Response response;
    response.size = Bytes(bytes);
    return response;
  }
  void note_throttle(Access access, const Refusal& refusal) {
    if (!refusal.of_index) metering.throttle_event(access, refusal.admission.reason);
  }

  Draws latency_draws(const Request& request, std::uint32_t step = 0) const {
    return world.random.request(latency_purpose_, request.number, request.attempt, step);
  }
  // Time that a body of this size adds.
  Duration time_of(std::int64_t bytes) const {
    return Duration(static_cast<std::int64_t>(static_cast<double>(bytes) * nanos_per_byte_));
  }

  World& world;
  const TableConfig& config;
  const std::string id;
  const ResourceId self;
  Items items;
  Operations operations;
  TableQuota quota;  // of the table with its global secondary indexes
  PartitionSet partitions;
  Storage storage;
  Metering metering;
  QuantileTable read_latency, write_latency, transact_read_latency, transact_write_latency;
  const Purpose page_purpose;   // of what pages draw
  std::uint64_t in_flight = 0;  // requests
  SecondaryIndexes* indexes = nullptr;
  TimeToLive* time_to_live = nullptr;
  RegionQuorum* quorum = nullptr;  // of a replica with multi-Region strong consistency
  std::uint32_t replica = 0;       // the table's number among the replicas
  std::vector<ChangeListener*> listeners;

 private:
  struct Held {
    std::uint32_t writes = 0;
    bool transaction = false;
  };
  struct ItemHash {
    std::size_t operator()(const ItemKey& item) const { return mix64(item.key ^ mix64(item.sort)); }
  };
  struct ItemEqual {
    bool operator()(const ItemKey& a, const ItemKey& b) const { return a.key == b.key && a.sort == b.sort; }
  };

  Process answer_later(const Operation& operation, ReplyId reply, Outcome outcome, Response response,
                       Time begun, Duration latency);
  Process answer_write_later(const Operation& operation, ReplyId reply, ItemKey item, Time begun,
                             Duration latency);
  std::int64_t size_after(const Request& request, const Operation& operation, const ItemKey& item,
                          WriteKind kind, std::int64_t before, std::uint32_t index) const;
  CapacityUnits cost_of(const ItemChange& change, bool transactional) const;
  WritePlan plan_of_own(const ItemId& item, std::int64_t bytes, ChangeOrigin origin,
                        std::uint64_t number) const;
  void apply(const ItemChange& change);

  Purpose latency_purpose_, size_purpose_, condition_purpose_, lag_purpose_, fate_purpose_;
  QuantileTable lag_;
  double nanos_per_byte_;
  std::vector<std::int64_t> local_entries_;  // bytes of an entry of each LSI; 0: whole items
  std::uint64_t version_ = Items::kInitialVersion;
  std::unordered_map<ItemKey, Held, ItemHash, ItemEqual> held_;
  struct Errors {
    ErrorId provisioned, throttling, request_limit, condition, canceled, conflict, collection, invalid,
        internal, unprocessed, replicated_conflict;
  } errors_;
};

}  // namespace nephoscope::dynamodb
