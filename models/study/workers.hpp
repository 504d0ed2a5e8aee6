// Runs replications, each in a process of its own, and hands their reports over in replication order.
//
// A replication is a forked process: a crash costs one replication and not the study, and libraries that
// allow one engine a process can serve several replications. The child sends its Report through a pipe.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "models/common/report.hpp"

namespace nephoscope {

using ReplicationFunction = std::function<Report(std::uint32_t replication)>;

struct WorkersOptions {
  std::uint32_t replications = 1;
  unsigned workers = 0;  // processes at a time; 0: one per core that this process may use
  bool fork =
      true;  // false: in this process, one after the other, for debuggers; signals then end the program
};

enum class StudyStatus : std::uint8_t {
  complete,
  interrupted,  // SIGINT or SIGTERM arrived
  failed,       // a replication failed a check, or crashed twice
};

struct WorkersEvents {
  // A replication's report, in replication order whatever the finishing order: always a prefix 0, 1, 2, ...
  std::function<void(std::uint32_t replication, Report)> report;
  // Another replication has finished, in whatever order.
  std::function<void(std::uint32_t finished, std::uint32_t total)> progress;
  // A line for people: a worker that crashed, a check that failed.
  std::function<void(const std::string& message)> trouble;
};

// A replication that throws (CheckFailure) fails the study: it would throw again. A worker that is killed,
// exits early or runs out of memory is started once more. When the study fails or is interrupted, running
// workers are killed; reports that came before it in replication order have been handed over. While workers
// run, SIGINT and SIGTERM are taken by this function and lead to `interrupted`. REQUIRES: the calling process
// has one thread.
StudyStatus run_workers(const WorkersOptions& options, const ReplicationFunction& run,
                        const WorkersEvents& events);

// Cores that this process may use; at least 1.
unsigned usable_cores();

}  // namespace nephoscope
