#include "models/autoscaling/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope::autoscaling {

namespace {

constexpr Purpose kDelay{"autoscaling.schedule"};

}  // namespace

Schedule::Schedule(World& world, const std::vector<Named<ScheduledActionConfig>>& actions)
    : world_(world), actions_(actions) {}

void Schedule::start(Capacity& capacity) {
  capacity_ = &capacity;
  for (const auto& action : actions_)
    entries_.push_back({.action = &action,
                        .delay_purpose = kDelay.of(capacity.group()).of(action.id),
                        .due = due_after(action.value, calendar(world_.now()))});
  if (!entries_.empty()) world_.simulation.spawn(run());
}

UtcTime Schedule::calendar(Time instant) const {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(instant.time_since_epoch());
  return {world_.run.start_epoch + seconds.count()};
}

std::optional<Time> Schedule::due_after(const ScheduledActionConfig& action, UtcTime from) const {
  const auto due = action.next(from);
  if (!due) return std::nullopt;
  const std::int64_t offset = due->seconds - world_.run.start_epoch;
  if (offset > std::chrono::duration_cast<std::chrono::seconds>(kMaxDuration).count()) return std::nullopt;
  return Time{} + std::chrono::seconds(offset);
}

Schedule::Entry* Schedule::first_due() {
  Entry* first = nullptr;
  for (Entry& entry : entries_)
    if (entry.due && (first == nullptr || *entry.due < *first->due)) first = &entry;
  return first;
}

Duration Schedule::delay_of(const Entry& entry) const {
  Draws draws = world_.random.entity(entry.delay_purpose, 0, entry.count);
  return std::min(entry.action->value.delay.sample(draws), kLongestDelay);
}

Process Schedule::run() {
  for (;;) {
    Entry* entry = first_due();
    if (entry == nullptr) co_return;
    const Time instant = std::max(world_.now(), *entry->due + delay_of(*entry));
    const WaitStatus status = co_await world_.simulation.delay(instant - world_.now());
    if (status != WaitStatus::done) co_return;
    carry_out(*entry);
  }
}

void Schedule::carry_out(Entry& entry) {
  const ScheduledActionConfig& action = entry.action->value;
  const Time due = *entry.due;
  ++entry.count;
  entry.due = due_after(action, {calendar(due).seconds + 1});
  if (capacity_->suspended(SuspendableProcess::scheduled_actions)) return;
  capacity_->set_limits(action.min_size, action.max_size, action.desired_capacity,
                        fmt::format("scheduled action {} ({})", entry.action->id, action.change_text()));
}

}  // namespace nephoscope::autoscaling
