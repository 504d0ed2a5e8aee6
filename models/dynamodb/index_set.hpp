// The global secondary indexes of one table: what its writes do to all of them, and what they measured.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "models/common/audit.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/dynamodb.hpp"
#include "models/dynamodb/secondary_index.hpp"
#include "models/dynamodb/secondary_indexes.hpp"
#include "models/dynamodb/storage.hpp"
#include "models/dynamodb/update_table.hpp"

namespace nephoscope::dynamodb {

class GlobalIndexes final : public SecondaryIndexes {
 public:
  // REQUIRES: all outlive it; `quota` may be null.
  GlobalIndexes(World& world, const std::string& table, const TableConfig& config, const Items& items,
                TableQuota* quota, TableUpdates& updates);

  void connect(CloudWatch& cloudwatch);
  void start();
  void begin_measurement();
  void report(Report& report) const;
  void audit(Audit& audit) const;
  // At the end of a minute that began at `from`.
  void publish(Time from, bool with_provisioned);
  void zone_power_changed(ZoneId zone, bool on);

  // Writes: see SecondaryIndexes.
  Admission judge(const ItemChange& planned) override;
  void take(const ItemChange& planned) override;
  void refuse(const ItemChange& planned) override;
  void take_anyway(const ItemChange& planned) override;
  void take_free(const ItemChange& planned) override;

  IndexId find(std::string_view name) const override;
  Admission read(IndexId index, const Demand& demand) override;
  std::uint64_t query_key(IndexId index, const Request& request, const ItemId& item) const override {
    return indexes_[index.value].index.query_key(request, item);
  }
  Collection collection(IndexId index, std::uint64_t key) const override {
    return indexes_[index.value].index.entries_of(key);
  }
  Collection all(IndexId index) const override { return indexes_[index.value].index.all(); }

  std::size_t size() const { return indexes_.size(); }
  SecondaryIndex& operator[](std::size_t index) { return indexes_[index].index; }
  const SecondaryIndex& operator[](std::size_t index) const { return indexes_[index].index; }
  // The capacity of an index, if it is provisioned and there is such an index.
  ScalableDimension* scalable_dimension(std::string_view name, Access access);
  // Writes of the table that an index turned away.
  std::uint64_t refused_writes() const;
  // To be billed with the table: units consumed on demand, unit-hours, storage.
  CapacityUnits consumed(Access access) const;
  std::int64_t unit_hours(Access access, Time now) const;
  std::int64_t mebibyte_seconds(Time now) const;

 private:
  struct Metrics {  // by access
    MetricId consumed, provisioned, throttled;
  };
  // Requests turned away here, by access and reason.
  using Reasons = std::array<std::array<std::uint64_t, kThrottlingReasons>, kAccesses>;
  struct Entry {
    SecondaryIndex index;
    Storage storage;
    ProvisionedCapacity capacity;
    std::array<Metrics, kAccesses> metrics{};
    std::array<AdmissionCounts, kAccesses> minute_before{}, measured_before{};
    std::uint64_t refused = 0, refused_before = 0;  // writes of the table
    Reasons reasons{}, reasons_before{};
    Entry(World& world, const std::string& table, const Named<GlobalIndexConfig>& config,
          const PartitionSettings& settings, const TableConfig& of, TableQuota* quota, TableUpdates& updates,
          std::int64_t entries);
  };
  // The plans of the write judged last, by index: it is usually the one that is taken next.
  const EntryWrites& plan_of(const ItemChange& planned, std::size_t index);
  void report_index(Report& report, const Entry& entry) const;
  void keep_storage(Entry& entry, const EntryWrites& writes);

  World& world_;
  std::string table_;
  std::deque<Entry> indexes_;
  CloudWatch* cloudwatch_ = nullptr;
  std::vector<EntryWrites> plans_;
  ItemChange planned_;
};

// How an index is set up as its partitions see it; `items`: of the table.
PartitionSettings index_settings(const TableConfig& table, const GlobalIndexConfig& index,
                                 const Items& items);

}  // namespace nephoscope::dynamodb
