// A stream of records that consumers read shard by shard, in order: DynamoDB Streams today.
//
// Consumers poll, as they do at AWS: GetShardIterator, GetRecords. Source: DynamoDB Developer Guide, "Change
// data capture for DynamoDB Streams".
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"
#include "engine/base/units.hpp"

namespace nephoscope {

using ShardId = Id<struct ShardTag>;

struct StreamRecord {
  std::uint64_t sequence = 0;  // grows within a shard
  Time created{};              // when the change was made
  std::uint64_t key = 0;
  std::uint64_t sort = 0;
  Bytes size;
};

struct StreamShard {
  ShardId id;
  std::optional<ShardId> parent;  // to be read before it
  bool closed = false;            // gets no further records
};

// A consumer's place in one shard.
struct ShardIterator {
  ShardId shard;
  std::uint64_t next_sequence = 0;
};

enum class IteratorType : std::uint8_t { trim_horizon, latest };

struct StreamBatch {
  std::vector<StreamRecord> records;
  bool end_of_shard = false;  // the shard is closed and all of it has been read
  bool throttled = false;     // too many readers of this shard
};

class RecordStream {
 public:
  virtual ~RecordStream() = default;
  // Announces a consumer, before the run starts. A stream without consumers keeps counts, no records.
  virtual void add_consumer() = 0;
  virtual std::vector<StreamShard> shards() const = 0;
  virtual ShardIterator iterator(ShardId shard, IteratorType type) const = 0;
  // At most `limit` records from the iterator on, which moves behind them. Metered.
  virtual StreamBatch get_records(ShardIterator& iterator, std::uint32_t limit) = 0;
};

}  // namespace nephoscope
