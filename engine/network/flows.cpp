#include "engine/network/flows.hpp"

#include <simgrid/s4u.hpp>
#include <simgrid/simix.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/check.hpp"

namespace nephoscope {

namespace s4u = simgrid::s4u;
using simgrid::kernel::resource::Action;
using simgrid::kernel::resource::Model;

struct Flows::Flow {
  std::uint32_t generation = 1;
  bool running = false;
  std::uint32_t place = 0;  // in running_, while it runs
  FlowSpec spec{};
  Time started{};
  FlowWait* waiter = nullptr;
  FlowResult result{};
};

struct Flows::Running {
  std::uint32_t flow;
  Action* action;  // SimGrid's; gone once the flow has moved all
  double end;      // when it will have, if nothing changes
  s4u::CommPtr comm;
};

namespace {

constexpr double kNever = std::numeric_limits<double>::infinity();
// SimGrid lets events coincide that are nearer than this (its surf/precision, 1 ns).
constexpr double kTogether = 2e-9;

// Starts a communication whose rate is bounded by `limit` alone: SimGrid 3.32 ignores Comm::set_rate between
// hosts and bounds a flow by what its links could carry when it began, even if they carry more later.
Action* start_bounded(s4u::Comm& comm, double limit) {
  return simgrid::kernel::actor::simcall_answered([&comm, limit]() -> Action* {
    comm.start();
    for (Model* model : s4u::Engine::get_instance()->get_all_models()) {
      auto& started = *model->get_started_action_set();
      if (started.empty() || started.back().get_activity() != comm.get_impl()) continue;
      started.back().set_bound(limit);
      return &started.back();
    }
    return nullptr;
  });
}

// When it will have moved everything at its present rate.
double end_of(const Action& action, double now) {
  if (action.get_state() == Action::State::FINISHED) return now;
  const double rate = action.get_rate();
  return rate > 0 ? action.get_last_update() + action.get_remains_no_update() / rate : kNever;
}

}  // namespace

Flows::Flows(Simulation& simulation, Platform& platform)
    : simulation_(simulation), platform_(platform), first_end_(kNever) {}

Flows::~Flows() {
  for (const Running& moving : running_) moving.comm->cancel();
}

Flows::Flow& Flows::waited_for(FlowId flow) {
  check(flow.index < flows_.size() && flows_[flow.index].generation == flow.generation, "network",
        "a flow that is over, or never was, is waited for at {} s", to_seconds(simulation_.now()));
  return flows_[flow.index];
}

// Null if it has ended.
const Flows::Running* Flows::running(FlowId id) const {
  if (id.index >= flows_.size() || flows_[id.index].generation != id.generation) return nullptr;
  const Flow& flow = flows_[id.index];
  return flow.running ? &running_[flow.place] : nullptr;
}

FlowId Flows::start(const FlowSpec& spec) {
  check(spec.size > Bytes() && spec.limit > BytesPerSecond(), "network",
        "a flow of {} bytes, at most {} byte/s", spec.size.count, spec.limit.value);
  synchronise();
  if (free_.empty()) {
    free_.push_back(static_cast<std::uint32_t>(flows_.size()));
    flows_.emplace_back();
  }
  const std::uint32_t index = free_.back();
  free_.pop_back();
  Flow& flow = flows_[index];
  flow = {.generation = flow.generation,
          .running = true,
          .place = in_flight(),
          .spec = spec,
          .started = simulation_.now()};
  s4u::CommPtr comm = s4u::Comm::sendto_init(&platform_.host(spec.from), &platform_.host(spec.to));
  comm->set_payload_size(static_cast<std::uint64_t>(spec.size.count));
  Action* const action = start_bounded(*comm, spec.limit.value);
  check(action != nullptr, "network", "SimGrid did not start a flow");
  running_.push_back({.flow = index, .action = action, .end = kNever, .comm = std::move(comm)});
  changed();
  return {.index = index, .generation = flow.generation};
}

void Flows::break_flow(FlowId id) {
  if (running(id) != nullptr) end_early(flows_[id.index], FlowEnd::broken);
}

void Flows::end_early(Flow& flow, FlowEnd how) {
  if (flow.running) synchronise();  // which may end it
  if (!flow.running) return;
  const Running& moving = running_[flow.place];
  const double left = std::ceil(moving.action->get_remains());
  moving.comm->cancel();
  changed();
  end(flow, how, flow.spec.size - Bytes(static_cast<std::int64_t>(left)));
}

// The flow no longer runs; whoever waits for it goes on.
void Flows::end(Flow& flow, FlowEnd how, Bytes moved) {
  std::swap(running_[flow.place], running_.back());
  flows_[running_[flow.place].flow].place = flow.place;
  running_.pop_back();
  flow.running = false;
  flow.result = {.end = how, .time = simulation_.now() - flow.started, .moved = moved};
  if (flow.waiter != nullptr) simulation_.end_wait(*flow.waiter, WaitStatus::done);
}

std::uint32_t Flows::in_flight() const { return static_cast<std::uint32_t>(running_.size()); }

void Flows::forget(FlowId id) {
  Flow& flow = flows_[id.index];
  ++flow.generation;
  flow.waiter = nullptr;
  free_.push_back(id.index);
}

void Flows::set_bandwidth(const Hop& hop, BytesPerSecond bandwidth) {
  check(bandwidth > BytesPerSecond(), "network", "a cable gets {} byte/s", bandwidth.value);
  synchronise();
  platform_.link(hop).set_bandwidth(bandwidth.value);
  changed();
}

BytesPerSecond Flows::rate(FlowId flow) const {
  const Running* const moving = running(flow);
  return BytesPerSecond(moving == nullptr ? 0 : moving->action->get_rate());
}

void Flows::on_rates(Simulation::Callback callback, void* context) {
  on_rates_ = callback;
  on_rates_context_ = context;
}

// Brings SimGrid to this instant. Flows end on the way only if they end now.
void Flows::synchronise() {
  if (synchronised_ == simulation_.now()) return;
  synchronised_ = simulation_.now();
  s4u::this_actor::sleep_until(to_seconds(synchronised_));
  collect();
}

// Ends the flows that have moved everything, in the order of their slots.
void Flows::collect() {
  const double now = s4u::Engine::get_clock();
  if (first_end_ > now + kTogether) return;
  ended_.clear();
  for (const Running& moving : running_)
    if (moving.end <= now + kTogether && moving.comm->get_remaining() <= 0) ended_.push_back(moving.flow);
  std::sort(ended_.begin(), ended_.end());
  for (const std::uint32_t flow : ended_) end(flows_[flow], FlowEnd::done, flows_[flow].spec.size);
  changed();
}

// Something has changed at this instant: SimGrid is to be asked anew when the instant is over.
void Flows::changed() {
  if (asking_) return;
  asking_ = true;
  simulation_.after(
      Duration{}, [](void* flows) { static_cast<Flows*>(flows)->ask(); }, this, Priority::late);
}

void Flows::ask() {
  asking_ = false;
  const double now = s4u::Engine::get_clock();
  double next = kNever;
  for (Model* model : s4u::Engine::get_instance()->get_all_models()) {
    const double span = model->next_occurring_event(now);
    if (span >= 0) next = std::min(next, now + span);
  }
  predict_ends(now);
  plan(std::min(next, first_end_));
  if (on_rates_ != nullptr) on_rates_(on_rates_context_);
}

void Flows::predict_ends(double now) {
  first_end_ = kNever;
  for (Running& moving : running_) {
    moving.end = end_of(*moving.action, now);
    first_end_ = std::min(first_end_, moving.end);
  }
}

// Has SimGrid looked at again at `date`, the first whole nanosecond from there.
void Flows::plan(double date) {
  simulation_.cancel(horizon_);
  horizon_ = {};
  if (running_.empty() || date > to_seconds(kMaxDuration)) return;
  // A thousandth of a nanosecond forgives the rounding of dates.
  const auto nanoseconds = static_cast<std::int64_t>(std::ceil(date * 1e9 - 1e-3));
  const Time at = std::max(Time(Duration(nanoseconds)), simulation_.now() + Duration(1));
  horizon_ = simulation_.at(
      at,
      [](void* context) {
        auto& flows = *static_cast<Flows*>(context);
        flows.synchronise();
        flows.changed();
      },
      this);
}

bool FlowWait::await_ready() {
  Flows::Flow& waited = flows.waited_for(flow);
  if (!flows.simulation_.over_at_once(*this)) return !waited.running;
  flows.end_early(waited, FlowEnd::interrupted);
  return true;
}

void FlowWait::await_suspend(std::coroutine_handle<> waiting) {
  flows.simulation_.begin_wait(*this, waiting);
  flows.flows_[flow.index].waiter = this;
  cancel = [](Wait& wait) {
    auto& self = static_cast<FlowWait&>(wait);
    Flows::Flow& waited = self.flows.flows_[self.flow.index];
    waited.waiter = nullptr;
    self.flows.end_early(waited, FlowEnd::interrupted);
  };
}

FlowResult FlowWait::await_resume() {
  const FlowResult result = flows.flows_[flow.index].result;
  flows.forget(flow);
  return result;
}

}  // namespace nephoscope
