// What a fleet reads off its servers, beside the machine's view of them (models/common/server.hpp).
#pragma once

#include <cstdint>
#include <string>

#include "engine/queueing/level.hpp"
#include "models/common/audit.hpp"

namespace nephoscope::application {

// Sums over servers; times in ns x workers, ns x requests or ns.
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

// A server that can say how it fared.
class MeteredServer {
 public:
  virtual ~MeteredServer() = default;
  // Adds what happened since begin_measurement().
  virtual void add_to(ServerStatistics& sum) const = 0;
  // Adds the requests of the whole run, warm-up included.
  virtual void add_to(Audit::Flow& sum) const = 0;
  // What does not balance, in words; empty if all is well.
  virtual std::string audit() const = 0;
};

}  // namespace nephoscope::application
