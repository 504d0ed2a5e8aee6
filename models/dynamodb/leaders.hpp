// Who leads a partition, and for how long nobody does.
//
// Each partition has three replicas, the r-th in zone r of the run (cyclic if there are fewer zones). The
// leader serves writes and strongly consistent reads; any replica serves others. When a leader is lost, its
// successor waits until the old lease has run out. Two replicas must be up to elect a leader and to write.
// Source: Elhemali et al., USENIX ATC 2022, sections 3 and 5. Not modelled: the repair of a replica that a
// random failure hits (a log replica stands in within seconds), elections that are begun in error.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "models/common/world.hpp"
#include "models/dynamodb/partition.hpp"
#include "models/dynamodb/partition_settings.hpp"

namespace nephoscope::dynamodb {

class Leaders final {
 public:
  // `name` is the PartitionSet's. REQUIRES: all outlive it.
  Leaders(World& world, std::string_view name, const PartitionAssumptions& assumptions);

  void set_power(ZoneId zone, bool on) { powered_[zone.value] = on; }
  // Whether enough replicas have power to write.
  bool majority() const;
  // To be called for each partition when a zone's power has changed.
  void follow_power(Partition& partition, PartitionId id) const;
  // The leader is lost, and its node with it for a while.
  void lose(Partition& partition, PartitionId id) const;
  // A planned change: nobody serves for a moment.
  void hand_over(Partition& partition) const;
  // When the next of so many leaders fails at random; never = Time::max().
  Time next_failure(std::size_t partitions);
  // Which of them it is.
  std::size_t victim(std::size_t partitions) const;

 private:
  bool has_power(std::uint32_t replica) const { return powered_[replica % powered_.size()]; }
  void elect(Partition& partition, PartitionId id) const;
  Duration lease_left(Partition& partition, PartitionId id) const;

  World& world_;
  const PartitionAssumptions& assumptions_;
  Purpose lease_, failure_, victim_;
  std::vector<bool> powered_;
  std::uint64_t failures_ = 0;
};

}  // namespace nephoscope::dynamodb
