// First-in-first-out lists of waits. The links lie inside the awaitables, in the waiting processes' frames:
// joining, leaving from anywhere (an interruption, a time-out) and taking the first are O(1) without memory.
//
// A list does not own its waits. After Simulation::clear() the frames are gone: a facility that had waiters
// may then only be destroyed.
#pragma once

namespace nephoscope {

// Base, besides Wait, of awaitables that stand in a WaitList.
struct WaitLink {
  WaitLink* previous = nullptr;
  WaitLink* next = nullptr;

  // REQUIRES: it stands in a list.
  void unlink() {
    previous->next = next;
    next->previous = previous;
  }
};

// REQUIRES of T: derives from WaitLink.
template <typename T>
class WaitList final {
 public:
  WaitList() { ends_.previous = ends_.next = &ends_; }
  WaitList(const WaitList&) = delete;
  WaitList& operator=(const WaitList&) = delete;

  bool empty() const { return ends_.next == &ends_; }

  void push_back(T& wait) {
    wait.previous = ends_.previous;
    wait.next = &ends_;
    ends_.previous->next = &wait;
    ends_.previous = &wait;
  }

  // REQUIRES: not empty.
  T& front() { return static_cast<T&>(*ends_.next); }

  // REQUIRES: not empty.
  T& pop_front() {
    T& first = front();
    first.unlink();
    return first;
  }

  // Calls `visit(const T&)` for each wait, first to last. `visit` must not change the list.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (const WaitLink* link = ends_.next; link != &ends_; link = link->next)
      visit(static_cast<const T&>(*link));
  }

 private:
  WaitLink ends_;  // before the first and after the last
};

}  // namespace nephoscope
