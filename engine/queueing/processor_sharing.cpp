#include "engine/queueing/processor_sharing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/base/check.hpp"

namespace nephoscope {

namespace {

constexpr double kMaxSpeed = 4096;
constexpr std::uint32_t kMaxCores = 1024;  // with kMaxSpeed and 2^40 units the product stays under 2^63
constexpr double kUnit = 0x1p40;

std::uint64_t speed_in_units(double speed) {
  check(speed >= 0 && speed <= kMaxSpeed, "queueing", "a speed of {} is out of range", speed);
  return static_cast<std::uint64_t>(std::floor(speed * kUnit + 0.5));
}

}  // namespace

ProcessorSharing::ProcessorSharing(Simulation& simulation, ProcessorSharingOptions options)
    : simulation_(simulation),
      speed_(speed_in_units(options.speed)),
      settled_(simulation.now()),
      capacity_(options.cores) {
  check(options.cores <= kMaxCores, "queueing", "{} cores are out of range", options.cores);
  for (Level* level : {&present_, &busy_, &capacity_}) level->reset(settled_);
}

double ProcessorSharing::speed() const { return static_cast<double>(speed_) / kUnit; }

void ProcessorSharing::admit(SharedWait& wait) {
  check(wait.work >= Duration{}, "queueing", "a job of {} s is negative", to_seconds(wait.work));
  const Time now = simulation_.now();
  settle(now);
  wait.cancel = cancelled;
  ++counts_.arrivals;
  const WideInt work = WideInt{wait.work.count()} << kUnitBits;
  heap_.emplace_back();
  rise(heap_.size() - 1, {.finish = virtual_time_ + work, .number = next_number_++, .wait = &wait});
  population_changed(now);
}

// Brings virtual time up to now.
void ProcessorSharing::settle(Time now) {
  const WideInt progress = WideInt{rate_} * (now - settled_).count();
  virtual_time_ += progress;
  given_ += progress * static_cast<std::int64_t>(heap_.size());
  settled_ = now;
}

// REQUIRES: settled.
void ProcessorSharing::population_changed(Time now) {
  const auto jobs = static_cast<std::int64_t>(heap_.size());
  const std::int64_t in_use = std::min(jobs, capacity_.value());
  if (jobs != present_.value()) present_.change(now, jobs - present_.value());
  if (in_use != busy_.value()) busy_.change(now, in_use - busy_.value());
  rate_ = jobs == in_use ? speed_
                         : speed_ * static_cast<std::uint64_t>(in_use) / static_cast<std::uint64_t>(jobs);
  set_timer(now);
}

// The timer stands at the first nanosecond at which the first job's work is done.
void ProcessorSharing::set_timer(Time now) {
  Time due = Time::max();
  if (!heap_.empty() && heap_.front().finish <= virtual_time_) {
    due = now;
  } else if (!heap_.empty() && rate_ > 0) {
    const WideInt missing = heap_.front().finish - virtual_time_;
    const WideInt span = (missing + (rate_ - 1)) / rate_;
    if (span <= kMaxDuration.count()) due = now + Duration(static_cast<std::int64_t>(span));
  }
  if (due == due_) return;
  simulation_.cancel(timer_);
  due_ = due;
  timer_ = due == Time::max() ? Timer{} : simulation_.at(due, finished, this);
}

// One job an event: jobs that finish together follow one another at the same instant.
void ProcessorSharing::finished(void* context) {
  auto& self = *static_cast<ProcessorSharing*>(context);
  const Time now = self.simulation_.now();
  self.due_ = Time::max();
  self.settle(now);
  const Job job = self.heap_.front();
  self.ended_ += self.received(job);
  self.served_work_ += job.wait->work.count();
  ++self.counts_.served;
  self.remove(0);
  self.population_changed(now);
  self.simulation_.resume_now(*job.wait);
}

void ProcessorSharing::cancelled(Wait& base) {
  auto& wait = static_cast<SharedWait&>(base);
  ProcessorSharing& self = wait.processor;
  const Time now = self.simulation_.now();
  self.settle(now);
  self.ended_ += self.received(self.heap_[wait.place]);
  ++self.counts_.interrupted;
  self.remove(wait.place);
  self.population_changed(now);
}

void ProcessorSharing::interrupt_all() {
  const Time now = simulation_.now();
  settle(now);
  std::sort(heap_.begin(), heap_.end(), [](const Job& a, const Job& b) { return a.number < b.number; });
  for (const Job& job : heap_) {
    ended_ += received(job);
    ++counts_.interrupted;
    simulation_.end_wait(*job.wait, WaitStatus::interrupted);
  }
  heap_.clear();
  population_changed(now);
}

void ProcessorSharing::set_speed(double speed) {
  const Time now = simulation_.now();
  settle(now);
  speed_ = speed_in_units(speed);
  population_changed(now);
}

void ProcessorSharing::set_cores(std::uint32_t cores) {
  check(cores <= kMaxCores, "queueing", "{} cores are out of range", cores);
  const Time now = simulation_.now();
  settle(now);
  capacity_.change(now, std::int64_t{cores} - capacity_.value());
  population_changed(now);
}

// Since its arrival. REQUIRES: settled.
WideInt ProcessorSharing::received(const Job& job) const {
  const WideInt work = WideInt{job.wait->work.count()} << kUnitBits;
  return virtual_time_ - (job.finish - work);
}

void ProcessorSharing::put(std::size_t place, const Job& job) {
  heap_[place] = job;
  job.wait->place = place;
}

// Moves the hole at `place` up to where `job` belongs.
void ProcessorSharing::rise(std::size_t place, const Job& job) {
  while (place > 0 && before(job, heap_[(place - 1) / 2])) {
    put(place, heap_[(place - 1) / 2]);
    place = (place - 1) / 2;
  }
  put(place, job);
}

// Moves the hole at `place` down to where `job` belongs.
void ProcessorSharing::sink(std::size_t place, const Job& job) {
  for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && before(heap_[child + 1], heap_[child])) ++child;
    if (!before(heap_[child], job)) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, job);
}

void ProcessorSharing::remove(std::size_t place) {
  const Job last = heap_.back();
  heap_.pop_back();
  if (place == heap_.size()) return;
  if (place > 0 && before(last, heap_[(place - 1) / 2]))
    rise(place, last);
  else
    sink(place, last);
}

double ProcessorSharing::utilization() const {
  const Time now = simulation_.now();
  const WideInt available = capacity_.integral(now);
  if (available == 0) return 0;
  return static_cast<double>(busy_.integral(now)) / static_cast<double>(available);
}

WideInt ProcessorSharing::work_received() const {
  const WideInt progress = WideInt{rate_} * (simulation_.now() - settled_).count();
  return (given_ + progress * static_cast<std::int64_t>(heap_.size())) >> kUnitBits;
}

void ProcessorSharing::reset_statistics() {
  const Time now = simulation_.now();
  settle(now);
  for (Level* level : {&present_, &busy_, &capacity_}) level->reset(now);
  counts_ = {};
  counts_.carried = heap_.size();
  given_ = ended_ = served_work_ = 0;
  for (const Job& job : heap_) ended_ -= received(job);  // so that only what follows counts
}

// Settled values agree at any time, so nothing has to be brought up to now.
std::string ProcessorSharing::audit() const {
  std::string report;
  const auto expect_equal = [&](const char* what, WideInt left, WideInt right) {
    if (left != right) report += fmt::format("{}: {} is not {}; ", what, left, right);
  };
  const ProcessorSharingCounts& c = counts_;
  expect_equal("jobs in and out", WideInt{c.carried} + c.arrivals,
               WideInt{c.served} + c.interrupted + heap_.size());
  WideInt sum = ended_;
  for (const Job& job : heap_) sum += received(job);
  expect_equal("work given and received", given_, sum);
  return report;
}

}  // namespace nephoscope
