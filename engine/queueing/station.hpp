// A station: a waiting line in front of one or more equal servers.
//
//   Station tellers(simulation, {.servers = 3, .queue_limit = 20});
//   const ServiceResult result = co_await tellers.serve(2min, {.patience = 10min});
//
// serve() holds a server for a known time. acquire() and release() hold one for as long as the holder likes,
// such as a worker slot that stays taken while its holder calls others.
//
// Service is not preemptive: once begun it is finished, unless its process or the whole station is
// interrupted. A service of zero length still takes a server and ends through the event list, at the same
// instant. Each operation is O(1) under fifo; under priority it is linear in the number of distinct
// priorities ever used.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <type_traits>

#include "engine/core/simulation.hpp"
#include "engine/queueing/level.hpp"
#include "engine/queueing/patience.hpp"
#include "engine/queueing/wait_list.hpp"

namespace nephoscope {

enum class Discipline : std::uint8_t {
  fifo,      // first come, first served; priorities are ignored
  priority,  // the lowest priority number first, fifo among equals
};

struct StationOptions {
  std::uint32_t servers = 1;
  std::optional<std::uint64_t> queue_limit = {};  // waiting places; 0 = a loss system, none = unlimited
  Discipline discipline = Discipline::fifo;
};

struct ServeOptions {
  int priority = 0;
  Patience patience = {};  // for waiting; it does not limit the service
};

struct ServiceResult {
  WaitStatus status = WaitStatus::done;
  Duration waited{};  // in the line, up to the service's begin or to giving up
};

// What happened since the last reset.
struct StationCounts {
  std::uint64_t carried = 0;      // were there at the reset, waiting or in service
  std::uint64_t arrivals = 0;     // asked for service, the rejected included
  std::uint64_t started = 0;      // got a server
  std::uint64_t served = 0;       // finished, or released what they had acquired
  std::uint64_t rejected = 0;     // found no waiting place
  std::uint64_t reneged = 0;      // lost patience
  std::uint64_t interrupted = 0;  // while waiting or in service
};

struct StationWait;

class Station final {
 public:
  explicit Station(Simulation& simulation, StationOptions options = {});
  Station(const Station&) = delete;
  Station& operator=(const Station&) = delete;

  // Waits for a server and holds it for `work`. co_await gives a ServiceResult with status
  //   done         the service is finished
  //   rejected     all servers busy and all waiting places taken; over at once
  //   timed_out    patience ran out before the service began
  //   interrupted  the process or the station was interrupted, waiting or in service
  // REQUIRES: work >= 0.
  StationWait serve(Duration work, ServeOptions options = {});

  // Waits for a server and keeps it: after status done the caller owes one release(), whatever happens to
  // it in between. Does not suspend if a server is free.
  StationWait acquire(ServeOptions options = {});
  // Gives an acquired server back. REQUIRES: one is held.
  void release();

  // More servers begin serving at once; fewer let the services in progress finish.
  void set_servers(std::uint32_t servers);

  // A crash: every wait and every service ends now with status interrupted. Servers held through acquire()
  // stay held: their holders run elsewhere, and release them when they end.
  void interrupt_all();

  std::uint32_t servers() const { return static_cast<std::uint32_t>(capacity_.value()); }
  std::uint64_t waiting() const { return static_cast<std::uint64_t>(queue_.value()); }
  // Servers in use, acquired ones included.
  std::uint64_t in_service() const { return static_cast<std::uint64_t>(busy_.value()); }

  // Statistics since the start or the last reset_statistics().
  const StationCounts& counts() const { return counts_; }
  const Level& queue() const { return queue_; }
  const Level& busy() const { return busy_; }
  const Level& capacity() const { return capacity_; }
  // ns that those who got a server had waited, in full, also before the reset.
  WideInt wait_of_started() const { return wait_of_started_; }
  // Mean wait, in seconds, of those who got a server; 0 if nobody did.
  double mean_wait() const;
  // Busy server-time over server-time there was; 0 if there was none.
  double utilization() const;

  // Forgets the past (end of warm-up). Who is there stays and counts as carried.
  void reset_statistics();

  // What does not balance, in words; empty if all is well. Checks conservation of customers and Little's law
  // (integral of the level = sum of the times spent), both exactly. O(customers present).
  std::string audit() const;

 private:
  friend struct StationWait;
  using Line = WaitList<StationWait>;

  bool arrive(StationWait& wait);
  void admit(StationWait& wait);
  void begin(StationWait& wait, Time now);
  void enqueue(StationWait& wait, Time now);
  StationWait& next_waiting();
  void leave_queue(StationWait& wait, Time now);
  void leave_service(StationWait& wait, Time now);
  void take_server(StationWait& wait, Time now);
  void serve_next(Time now);
  void free_server(Time now);
  void interrupt_waiting(Line& line, Time now);
  static void finished(void* context);
  static void expired(void* context);
  static void cancelled(Wait& wait);
  Duration since_reset(Time from, Time now) const { return now - (from < reset_ ? reset_ : from); }
  WideInt time_waited(Time now) const;
  WideInt time_served(Time now) const;

  Simulation& simulation_;
  Level queue_;
  Level busy_;
  Level capacity_;
  std::optional<std::uint64_t> queue_limit_;
  Discipline discipline_;
  Line fifo_;
  std::map<int, Line> classes_;  // by priority; classes stay once used
  Line serving_;
  std::int64_t held_ = 0;  // servers in use through acquire()
  StationCounts counts_;
  Time reset_{};
  WideInt wait_of_started_ = 0;
  WideInt ended_waits_ = 0;     // ns waited since the reset by those who no longer wait
  WideInt ended_services_ = 0;  // ns of service since the reset by serve() calls that have ended
  WideInt held_time_ = 0;       // sum of instants of releases - sum of instants of acquisitions
};

// The awaitable of Station::serve() and acquire().
struct [[nodiscard]] StationWait : Wait, WaitLink {
  Station& station;
  Duration work;
  ServeOptions options;
  bool keeps_server;  // acquire()
  bool in_service = false;
  Time arrived{};
  Time began{};
  Duration waited{};
  Timer timer;  // patience while waiting, the end of service while served

  StationWait(Station& owner, Duration length, const ServeOptions& how, bool keep)
      : station(owner), work(length), options(how), keeps_server(keep) {}
  bool await_ready() { return station.simulation_.over_at_once(*this) || station.arrive(*this); }
  void await_suspend(std::coroutine_handle<> waiting) {
    station.simulation_.begin_wait(*this, waiting);
    station.admit(*this);
  }
  ServiceResult await_resume() const { return {.status = status, .waited = waited}; }
};
static_assert(std::is_trivially_destructible_v<StationWait>);

inline StationWait Station::serve(Duration work, ServeOptions options) {
  return StationWait(*this, work, options, false);
}
inline StationWait Station::acquire(ServeOptions options) {
  return StationWait(*this, Duration{}, options, true);
}

}  // namespace nephoscope
