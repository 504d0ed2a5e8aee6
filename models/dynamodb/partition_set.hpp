// The partitions of a table or of a global secondary index, and what they admit.
//
// One PartitionSet for the table, one for each of its global secondary indexes: they have their own capacity
// and their own partitions, by the same rules. See partitions.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/base/units.hpp"
#include "models/common/audit.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/partition_settings.hpp"
#include "models/dynamodb/position.hpp"
#include "models/dynamodb/throttling.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

// A partition keeps its id for life; a split ends one and begins two.
using PartitionId = Id<struct PartitionTag>;

// What a request wants of one partition.
struct Demand {
  Position position;
  std::uint64_t key = 0;  // partition key: whose share of the partition's load it is
  Access access = Access::read;
  CapacityUnits units;
  std::uint64_t number = 0;  // of the request, which draws are addressed by
};

// The bucket that was empty, for explanations.
enum class Bucket : std::uint8_t { none, table, partition, node, quota, maximum };

struct Admission {
  ThrottlingReason reason = ThrottlingReason::none;
  Bucket bucket = Bucket::none;
  PartitionId partition;
  bool admitted() const { return reason == ThrottlingReason::none; }
};

// Sums since the start of the run. offered = consumed + throttled, always.
struct AdmissionCounts {
  CapacityUnits offered, consumed, throttled;
  std::uint64_t demands = 0;
  std::uint64_t throttled_demands = 0;
};

// The default quota of units/s of a table with its indexes, on demand (DynamoDB Developer Guide, "Service,
// account, and table quotas": 40,000 of each kind); shared by the table's PartitionSets.
class TableQuota;

class PartitionSet final {
 public:
  // `name` is for the event log and results: "orders", "orders/index/by-status".
  // REQUIRES: all outlive it; `quota` may be null.
  PartitionSet(World& world, std::string name, const PartitionSettings& settings,
               const PartitionAssumptions& assumptions, TableQuota* quota);
  ~PartitionSet();
  PartitionSet(const PartitionSet&) = delete;
  PartitionSet& operator=(const PartitionSet&) = delete;

  // Begins its control loops (splits, adaptive capacity, leaders).
  void start();

  // Data plane. Two steps, so that a write that several sets must admit is admitted by all or by none:
  // judge() with each, then take() from all, or refuse() with each that had judged it.
  // Whether the demand would be admitted now; takes nothing.
  Admission judge(const Demand& demand);
  // REQUIRES: judged as admitted at this instant, nothing taken in between.
  void take(const Demand& demand, const Admission& admission);
  // Counts a demand that was turned away here.
  void refuse(const Demand& demand, const Admission& admission);
  // Consumption that is never turned away (a replicated write, a scan's page that was begun): buckets may go
  // below zero.
  PartitionId take_anyway(const Demand& demand);

  PartitionId partition_of(const Position& position) const;
  PartitionId parent_of(PartitionId) const { return {}; }
  // When the partition's leader serves writes and strongly consistent reads: now, unless it has just failed
  // or its partition is being moved or split.
  Time leader_ready(PartitionId partition) const;

  // Size. Splits begin by themselves.
  void add_bytes(const Position& position, std::int64_t delta);
  std::int64_t bytes() const;

  // Control plane. At once: UpdateTable's own time is the table's affair.
  void set_provisioned(Throughput provisioned);
  void set_mode(BillingMode mode, Throughput provisioned);
  const PartitionSettings& settings() const { return settings_; }
  void zone_power_changed(ZoneId zone, bool on);

  // Truth, for results, metrics and tests.
  const AdmissionCounts& counts(Access access) const;
  std::size_t partitions() const;  // alive
  // What the table would admit in the long run if keys were even, units/s: provisioned, or on demand now.
  Throughput admitted_rate() const;
  void audit(Audit& audit) const;

 private:
  World& world_;
  std::string name_;
  PartitionSettings settings_;
  const PartitionAssumptions& assumptions_;
  TableQuota* quota_;
};

}  // namespace nephoscope::dynamodb
