// Processes: C++20 coroutines that live in simulated time.
//
// A Process is started with Simulation::spawn() and then owns itself; when it returns, its frame is freed.
// A Task<T> is a coroutine that a process awaits: it starts at once, when it is called, and an await on a
// task that has already returned does not suspend (so a million awaits in a row do not deepen the stack).
//
//   Process customer(Simulation& simulation, Station& station) {
//     const Service service = co_await station.serve(2ms);
//     if (service.status != WaitStatus::done) co_return;
//     co_await simulation.delay(5ms);
//   }
//
// Interruption. Simulation::interrupt(process) ends the process's present wait with WaitStatus::interrupted;
// from then on every further wait of it is over at once with the same status. So a process that is
// interrupted only has to look at the status of what it awaits and return. Nothing is resumed inside the
// call that interrupts.
//
// When a Simulation ends, the frames of its live processes are destroyed without being resumed. Frames
// must therefore hold no object whose destructor acts on the model (no guards that give something back).
#pragma once

#include <coroutine>
#include <cstdint>
#include <exception>
#include <type_traits>
#include <utility>

#include "engine/core/frame_pool.hpp"

namespace nephoscope {

class Simulation;
class ProcessGroup;
struct Wait;

// How a wait ended.
enum class WaitStatus : std::uint8_t {
  done,         // what was waited for has happened
  timed_out,    // the waiter's own limit came first
  rejected,     // there was no room to wait
  interrupted,  // the process was interrupted
};

// What the simulation knows of one live process; lives in the process's frame.
struct ProcessControl {
  Simulation* simulation = nullptr;
  Wait* wait = nullptr;  // what it waits for; null while it runs
  ProcessGroup* group = nullptr;
  ProcessControl* previous = nullptr;  // the simulation's list of live processes
  ProcessControl* next = nullptr;
  ProcessControl* group_previous = nullptr;  // the group's list
  ProcessControl* group_next = nullptr;
  std::coroutine_handle<> frame;
  bool interrupted = false;
};

// A suspended process's wait, inside the awaitable in its frame. Whoever keeps a Wait* ends the wait with
// Simulation::end_wait(); `cancel` is called when the process is interrupted and must take the wait out of
// wherever it stands. Awaitables that derive from Wait are trivially destructible.
struct Wait {
  std::coroutine_handle<> continuation;
  ProcessControl* process = nullptr;
  void (*cancel)(Wait&) = nullptr;
  WaitStatus status = WaitStatus::done;
  bool ending = false;  // already on its way to be resumed
};
static_assert(std::is_trivially_destructible_v<Wait>);

class Process {
 public:
  struct promise_type : frame_pool::Pooled {
    ProcessControl control;
    Process get_return_object() { return Process(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    struct Finish {
      bool await_ready() noexcept { return false; }
      void await_suspend(std::coroutine_handle<promise_type> frame) noexcept;
      void await_resume() noexcept {}
    };
    Finish final_suspend() noexcept { return {}; }
    void return_void() {}
    [[noreturn]] void unhandled_exception() { throw; }
  };

  Process(Process&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Process& operator=(Process&&) = delete;
  ~Process() {
    if (frame_) frame_.destroy();  // never spawned
  }

 private:
  friend class Simulation;
  explicit Process(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

namespace internal {

struct TaskPromiseBase : frame_pool::Pooled {
  std::coroutine_handle<> continuation;
  std::suspend_never initial_suspend() noexcept { return {}; }
  struct Finish {
    bool await_ready() noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> task) noexcept {
      const auto continuation = task.promise().continuation;
      return continuation ? continuation : std::noop_coroutine();
    }
    void await_resume() noexcept {}
  };
  Finish final_suspend() noexcept { return {}; }
  // Kept for whoever awaits: g++ 12 frees the frame twice if an exception leaves a coroutine that has not yet
  // suspended.
  void unhandled_exception() { failure = std::current_exception(); }
  std::exception_ptr failure;
};

template <typename T>
struct TaskPromise;

}  // namespace internal

// The result of an awaited coroutine; an exception that leaves it comes out of the await. T is trivially
// destructible (models pass small values).
template <typename T = void>
class [[nodiscard]] Task {
  static_assert(std::is_void_v<T> || std::is_trivially_destructible_v<T>);

 public:
  using promise_type = internal::TaskPromise<T>;
  Task(Task&& other) noexcept : frame_(std::exchange(other.frame_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (frame_) frame_.destroy();
  }
  bool await_ready() const noexcept { return frame_.done(); }
  void await_suspend(std::coroutine_handle<> parent) noexcept { frame_.promise().continuation = parent; }
  T await_resume() const {
    if (frame_.promise().failure) [[unlikely]]
      std::rethrow_exception(frame_.promise().failure);
    if constexpr (!std::is_void_v<T>) return frame_.promise().value;
  }

 private:
  friend promise_type;
  explicit Task(std::coroutine_handle<promise_type> frame) : frame_(frame) {}
  std::coroutine_handle<promise_type> frame_;
};

namespace internal {

template <typename T>
struct TaskPromise : TaskPromiseBase {
  T value{};
  Task<T> get_return_object() { return Task<T>(std::coroutine_handle<TaskPromise>::from_promise(*this)); }
  void return_value(T result) { value = result; }
};

template <>
struct TaskPromise<void> : TaskPromiseBase {
  Task<void> get_return_object() {
    return Task<void>(std::coroutine_handle<TaskPromise>::from_promise(*this));
  }
  void return_void() {}
};

}  // namespace internal

// Processes that fail together, such as those on one machine. Owned by whoever models the machine; a
// process leaves its group when it returns. REQUIRES: outlives its processes, or the simulation is cleared.
class ProcessGroup {
 public:
  ProcessGroup() = default;
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;
  bool empty() const { return first_ == nullptr; }
  // Interrupts every process in the group. Those that are spawned into it later are not affected.
  void interrupt_all();

 private:
  friend class Simulation;
  ProcessControl* first_ = nullptr;
};

}  // namespace nephoscope
