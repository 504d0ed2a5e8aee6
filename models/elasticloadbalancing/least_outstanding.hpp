// Finds the target with the fewest outstanding requests in constant time, however many targets there are.
//
// Loads change by one at a time, so targets stand in one list per load and move to a neighbouring list.
// Among equals the one that has had its load for longest is next.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace nephoscope::elasticloadbalancing {

class LeastOutstanding final {
 public:
  static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

  // Forgets all targets; there may be `targets` of them, numbered from 0.
  void clear(std::size_t targets) {
    lists_.clear();
    least_ = 0;
    count_ = 0;
    entries_.assign(targets, {});
  }
  // REQUIRES: not in it.
  void insert(std::uint32_t target, std::uint32_t load) {
    if (count_++ == 0 || load < least_) least_ = load;
    append(target, load);
  }
  bool contains(std::uint32_t target) const { return entries_[target].load != kNone; }
  // The load of a target that is in it grows or falls by one.
  void grow(std::uint32_t target) {
    const std::uint32_t load = entries_[target].load;
    unlink(target);
    append(target, load + 1);
    if (load == least_ && lists_[load].first == kNone) ++least_;
  }
  // REQUIRES: its load is not 0.
  void shrink(std::uint32_t target) {
    const std::uint32_t load = entries_[target].load - 1;
    unlink(target);
    append(target, load);
    if (load < least_) least_ = load;
  }
  // kNone if it is empty.
  std::uint32_t least() const { return count_ == 0 ? kNone : lists_[least_].first; }

 private:
  struct Entry {
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
    std::uint32_t load = kNone;  // kNone: not in it
  };
  struct List {
    std::uint32_t first = kNone;
    std::uint32_t last = kNone;
  };

  void append(std::uint32_t target, std::uint32_t load) {
    if (load >= lists_.size()) lists_.resize(load + 1);
    List& list = lists_[load];
    entries_[target] = {.previous = list.last, .next = kNone, .load = load};
    (list.last == kNone ? list.first : entries_[list.last].next) = target;
    list.last = target;
  }
  void unlink(std::uint32_t target) {
    const Entry& entry = entries_[target];
    List& list = lists_[entry.load];
    (entry.previous == kNone ? list.first : entries_[entry.previous].next) = entry.next;
    (entry.next == kNone ? list.last : entries_[entry.next].previous) = entry.previous;
  }

  std::vector<Entry> entries_;
  std::vector<List> lists_;  // by load
  std::uint32_t least_ = 0;
  std::size_t count_ = 0;
};

}  // namespace nephoscope::elasticloadbalancing
