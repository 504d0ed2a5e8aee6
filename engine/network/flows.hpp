// Bulk flows between hosts of a platform: they share the bandwidth of the cables that they cross.
//
//   const FlowId flow = flows.start({.from = a, .to = b, .size = Bytes(1'000'000'000), .limit = cap});
//   const FlowResult result = co_await flows.wait(flow);
//
// Durations are SimGrid's, to the simulation's nanosecond (rounded up). SimGrid is asked for its next date
// once after the starts, ends and changes of an instant, and one event stands in the simulation at that date.
// So it is synchronised about three times a flow, and events in between cost what they cost without flows.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/simulation.hpp"
#include "engine/network/platform.hpp"

namespace nephoscope {

// Names a flow until its wait is over; a default one names none.
struct FlowId {
  std::uint32_t index = 0;
  std::uint32_t generation = 0;
};

struct FlowSpec {
  NodeId from, to;       // hosts or ports
  Bytes size;            // > 0
  BytesPerSecond limit;  // of this flow, whatever the cables allow; > 0
};

enum class FlowEnd : std::uint8_t {
  done,
  broken,       // break_flow()
  interrupted,  // the process that waited was
};

struct FlowResult {
  FlowEnd end = FlowEnd::done;
  Duration time{};  // from its start to its end
  Bytes moved;      // until then
};

struct FlowWait;

class Flows final {
 public:
  // REQUIRES: inside drive(), one after the other: simulated time never goes back. Both outlive it.
  Flows(Simulation& simulation, Platform& platform);
  ~Flows();
  Flows(const Flows&) = delete;
  Flows& operator=(const Flows&) = delete;

  FlowId start(const FlowSpec& spec);
  // Waits for the flow's end and forgets the flow; co_await gives a FlowResult. A process that is interrupted
  // takes its flow away. REQUIRES: `flow` was started; exactly one wait for each.
  FlowWait wait(FlowId flow);
  // Ends a flow where it is. Nothing happens if it has ended.
  void break_flow(FlowId flow);
  // From now on this direction of a cable has that bandwidth. REQUIRES: > 0.
  void set_bandwidth(const Hop& hop, BytesPerSecond bandwidth);

  // What it moves at present, as SimGrid was last asked; 0 if it has ended.
  BytesPerSecond rate(FlowId flow) const;
  std::uint32_t in_flight() const;

  // Calls `callback(context)` whenever SimGrid has been asked for new rates.
  void on_rates(Simulation::Callback callback, void* context);

 private:
  friend struct FlowWait;
  struct Flow;     // one that is not yet forgotten
  struct Running;  // one that SimGrid moves

  Flow& waited_for(FlowId flow);
  const Running* running(FlowId flow) const;
  void end_early(Flow& flow, FlowEnd how);
  void end(Flow& flow, FlowEnd how, Bytes moved);
  void forget(FlowId flow);
  void synchronise();
  void collect();
  void changed();
  void ask();
  void predict_ends(double now);
  void plan(double date);

  Simulation& simulation_;
  Platform& platform_;
  std::vector<Flow> flows_;
  std::vector<std::uint32_t> free_;
  std::vector<Running> running_;  // in no order
  std::vector<std::uint32_t> ended_;
  Time synchronised_{Duration(-1)};  // what SimGrid's clock shows
  double first_end_;                 // of the running flows, as last asked; in SimGrid's seconds
  bool asking_ = false;              // an event that asks stands at this instant
  Timer horizon_;
  Simulation::Callback on_rates_ = nullptr;
  void* on_rates_context_ = nullptr;
};

// The awaitable of Flows::wait().
struct [[nodiscard]] FlowWait : Wait {
  Flows& flows;
  FlowId flow;

  FlowWait(Flows& owner, FlowId id) : flows(owner), flow(id) {}
  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiting);
  FlowResult await_resume();
};
static_assert(std::is_trivially_destructible_v<FlowWait>);

inline FlowWait Flows::wait(FlowId flow) { return FlowWait(*this, flow); }

}  // namespace nephoscope
