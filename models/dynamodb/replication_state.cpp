#include "models/dynamodb/replication_state.hpp"

#include <algorithm>
#include <tuple>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {

std::uint32_t ReplicationState::place_of(const ItemId& item) {
  std::uint32_t& place = places_[item];
  if (place != 0) return place - 1;
  place = static_cast<std::uint32_t>(places_.size());
  const std::uint32_t result = place - 1;
  numbers_.resize(numbers_.size() + stride(), 0);
  for (ReplicaIndex at = 0; at < replicas_; ++at) version_at(result, at) = kNoWrite;
  return result;
}

// --- writes ------------------------------------------------------------------------------------------------

WriteIndex ReplicationState::new_write() {
  if (!free_.empty()) {
    const WriteIndex write = free_.back();
    free_.pop_back();
    return write;
  }
  writes_.emplace_back();
  contexts_.resize(contexts_.size() + replicas_, 0);
  return static_cast<WriteIndex>(writes_.size() - 1);
}

void ReplicationState::release(WriteIndex write) {
  check(writes_[write].holders > 0, "dynamodb", "a replicated write is released once too often");
  if (--writes_[write].holders == 0) free_.push_back(write);
}

void ReplicationState::set_version(std::uint32_t place, ReplicaIndex at, WriteIndex write) {
  hold(write);
  if (version_at(place, at) != kNoWrite) release(version_at(place, at));
  version_at(place, at) = write;
}

void ReplicationState::learn_all(std::uint32_t place, ReplicaIndex at) {
  for (ReplicaIndex from = 0; from < replicas_; ++from)
    for (ReplicaIndex of = 0; of < replicas_; ++of)
      known(place, at)[of] = std::max(known(place, at)[of], known(place, from)[of]);
}

WriteIndex ReplicationState::write(ReplicaIndex at, const Local& local) {
  const std::uint32_t place = place_of(local.item);
  if (local.knows_all) learn_all(place, at);
  Time stamp = local.now + local.clock;
  for (ReplicaIndex of = 0; of < replicas_; ++of) {
    const WriteIndex replaced = version_at(place, of);
    if (replaced == kNoWrite || (of != at && !local.knows_all)) continue;
    stamp = std::max(stamp, writes_[replaced].stamp + Duration(1));
  }
  const WriteIndex write = new_write();
  std::ranges::copy(known(place, at), context(write).begin());
  writes_[write] = {.item = local.item,
                    .committed = local.now,
                    .stamp = stamp,
                    .bytes = local.bytes,
                    .number = local.number,
                    .sequence = ++known(place, at)[at],
                    .origin = at,
                    .holders = 0};
  set_version(place, at, write);
  return write;
}

// --- arrivals ----------------------------------------------------------------------------------------------

Meeting ReplicationState::meet(ReplicaIndex at, WriteIndex index) const {
  const RegionalWrite& write = writes_[index];
  const std::uint32_t place = *places_.find(write.item) - 1;
  if (known(place, at)[write.origin] >= write.sequence) return Meeting::known;
  const WriteIndex current = version_at(place, at);
  if (current == kNoWrite) return Meeting::succeeds;
  const RegionalWrite& here = writes_[current];
  if (context(index)[here.origin] >= here.sequence) return Meeting::succeeds;
  const bool newer = std::tie(write.stamp, write.origin) > std::tie(here.stamp, here.origin);
  return newer ? Meeting::wins : Meeting::loses;
}

void ReplicationState::arrive(ReplicaIndex at, WriteIndex index, Meeting meeting) {
  if (meeting == Meeting::known) return;
  const RegionalWrite& write = writes_[index];
  const std::uint32_t place = *places_.find(write.item) - 1;
  const bool conflict = meeting == Meeting::wins || meeting == Meeting::loses;
  if (conflict) ++conflicts_;
  // A loss is counted once: where the lost write was made.
  if (meeting == Meeting::wins && writes_[version_at(place, at)].origin == at) ++lost_[at];
  const auto here = known(place, at);
  for (ReplicaIndex of = 0; of < replicas_; ++of) here[of] = std::max(here[of], context(index)[of]);
  here[write.origin] = std::max(here[write.origin], write.sequence);
  if (meeting != Meeting::loses) set_version(place, at, index);
}

WriteIndex ReplicationState::version(ReplicaIndex at, const ItemId& item) const {
  const std::uint32_t* place = places_.find(item);
  return place == nullptr ? kNoWrite : version_at(*place - 1, at);
}

bool ReplicationState::converged(const ItemId& item) const {
  for (ReplicaIndex at = 1; at < replicas_; ++at)
    if (version(at, item) != version(0, item)) return false;
  return true;
}

}  // namespace nephoscope::dynamodb
