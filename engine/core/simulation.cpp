#include "engine/core/simulation.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/check.hpp"

namespace nephoscope {

void Simulation::add_slot() {
  slots_.emplace_back().next_free = 0;
  first_free_ = static_cast<std::uint32_t>(slots_.size() - 1);
  ++free_slots_;
}

void Simulation::refuse(Time instant) const {
  fail_check("core",
             fmt::format("an event for {} s is scheduled at {} s", to_seconds(instant), to_seconds(now_)));
}

TimeoutClass Simulation::timeout_class(Duration length) {
  check(length >= Duration{}, "core", "a time-out of {} s is negative", to_seconds(length));
  const auto [place, added] =
      timeout_index_.try_emplace(length, static_cast<std::uint32_t>(timeout_queues_.size()));
  if (added) timeout_queues_.push_back({.length = length, .entries = {}, .dead = 0});
  return {place->second};
}

Timer Simulation::after(TimeoutClass timeout, Callback callback, void* context) {
  TimeoutQueue& queue = timeout_queues_[timeout.index];
  const std::uint64_t order = next_order(Priority::normal);
  const std::uint32_t slot = take_slot(order, callback, context, timeout.index);
  const std::int64_t time = (now_ + queue.length).time_since_epoch().count();
  queue.entries.push_back({.time = time, .order = order, .slot = slot, .chain = timeout.index});
  if (queue.entries.size() == 1) pending_.push(queue.entries.front());
  return {.slot = slot, .order = order};
}

// Forgets cancelled events in bulk when they are most of what lies in the future event list or in time-out
// queue `chain`, so that they cannot pile up. A queue's head stays: it lies in the future event list too, and
// the queue advances when it comes out there.
void Simulation::compact_if_worthwhile(std::uint32_t chain) {
  const auto is_dead = [this](const FutureEventList::Entry& entry) { return dead(entry); };
  if (chain == kNone) {
    if (cancelled_ <= pending_.size() / 2) return;
    pending_.remove_if(
        [&](const FutureEventList::Entry& entry) { return entry.chain == kNone && is_dead(entry); });
    cancelled_ = 0;
    return;
  }
  TimeoutQueue& queue = timeout_queues_[chain];
  if (queue.dead <= queue.entries.size() / 2) return;
  queue.entries.erase(std::remove_if(queue.entries.begin() + 1, queue.entries.end(), is_dead),
                      queue.entries.end());
  queue.dead = is_dead(queue.entries.front()) ? 1 : 0;
}

// The head of a time-out queue has come out of the future event list: its next live entry goes in.
void Simulation::advance_chain(std::uint32_t chain) {
  TimeoutQueue& queue = timeout_queues_[chain];
  queue.entries.pop_front();
  while (!queue.entries.empty() && dead(queue.entries.front())) {
    queue.entries.pop_front();
    --queue.dead;
  }
  if (!queue.entries.empty()) pending_.push(queue.entries.front());
}

// Drops the cancelled event at the front of the future event list.
void Simulation::discard_first() {
  const FutureEventList::Entry entry = pending_.pop();
  --(entry.chain == kNone ? cancelled_ : timeout_queues_[entry.chain].dead);
  if (entry.chain != kNone) advance_chain(entry.chain);
}

Bytes Simulation::event_list_memory() const {
  std::size_t bytes = pending_.memory() + slots_.capacity() * sizeof(Slot);
  for (const TimeoutQueue& queue : timeout_queues_) bytes += queue.entries.size() * sizeof(queue.entries[0]);
  return Bytes(static_cast<std::int64_t>(bytes));
}

// Runs the next event when processes are waiting to go on at this instant.
bool Simulation::step_ready() {
  while (!pending_.empty() && dead(pending_.top())) discard_first();
  if (!pending_.empty()) {
    const FutureEventList::Entry& first = pending_.top();
    if (first.time == now_.time_since_epoch().count() && first.order < ready_.front().order) {
      run_scheduled();
      return true;
    }
  }
  const Ready next = ready_.front();
  ready_.pop_front();
  happened(next.order);
  resume_now(*next.wait);
  return true;
}

void Simulation::run_until(Time end) {
  check(end >= now_, "core", "asked to run back from {} s to {} s", to_seconds(now_), to_seconds(end));
  while (step(end)) {
  }
  now_ = end;
}

void Simulation::spawn(Process process, ProcessGroup* group) {
  const auto frame = std::exchange(process.frame_, nullptr);
  ProcessControl& control = frame.promise().control;
  control.simulation = this;
  control.frame = frame;
  control.next = processes_;
  if (processes_ != nullptr) processes_->previous = &control;
  processes_ = &control;
  if (group != nullptr) {
    control.group = group;
    control.group_next = group->first_;
    if (group->first_ != nullptr) group->first_->group_previous = &control;
    group->first_ = &control;
  }
  const Running running(current_, &control);
  frame.resume();
}

void Simulation::finish(ProcessControl& process) {
  (process.previous != nullptr ? process.previous->next : processes_) = process.next;
  if (process.next != nullptr) process.next->previous = process.previous;
  if (process.group == nullptr) return;
  (process.group_previous != nullptr ? process.group_previous->group_next : process.group->first_) =
      process.group_next;
  if (process.group_next != nullptr) process.group_next->group_previous = process.group_previous;
}

void Process::promise_type::Finish::await_suspend(std::coroutine_handle<promise_type> frame) noexcept {
  ProcessControl& control = frame.promise().control;
  control.simulation->finish(control);
  frame.destroy();
}

void Simulation::end_wait(Wait& wait, WaitStatus status) {
  check(!wait.ending, "core", "a wait was ended twice at {} s", to_seconds(now_));
  wait.ending = true;
  wait.status = status;
  ready_.push_back({.order = next_order(Priority::normal), .wait = &wait});
}

void Simulation::interrupt(ProcessControl& process) {
  if (process.interrupted) return;
  process.interrupted = true;
  Wait* const wait = process.wait;
  if (wait == nullptr || wait->ending) return;
  wait->cancel(*wait);
  end_wait(*wait, WaitStatus::interrupted);
}

void ProcessGroup::interrupt_all() {
  for (ProcessControl* process = first_; process != nullptr; process = process->group_next)
    process->simulation->interrupt(*process);
}

void Simulation::clear() {
  while (processes_ != nullptr) {
    ProcessControl& process = *processes_;
    const auto frame = process.frame;
    finish(process);
    frame.destroy();
  }
  ready_.clear();
  pending_ = FutureEventList();
  for (TimeoutQueue& queue : timeout_queues_) {
    queue.entries.clear();
    queue.dead = 0;
  }
  first_free_ = 0;
  free_slots_ = cancelled_ = 0;
  for (std::uint32_t slot = 1; slot < slots_.size(); ++slot) free_slot(slot);
}

}  // namespace nephoscope
