// A running Nephoscope::DistributedJob.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/queueing/station.hpp"
#include "engine/stats/quantile_sketch.hpp"
#include "models/common/resource.hpp"
#include "models/common/series.hpp"
#include "models/common/world.hpp"
#include "models/job/exchange.hpp"
#include "models/job/job.hpp"
#include "models/job/shuffle.hpp"
#include "models/job/tasks.hpp"
#include "models/job/workers.hpp"

namespace nephoscope::job {

class Job final : public Resource, public Endpoint, private WorkerListener {
 public:
  // REQUIRES: world and config outlive it.
  Job(World& world, const std::string& id, const DistributedJobConfig& config);

  Endpoint* endpoint() override { return this; }
  void connect(const Wiring& wiring) override;
  void start() override { world_.simulation.spawn(sample()); }
  void submit(const Request& request, ReplyId reply) override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void audit(Audit& audit) const override;

 private:
  struct StageFigures {
    Duration time{};  // of all runs
    std::uint64_t runs = 0;
  };
  // Sums since the start, of which reports show what came since the end of warm-up.
  struct Sums {
    TaskCounts tasks;
    ShuffleCounts shuffle;
    Duration shuffling{};
    std::uint64_t rounds = 0;
    std::uint64_t repeated = 0;  // stages
    std::uint64_t runs = 0, succeeded = 0, failed = 0;
  };

  void worker_came(std::size_t) override { tasks_.worker_came(); }
  void worker_died(std::size_t worker) override;
  Process run(Request request, ReplyId reply);
  Task<bool> run_stage(std::size_t stage, Request request);
  Task<bool> attempt_stage(const StageConfig& stage, std::uint64_t identity);
  void begin_shuffle(const StageConfig& stage);
  void answer(ReplyId reply, bool succeeded);
  Process sample();
  Sums sums() const;
  void report_tasks(Report& report) const;
  void report_shuffle(Report& report) const;

  World& world_;
  const DistributedJobConfig& config_;
  std::string id_;
  ResourceId self_;
  ErrorId failed_;
  std::vector<OperationId> operations_;  // of the stages
  Workers workers_;
  TaskSet tasks_;
  Shuffle shuffle_;
  Exchange exchange_;
  Station turn_;
  Sums counts_;  // runs, and what the parts do not count themselves
  Sums before_;  // at the end of warm-up
  QuantileSketch durations_;
  Duration duration_sum_{};
  std::vector<StageFigures> stages_;
  LevelSeries running_series_;
};

}  // namespace nephoscope::job
