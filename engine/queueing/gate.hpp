// A gate: processes wait in front of it until somebody opens it. Open, it stops nobody.
//
// open() lets everybody through who waits at that moment, first come first, even if the gate is closed again
// at the same instant; nobody runs inside the call.
#pragma once

#include <cstdint>
#include <type_traits>

#include "engine/core/simulation.hpp"
#include "engine/queueing/patience.hpp"
#include "engine/queueing/wait_list.hpp"

namespace nephoscope {

struct GateWait;

class Gate final {
 public:
  explicit Gate(Simulation& simulation, bool open = false) : simulation_(simulation), open_(open) {}
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  // co_await gives a WaitStatus: done (the gate is open or was opened), timed_out or interrupted.
  GateWait wait(Patience patience = {});

  void open() {
    open_ = true;
    release_all(WaitStatus::done);
  }
  void close() { open_ = false; }
  // Lets those through who wait now; the gate stays as it is.
  void pulse() { release_all(WaitStatus::done); }
  // Ends every wait with status interrupted; the gate stays as it is.
  void interrupt_all() { release_all(WaitStatus::interrupted); }

  bool is_open() const { return open_; }
  std::uint64_t waiting() const { return waiting_; }

 private:
  friend struct GateWait;
  void release_all(WaitStatus status);
  void join(GateWait& wait);
  void leave(GateWait& wait);

  Simulation& simulation_;
  bool open_;
  std::uint64_t waiting_ = 0;
  WaitList<GateWait> line_;
};

// The awaitable of Gate::wait().
struct [[nodiscard]] GateWait : Wait, WaitLink {
  Gate& gate;
  Patience patience;
  Timer timer;

  GateWait(Gate& owner, const Patience& limit) : gate(owner), patience(limit) {}
  bool await_ready() { return gate.simulation_.over_at_once(*this) || gate.open_; }
  void await_suspend(std::coroutine_handle<> waiting) {
    gate.simulation_.begin_wait(*this, waiting);
    gate.join(*this);
  }
  WaitStatus await_resume() const { return status; }
};
static_assert(std::is_trivially_destructible_v<GateWait>);

inline GateWait Gate::wait(Patience patience) { return GateWait(*this, patience); }

}  // namespace nephoscope
