#include "engine/queueing/station.hpp"

#include <fmt/format.h>

#include "engine/base/check.hpp"

namespace nephoscope {

Station::Station(Simulation& simulation, StationOptions options)
    : simulation_(simulation),
      capacity_(options.servers),
      queue_limit_(options.queue_limit),
      discipline_(options.discipline),
      reset_(simulation.now()) {
  for (Level* level : {&queue_, &busy_, &capacity_}) level->reset(reset_);
}

// Decides without suspending where that is possible: true if the wait is over already.
bool Station::arrive(StationWait& wait) {
  check(wait.work >= Duration{}, "queueing", "a service of {} s is negative", to_seconds(wait.work));
  ++counts_.arrivals;
  wait.arrived = simulation_.now();
  if (busy_.value() < capacity_.value()) {
    if (wait.keeps_server) begin(wait, wait.arrived);
    return wait.keeps_server;
  }
  if (!queue_limit_ || waiting() < *queue_limit_) return false;
  ++counts_.rejected;
  wait.status = WaitStatus::rejected;
  return true;
}

void Station::admit(StationWait& wait) {
  wait.cancel = cancelled;
  if (busy_.value() < capacity_.value())
    begin(wait, wait.arrived);
  else
    enqueue(wait, wait.arrived);
}

void Station::begin(StationWait& wait, Time now) {
  busy_.change(now, +1);
  take_server(wait, now);
}

// The server counts as busy already.
void Station::take_server(StationWait& wait, Time now) {
  ++counts_.started;
  wait_of_started_ += wait.waited.count();
  if (wait.keeps_server) {
    ++held_;
    held_time_ -= now.time_since_epoch().count();
    return;
  }
  wait.began = now;
  wait.in_service = true;
  serving_.push_back(wait);
  wait.timer = simulation_.after(wait.work, finished, &wait);
}

void Station::enqueue(StationWait& wait, Time now) {
  queue_.change(now, +1);
  (discipline_ == Discipline::fifo ? fifo_ : classes_[wait.options.priority]).push_back(wait);
  wait.timer = wait.options.patience.start(simulation_, expired, &wait);
}

// REQUIRES: somebody waits.
StationWait& Station::next_waiting() {
  if (discipline_ == Discipline::fifo) return fifo_.front();
  auto place = classes_.begin();
  while (place->second.empty()) ++place;
  return place->second.front();
}

void Station::leave_queue(StationWait& wait, Time now) {
  wait.unlink();
  queue_.change(now, -1);
  wait.waited = now - wait.arrived;
  ended_waits_ += since_reset(wait.arrived, now).count();
}

// The server stays busy until free_server().
void Station::leave_service(StationWait& wait, Time now) {
  wait.unlink();
  ended_services_ += since_reset(wait.began, now).count();
}

// Gives a server that counts as busy to the first who waits.
void Station::serve_next(Time now) {
  StationWait& next = next_waiting();
  leave_queue(next, now);
  if (next.options.patience.limited()) simulation_.cancel(next.timer);
  take_server(next, now);
  if (next.keeps_server) simulation_.end_wait(next, WaitStatus::done);
}

// A busy server has become free: it goes to whoever waits, unless there are fewer servers by now.
void Station::free_server(Time now) {
  if (queue_.value() > 0 && busy_.value() <= capacity_.value())
    serve_next(now);
  else
    busy_.change(now, -1);
}

void Station::finished(void* context) {
  auto& wait = *static_cast<StationWait*>(context);
  Station& station = wait.station;
  const Time now = station.simulation_.now();
  station.leave_service(wait, now);
  ++station.counts_.served;
  station.free_server(now);
  station.simulation_.resume_now(wait);
}

void Station::expired(void* context) {
  auto& wait = *static_cast<StationWait*>(context);
  Station& station = wait.station;
  station.leave_queue(wait, station.simulation_.now());
  ++station.counts_.reneged;
  wait.status = WaitStatus::timed_out;
  station.simulation_.resume_now(wait);
}

void Station::cancelled(Wait& base) {
  auto& wait = static_cast<StationWait&>(base);
  Station& station = wait.station;
  const Time now = station.simulation_.now();
  station.simulation_.cancel(wait.timer);
  ++station.counts_.interrupted;
  if (!wait.in_service) return station.leave_queue(wait, now);
  station.leave_service(wait, now);
  station.free_server(now);
}

void Station::release() {
  check(held_ > 0, "queueing", "a server was released that nobody had acquired");
  const Time now = simulation_.now();
  --held_;
  held_time_ += now.time_since_epoch().count();
  ++counts_.served;
  free_server(now);
}

void Station::set_servers(std::uint32_t servers) {
  const Time now = simulation_.now();
  capacity_.change(now, std::int64_t{servers} - capacity_.value());
  while (queue_.value() > 0 && busy_.value() < capacity_.value()) {
    busy_.change(now, +1);
    serve_next(now);
  }
}

// Waiting ones first, so that no service begins only to be interrupted.
void Station::interrupt_all() {
  const Time now = simulation_.now();
  interrupt_waiting(fifo_, now);
  for (auto& [priority, line] : classes_) interrupt_waiting(line, now);
  while (!serving_.empty()) {
    StationWait& wait = serving_.front();
    leave_service(wait, now);
    busy_.change(now, -1);
    simulation_.cancel(wait.timer);
    ++counts_.interrupted;
    simulation_.end_wait(wait, WaitStatus::interrupted);
  }
}

void Station::interrupt_waiting(Line& line, Time now) {
  while (!line.empty()) {
    StationWait& wait = line.front();
    leave_queue(wait, now);
    simulation_.cancel(wait.timer);
    ++counts_.interrupted;
    simulation_.end_wait(wait, WaitStatus::interrupted);
  }
}

double Station::mean_wait() const {
  if (counts_.started == 0) return 0;
  return static_cast<double>(wait_of_started_) / static_cast<double>(counts_.started) * 1e-9;
}

double Station::utilization() const {
  const Time now = simulation_.now();
  const WideInt available = capacity_.integral(now);
  if (available == 0) return 0;
  return static_cast<double>(busy_.integral(now)) / static_cast<double>(available);
}

void Station::reset_statistics() {
  reset_ = simulation_.now();
  for (Level* level : {&queue_, &busy_, &capacity_}) level->reset(reset_);
  counts_ = {};
  counts_.carried = waiting() + in_service();
  wait_of_started_ = ended_waits_ = ended_services_ = 0;
  held_time_ = -WideInt{held_} * reset_.time_since_epoch().count();
}

// Customer by customer, where the levels count by time: Little's law says that both agree.
WideInt Station::time_waited(Time now) const {
  WideInt sum = ended_waits_;
  const auto add = [&](const StationWait& wait) { sum += since_reset(wait.arrived, now).count(); };
  fifo_.for_each(add);
  for (const auto& [priority, line] : classes_) line.for_each(add);
  return sum;
}

WideInt Station::time_served(Time now) const {
  WideInt sum = ended_services_ + held_time_ + WideInt{held_} * now.time_since_epoch().count();
  serving_.for_each([&](const StationWait& wait) { sum += since_reset(wait.began, now).count(); });
  return sum;
}

std::string Station::audit() const {
  const Time now = simulation_.now();
  std::string report;
  const auto expect_equal = [&](const char* what, WideInt left, WideInt right) {
    if (left != right) report += fmt::format("{}: {} is not {}; ", what, left, right);
  };
  const StationCounts& c = counts_;
  expect_equal("customers in and out", WideInt{c.carried} + c.arrivals,
               WideInt{c.served} + c.rejected + c.reneged + c.interrupted + waiting() + in_service());
  expect_equal("Little's law of the line", queue_.integral(now), time_waited(now));
  expect_equal("Little's law of the servers", busy_.integral(now), time_served(now));
  return report;
}

}  // namespace nephoscope
