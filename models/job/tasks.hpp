// The tasks of the stage in progress: requests to the applications of the workers.
//
// A worker takes as many at once as it has vCPUs. What a dead worker has done in this stage is lost with it
// and done again; a task that the application fails is tried again, so many times.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "engine/queueing/gate.hpp"
#include "engine/queueing/level.hpp"
#include "models/common/world.hpp"
#include "models/job/workers.hpp"

namespace nephoscope::job {

struct TaskCounts {
  std::uint64_t started = 0, finished = 0, failed = 0;
  std::uint64_t lost = 0;     // with their worker, while they ran
  std::uint64_t outputs = 0;  // of finished ones, lost with their worker before the barrier
  std::uint64_t stragglers = 0;
};

class TaskSet final {
 public:
  struct Options {
    std::int64_t max_attempts = 1;
    double straggler_factor = 1;
  };
  // REQUIRES: world and workers outlive it.
  TaskSet(World& world, Workers& workers, const Options& options)
      : world_(world), workers_(workers), options_(options), changed_(world.simulation) {}

  // A new stage: `count` tasks of this operation, whose draws `identity` addresses.
  // REQUIRES: the one before has ended.
  void begin(std::size_t count, OperationId operation, std::uint64_t identity);
  // Runs all that is not done; false if one has failed too often, or the caller was interrupted.
  Task<bool> finish();
  // The barrier: nothing of this stage can be lost any more.
  void end();

  // Whether one has failed too often.
  bool hopeless() const { return hopeless_; }
  // How many tasks have left their output with each worker.
  std::vector<std::int64_t> outputs() const;
  std::size_t size() const { return tasks_.size(); }
  void worker_came() { assign(); }
  void worker_died(std::size_t worker);

  const TaskCounts& counts() const { return counts_; }
  const Level& running() const { return running_; }
  Level& running() { return running_; }

 private:
  struct Entry {
    bool done = false;
    std::size_t worker = 0;  // that did it
    std::int64_t failures = 0;
    std::uint32_t tries = 0;
    Duration time{};
  };

  void assign();
  Process execute(std::uint32_t task, Life life);
  Request request(std::uint32_t task) const;
  void ended(std::uint32_t task, Life life, Duration time, const Replies::Result& result);
  void count_stragglers();

  World& world_;
  Workers& workers_;
  Options options_;
  Gate changed_;
  std::vector<Entry> tasks_;
  std::deque<std::uint32_t> waiting_;
  std::size_t undone_ = 0;
  bool active_ = false;     // tasks may start
  bool assigning_ = false;  // in assign()
  bool hopeless_ = false;
  OperationId operation_;
  std::uint64_t identity_ = 0;
  TaskCounts counts_;
  Level running_;
};

}  // namespace nephoscope::job
