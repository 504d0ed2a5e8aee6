// The machine's view of an application: what a fleet (hosts today, EC2 instances, containers) needs to run
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/time.hpp"
#include "engine/queueing/level.hpp"
#include "models/common/audit.hpp"
#include "models/common/request.hpp"

namespace nephoscope {

class Wiring;

struct ServerOptions {
  std::string name;          // "web/3": for the event log
  ResourceId self;           // who is at fault when it refuses
  std::uint64_t entity = 0;  // distinguishes its draws (boot, cache) from other servers'
  int vcpus = 1;
  std::string version;  // of the application; empty for the first one declared
  PlaceId place = {};   // where its calls come from
  bool started = true;  // otherwise it runs from restart() on
};

// How servers fared, summed over a fleet; times in ns x workers, ns x requests or ns.
struct ServerStatistics {
  WideInt workers_busy = 0;
  WideInt workers = 0;
  WideInt waiting = 0;
  WideInt waited = 0;  // by those who got a worker
  std::uint64_t got_worker = 0;
  std::uint64_t arrivals = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;    // in their handler, or by a crash
  std::uint64_t rejected = 0;  // Overloaded
  std::uint64_t shed = 0;      // LoadShed
  std::uint64_t refused = 0;   // ConnectionRefused
  std::uint64_t crashes = 0;   // of the program, not of its machine
};

// One running copy of an application on one machine. Requests in progress die with crash().
class ApplicationServer : public Endpoint {
 public:
  // The machine has died: everything in progress ends, callers see a reset connection. Takes no requests
  // until restart().
  virtual void crash() = 0;
  virtual void restart() = 0;
  virtual bool running() const = 0;
  // A server that cannot be reached takes no requests and answers none, not even with a refusal: callers wait
  // until their time-out. For a machine without power or network.
  virtual void set_reachable(bool reachable) = 0;
  virtual bool reachable() const { return true; }
  // Who is at fault in the failures that are its own.
  virtual ResourceId resource() const { return {}; }
  // The version that requests from now on are served by; whether it can boot shows at the next restart().
  // REQUIRES: it is declared.
  virtual void set_version(std::string_view name) = 0;
  virtual const std::string& version() const = 0;
  // Whether nothing of it is left in the simulation, so that it may be destroyed.
  virtual bool idle() const = 0;
  // The CPU's speed against nominal (CPU credits spent, a slow host). REQUIRES: > 0.
  virtual void set_speed(double factor) = 0;
  // Requests that hold a worker slot or wait for one.
  virtual std::uint64_t outstanding() const = 0;
  // vCPU time used since the run's start; utilisation is its growth over vcpus x time.
  virtual Duration cpu_time() const = 0;
  // Bodies of its answers since the run's start.
  virtual Bytes bytes_sent() const { return {}; }
  virtual void begin_measurement() = 0;
  // Adds what happened since begin_measurement().
  virtual void add_to(ServerStatistics& sum) const = 0;
  // Adds the requests of the whole run, warm-up included.
  virtual void add_to(Audit::Flow& sum) const = 0;
  // What does not balance, in words; empty if all is well.
  virtual std::string audit() const = 0;
};

// An application of the scenario.
class Application {
 public:
  virtual ~Application() = default;
  // Looks up what its handlers call. Called before any launch().
  virtual void connect(const Wiring& wiring) = 0;
  virtual std::unique_ptr<ApplicationServer> launch(const ServerOptions& options) = 0;
};

}  // namespace nephoscope
