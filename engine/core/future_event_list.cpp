#include "engine/core/future_event_list.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

namespace nephoscope {

std::size_t FutureEventList::memory() const {
  std::size_t bytes = (near_.capacity() + far_.capacity() + scratch_.capacity()) * sizeof(Entry);
  bytes += chunks_.capacity() * sizeof(Chunk);
  for (const Rung& rung : rungs_) bytes += rung.buckets.capacity() * sizeof(rung.buckets[0]);
  for (const auto& buckets : spare_buckets_) bytes += buckets.capacity() * sizeof(buckets[0]);
  return bytes;
}

void FutureEventList::heapify_near() {
  if (near_.size() < 2) return;
  for (std::size_t i = (near_.size() - 2) / 4 + 1; i-- > 0;) sift_down(i, Entry(near_[i]));
}

void FutureEventList::push_far(const Entry& entry) {
  if (entry.time >= far_start_) {
    far_.push_back(entry);
    return;
  }
  // The innermost rung that reaches so far. Halving, because falling times can open thousands of rungs.
  const auto nearer = std::partition_point(rungs_.begin(), rungs_.end(),
                                           [&](const Rung& rung) { return entry.time < rung.end; });
  put(*std::prev(nearer), entry);
}

void FutureEventList::put(Rung& rung, const Entry& entry) {
  std::uint32_t& head = rung.buckets[static_cast<std::size_t>((entry.time - rung.start) >> rung.shift)];
  if (head == kNoChunk || chunks_[head].count == kEntriesPerChunk) head = new_chunk(head);
  Chunk& chunk = chunks_[head];
  chunk.entries[chunk.count++] = entry;
}

std::uint32_t FutureEventList::new_chunk(std::uint32_t next) {
  std::uint32_t index = free_chunk_;
  if (index == kNoChunk) {
    index = static_cast<std::uint32_t>(chunks_.size());
    chunks_.emplace_back();
  } else {
    free_chunk_ = chunks_[index].next;
  }
  chunks_[index].next = next;
  chunks_[index].count = 0;
  return index;
}

void FutureEventList::drain_bucket(std::uint32_t head, std::vector<Entry>& into) {
  while (head != kNoChunk) {
    Chunk& chunk = chunks_[head];
    into.insert(into.end(), chunk.entries, chunk.entries + chunk.count);
    const std::uint32_t next = chunk.next;
    chunk.next = free_chunk_;
    free_chunk_ = head;
    head = next;
  }
}

void FutureEventList::open_rung(std::int64_t start, std::int64_t end, const std::vector<Entry>& entries) {
  const auto span = static_cast<std::uint64_t>(end) - static_cast<std::uint64_t>(start);
  const std::uint64_t wanted = std::max<std::uint64_t>(entries.size() / kBucketTarget, 2);
  const std::uint64_t width = std::bit_ceil(std::max<std::uint64_t>(span / wanted, 1));
  Rung rung{.start = start, .end = end, .shift = std::countr_zero(width), .current = 0, .buckets = {}};
  if (!spare_buckets_.empty()) {
    rung.buckets = std::move(spare_buckets_.back());
    spare_buckets_.pop_back();
  }
  rung.buckets.assign(((span - 1) >> rung.shift) + 1, kNoChunk);
  for (const Entry& entry : entries) put(rung, entry);
  rungs_.push_back(std::move(rung));
  near_limit_ = start;
}

void FutureEventList::refill() {
  while (near_.empty()) {
    if (rungs_.empty())
      refill_from_far();
    else if (!refill_from_rung())
      continue;
  }
}

void FutureEventList::refill_from_far() {
  spill_at_ = kSmall;
  if (far_.size() <= kSmall / 2) {
    near_.swap(far_);
    near_limit_ = far_start_ = kForever;
    heapify_near();
    return;
  }
  const auto [first, last] = std::minmax_element(
      far_.begin(), far_.end(), [](const Entry& a, const Entry& b) { return a.time < b.time; });
  if (first->time == last->time) {  // one instant cannot be split
    near_limit_ = far_start_ = first->time + 1;
    near_.swap(far_);
    heapify_near();
    return;
  }
  far_start_ = last->time + 1;
  scratch_.swap(far_);
  open_rung(first->time, far_start_, scratch_);
  scratch_.clear();
}

// Moves the innermost rung's next bucket into the heap, or splits it; closes the rung when none is left.
bool FutureEventList::refill_from_rung() {
  Rung& rung = rungs_.back();
  while (rung.current < rung.buckets.size() && rung.buckets[rung.current] == kNoChunk) ++rung.current;
  if (rung.current == rung.buckets.size()) {
    near_limit_ = rung.end;
    spare_buckets_.push_back(std::move(rung.buckets));
    rungs_.pop_back();
    return false;
  }
  const std::int64_t start = rung.start + static_cast<std::int64_t>(rung.current << rung.shift);
  const std::int64_t width = std::int64_t{1} << rung.shift;
  const std::int64_t end = rung.end - start <= width ? rung.end : start + width;
  const std::uint32_t head = std::exchange(rung.buckets[rung.current], kNoChunk);
  ++rung.current;
  near_limit_ = end;
  spill_at_ = kSmall;
  drain_bucket(head, near_);
  const auto same_time = [&](const Entry& e) { return e.time == near_.front().time; };
  if (near_.size() > kBucketSplit && end - start > 1 && !std::all_of(near_.begin(), near_.end(), same_time)) {
    scratch_.swap(near_);
    near_.clear();
    open_rung(start, end, scratch_);
    scratch_.clear();
    return false;
  }
  heapify_near();
  return true;
}

// The heap has grown past its best size: its later half moves outwards.
void FutureEventList::spill() {
  const auto middle = near_.begin() + static_cast<std::ptrdiff_t>(near_.size() / 2);
  const auto earlier = [](const Entry& a, const Entry& b) { return a.time < b.time; };
  std::nth_element(near_.begin(), middle, near_.end(), earlier);
  const std::int64_t cut = middle->time;
  const auto later =
      std::partition(near_.begin(), near_.end(), [cut](const Entry& e) { return e.time < cut; });
  if (later == near_.begin()) {  // the earlier half is one instant: try again when the heap has doubled
    spill_at_ = 2 * near_.size();
  } else {
    scratch_.assign(later, near_.end());
    near_.erase(later, near_.end());
    if (near_limit_ == kForever) {
      far_.insert(far_.end(), scratch_.begin(), scratch_.end());
      near_limit_ = far_start_ = cut;
    } else {
      open_rung(cut, near_limit_, scratch_);
    }
    scratch_.clear();
    spill_at_ = kSmall;
  }
  heapify_near();
}

}  // namespace nephoscope
