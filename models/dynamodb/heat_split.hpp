// Split for heat: where to cut a partition that is near its limit, from a sample of what was asked of it.
//
// Source: Elhemali et al., USENIX ATC 2022, section 4.3: the point is chosen from the observed distribution
// of accesses, not in the middle; no split if one item takes the load or keys are accessed in sequence.
// DynamoDB Developer Guide, "Isolate frequently accessed items": a hot item can get a partition of its own;
// an item collection is not divided where the table has a local secondary index.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/base/units.hpp"
#include "models/dynamodb/demand.hpp"
#include "models/dynamodb/partition_map.hpp"

namespace nephoscope::dynamodb {

struct AccessSample {
  std::uint64_t draw = 0;  // decides whether it stays in the sample
  Position position;
  CapacityUnits units;
};

// An even sample of the accesses since clear(), in the order of time: when it is full, about half of it goes,
// and from then on only half as many are taken. Which, is decided by a hash of request and item, so that no
// pattern in the requests can hide.
class AccessSamples final {
 public:
  static constexpr std::size_t kMost = 256;

  // Of which kind of access samples are taken.
  explicit AccessSamples(Access access) : access_(access) { samples_.reserve(kMost); }
  void add(const Demand& demand) {
    if (demand.access != access_) return;
    const std::uint64_t draw = mix64(demand.number ^ demand.position.hash ^ mix64(demand.position.sort));
    if ((draw & mask_) == 0) keep({draw, demand.position, demand.units});
  }
  void clear();
  Access access() const { return access_; }
  std::span<const AccessSample> in_order() const { return samples_; }

 private:
  void keep(const AccessSample& sample);

  Access access_;
  std::uint64_t mask_ = 0;
  std::vector<AccessSample> samples_;
};

struct HeatSplitRules {
  Probability hot_item;  // share of the load from which it is one item's
  Probability sequence;  // share of steps in one direction from which keys come in sequence
  bool divides_keys = true;
  bool isolates_items = true;
};

// New partitions begin at `cuts`, in order; if there are none, `why` says why not.
struct SplitChoice {
  std::array<Position, 2> cuts;
  std::uint32_t count = 0;
  bool isolates = false;
  bool halves_bytes = false;  // else bytes are taken to lie evenly over the hashes
  std::string_view why;
  std::span<const Position> points() const { return {cuts.data(), count}; }
};

// In two parts.
SplitChoice split_at(const Position& cut);

// REQUIRES: the samples lie in `range`.
SplitChoice choose_split(std::span<const AccessSample> samples, const PositionRange& range,
                         const HeatSplitRules& rules);

// Where half of a partition's data lies, from a sample of what was written (bytes as weights): in the middle
// of its hashes, unless most was written under one partition key.
SplitChoice choose_middle(std::span<const AccessSample> written, const PositionRange& range,
                          bool divides_keys);

}  // namespace nephoscope::dynamodb
