// What one PartitionSet remembers of its load, so that results can say why it throttled: the heat of
// partitions over time, and whose keys were turned away by which bucket.
//
// Heat is what a partition serves as a share of what one can serve (3,000 RU/s or 1,000 WU/s, or a mix).
// Costs a few nanoseconds a request; about 1 KiB a partition.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/base/time.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/admission.hpp"
#include "models/dynamodb/demand.hpp"
#include "models/dynamodb/heavy_keys.hpp"

namespace nephoscope::dynamodb {

class HeatRecord final {
 public:
  explicit HeatRecord(const RunWindow& run);

  // Units that a partition has served, or that were turned away. Times never go back.
  void consumed(Time now, PartitionId partition, const Demand& demand) {
    if (now >= column_end_) [[unlikely]]
      next_column(now);
    if (now >= minute_end_) [[unlikely]]
      end_minute(now);
    Row& row = row_of(partition);
    row.heat[column_] += heat_of(demand);
    Load& load = loads_[index_of(demand.access)];
    load.minute += demand.units.halves;
    ++load.demands;
    if ((demand.number & kSampleMask) == 0) load.keys.add(demand.key, demand.units.value());
  }
  void throttled(Time now, const Demand& demand, const Admission& admission);

  // A partition has come into being, or has ended by a split.
  void began(Time now, PartitionId partition);
  void ended(Time now, PartitionId partition);

  // What results say of it. `id`: "orders" or "orders/index/by-status"; `of_index`: it is one.
  struct Subject {
    std::string id;
    bool of_index = false;
    bool on_demand = false;
    bool shares = false;  // partitions have shares of the table's rate: before global admission control
    std::array<double, kAccesses> rate{};  // that it admits, units/s
    std::size_t partitions = 1;
  };
  void report(Report& report, const Subject& subject) const;

 private:
  static constexpr std::size_t kColumns = 120;
  static constexpr std::uint64_t kSampleMask = 15;  // of the numbers of calls, which are well mixed
  static constexpr std::size_t kBuckets = 6;        // of the enum Bucket

  struct Row {
    std::vector<float> heat = std::vector<float>(kColumns);  // partition-seconds at the cap, by column
    Time began{};
    Time ended = Time::max();
    std::array<std::uint64_t, kAccesses> throttled{};        // by its own buckets, not by the table's
    std::unique_ptr<std::array<HeavyKeys, kAccesses>> keys;  // that were turned away here, if any
  };
  // Demands that one bucket turned away.
  struct Refusals {
    std::uint64_t count = 0;
    Time first{}, last{};
  };
  // Of one kind of access, since the start.
  struct Load {
    HeavyKeys keys;           // of a sample of what was served
    std::int64_t minute = 0;  // half units offered in the minute under way
    std::int64_t peak = 0;    // of all minutes
    Time peak_at{};
    std::uint64_t demands = 0;  // served or turned away
    std::array<Refusals, kBuckets> refusals{};
  };

  // Partition-seconds at the cap that a demand takes. Source of the caps: DynamoDB Developer Guide,
  // "Designing partition keys": 3,000 read units or 1,000 write units a second.
  static float heat_of(const Demand& demand) {
    const auto units = static_cast<float>(demand.units.halves) / 2;
    return units / static_cast<float>(kPartitionCaps.of(demand.access));
  }
  Row& row_of(PartitionId partition) {
    if (partition.value >= rows_.size()) [[unlikely]]
      rows_.resize(partition.value + 1);
    return rows_[partition.value];
  }
  void next_column(Time now);
  void end_minute(Time now);
  void add_heat_map(Report& report, const Subject& subject) const;
  void add_findings(Report& report, const Subject& subject, Access access) const;
  struct Case;
  struct Hottest {
    PartitionId partition;
    std::uint64_t throttled = 0;
  };
  Hottest hottest(Access access) const;
  Case case_of(const Subject& subject, Access access) const;
  // `befell`: the beginning of the sentence.
  static Finding explain(const Case& it, Bucket bucket, const Refusals& refusals);
  static Finding explain_rate(const Case& it, const std::string& befell, Finding finding);
  static Finding explain_partition(const Case& it, const std::string& befell, Finding finding);
  static std::string remedy(const Case& it);

  Duration step_;
  std::size_t columns_;  // of the run; the last may reach beyond its end
  std::size_t column_ = 0;
  Time column_end_;
  Time minute_end_;
  std::vector<Row> rows_;  // by partition
  std::array<Load, kAccesses> loads_;
};

}  // namespace nephoscope::dynamodb
