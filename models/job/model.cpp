#include "models/job/model.hpp"

#include <fmt/format.h>

#include "engine/base/check.hpp"
#include "engine/config/units.hpp"
#include "models/common/report.hpp"

namespace nephoscope::job {

Job::Job(World& world, const std::string& id, const DistributedJobConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      self_(world.resources.intern("resources." + id)),
      failed_(world.errors.intern("JobFailed")),
      workers_(world),
      tasks_(world, workers_,
             {.max_attempts = config.max_attempts, .straggler_factor = config.straggler_factor}),
      shuffle_(world, workers_, config.fetch_parallelism),
      exchange_(world, workers_, id),
      turn_(world.simulation),
      stages_(config.stages.size()),
      running_series_(world.run) {
  for (const auto& stage : config.stages)
    operations_.push_back(stage.value.handler ? world.operations.intern(stage.value.handler->id)
                                              : OperationId());
}

void Job::connect(const Wiring& wiring) {
  check(world_.network != nullptr, "job", "'{}' is in a world without network", id_);
  WorkerListener& listener = *this;
  workers_.connect(wiring.compute(), config_.workers.id, listener);
}

void Job::submit(const Request& request, ReplyId reply) {
  ++counts_.runs;
  world_.simulation.spawn(run(request, reply));
}

void Job::worker_died(std::size_t worker) {
  const std::uint64_t before = tasks_.counts().outputs;
  tasks_.worker_died(worker);
  if (turn_.in_service() == 0) return;
  world_.log(id_, "worker",
             fmt::format("{} is lost, and with it {} finished tasks of the stage",
                         workers_[worker].instance.name(), tasks_.counts().outputs - before));
}

// --- runs --------------------------------------------------------------------------------------------------

Process Job::run(Request request, ReplyId reply) {
  const ServiceResult turn = co_await turn_.acquire();
  if (turn.status != WaitStatus::done) co_return;
  const Time begun = world_.now();
  bool succeeded = true;
  for (std::size_t i = 0; succeeded && i < stages_.size(); ++i) {
    const bool done = co_await run_stage(i, request);
    succeeded = done;
  }
  turn_.release();
  if (succeeded) {
    durations_.add(world_.now() - begun);
    duration_sum_ += world_.now() - begun;
  }
  answer(reply, succeeded);
}

void Job::answer(ReplyId reply, bool succeeded) {
  ++(succeeded ? counts_.succeeded : counts_.failed);
  Response response;
  if (!succeeded) {
    response.fault = Fault::transient;
    response.error = failed_;
    response.source = self_;
  }
  world_.replies.answer(reply, response);
}

Task<bool> Job::run_stage(std::size_t index, Request request) {
  const StageConfig& stage = config_.stages[index].value;
  const std::string& name = config_.stages[index].id;
  const std::uint64_t identity =
      child_number(request.number, request.attempt, static_cast<std::uint32_t>(index));
  const Time begun = world_.now();
  const WaitStatus enough = co_await workers_.wait_for(config_.min_workers);
  if (enough != WaitStatus::done) co_return false;
  if (stage.handler) {
    const std::int64_t count = stage.tasks.value_or(workers_.slots());
    tasks_.begin(static_cast<std::size_t>(count), operations_[index], identity);
  }
  bool done = false;
  for (std::int64_t attempt = 1; !done && !tasks_.hopeless() && attempt <= config_.max_attempts; ++attempt) {
    if (attempt > 1) ++counts_.repeated;
    const bool ended = co_await attempt_stage(stage, identity);
    done = ended;
  }
  tasks_.end();
  if (!done) world_.log(id_, "stage", fmt::format("stage {} has failed", name));
  if (done) {
    stages_[index].time += world_.now() - begun;
    ++stages_[index].runs;
    world_.log(id_, "stage", fmt::format("stage {} is done after {}", name, show(world_.now() - begun)));
  }
  co_return done;
}

void Job::begin_shuffle(const StageConfig& stage) {
  shuffle_.begin(*stage.shuffle, stage.handler ? tasks_.outputs() : std::vector<std::int64_t>());
}

Task<bool> Job::attempt_stage(const StageConfig& stage, std::uint64_t identity) {
  const WaitStatus enough = co_await workers_.wait_for(config_.min_workers);
  if (enough != WaitStatus::done) co_return false;
  if (stage.handler) {
    const bool done = co_await tasks_.finish();
    if (!done) co_return false;
  }
  if (stage.shuffle) {
    const Time begun = world_.now();
    begin_shuffle(stage);
    const bool moved = co_await shuffle_.finish();
    counts_.shuffling += world_.now() - begun;
    if (!moved) co_return false;
  }
  if (!stage.exchanges) co_return true;
  const bool exchanged = co_await exchange_.run(*stage.exchanges, identity);
  co_return exchanged;
}

// --- results -----------------------------------------------------------------------------------------------

Process Job::sample() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(running_series_.step());
    if (status != WaitStatus::done) co_return;
    running_series_.sample(world_.now(), tasks_.running());
  }
}

Job::Sums Job::sums() const {
  Sums sums = counts_;
  sums.tasks = tasks_.counts();
  sums.shuffle = shuffle_.counts();
  sums.rounds = exchange_.rounds();
  return sums;
}

void Job::begin_measurement() {
  const Time now = world_.now();
  running_series_.sample(now, tasks_.running());
  tasks_.running().reset(now);
  running_series_.level_was_reset();
  before_ = sums();
  durations_ = QuantileSketch();
  duration_sum_ = {};
  stages_.assign(stages_.size(), {});
}

void Job::report(Report& report) const {
  report.ratio({Scope::resource, id_, "job.duration.mean"}, "s", to_seconds(duration_sum_),
               static_cast<double>(counts_.succeeded - before_.succeeded));
  report.sketch({Scope::resource, id_, "job.duration"}, "s", durations_);
  report.ratio({Scope::resource, id_, "jobs.failed"}, "1",
               static_cast<double>(counts_.failed - before_.failed), 1);
  for (std::size_t i = 0; i < stages_.size(); ++i)
    report.ratio({Scope::resource, id_, fmt::format("stage.{}.duration.mean", config_.stages[i].id)}, "s",
                 to_seconds(stages_[i].time), static_cast<double>(stages_[i].runs));
  report.ratio({Scope::resource, id_, "stages.repeated"}, "1",
               static_cast<double>(counts_.repeated - before_.repeated), 1);
  report_tasks(report);
  report_shuffle(report);
  report.series(id_ + ".tasks.running", "1", running_series_.series());
}

void Job::report_tasks(Report& report) const {
  const TaskCounts& tasks = tasks_.counts();
  const TaskCounts& before = before_.tasks;
  const auto add = [&](const char* name, std::uint64_t count, std::uint64_t of) {
    report.ratio({Scope::resource, id_, name}, "1", static_cast<double>(count), static_cast<double>(of));
  };
  add("tasks.finished", tasks.finished - before.finished, 1);
  add("tasks.failed", tasks.failed - before.failed, 1);
  add("tasks.lost", tasks.lost + tasks.outputs - before.lost - before.outputs, 1);
  add("tasks.stragglers", tasks.stragglers - before.stragglers, tasks.finished - before.finished);
}

void Job::report_shuffle(Report& report) const {
  const auto moved = static_cast<double>(shuffle_.counts().moved - before_.shuffle.moved);
  report.ratio({Scope::resource, id_, "shuffle.bytes"}, "1", moved, 1);
  report.ratio({Scope::resource, id_, "shuffle.rate"}, "1", moved,
               to_seconds(counts_.shuffling - before_.shuffling));
}

void Job::audit(Audit& audit) const {
  audit.conservation("resources." + id_, {.arrived = counts_.runs,
                                          .completed = counts_.succeeded,
                                          .failed = counts_.failed,
                                          .rejected = 0,
                                          .in_flight = turn_.waiting() + turn_.in_service()});
  const TaskCounts& tasks = tasks_.counts();
  const auto running = static_cast<std::uint64_t>(tasks_.running().value());
  audit.add("tasks: resources." + id_, tasks.started == tasks.finished + tasks.failed + tasks.lost + running,
            fmt::format("{} started = {} finished + {} failed + {} lost + {} running", tasks.started,
                        tasks.finished, tasks.failed, tasks.lost, running));
  const ShuffleCounts& bytes = shuffle_.counts();
  audit.add("shuffle: resources." + id_, bytes.asked == bytes.moved + bytes.broken + shuffle_.under_way(),
            fmt::format("{} bytes asked for = {} moved + {} broken + {} under way", bytes.asked, bytes.moved,
                        bytes.broken, shuffle_.under_way()));
}

}  // namespace nephoscope::job
