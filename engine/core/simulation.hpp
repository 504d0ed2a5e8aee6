// One simulated world: its clock, its pending events and its processes.
//
// Events happen in a total order: by time, then priority (lower first), then the order in which they were
// scheduled. Nothing else - no address, no hash, no thread - decides an order.
//
//   Simulation simulation;
//   simulation.spawn(customer(simulation, station));
//   simulation.run_until(Time{} + 1h);
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <utility>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/core/future_event_list.hpp"
#include "engine/core/process.hpp"

namespace nephoscope {

// Breaks ties between events at one instant: lower comes first.
enum class Priority : std::uint8_t { early = 64, normal = 128, late = 192 };

// Names a scheduled event so that it can be cancelled. A default Timer names nothing.
struct Timer {
  std::uint32_t slot = 0;
  std::uint64_t order = 0;
};

// Names one constant length of time-outs; see Simulation::timeout_class().
struct TimeoutClass {
  std::uint32_t index = 0;
};

struct [[nodiscard]] DelayWait;

class Simulation {
 public:
  using Callback = void (*)(void* context);

  Simulation() = default;
  ~Simulation() { clear(); }
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  Time now() const { return now_; }

  // Calls `callback(context)` at `instant`. REQUIRES: now() <= instant < Time::max().
  Timer at(Time instant, Callback callback, void* context, Priority priority = Priority::normal) {
    if (instant < now_ || instant == Time::max()) [[unlikely]]
      refuse(instant);
    const std::uint64_t order = next_order(priority);
    const std::uint32_t slot = take_slot(order, callback, context, kNone);
    pending_.push({.time = instant.time_since_epoch().count(), .order = order, .slot = slot, .chain = kNone});
    return {.slot = slot, .order = order};
  }
  Timer after(Duration delay, Callback callback, void* context, Priority priority = Priority::normal) {
    return at(now_ + delay, callback, context, priority);
  }

  // Time-outs of one length expire in the order in which they are set, so each length keeps a queue of its
  // own and only its head is in the future event list. Ask once per length and keep the answer.
  TimeoutClass timeout_class(Duration length);
  // Like after(), with the class's length.
  Timer after(TimeoutClass timeout, Callback callback, void* context);

  // Forgets a scheduled event. Returns false if it has already happened or been cancelled.
  bool cancel(Timer timer) {
    if (timer.order == 0 || slots_[timer.slot].order != timer.order) return false;
    const std::uint32_t chain = slots_[timer.slot].chain;
    free_slot(timer.slot);
    if (++(chain == kNone ? cancelled_ : timeout_queues_[chain].dead) > kCompactAbove) [[unlikely]]
      compact_if_worthwhile(chain);
    return true;
  }

  // Suspends the calling process for `span`. REQUIRES: span >= 0.
  DelayWait delay(Duration span);

  // Starts a process now, in `group` if given; returns at its first wait.
  void spawn(Process process, ProcessGroup* group = nullptr);

  // Runs every event up to and including `end`; the clock then reads `end`.
  void run_until(Time end);
  // Runs the next event if there is one at or before `end`. Returns whether it did.
  bool step(Time end = Time::max()) {
    if (!ready_.empty()) return step_ready();
    while (!pending_.empty()) {
      const FutureEventList::Entry& first = pending_.top();
      if (!dead(first)) {
        if (first.time > end.time_since_epoch().count()) return false;
        run_scheduled();
        return true;
      }
      discard_first();
    }
    return false;
  }

  // Events that have happened, and a hash over their times and order: equal for equal trajectories.
  std::uint64_t events() const { return events_; }
  std::uint64_t fingerprint() const { return fingerprint_; }
  std::size_t pending() const { return slots_.size() - 1 - free_slots_ + ready_.size(); }
  // Memory held for scheduled events, cancelled ones that are not yet forgotten included.
  Bytes event_list_memory() const;

  // Destroys all processes where they stand and forgets all events. Whoever owns models that processes
  // refer to calls this before the models go. Timers then name nothing; time-out classes stay.
  void clear();

  // For authors of awaitables -------------------------------------------------------------------------
  // Interrupts the process that waits in, or runs with, `process`; see process.hpp.
  void interrupt(ProcessControl& process);
  // The running process. REQUIRES: called from inside a process.
  ProcessControl& current() { return *current_; }
  bool inside_process() const { return current_ != nullptr; }
  // To be called first in await_ready(): true (and the status set) if the process is already interrupted.
  bool over_at_once(Wait& wait) const {
    if (!current_->interrupted) return false;
    wait.status = WaitStatus::interrupted;
    return true;
  }
  // To be called in await_suspend(): the running process now waits in `wait`.
  void begin_wait(Wait& wait, std::coroutine_handle<> continuation) {
    wait.continuation = continuation;
    wait.process = current_;
    current_->wait = &wait;
  }
  // Ends a wait: its process goes on at this instant, after what is already due.
  void end_wait(Wait& wait, WaitStatus status);
  // Ends a wait and runs its process inside this call. Only from event callbacks, as their last action.
  void resume_now(Wait& wait) {
    wait.process->wait = nullptr;
    const Running running(current_, wait.process);
    wait.continuation.resume();
  }

 private:
  friend class ProcessGroup;
  friend struct Process::promise_type::Finish;
  static constexpr std::uint32_t kNone = 0xffffffffU;
  static constexpr int kPriorityShift = 56;
  static constexpr std::size_t kCompactAbove = 1024;

  // While it lives, `current` is the process that runs; also when an exception leaves it.
  struct Running {
    ProcessControl*& current;
    ProcessControl* const caller;
    Running(ProcessControl*& place, ProcessControl* process)
        : current(place), caller(std::exchange(place, process)) {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() { current = caller; }
  };
  struct Slot {
    std::uint64_t order = 0;  // of the event that holds the slot; 0 while free
    Callback callback = nullptr;
    union {
      void* context = nullptr;
      std::uint32_t next_free;  // while free
    };
    std::uint32_t chain = kNone;  // the time-out queue that the event stands in, if any
  };
  struct Ready {
    std::uint64_t order;
    Wait* wait;
  };
  struct TimeoutQueue {
    Duration length{};
    std::deque<FutureEventList::Entry> entries;  // the front one is in the future event list
    std::size_t dead = 0;                        // cancelled ones among them
  };

  std::uint64_t next_order(Priority priority) {
    return (static_cast<std::uint64_t>(priority) << kPriorityShift) | ++sequence_;
  }
  std::uint32_t take_slot(std::uint64_t order, Callback callback, void* context, std::uint32_t chain) {
    if (free_slots_ == 0) [[unlikely]]
      add_slot();
    const std::uint32_t index = first_free_;
    Slot& slot = slots_[index];
    first_free_ = slot.next_free;
    --free_slots_;
    slot.order = order;
    slot.callback = callback;
    slot.context = context;
    slot.chain = chain;
    return index;
  }
  void free_slot(std::uint32_t index) {
    slots_[index].order = 0;
    slots_[index].next_free = first_free_;
    first_free_ = index;
    ++free_slots_;
  }
  bool dead(const FutureEventList::Entry& entry) const { return slots_[entry.slot].order != entry.order; }

  // Runs the first event of the future event list. REQUIRES: there is one and it is live.
  void run_scheduled() {
    const FutureEventList::Entry entry = pending_.pop();
    if (entry.chain != kNone) advance_chain(entry.chain);
    now_ = Time(Duration(entry.time));
    const Slot slot = slots_[entry.slot];
    free_slot(entry.slot);
    happened(entry.order);
    slot.callback(slot.context);
  }
  void happened(std::uint64_t order) {
    ++events_;
    const auto time = static_cast<std::uint64_t>(now_.time_since_epoch().count());
    fingerprint_ = (fingerprint_ ^ time ^ (order << 20)) * 0x9fb21c651e98df25U;
    fingerprint_ ^= fingerprint_ >> 29;
  }
  [[noreturn]] void refuse(Time instant) const;
  void add_slot();
  void advance_chain(std::uint32_t chain);
  void discard_first();
  bool step_ready();
  void compact_if_worthwhile(std::uint32_t chain);
  void finish(ProcessControl& process);

  Time now_{};
  std::uint64_t sequence_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t fingerprint_ = 0x9e3779b97f4a7c15U;
  FutureEventList pending_;
  std::vector<Slot> slots_ = std::vector<Slot>(1);  // slot 0 is never used: a default Timer is dead
  std::uint32_t first_free_ = 0;
  std::size_t free_slots_ = 0;
  std::size_t cancelled_ = 0;  // dead entries still in pending_, heads of time-out queues not counted
  std::deque<TimeoutQueue> timeout_queues_;
  std::map<Duration, std::uint32_t> timeout_index_;
  std::deque<Ready> ready_;
  ProcessControl* current_ = nullptr;
  ProcessControl* processes_ = nullptr;
};

// The awaitable of Simulation::delay(); co_await gives the WaitStatus (done or interrupted).
struct [[nodiscard]] DelayWait : Wait {
  Simulation& simulation;
  Duration span;
  Timer timer;

  DelayWait(Simulation& owner, Duration length) : simulation(owner), span(length) {}
  bool await_ready() { return simulation.over_at_once(*this); }
  void await_suspend(std::coroutine_handle<> waiting) {
    simulation.begin_wait(*this, waiting);
    cancel = [](Wait& wait) {
      auto& self = static_cast<DelayWait&>(wait);
      self.simulation.cancel(self.timer);
    };
    timer = simulation.after(
        span,
        [](void* wait) {
          static_cast<DelayWait*>(wait)->simulation.resume_now(*static_cast<DelayWait*>(wait));
        },
        this);
  }
  WaitStatus await_resume() const { return status; }
};
static_assert(std::is_trivially_destructible_v<DelayWait>);

inline DelayWait Simulation::delay(Duration span) { return DelayWait(*this, span); }

}  // namespace nephoscope
