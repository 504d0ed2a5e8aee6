// The partitions of a table or of a global secondary index, and what they admit.
//
// One PartitionSet for the table, one for each of its global secondary indexes: they have their own capacity
// and their own partitions, by the same rules. See partitions.md.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/common/audit.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/admission.hpp"
#include "models/dynamodb/admission_table.hpp"
#include "models/dynamodb/demand.hpp"
#include "models/dynamodb/leaders.hpp"
#include "models/dynamodb/on_demand.hpp"
#include "models/dynamodb/partition.hpp"
#include "models/dynamodb/partition_map.hpp"
#include "models/dynamodb/partition_settings.hpp"
#include "models/dynamodb/storage_nodes.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

// Sums since the start of the run. offered = consumed + throttled, always.
struct AdmissionCounts {
  CapacityUnits offered, consumed, throttled;
  std::uint64_t demands = 0;
  std::uint64_t throttled_demands = 0;
};

class HeatRecord;
class TableQuota;  // quota.hpp: of an on-demand table, shared by its PartitionSets

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
  // Counts a demand that was turned away here; nothing if it was admitted here (and refused by another set).
  void refuse(const Demand& demand, const Admission& admission);
  // Consumption that is never turned away (a replicated write, a scan's page that was begun): buckets may go
  // below zero.
  PartitionId take_anyway(const Demand& demand);

  PartitionId partition_of(const Position& position) const { return map_.find(position); }
  // Which one it was split from; none if it is of the start.
  PartitionId parent_of(PartitionId partition) const { return partitions_[partition.value].parent; }
  // Those alive, in the order of positions.
  std::span<const PartitionId> partition_ids() const { return map_.ids(); }
  // When the partition's leader serves writes and strongly consistent reads: now, unless it has just failed
  // or its partition is being moved or split.
  Time leader_ready(PartitionId partition) const;

  // Size. Splits begin by themselves.
  void add_bytes(const Position& position, std::int64_t delta);
  std::int64_t bytes() const { return bytes_; }

  // Control plane. At once: UpdateTable's own time is the table's affair.
  void set_provisioned(Throughput provisioned);
  void set_mode(BillingMode mode, Throughput provisioned);
  const PartitionSettings& settings() const { return settings_; }
  void zone_power_changed(ZoneId zone, bool on);

  // Truth, for results, metrics and tests.
  const AdmissionCounts& counts(Access access) const { return counts_[index_of(access)]; }
  std::size_t partitions() const { return map_.size(); }  // alive
  // What the table would admit in the long run if keys were even, units/s: provisioned, or on demand now.
  Throughput admitted_rate() const;
  // Who asked what of which partition, for results (heat_record.hpp).
  const HeatRecord& heat() const { return *heat_; }
  void audit(Audit& audit) const;

 private:
  // A partition that is split where its parts begin.
  struct Division {
    PartitionId id;
    SplitChoice choice;
  };

  static std::uint32_t first_partitions(const PartitionSettings& settings);
  bool on_demand() const { return settings_.mode == BillingMode::pay_per_request; }
  bool global() const { return assumptions_.admission == AdmissionGeneration::global_admission_control; }
  Partition& at(PartitionId id) { return partitions_[id.value]; }
  PartitionId living(PartitionId id) const;

  // Admission.
  Throughput table_rate() const;
  Duration table_span() const;
  Admission judge_partition(PartitionId id, const Demand& demand);
  Admission judge_on_demand(PartitionId id, const Demand& demand);
  void pay(PartitionId id, const Demand& demand);
  void set_share(Partition& partition);
  void set_rates();

  // Growth and splits.
  void grow();
  void divide(std::span<const Division> divisions);
  void add_parts(const Division& division, const PositionRange& whole,
                 std::vector<PartitionMap::Part>& parts);
  Process split_later(std::vector<Division> divisions, std::string why);
  void split_soon(std::vector<Division> divisions, std::string why);
  void split_for_size(PartitionId id);
  void sample_growth(Partition& partition, const Position& position, std::int64_t delta);

  // What looks at loads now and then.
  Process control();
  Process peaks();
  Process failures();
  void look();
  void adapt(Throughput used);
  void split_for_heat();
  bool watch(PartitionId id);
  SplitChoice choose_heat_split(PartitionId id) const;
  std::string heat_of(const Partition& partition) const;
  Throughput asked(const Partition& partition) const;
  Throughput served(const Partition& partition) const;
  Throughput throttled(const Partition& partition) const;
  bool covers_space() const;
  void relieve_nodes();
  Process move_later(PartitionId id, std::uint32_t replica);

  World& world_;
  std::string name_;
  PartitionSettings settings_;
  const PartitionAssumptions& assumptions_;
  TableQuota* quota_;
  OnDemandCapacity capacity_;
  PartitionMap map_;
  std::vector<Partition> partitions_;  // by id, those that were split, too
  StorageNodes nodes_;
  PartitionAdmission shares_;
  TableAdmission table_;
  Leaders leaders_;
  std::array<std::optional<RateBucket>, kAccesses> maximum_;
  std::array<AdmissionCounts, kAccesses> counts_;
  std::array<CapacityUnits, kAccesses> looked_;  // consumed when control() last looked
  std::size_t raised_ = 0;                       // shares that adaptive capacity raised when it last looked
  std::int64_t bytes_;
  std::unique_ptr<HeatRecord> heat_;
};

}  // namespace nephoscope::dynamodb
