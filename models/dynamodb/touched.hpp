// An open-addressing hash table of fixed-size entries that are never removed, cut into segments that grow one
// at a time, so that ten million entries of 32 bytes take some 450 MB and growing never doubles that.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/common/request.hpp"

namespace nephoscope::dynamodb {

// REQUIRES of Entry: default-constructed it is empty(); `key` and `sort` identify it.
template <typename Entry>
class TouchedTable final {
 public:
  // Null if it is not there. Valid until the next insert().
  Entry* find(std::uint64_t key, std::uint64_t sort) {
    const std::uint64_t hash = hash_of(key, sort);
    Segment& segment = segments_[hash >> kShift];
    if (segment.slots.empty()) return nullptr;
    Entry& slot = probe(segment.slots, hash, key, sort);
    return slot.empty() ? nullptr : &slot;
  }
  const Entry* find(std::uint64_t key, std::uint64_t sort) const {
    return const_cast<TouchedTable*>(this)->find(key, sort);
  }
  // The entry, made with key and sort if it was not there; the caller makes it non-empty at once.
  Entry& insert(std::uint64_t key, std::uint64_t sort) {
    const std::uint64_t hash = hash_of(key, sort);
    Segment& segment = segments_[hash >> kShift];
    if (segment.used * 8 >= segment.slots.size() * 7) grow(segment);
    Entry& slot = probe(segment.slots, hash, key, sort);
    if (!slot.empty()) return slot;
    ++segment.used;
    slot.key = key;
    slot.sort = sort;
    return slot;
  }
  std::size_t size() const {
    std::size_t sum = 0;
    for (const Segment& segment : segments_) sum += segment.used;
    return sum;
  }
  std::size_t memory() const {
    std::size_t sum = sizeof(*this);
    for (const Segment& segment : segments_) sum += segment.slots.capacity() * sizeof(Entry);
    return sum;
  }

 private:
  static constexpr int kSegmentBits = 8;
  static constexpr int kShift = 64 - kSegmentBits;
  struct Segment {
    std::vector<Entry> slots;
    std::size_t used = 0;
  };

  static std::uint64_t hash_of(std::uint64_t key, std::uint64_t sort) {
    return mix64(key ^ (sort == 0 ? 0 : mix64(sort)));
  }
  // Where it is, or the empty slot where it belongs.
  static Entry& probe(std::vector<Entry>& slots, std::uint64_t hash, std::uint64_t key, std::uint64_t sort) {
    __extension__ using Wide = unsigned __int128;
    auto at = static_cast<std::size_t>((static_cast<Wide>(hash << kSegmentBits) * slots.size()) >> 64);
    for (;; at = at + 1 == slots.size() ? 0 : at + 1) {
      Entry& slot = slots[at];
      if (slot.empty() || (slot.key == key && slot.sort == sort)) return slot;
    }
  }
  static void grow(Segment& segment) {
    std::vector<Entry> old = std::move(segment.slots);
    segment.slots = std::vector<Entry>(old.empty() ? 16 : old.size() + old.size() / 2);
    for (const Entry& entry : old)
      if (!entry.empty()) probe(segment.slots, hash_of(entry.key, entry.sort), entry.key, entry.sort) = entry;
  }

  std::array<Segment, std::size_t{1} << kSegmentBits> segments_;
};

}  // namespace nephoscope::dynamodb
