// Which partition holds a position: intervals that cover the whole space, without gap or overlap.
//
// Source of the layout: DynamoDB Developer Guide, "Partitions and data distribution". Partitions are split,
// never merged (AWS Database Blog, "Scaling DynamoDB", part 3).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/base/ids.hpp"
#include "models/dynamodb/position.hpp"

namespace nephoscope::dynamodb {

// A partition keeps its id for life; a split ends one and begins others.
using PartitionId = Id<struct PartitionTag>;

inline constexpr Position kLastPosition{.hash = ~std::uint64_t{0}, .sort = ~std::uint64_t{0}};

// REQUIRES: not the last position of all.
constexpr Position next(Position at) {
  return at.sort == kLastPosition.sort ? Position{at.hash + 1, 0} : Position{at.hash, at.sort + 1};
}
// REQUIRES: not the first position of all.
constexpr Position previous(Position at) {
  return at.sort == 0 ? Position{at.hash - 1, kLastPosition.sort} : Position{at.hash, at.sort - 1};
}

// From `first` to `last`, both included.
struct PositionRange {
  Position first;
  Position last = kLastPosition;
  constexpr bool operator==(const PositionRange&) const = default;
  constexpr bool holds(const Position& at) const { return first <= at && at <= last; }
  constexpr bool one_key() const { return first.hash == last.hash; }
  // The share of the hash space, so of data and load that are spread evenly.
  constexpr double width() const { return (static_cast<double>(last.hash - first.hash) + 1) * 0x1p-64; }
  // REQUIRES: !one_key().
  constexpr Position middle() const { return {first.hash + (last.hash - first.hash) / 2 + 1, 0}; }
};

class PartitionMap final {
 public:
  // `count` equal parts of the hash space, with ids 0, 1, ... in order. REQUIRES: count > 0.
  explicit PartitionMap(std::uint32_t count);

  PartitionId find(const Position& at) const {
    std::size_t low = guide_[at.hash >> shift_];
    std::size_t high = guide_[(at.hash >> shift_) + 1];
    while (low < high) {
      const std::size_t middle = (low + high + 1) / 2;
      if (firsts_[middle] <= at)
        low = middle;
      else
        high = middle - 1;
    }
    return ids_[low];
  }

  // A part of partition `of`, which ends; parts follow each other in the order of positions.
  struct Part {
    PartitionId of;
    Position first;
    PartitionId id;
  };
  // REQUIRES: the first part of each begins where it begins, and the others lie inside it.
  void split(std::span<const Part> parts);

  std::size_t size() const { return ids_.size(); }
  // In the order of positions.
  std::span<const PartitionId> ids() const { return ids_; }
  std::span<const Position> firsts() const { return firsts_; }
  // REQUIRES: index < size().
  PositionRange range(std::size_t index) const;
  // REQUIRES: a partition begins there.
  PositionRange range_from(const Position& first) const;

 private:
  void make_guide();

  std::vector<Position> firsts_;
  std::vector<PartitionId> ids_;
  // guide_[b]: the index of the partition that holds the first position of block b of the hash space. There
  // are about two blocks a partition, and one entry past the last.
  std::vector<std::uint32_t> guide_;
  int shift_ = 0;  // from a hash to its block
};

}  // namespace nephoscope::dynamodb
