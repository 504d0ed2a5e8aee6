#include "models/dynamodb/leaders.hpp"

#include <algorithm>

namespace nephoscope::dynamodb {
namespace {

constexpr double kYear = 365.25 * 24 * 3600;  // seconds
constexpr std::uint32_t kMajority = 2;

}  // namespace

Leaders::Leaders(World& world, std::string_view name, const PartitionAssumptions& assumptions)
    : world_(world),
      assumptions_(assumptions),
      lease_(Purpose("dynamodb.lease_left").of(name)),
      failure_(Purpose("dynamodb.leader_failure").of(name)),
      victim_(Purpose("dynamodb.leader_victim").of(name)),
      powered_(std::max<std::size_t>(world.run.zones.size(), 1), true) {}

bool Leaders::majority() const {
  std::uint32_t up = 0;
  for (std::uint32_t replica = 0; replica < kReplicas; ++replica) up += has_power(replica);
  return up >= kMajority;
}

Duration Leaders::lease_left(Partition& partition, PartitionId id) const {
  Draws draws = world_.random.entity(lease_, id.value, partition.elections++);
  return from_seconds(to_seconds(assumptions_.leader_lease) * draws.next_uniform());
}

void Leaders::elect(Partition& partition, PartitionId id) const {
  const bool had_none = partition.ready_at == Time::max();
  for (std::uint32_t step = 1; step <= kReplicas; ++step) {
    const auto candidate = static_cast<std::uint32_t>((partition.leader + step) % kReplicas);
    if (!has_power(candidate)) continue;
    partition.leader = candidate;
    break;
  }
  const Time ready = world_.now() + lease_left(partition, id);
  partition.ready_at = had_none ? ready : std::max(partition.ready_at, ready);
}

void Leaders::follow_power(Partition& partition, PartitionId id) const {
  if (!majority())
    partition.ready_at = Time::max();
  else if (partition.ready_at == Time::max() || !has_power(partition.leader))
    elect(partition, id);
}

void Leaders::lose(Partition& partition, PartitionId id) const {
  if (partition.ready_at != Time::max()) elect(partition, id);
}

void Leaders::hand_over(Partition& partition) const {
  partition.ready_at = std::max(partition.ready_at, world_.now() + assumptions_.handover);
}

Time Leaders::next_failure(std::size_t partitions) {
  const double rate = assumptions_.leader_failures_per_year * static_cast<double>(partitions) / kYear;
  if (rate <= 0) return Time::max();
  const double seconds = world_.random.entity(failure_, 0, failures_++).next_exponential() / rate;
  return seconds < to_seconds(kMaxDuration) ? world_.now() + from_seconds(seconds) : Time::max();
}

std::size_t Leaders::victim(std::size_t partitions) const {
  return static_cast<std::size_t>(world_.random.entity(victim_, 0, failures_).next_below(partitions));
}

}  // namespace nephoscope::dynamodb
