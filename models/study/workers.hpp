// Runs jobs, each one replication in a process of its own, and hands their reports over in the jobs' order.
//
// A job is a forked process: a crash costs one replication and not the study, and libraries that
// allow one engine a process can serve several replications. The child sends its Report through a pipe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "models/common/report.hpp"

namespace nephoscope {

// One replication of one point of a study (a variant, a point of a sweep).
struct Job {
  std::uint32_t point = 0;
  std::uint32_t replication = 0;
  auto operator<=>(const Job&) const = default;
};
using JobFunction = std::function<Report(const Job&)>;

struct WorkersOptions {
  unsigned workers = 0;  // processes at a time; 0: one per core that this process may use
  bool fork =
      true;  // false: in this process, one after the other, for debuggers; signals then end the program
};

enum class StudyStatus : std::uint8_t {
  complete,
  interrupted,  // SIGINT or SIGTERM arrived
  failed,       // a job failed a check, or crashed twice
};

struct WorkersEvents {
  // A job's report, in the order of the jobs whatever the finishing order.
  std::function<void(const Job&, Report)> report;
  // A job's report as bytes (Report::save), as soon as it has finished: for what must not be lost.
  std::function<void(const Job&, std::span<const std::byte>)> finished = [](const auto&, auto) {};
  // Another job has finished, in whatever order.
  std::function<void(std::uint32_t finished, std::uint32_t total)> progress;
  // A line for people: a worker that crashed, a check that failed.
  std::function<void(const Job&, const std::string& message)> trouble;
};

// A job that throws (CheckFailure) fails the study: it would throw again. A worker that is killed, exits
// early or runs out of memory is started once more. When the study fails or is interrupted, running workers
// are killed; reports that came before it in the jobs' order have been handed over. While workers run, SIGINT
// and SIGTERM are taken by this function and lead to `interrupted`. REQUIRES: the calling process has one
// thread.
StudyStatus run_workers(const WorkersOptions& options, std::span<const Job> jobs, const JobFunction& run,
                        const WorkersEvents& events);

// Cores that this process may use; at least 1.
unsigned usable_cores();

}  // namespace nephoscope
