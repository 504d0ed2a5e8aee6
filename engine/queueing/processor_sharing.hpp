// Egalitarian processor sharing: all jobs run at once and share the cores evenly, each on at most one core.
// With n jobs on c cores of speed s every job progresses at s * min(1, c / n).
//
//   ProcessorSharing cpu(simulation, {.cores = 2});
//   const WaitStatus status = co_await cpu.serve(12ms);  // core time at speed 1
//
// Method: virtual time counts the work that each present job has received; a job is finished when virtual
// time reaches (virtual time at its arrival) + (its work). A heap of these instants and one timer serve any
// number of jobs: O(log n) an arrival or completion, O(1) a change of speed or cores. (Virtual time for
// processor sharing: Parekh and Gallager, IEEE/ACM Transactions on Networking 1(3), 1993.)
//
// Rounding. Virtual time is an integer in units of 2^-40 ns, the progress of a job per ns is rounded down to
// that unit, and a finish is rounded up to a whole ns. So no job finishes before its work is done; each
// receives less than 1 ns * s more than its work; and all jobs together receive, while n of them are present,
// less than n * 2^-40 core-ns per ns too little. What is received is accounted exactly: see audit().
// Jobs whose work is done at the same instant finish in the order of their finish in virtual time, ties in
// order of arrival.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include "engine/core/simulation.hpp"
#include "engine/queueing/level.hpp"

namespace nephoscope {

struct ProcessorSharingOptions {
  std::uint32_t cores = 1;  // at most 1024
  double speed = 1;         // see ProcessorSharing::set_speed()
};

// What happened since the last reset.
struct ProcessorSharingCounts {
  std::uint64_t carried = 0;  // jobs that were there at the reset
  std::uint64_t arrivals = 0;
  std::uint64_t served = 0;
  std::uint64_t interrupted = 0;
};

struct SharedWait;

class ProcessorSharing final {
 public:
  explicit ProcessorSharing(Simulation& simulation, ProcessorSharingOptions options = {});
  ProcessorSharing(const ProcessorSharing&) = delete;
  ProcessorSharing& operator=(const ProcessorSharing&) = delete;

  // Runs a job of `work` core time at speed 1. co_await gives a WaitStatus: done or interrupted. A job of no
  // work ends through the event list, at the same instant. REQUIRES: work >= 0.
  SharedWait serve(Duration work);

  // Work done per unit of time on one core, for jobs present and to come: 1 = nominal, 0.1 = throttled to a
  // tenth, 0 = stalled. Rounded to 2^-40. REQUIRES: 0 <= speed <= 4096.
  void set_speed(double speed);
  // REQUIRES: cores <= 1024. Zero stalls the jobs.
  void set_cores(std::uint32_t cores);

  // A crash: every job ends now with status interrupted, in order of arrival.
  void interrupt_all();

  std::uint32_t cores() const { return static_cast<std::uint32_t>(capacity_.value()); }
  double speed() const;
  std::uint64_t jobs() const { return heap_.size(); }

  // Statistics since the start or the last reset_statistics().
  const ProcessorSharingCounts& counts() const { return counts_; }
  const Level& present() const { return present_; }  // jobs
  const Level& busy() const { return busy_; }        // cores in use: min(jobs, cores), at any speed
  const Level& capacity() const { return capacity_; }
  // Busy core time over core time there was; 0 if there was none.
  double utilization() const;
  // Work given to jobs, in ns at speed 1 (2^-40 ns are dropped).
  WideInt work_received() const;
  // Work that served jobs had asked for, in ns at speed 1.
  WideInt work_served() const { return served_work_; }

  // Forgets the past (end of warm-up). Jobs stay and count as carried.
  void reset_statistics();

  // What does not balance, in words; empty if all is well. Checks that jobs are conserved and that the work
  // given to all of them by time equals, exactly, the sum of what each has received. O(jobs).
  std::string audit() const;

 private:
  friend struct SharedWait;
  static constexpr int kUnitBits = 40;  // virtual time is in 2^-40 ns
  struct Job {
    WideInt finish;  // virtual time
    std::uint64_t number;
    SharedWait* wait;
  };
  static bool before(const Job& a, const Job& b) {
    return a.finish != b.finish ? a.finish < b.finish : a.number < b.number;
  }

  void admit(SharedWait& wait);
  void settle(Time now);
  void population_changed(Time now);
  void set_timer(Time now);
  WideInt received(const Job& job) const;
  void remove(std::size_t place);
  void put(std::size_t place, const Job& job);
  void rise(std::size_t place, const Job& job);
  void sink(std::size_t place, const Job& job);
  static void finished(void* context);
  static void cancelled(Wait& wait);

  Simulation& simulation_;
  std::uint64_t speed_;       // units of 2^-40
  std::uint64_t rate_ = 0;    // a job's progress, in units per ns
  WideInt virtual_time_ = 0;  // at settled_
  Time settled_;
  std::vector<Job> heap_;  // binary min-heap by before()
  std::uint64_t next_number_ = 0;
  Timer timer_;
  Time due_ = Time::max();  // of timer_
  Level present_;
  Level busy_;
  Level capacity_;
  ProcessorSharingCounts counts_;
  WideInt given_ = 0;  // units to all jobs, by time
  WideInt ended_ = 0;  // units received since the reset by jobs that have ended
  WideInt served_work_ = 0;
};

// The awaitable of ProcessorSharing::serve().
struct [[nodiscard]] SharedWait : Wait {
  ProcessorSharing& processor;
  Duration work;
  std::size_t place = 0;  // in the heap

  SharedWait(ProcessorSharing& owner, Duration length) : processor(owner), work(length) {}
  bool await_ready() { return processor.simulation_.over_at_once(*this); }
  void await_suspend(std::coroutine_handle<> waiting) {
    processor.simulation_.begin_wait(*this, waiting);
    processor.admit(*this);
  }
  WaitStatus await_resume() const { return status; }
};
static_assert(std::is_trivially_destructible_v<SharedWait>);

inline SharedWait ProcessorSharing::serve(Duration work) { return SharedWait(*this, work); }

}  // namespace nephoscope
