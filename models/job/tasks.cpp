#include "models/job/tasks.hpp"

#include <algorithm>

namespace nephoscope::job {

void TaskSet::begin(std::size_t count, OperationId operation, std::uint64_t identity) {
  tasks_.assign(count, {});
  undone_ = count;
  hopeless_ = false;
  operation_ = operation;
  identity_ = identity;
  waiting_.clear();
  for (std::uint32_t i = 0; i < count; ++i) waiting_.push_back(i);
}

void TaskSet::end() {
  if (undone_ == 0) count_stragglers();
  tasks_.clear();
}

// A run that has failed still waits for the tasks that run: their slots are not free before.
Task<bool> TaskSet::finish() {
  active_ = true;
  assign();
  while (hopeless_ ? running_.value() > 0 : undone_ > 0) {
    const WaitStatus status = co_await changed_.wait();
    if (status != WaitStatus::done) co_return false;
  }
  active_ = false;
  co_return !hopeless_;
}

// A task that is refused at once ends inside spawn(), and calls this again.
void TaskSet::assign() {
  if (assigning_) return;
  assigning_ = true;
  while (active_ && !hopeless_ && !waiting_.empty()) {
    const std::size_t worker = workers_.most_free();
    if (worker == workers_.size()) break;
    const std::uint32_t task = waiting_.front();
    waiting_.pop_front();
    world_.simulation.spawn(execute(task, workers_.life(worker)), &workers_[worker].processes);
  }
  assigning_ = false;
}

// Every try of a task has the same work: its number is the same.
Request TaskSet::request(std::uint32_t task) const {
  Request request;
  request.number = child_number(identity_, 0, task);
  request.operation = operation_;
  request.attempt = tasks_[task].tries;
  return request;
}

Process TaskSet::execute(std::uint32_t task, Life life) {
  Worker& worker = workers_[life.worker];
  ++worker.busy;
  ++counts_.started;
  ++tasks_[task].tries;
  const Time begun = world_.now();
  running_.change(begun, +1);
  const ReplyId reply = world_.replies.open();
  worker.instance.server().submit(request(task), reply);
  const Replies::Result result = co_await world_.replies.wait(reply);
  ended(task, life, world_.now() - begun, result);
}

void TaskSet::ended(std::uint32_t task, Life life, Duration time, const Replies::Result& result) {
  running_.change(world_.now(), -1);
  const bool lived = workers_.lives(life);
  if (lived) --workers_[life.worker].busy;
  Entry& entry = tasks_[task];
  if (lived && result.status == WaitStatus::done && result.value.ok()) {
    ++counts_.finished;
    --undone_;
    entry.done = true;
    entry.worker = life.worker;
    entry.time = time;
  } else {
    ++(lived ? counts_.failed : counts_.lost);
    if (lived && ++entry.failures >= options_.max_attempts) hopeless_ = true;
    waiting_.push_back(task);
  }
  assign();
  changed_.pulse();
}

void TaskSet::worker_died(std::size_t worker) {
  for (std::uint32_t i = 0; i < tasks_.size(); ++i) {
    Entry& entry = tasks_[i];
    if (!entry.done || entry.worker != worker) continue;
    entry.done = false;
    ++undone_;
    ++counts_.outputs;
    waiting_.push_back(i);
  }
  assign();
}

std::vector<std::int64_t> TaskSet::outputs() const {
  std::vector<std::int64_t> counts(workers_.size());
  for (const Entry& entry : tasks_)
    if (entry.done) ++counts[entry.worker];
  return counts;
}

void TaskSet::count_stragglers() {
  if (tasks_.empty()) return;
  std::vector<Duration> times;
  for (const Entry& entry : tasks_) times.push_back(entry.time);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  const double limit = to_seconds(*middle) * options_.straggler_factor;
  for (const Duration time : times) counts_.stragglers += to_seconds(time) > limit;
}

}  // namespace nephoscope::job
