#include "models/job/shuffle.hpp"

#include <algorithm>
#include <numeric>

#include "engine/queueing/level.hpp"

namespace nephoscope::job {

void Shuffle::begin(Bytes size, const std::vector<std::int64_t>& outputs) {
  members_.clear();
  for (std::size_t i = 0; i < workers_.size(); ++i)
    if (workers_[i].alive) members_.push_back({.life = workers_.life(i)});
  const auto count = static_cast<std::int64_t>(members_.size());
  const std::int64_t all = std::accumulate(outputs.begin(), outputs.end(), std::int64_t{0});
  for (Member& member : members_) {
    const std::int64_t own = outputs.empty() ? 1 : outputs[member.life.worker];
    member.part =
        static_cast<std::int64_t>(WideInt{size.count} * own / (outputs.empty() ? count : all) / count);
  }
}

Task<bool> Shuffle::finish() {
  whole_ = true;
  for (std::size_t i = 0; i < members_.size(); ++i)
    for (std::int64_t n = 0; n < parallelism_; ++n) {
      ++fetching_;
      world_.simulation.spawn(fetch(i), &workers_[members_[i].life.worker].processes);
    }
  while (fetching_ > 0) {
    const WaitStatus status = co_await changed_.wait();
    if (status != WaitStatus::done) co_return false;
  }
  const bool all_live = std::all_of(members_.begin(), members_.end(),
                                    [&](const Member& member) { return workers_.lives(member.life); });
  const bool complete = whole_ && all_live;
  co_return complete;
}

const Shuffle::Member* Shuffle::next_peer(std::size_t member) {
  std::size_t& next = members_[member].next;
  while (next < members_.size()) {
    const Member& peer = members_[(member + next++) % members_.size()];
    if (peer.part > 0) return &peer;
  }
  return nullptr;
}

Process Shuffle::fetch(std::size_t member) {
  const Life self = members_[member].life;
  while (workers_.lives(self)) {
    const Member* peer = next_peer(member);
    if (peer == nullptr) break;
    const bool moved = co_await move(peer->life, self, peer->part);
    whole_ = whole_ && moved;
  }
  --fetching_;
  changed_.pulse();
}

// What came from, or to, a worker that died meanwhile has not arrived.
Task<bool> Shuffle::move(Life from, Life to, std::int64_t bytes) {
  if (!workers_.lives(from)) co_return false;
  counts_.asked += bytes;
  under_way_ += bytes;
  const Transfer transfer = co_await world_.network->transfer(
      workers_[from.worker].instance.place(), workers_[to.worker].instance.place(), Bytes(bytes));
  under_way_ -= bytes;
  const bool arrived = transfer.ok() && workers_.lives(from) && workers_.lives(to);
  (arrived ? counts_.moved : counts_.broken) += bytes;
  co_return arrived;
}

}  // namespace nephoscope::job
