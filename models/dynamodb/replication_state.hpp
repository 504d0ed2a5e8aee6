// Who knows which version of an item: last writer wins, and what that loses.
//
// Each write has a stamp (its Region's clock) and remembers which writes its Region knew when it was made.
// Where two writes meet of which neither knew the other, the one with the newer stamp wins, by Region if they
// are equal, and the other is lost although it was acknowledged. A write's stamp is never older than that of
// the version that it replaces. Nothing here takes time.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/time.hpp"
#include "models/dynamodb/index_map.hpp"

namespace nephoscope::dynamodb {

using ReplicaIndex = std::uint32_t;
using WriteIndex = std::uint32_t;
inline constexpr WriteIndex kNoWrite = 0xffffffffU;

// One acknowledged write of an item.
struct RegionalWrite {
  ItemId item;
  Time committed{};
  Time stamp{};
  std::int64_t bytes = 0;
  std::uint64_t number = 0;
  std::uint32_t sequence = 0;  // among its Region's writes of this item, from 1
  ReplicaIndex origin = 0;
  std::uint32_t holders = 0;  // replicas and messages that refer to it
};

// What a write meets when it arrives.
enum class Meeting : std::uint8_t {
  succeeds,  // it replaces a version that it knew
  known,     // what is here knew it already
  wins,      // a conflict
  loses,     // a conflict
};

class ReplicationState final {
 public:
  explicit ReplicationState(std::size_t replicas) : replicas_(replicas) {}
  std::size_t replicas() const { return replicas_; }

  struct Local {
    ItemId item;
    std::int64_t bytes = 0;
    std::uint64_t number = 0;
    Time now{};
    Duration clock{};        // what the Region's clock is ahead of the true time, or behind
    bool knows_all = false;  // strong consistency: it replaces the newest version of all Regions
  };
  // A write by a client of this replica; it is the replica's version from here on. The caller holds it once
  // for each call of release() to come: see hold().
  WriteIndex write(ReplicaIndex at, const Local& local);
  const RegionalWrite& operator[](WriteIndex write) const { return writes_[write]; }
  void hold(WriteIndex write) { ++writes_[write].holders; }
  void release(WriteIndex write);

  // What the write would meet there; changes nothing.
  Meeting meet(ReplicaIndex at, WriteIndex write) const;
  // It arrives: the version of the replica changes if it succeeds or wins.
  void arrive(ReplicaIndex at, WriteIndex write, Meeting meeting);
  // A replica's version of an item; kNoWrite: that of the start.
  WriteIndex version(ReplicaIndex at, const ItemId& item) const;

  std::size_t items() const { return places_.size(); }
  std::size_t live_writes() const { return writes_.size() - free_.size(); }
  // Writes of this Region that were acknowledged and then overwritten by one that did not know them.
  std::uint64_t lost(ReplicaIndex origin) const { return lost_[origin]; }
  std::uint64_t conflicts() const { return conflicts_; }

  // Whether all replicas have the same version of an item.
  bool converged(const ItemId& item) const;
  template <typename Visit>
  void each_item(Visit visit) const {
    places_.each([&](const ItemId& item, std::uint32_t) { visit(item); });
  }

 private:
  // An item's numbers: for each replica its version, then for each replica how many writes of each Region it
  // knows.
  std::size_t stride() const { return replicas_ * (1 + replicas_); }
  std::uint32_t& version_at(std::uint32_t place, ReplicaIndex at) { return numbers_[place * stride() + at]; }
  std::uint32_t version_at(std::uint32_t place, ReplicaIndex at) const {
    return numbers_[place * stride() + at];
  }
  std::span<std::uint32_t> known(std::uint32_t place, ReplicaIndex at) {
    return {&numbers_[place * stride() + replicas_ * (1 + at)], replicas_};
  }
  std::span<const std::uint32_t> known(std::uint32_t place, ReplicaIndex at) const {
    return {&numbers_[place * stride() + replicas_ * (1 + at)], replicas_};
  }
  std::span<std::uint32_t> context(WriteIndex write) { return {&contexts_[write * replicas_], replicas_}; }
  std::span<const std::uint32_t> context(WriteIndex write) const {
    return {&contexts_[write * replicas_], replicas_};
  }
  std::uint32_t place_of(const ItemId& item);
  WriteIndex new_write();
  void set_version(std::uint32_t place, ReplicaIndex at, WriteIndex write);
  void learn_all(std::uint32_t place, ReplicaIndex at);

  std::size_t replicas_;
  ItemMap<std::uint32_t> places_;  // + 1, in numbers_
  std::vector<std::uint32_t> numbers_;
  std::vector<RegionalWrite> writes_;
  std::vector<std::uint32_t> contexts_;  // what a write's Region knew: writes of each Region, by write
  std::vector<WriteIndex> free_;
  std::vector<std::uint64_t> lost_ = std::vector<std::uint64_t>(replicas_);
  std::uint64_t conflicts_ = 0;
};

}  // namespace nephoscope::dynamodb
