// A table's stream: a record for each change, in shards that follow the table's partitions.
//
// A partition has one open shard. When the partition is split, or the shard is old, the shard is closed and
// followed by children, which are to be read after it. Records are held for 24 hours, and only if somebody
// consumes the stream. Source: DynamoDB Developer Guide, "Change data capture for DynamoDB Streams"; API
// reference, GetRecords. Not modelled: TrimmedDataAccessException (an iterator that has fallen behind goes on
// at the trim horizon, which is counted); expiry of shard iterators.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "models/common/audit.hpp"
#include "models/common/record_stream.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/item_change.hpp"
#include "models/dynamodb/latency.hpp"
#include "models/dynamodb/partition_set.hpp"
#include "models/dynamodb/stream_config.hpp"

namespace nephoscope::dynamodb {

// Sums since the start of the run; of records: written = trimmed + held if there are consumers.
struct StreamCounts {
  std::uint64_t written = 0, trimmed = 0, missed = 0;
  std::uint64_t returned = 0;
  std::uint64_t reads = 0, throttled_reads = 0;  // GetRecords calls that were answered, and the others
};

class ChangeStream final : public RecordStream, public ChangeListener {
 public:
  static constexpr Duration kRetention = 24h;             // Developer Guide, "Data retention limit"
  static constexpr std::uint32_t kMaxRecords = 1000;      // API reference, GetRecords
  static constexpr std::int64_t kMaxBytes = 1024 * 1024;  // likewise, 1 MB

  // REQUIRES: all outlive it.
  ChangeStream(World& world, std::string table, const StreamSpecification& specification,
               const PartitionSet& partitions);

  void item_changed(const ItemChange& change) override;

  void add_consumer() override { ++consumers_; }
  std::vector<StreamShard> shards() const override;
  ShardIterator iterator(ShardId shard, IteratorType type) const override;
  StreamBatch get_records(ShardIterator& iterator, std::uint32_t limit) override;

  const StreamCounts& counts() const { return counts_; }
  std::uint64_t held() const;
  void begin_measurement() { before_ = counts_; }
  void report(Report& report) const;
  void bill(UsageMeter& meter) const;
  void audit(Audit& audit) const;

 private:
  static constexpr std::uint32_t kNone = ShardId::kNone;
  // 32 bytes, since there may be a day's writes of them; the sequence number is the place.
  struct Record {
    Time created{};
    std::uint64_t key = 0;
    std::uint64_t sort = 0;
    std::uint32_t size = 0;
    std::uint32_t latency_us = 0;
  };
  struct Shard {
    std::uint32_t parent = kNone;
    PartitionId partition;
    Time opened{};
    Time closed = Time::max();
    Time last_visible{};
    std::deque<Record> records;  // those held
    std::uint64_t first = 0;     // sequence number of the first of them
    std::uint64_t written = 0;   // the next one's sequence number
    double reads_left = 0;       // token bucket of GetRecords calls, one second's worth
    Time reads_settled{};
  };

  static Time visible(const Record& record) { return record.created + record.latency_us * 1us; }
  bool unchanged(const ItemChange& change) const;
  std::uint32_t size_of(const ItemChange& change) const;
  std::uint32_t open_shard(PartitionId partition);
  std::uint32_t shard_before(PartitionId partition) const;
  std::uint32_t add_shard(PartitionId partition, std::uint32_t parent);
  void close(std::uint32_t shard);
  void append(Shard& shard, const ItemChange& change);
  void trim(Shard& shard);
  bool may_read(Shard& shard);

  World& world_;
  std::string table_;
  const StreamSpecification& config_;
  const PartitionSet& partitions_;
  Purpose latency_, unchanged_;
  QuantileTable latencies_;
  std::vector<Shard> shards_;           // by id
  std::vector<std::uint32_t> last_of_;  // a partition's last shard, by the partition's id
  std::uint32_t consumers_ = 0;
  StreamCounts counts_, before_;
};

}  // namespace nephoscope::dynamodb
