// A running global secondary index: what a write to the table does to it, on partitions of its own.
//
// The table's write is admitted only if each index admits what follows from it, and the index pays at once;
// readers of the index see the change after a lag. An item's entry lies at a value of the indexed attribute
// that is a function of the item, until an update changes it. Source: DynamoDB Developer Guide, "Using Global
// Secondary Indexes". See indexes.md.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "models/common/audit.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/index_config.hpp"
#include "models/dynamodb/index_map.hpp"
#include "models/dynamodb/item_change.hpp"
#include "models/dynamodb/items.hpp"
#include "models/dynamodb/latency.hpp"
#include "models/dynamodb/partition_set.hpp"

namespace nephoscope::dynamodb {

// One write to one entry of the index.
struct EntryWrite {
  Demand demand;
  std::int64_t growth = 0;  // of the entry, bytes
  int enters = 0;           // +1 a new entry, -1 one that goes
};

// What a base write does to an index: no, one or two writes of entries.
struct EntryWrites {
  std::array<EntryWrite, 2> writes;
  std::uint32_t count = 0;
  bool moves = false;  // the item has another indexed value (or membership) from here on
};

class SecondaryIndex final {
 public:
  // `name`: "by-status"; `table`: the table's id; `entries`: at the start. REQUIRES: all outlive it; `quota`
  // may be null.
  SecondaryIndex(World& world, std::string_view table, std::string name, const GlobalIndexConfig& config,
                 const PartitionSettings& settings, const PartitionAssumptions& assumptions,
                 TableQuota* quota, std::int64_t entries);

  void start() { partitions_.start(); }
  const std::string& name() const { return name_; }
  const GlobalIndexConfig& config() const { return config_; }
  PartitionSet& partitions() { return partitions_; }
  const PartitionSet& partitions() const { return partitions_; }

  // Pure: what the write would do now.
  EntryWrites plan(const ItemChange& write) const;
  // Whether the index admits all of it; takes nothing. The admission is that of the first one refused.
  Admission judge(const EntryWrites& writes);
  // Pays, whether admitted or not, and commits.
  void take(const ItemChange& write, const EntryWrites& writes);
  // Commits only: a deletion by TTL costs nothing.
  void take_free(const ItemChange& write, const EntryWrites& writes) { commit(write, writes); }
  // Counts those that are turned away here, of which it returns the first.
  Admission refuse(const EntryWrites& writes);

  // The value that an item has now.
  std::uint64_t value_of(const ItemId& item) const;
  // The value that a query asks for: the request's own key, else one drawn like those of items; where each
  // item has its own value, that of `item`.
  std::uint64_t query_key(const Request& request, const ItemId& item) const;
  // The entries of one value, and all of them.
  Collection entries_of(std::uint64_t value) const;
  Collection all() const;
  // Counts a read of one value; whether something that it should show was still under way.
  bool read_is_stale(std::uint64_t value);

  void begin_measurement();
  void report(Report& report, const std::string& id) const;
  void audit(Audit& audit) const;

 private:
  // Where an item's entry lies, and whether it has one.
  struct Spot {
    std::uint64_t value = 0;
    bool indexed = true;
  };
  Spot spot_of(const ItemId& item, std::uint32_t moves) const;
  bool moves_key(const ItemChange& write) const;
  bool changes_projected(const ItemChange& write) const;
  std::uint32_t moves_of(const ItemId& item) const;
  void add(EntryWrites& to, const ItemChange& write, const Spot& spot, std::int64_t before,
           std::int64_t after) const;
  void commit(const ItemChange& write, const EntryWrites& writes);
  void forget_visible();

  World& world_;
  std::string name_;
  const GlobalIndexConfig& config_;
  Purpose value_, asked_, indexed_, moves_, projected_, lag_;
  QuantileTable lags_;
  std::optional<ZipfKeys> values_;
  PartitionSet partitions_;
  ItemMap<std::uint32_t> moved_;  // how often the indexed value of an item has changed
  ItemMap<Time> visible_;         // by value: when its newest change can be seen
  std::size_t forget_at_ = 1024;  // values in visible_
  std::int64_t entries_;
  struct Counts {
    std::uint64_t none = 0, one = 0, two = 0;  // base writes by what they did here
    std::uint64_t reads = 0, stale_reads = 0;
  } counts_, before_;
};

}  // namespace nephoscope::dynamodb
