// The future event list: pending events in their total order.
//
// Order is total: (time, order). `order` is given by the Simulation as priority and sequence number, so two
// events never compare equal, and equal times come out by priority, then first in, first out.
//
// Structure: a small 4-ary heap holds the nearest events; later ones lie unsorted in the buckets of "rungs"
// that are split finer as time reaches them, and the farthest in one unsorted list. Up to a few hundred
// pending events only the heap is used; at a million, push and pop are O(1) amortised and touch about two
// cache lines each (the ladder queue of Tang, Goh and Thng, ACM TOMACS 15(3), 2005, with a heap as bottom).
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace nephoscope {

class FutureEventList {
 public:
  // One pending event. `slot` and `chain` are the owner's: the list only carries them.
  struct Entry {
    std::int64_t time;    // ns since the run's start
    std::uint64_t order;  // breaks ties; unique
    std::uint32_t slot;
    std::uint32_t chain;
  };

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  // Memory held, in bytes.
  std::size_t memory() const;

  // REQUIRES: entry.time is less than the largest value.
  void push(const Entry& entry) {
    ++size_;
    if (entry.time < near_limit_) [[likely]] {
      push_near(entry);
      if (near_.size() > spill_at_) [[unlikely]]
        spill();
    } else {
      push_far(entry);
    }
  }

  // The first event in order. REQUIRES: not empty. Valid until the next push or pop.
  const Entry& top() {
    if (near_.empty()) [[unlikely]]
      refill();
    return near_.front();
  }

  // Takes the first event out. REQUIRES: not empty.
  Entry pop() {
    const Entry first = top();
    pop_near();
    --size_;
    return first;
  }

  // Takes out every event for which `dead(entry)` holds. O(size).
  template <typename Dead>
  void remove_if(Dead dead) {
    std::vector<Entry> kept;
    kept.reserve(size_);
    while (!empty()) {
      const Entry entry = pop();
      if (!dead(entry)) kept.push_back(entry);
    }
    for (const Entry& entry : kept) push(entry);
  }

 private:
  static constexpr std::int64_t kForever = std::numeric_limits<std::int64_t>::max();
  static constexpr std::uint32_t kNoChunk = 0xffffffffU;
  static constexpr std::size_t kSmall = 512;       // pending events that a heap alone serves best
  static constexpr std::size_t kBucketTarget = 8;  // events a bucket is meant to hold
  static constexpr std::size_t kBucketSplit = 64;  // a fuller bucket is split before it enters the heap
  static constexpr std::size_t kEntriesPerChunk = 5;

  // 128 bytes: two cache lines, which the hardware fetches as a pair.
  struct Chunk {
    Entry entries[kEntriesPerChunk];
    std::uint32_t next;
    std::uint32_t count;
  };

  struct Rung {
    std::int64_t start = 0;
    std::int64_t end = 0;  // events at or after `end` belong further out
    int shift = 0;         // a bucket is 2^shift ns wide
    std::size_t current = 0;
    std::vector<std::uint32_t> buckets;  // heads of chunk lists
  };

  static bool before(const Entry& a, const Entry& b) {
    return a.time != b.time ? a.time < b.time : a.order < b.order;
  }

  void push_near(const Entry& entry) {
    std::size_t hole = near_.size();
    near_.push_back(entry);
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / 4;
      if (!before(entry, near_[parent])) break;
      near_[hole] = near_[parent];
      hole = parent;
    }
    near_[hole] = entry;
  }

  void pop_near() {
    const Entry last = near_.back();
    near_.pop_back();
    if (!near_.empty()) sift_down(0, last);
  }

  // Fills the hole at `hole` with `entry`, moving smaller children up.
  void sift_down(std::size_t hole, const Entry& entry) {
    const std::size_t n = near_.size();
    Entry* const heap = near_.data();
    for (;;) {
      const std::size_t first = 4 * hole + 1;
      if (first >= n) break;
      const std::size_t last = first + 4 < n ? first + 4 : n;
      std::size_t best = first;
      for (std::size_t child = first + 1; child < last; ++child)
        if (before(heap[child], heap[best])) best = child;
      if (!before(heap[best], entry)) break;
      heap[hole] = heap[best];
      hole = best;
    }
    heap[hole] = entry;
  }

  void heapify_near();
  void push_far(const Entry& entry);
  void put(Rung& rung, const Entry& entry);
  void refill();
  void refill_from_far();
  bool refill_from_rung();
  void open_rung(std::int64_t start, std::int64_t end, const std::vector<Entry>& entries);
  void drain_bucket(std::uint32_t head, std::vector<Entry>& into);
  void spill();
  std::uint32_t new_chunk(std::uint32_t next);

  std::size_t size_ = 0;
  std::vector<Entry> near_;             // 4-ary min-heap of all events before near_limit_
  std::int64_t near_limit_ = kForever;  // where rungs_ (or, without rungs, far_) begin
  std::size_t spill_at_ = kSmall;       // a larger heap is cut in two
  std::vector<Rung> rungs_;             // outermost first; the innermost begins at near_limit_
  std::vector<Entry> far_;              // all events at or after far_start_, unsorted
  std::int64_t far_start_ = kForever;
  std::vector<Chunk> chunks_;
  std::uint32_t free_chunk_ = kNoChunk;
  std::vector<Entry> scratch_;
  std::vector<std::vector<std::uint32_t>> spare_buckets_;
};

}  // namespace nephoscope
