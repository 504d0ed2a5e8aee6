// The machine's view of an application: what a fleet (hosts today, EC2 instances, containers) needs to run
// it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "engine/base/time.hpp"
#include "models/common/request.hpp"

namespace nephoscope {

class Wiring;

struct ServerOptions {
  std::string name;          // "web/3": for the event log
  ResourceId self;           // who is at fault when it refuses
  std::uint64_t entity = 0;  // distinguishes its draws (boot, cache) from other servers'
  int vcpus = 1;
  std::string version;  // of the application; empty for the first one declared
};

// One running copy of an application on one machine. Requests in progress die with crash().
class ApplicationServer : public Endpoint {
 public:
  // The machine has died: everything in progress ends, callers see a reset connection. Takes no requests
  // until restart().
  virtual void crash() = 0;
  virtual void restart() = 0;
  virtual bool running() const = 0;
  // The CPU's speed against nominal (CPU credits spent, a slow host). REQUIRES: > 0.
  virtual void set_speed(double factor) = 0;
  // Requests that hold a worker slot or wait for one.
  virtual std::uint64_t outstanding() const = 0;
  // vCPU time used since the run's start; utilisation is its growth over vcpus x time.
  virtual Duration cpu_time() const = 0;
  virtual void begin_measurement() = 0;
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
