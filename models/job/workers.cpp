#include "models/job/workers.hpp"

namespace nephoscope::job {

void Workers::connect(Compute& compute, std::string_view fleet, WorkerListener& listener) {
  compute_ = &compute;
  listener_ = &listener;
  compute.watch(fleet, *this);
}

void Workers::instance_changed(Instance& instance, InstanceEvent event) {
  if (event == InstanceEvent::application_started) came(index_of(instance));
  if (event == InstanceEvent::down) died(index_of(instance));
}

std::size_t Workers::index_of(Instance& instance) {
  for (std::size_t i = all_.size(); i > 0; --i)
    if (&all_[i - 1].instance == &instance) return i - 1;
  all_.emplace_back(instance).slots = compute_->vcpus(instance.type()).value_or(1);
  return all_.size() - 1;
}

void Workers::came(std::size_t index) {
  Worker& worker = all_[index];
  if (worker.alive || !worker.instance.alive()) return;
  worker.alive = true;
  worker.busy = 0;
  ++alive_;
  changed_.pulse();
  listener_->worker_came(index);
}

void Workers::died(std::size_t index) {
  Worker& worker = all_[index];
  if (!worker.alive) return;
  worker.alive = false;
  ++worker.deaths;
  --alive_;
  worker.processes.interrupt_all();
  listener_->worker_died(index);
}

std::int64_t Workers::slots() const {
  std::int64_t sum = 0;
  for (const Worker& worker : all_) sum += worker.alive ? worker.slots : 0;
  return sum;
}

std::size_t Workers::most_free() const {
  std::size_t best = all_.size();
  int most = 0;
  for (std::size_t i = 0; i < all_.size(); ++i) {
    const int free = all_[i].alive ? all_[i].slots - all_[i].busy : 0;
    if (free <= most) continue;
    most = free;
    best = i;
  }
  return best;
}

Task<WaitStatus> Workers::wait_for(std::int64_t count) {
  while (alive_ < count) {
    const WaitStatus status = co_await changed_.wait();
    if (status != WaitStatus::done) co_return status;
  }
  co_return WaitStatus::done;
}

}  // namespace nephoscope::job
