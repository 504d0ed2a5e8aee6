#include "engine/core/simulation.hpp"

#include "engine/base/check.hpp"

namespace nephoscope {

std::uint32_t Simulation::take_slot(std::uint64_t order, Callback callback, void* context) {
  std::uint32_t slot;
  if (free_slots_.empty()) {
    slot = static_cast<std::uint32_t>(slots_.size());
    slots_.emplace_back();
  } else {
    slot = free_slots_.back();
    free_slots_.pop_back();
  }
  slots_[slot] = {.order = order, .callback = callback, .context = context};
  ++live_slots_;
  return slot;
}

void Simulation::free_slot(std::uint32_t slot) {
  slots_[slot].order = 0;
  free_slots_.push_back(slot);
  --live_slots_;
}

Timer Simulation::at(Time instant, Callback callback, void* context, Priority priority) {
  check(instant >= now_, "core", "an event for {} s is scheduled at {} s", to_seconds(instant),
        to_seconds(now_));
  const std::uint64_t order = next_order(priority);
  const std::uint32_t slot = take_slot(order, callback, context);
  pending_.push({.time = instant.time_since_epoch().count(), .order = order, .slot = slot, .chain = kNone});
  return {.slot = slot, .order = order};
}

TimeoutClass Simulation::timeout_class(Duration length) {
  check(length >= Duration{}, "core", "a time-out of {} s is negative", to_seconds(length));
  const auto [place, added] =
      timeout_index_.try_emplace(length, static_cast<std::uint32_t>(timeout_queues_.size()));
  if (added) timeout_queues_.push_back({.length = length, .entries = {}});
  return {place->second};
}

Timer Simulation::after(TimeoutClass timeout, Callback callback, void* context) {
  TimeoutQueue& queue = timeout_queues_[timeout.index];
  const std::uint64_t order = next_order(Priority::normal);
  const std::uint32_t slot = take_slot(order, callback, context);
  const std::int64_t time = (now_ + queue.length).time_since_epoch().count();
  queue.entries.push_back({.time = time, .order = order, .slot = slot, .chain = timeout.index});
  if (queue.entries.size() == 1) pending_.push(queue.entries.front());
  return {.slot = slot, .order = order};
}

bool Simulation::cancel(Timer timer) {
  if (timer.slot >= slots_.size() || timer.order == 0 || slots_[timer.slot].order != timer.order)
    return false;
  free_slot(timer.slot);
  if (++cancelled_ > 1024 && cancelled_ > 2 * live_slots_) compact();
  return true;
}

// Forgets cancelled events that still lie in the future event list, so that they cannot pile up. Heads of
// time-out queues stay: their queues advance when they come out.
void Simulation::compact() {
  pending_.remove_if(
      [this](const FutureEventList::Entry& entry) { return entry.chain == kNone && dead(entry); });
  cancelled_ = 0;
}

// The head of a time-out queue has come out of the future event list: its next live entry goes in.
void Simulation::advance_chain(std::uint32_t chain) {
  auto& entries = timeout_queues_[chain].entries;
  entries.pop_front();
  while (!entries.empty() && dead(entries.front())) entries.pop_front();
  if (!entries.empty()) pending_.push(entries.front());
}

// Drops cancelled events from the front of the future event list. Returns whether a live one is left.
bool Simulation::discard_dead() {
  while (!pending_.empty()) {
    const FutureEventList::Entry& first = pending_.top();
    if (!dead(first)) return true;
    const FutureEventList::Entry entry = pending_.pop();
    if (entry.chain != kNone) advance_chain(entry.chain);
    if (cancelled_ > 0) --cancelled_;
  }
  return false;
}

void Simulation::happened(std::uint64_t order) {
  ++events_;
  const auto time = static_cast<std::uint64_t>(now_.time_since_epoch().count());
  fingerprint_ = (fingerprint_ ^ time ^ (order << 20)) * 0x9fb21c651e98df25U;
  fingerprint_ ^= fingerprint_ >> 29;
}

void Simulation::run_ready() {
  const Ready next = ready_.front();
  ready_.pop_front();
  happened(next.order);
  resume_now(*next.wait);
}

void Simulation::run_scheduled() {
  const FutureEventList::Entry entry = pending_.pop();
  if (entry.chain != kNone) advance_chain(entry.chain);
  now_ = Time(Duration(entry.time));
  const Slot slot = slots_[entry.slot];
  free_slot(entry.slot);
  happened(entry.order);
  slot.callback(slot.context);
}

bool Simulation::step(Time end) {
  const bool scheduled = discard_dead();
  if (!ready_.empty()) {
    const bool earlier = scheduled && pending_.top().time == now_.time_since_epoch().count() &&
                         pending_.top().order < ready_.front().order;
    earlier ? run_scheduled() : run_ready();
    return true;
  }
  if (!scheduled || pending_.top().time > end.time_since_epoch().count()) return false;
  run_scheduled();
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
  ProcessControl* const caller = std::exchange(current_, &control);
  frame.resume();
  current_ = caller;
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

void Simulation::resume_now(Wait& wait) {
  ProcessControl* const caller = std::exchange(current_, wait.process);
  wait.process->wait = nullptr;
  wait.continuation.resume();
  current_ = caller;
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
  timeout_queues_.clear();
  timeout_index_.clear();
  pending_ = FutureEventList();
  slots_.assign(1, Slot{});
  free_slots_.clear();
  live_slots_ = cancelled_ = 0;
}

}  // namespace nephoscope
