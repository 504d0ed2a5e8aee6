// What a table and the global table that it is a replica of know of each other.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/time.hpp"
#include "models/dynamodb/index_map.hpp"
#include "models/dynamodb/item_change.hpp"

namespace nephoscope::dynamodb {

// Bytes that an item of a global table carries beside its own, in storage only (Developer Guide, "Storage").
inline constexpr std::int64_t kReplicaOverhead = 48;

// A write of another Region, on its arrival.
struct ReplicatedWrite {
  ItemId item;
  std::int64_t bytes = 0;  // of the item from here on; 0: it is deleted
  std::uint64_t number = 0;
  bool wins = true;     // false: what is here is newer, so that only the attempt is paid for
  bool forced = false;  // it cannot be turned away
};

// Multi-Region strong consistency: what a table does before it answers.
class RegionQuorum {
 public:
  enum class Verdict : std::uint8_t {
    agreed,
    conflict,     // another Region is writing the item: ReplicatedWriteConflictException
    unavailable,  // no other Region can be reached
  };
  struct Outcome {
    Verdict verdict = Verdict::agreed;
    Duration time{};  // on top of the table's own
  };
  virtual ~RegionQuorum() = default;
  // `replica`: the asking table's number. `own` is the time that the table itself takes: the write is over
  // after both.
  virtual Outcome begin_write(std::uint32_t replica, const ItemId& item, std::uint64_t number,
                              std::uint32_t attempt, Duration own) = 0;
  virtual Outcome read(std::uint32_t replica, std::uint64_t number, std::uint32_t attempt) = 0;
};

// A table as replication sees it.
class Replica {
 public:
  virtual ~Replica() = default;
  virtual void listen(ChangeListener& listener) = 0;
  // From here on it asks `quorum` before each write and each strongly consistent read. It is number `index`.
  virtual void agree_with(RegionQuorum& quorum, std::uint32_t index) = 0;
  // Pays for the write in replicated write units and commits it if it wins. False if the table or one of its
  // indexes is throttled: nothing has happened then.
  virtual bool replicate(const ReplicatedWrite& write) = 0;
  // The simulator's truth, for audits. Bytes are 0 if there is no such item.
  virtual std::int64_t bytes_of(const ItemId& item) const = 0;
};

}  // namespace nephoscope::dynamodb
