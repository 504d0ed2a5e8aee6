// What is known of one partition: its data, its buckets, its replicas, and how it has fared.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "engine/base/time.hpp"
#include "models/dynamodb/heat_split.hpp"
#include "models/dynamodb/partition_map.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

inline constexpr std::size_t kReplicas = 3;  // Elhemali et al., USENIX ATC 2022, section 3

// The buckets of one partition for one kind of access; see admission.hpp.
struct Share {
  double rate = 0;   // units/s that it has in any case
  double boost = 0;  // the part of the rate that adaptive capacity has added
  double level = 0;  // units in the allocated bucket
  double saved = 0;  // units in the burst bucket
  double pace = 0;   // units that the partition's hardware can do beyond its rate just now
  Time settled{};    // of the three levels
};

struct PartitionCounts {
  CapacityUnits consumed, throttled;
};

struct Partition {
  std::array<Share, kAccesses> shares;
  Position first;
  double weight = 1;         // of the table's rate that is its own where shares are static
  std::int64_t bytes = 0;    // may fall below 0: a split divides them as if data were spread evenly
  std::int64_t written = 0;  // bytes by which it has grown since it began
  std::array<PartitionCounts, kAccesses> counts;  // since it began
  std::array<PartitionCounts, kAccesses> seen;    // what they were when the control loop last looked
  std::array<std::uint32_t, kReplicas> nodes{};
  PartitionId parent;                      // that it was split from; none: it is of the start
  PartitionId heir;                        // the first of those that it was split into; none: it lives
  std::uint32_t leader = 0;                // which replica
  std::uint32_t elections = 0;             // draws are addressed by
  std::uint32_t hot_periods = 0;           // in a row
  bool splitting = false;                  // a split has begun
  bool told = false;                       // that it is hot and is not split
  Time ready_at{};                         // from when the leader serves; max: it has no majority
  std::unique_ptr<AccessSamples> samples;  // only of a partition that was hot lately
  std::unique_ptr<AccessSamples> growth;   // of what was written, bytes as units; only if that is much
  bool alive() const { return !heir; }
  // One of `parts` that take over from it. Buckets are as full as its own; bytes and rates are not yet set.
  Partition part(const Position& begin, std::uint32_t parts) const;
};

inline Partition Partition::part(const Position& begin, std::uint32_t parts) const {
  Partition part;
  part.shares = shares;
  for (Share& share : part.shares) share.boost /= parts;
  part.first = begin;
  part.weight = weight / parts;
  part.nodes = nodes;
  part.leader = leader;
  part.ready_at = ready_at;
  return part;
}

}  // namespace nephoscope::dynamodb
