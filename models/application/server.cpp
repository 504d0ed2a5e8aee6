#include "models/application/server.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/units.hpp"

namespace nephoscope::application {

namespace {

StationOptions worker_options(const ApplicationConfig& config) {
  return {.servers = config.concurrency,
          .queue_limit = config.backlog,
          .discipline = config.discipline == WorkerLine::priority ? Discipline::priority : Discipline::fifo};
}

}  // namespace

Server::Server(Shared& shared, const ServerOptions& options)
    : shared_(shared),
      name_(options.name),
      self_(options.self),
      entity_(options.entity),
      place_(options.place),
      version_(shared.version_index(options.version)),
      workers_(shared.world.simulation, worker_options(shared.config)),
      cpu_(shared.world.simulation, {.cores = static_cast<std::uint32_t>(options.vcpus)}),
      locks_(shared.world.simulation),
      caches_(make_caches(shared.program, CacheScope::server)),
      joins_(shared.world.replies) {
  callers_.resize(shared.program.callers);
  for (std::size_t i = 0; i < shared.program.calls.size(); ++i) {
    const CallSite& site = shared.program.calls[i];
    if (site.policy == nullptr || callers_[site.caller] != nullptr) continue;
    callers_[site.caller] =
        std::make_unique<Caller>(shared.world, *shared.callees[i], *site.policy, self_, shared.callee_ids[i]);
  }
  if (shared.config.shedding)
    max_queue_age_ = shared.world.simulation.timeout_class(shared.config.shedding->max_queue_age);
  if (options.started) start();
}

Server::~Server() {
  if (running_) {
    --shared_.servers;
    --shared_.versions[version_].servers;
  }
  shared_.world.simulation.cancel(restart_timer_);
  shared_.world.simulation.cancel(death_timer_);
}

// --- a request's way ---------------------------------------------------------------------------------------

void Server::submit(const Request& request, ReplyId reply) {
  ++counts_.arrivals;
  if (!running_ || !reachable_) {
    ++counts_.refused;
    return answer(reply, failure(Fault::transient, shared_.errors.refused));
  }
  if (request.operation == shared_.health_check && shared_.versions[version_].config->fails_health_checks) {
    ++counts_.failed;
    return answer(reply, failure(Fault::transient, shared_.errors.unhealthy));
  }
  const std::uint32_t pc = entry(request);
  if (pc == Program::kNoHandler) {
    ++counts_.failed;
    return answer(reply, failure(Fault::client, shared_.errors.unknown_operation));
  }
  if (sheds_on_arrival(request)) {
    ++counts_.shed;
    return answer(reply, failure(Fault::transient, shared_.errors.shed));
  }
  ++inside_;
  Job job;
  job.request = request;
  job.reply = reply;
  job.pc = pc;
  shared_.world.simulation.spawn(run(job), &processes_);
}

std::uint32_t Server::entry(const Request& request) const {
  const std::uint32_t handler = shared_.program.handler(request.operation);
  return handler == Program::kNoHandler && request.operation == shared_.health_check ? shared_.program.nothing
                                                                                     : handler;
}

// By the entry with the highest priority number that is not above the request's.
bool Server::sheds_on_arrival(const Request& request) const {
  const auto& shedding = shared_.config.shedding;
  if (!shedding || shedding->by != ShedBy::priority) return false;
  double limit = 2;
  for (const ShedThreshold& threshold : shedding->thresholds)
    if (threshold.priority <= request.priority) limit = threshold.occupancy.value;
  const double places =
      static_cast<double>(shared_.config.concurrency) + static_cast<double>(shared_.config.backlog);
  return static_cast<double>(workers_.in_service() + workers_.waiting()) >= limit * places;
}

ServeOptions Server::line_options(const Request& request) const {
  ServeOptions options;
  options.priority = request.priority;
  if (shared_.config.shedding && shared_.config.shedding->by == ShedBy::queue_age)
    options.patience = max_queue_age_;
  return options;
}

// The whole life of a request, a branch or spawned steps. An interruption shows after the wait that it ended;
// so does one whose wait was over before the interruption came.
Process Server::run(Job job) {
  Activity activity(job);
  if (job.kind == JobKind::request) {
    const ServiceResult worker = co_await workers_.acquire(line_options(job.request));
    if (worker.status != WaitStatus::done) {
      give_up(job, worker.status);
      co_return;
    }
    begin(activity);
  }
  while (activity.going && !interrupted()) {
    const Instruction& at = shared_.program.code[activity.pc++];
    switch (at.op) {
      case Op::compute:
        co_await cpu_.serve(work(at, activity));
        break;
      case Op::wait:
        co_await shared_.world.simulation.delay(span(at, activity));
        break;
      case Op::call: {
        Caller& caller = *callers_[shared_.program.calls[at.index].caller];
        const CallResult result = co_await caller.call(child(at, activity));
        if (!result.ok()) failed(at, activity, result.response);
        break;
      }
      case Op::fork: {
        const ReplyId join = fork(at, activity);
        const Replies::Result joined = co_await shared_.world.replies.wait(join);
        if (!joined.value.ok()) failed(at, activity, joined.value);
        break;
      }
      case Op::lock: {
        LockTable& table = lock_table(at);
        const LockId lock = lock_id(at, activity);
        const ServiceResult got = co_await table.enter(lock).acquire();
        if (got.status == WaitStatus::done)
          activity.locks[activity.lock_depth++] = {&table, lock};
        else
          table.leave(lock, false);
        break;
      }
      default:
        execute(at, activity);
    }
  }
  finish(activity);
}

// A request has got its worker.
void Server::begin(Activity& activity) {
  const auto& shedding = shared_.config.shedding;
  if (shedding && shedding->by == ShedBy::deadline && shared_.world.now() >= activity.request.deadline) {
    activity.shed = true;
    return activity.end_with(failure(Fault::transient, shared_.errors.shed));
  }
  const VersionConfig& version = *shared_.versions[version_].config;
  activity.slow_factor = version.slow_factor;
  // Probes ask for a page of their own, which fails_health_checks is about.
  const bool probe = activity.request.operation == shared_.health_check;
  if (!probe && (version.error_rate.value > 0 || !version.incompatible_with.empty())) {
    activity.doom = version_failure(activity.request);
    if (!activity.doom.ok() && version.fails_fast) activity.end_with(activity.doom);
  }
  if (version.leaks && version.leaks->per_request.count > 0) leak();
}

Response Server::version_failure(const Request& request) const {
  const RunningVersion& version = shared_.versions[version_];
  const RandomSource& random = shared_.world.random;
  Draws error = random.request(shared_.purposes.version, request.number, request.attempt);
  if (error.next_uniform() < version.config->error_rate.value)
    return failure(Fault::transient, shared_.errors.version);
  if (version.incompatible.empty()) return {};
  Draws clash = random.request(shared_.purposes.incompatible, request.number, request.attempt);
  if (clash.next_uniform() < shared_.share_incompatible(version))
    return failure(Fault::transient, shared_.errors.incompatible);
  return {};
}

void Server::finish(Activity& activity) {
  const bool reset = interrupted();
  while (activity.lock_depth > 0) activity.unlock();
  if (activity.kind == JobKind::branch) return joins_.branch_ended(activity.join, activity.outcome, reset);
  if (activity.kind == JobKind::spawned) return;
  workers_.release();
  --inside_;
  if (reset)
    activity.outcome = failure(Fault::transient, shared_.errors.reset);
  else if (activity.outcome.ok())
    activity.outcome = activity.doom;
  const bool shed = activity.shed && !reset;
  ++(shed ? counts_.shed : activity.outcome.ok() ? counts_.succeeded : counts_.failed);
  if (activity.outcome.ok() && !shared_.config.response_size.is_zero())
    add_body(activity.request, activity.outcome);
  answer(activity.reply, activity.outcome);
}

void Server::add_body(const Request& request, Response& response) {
  if (request.operation == shared_.health_check) return;
  Draws draws = shared_.world.random.request(shared_.purposes.response_size, request.number, request.attempt);
  response.size = shared_.config.response_size.sample(draws);
  if (reachable_) bytes_sent_ += response.size;
}

// A request that never got a worker.
void Server::give_up(const Job& job, WaitStatus status) {
  --inside_;
  if (status == WaitStatus::interrupted) {
    ++counts_.failed;
    return answer(job.reply, failure(Fault::transient, shared_.errors.reset));
  }
  const bool full = status == WaitStatus::rejected;
  ++(full ? counts_.rejected : counts_.shed);
  answer(job.reply, failure(Fault::transient, full ? shared_.errors.overloaded : shared_.errors.shed));
}

Response Server::failure(Fault fault, ErrorId error) const {
  Response response;
  response.fault = fault;
  response.error = error;
  response.source = self_;
  return response;
}

// --- running and crashing ----------------------------------------------------------------------------------

void Server::start() {
  RunningVersion& version = shared_.versions[version_];
  if (version.config->crashes_at_boot)
    return shared_.world.log(name_, "crash", fmt::format("version '{}' crashes at boot", version.name));
  running_ = true;
  leaked_ = Bytes(0);
  ++shared_.servers;
  ++version.servers;
  const auto& leaks = version.config->leaks;
  if (!leaks || !leaks->dies_after) return;
  const auto dies = [](void* server) { static_cast<Server*>(server)->crash_by_itself("end of its life"); };
  death_timer_ = shared_.world.simulation.after(*leaks->dies_after, dies, this);
}

void Server::stop() {
  if (!running_) return;
  running_ = false;
  --shared_.servers;
  --shared_.versions[version_].servers;
  shared_.world.simulation.cancel(death_timer_);
  processes_.interrupt_all();
  for (const auto& cache : caches_)
    if (cache != nullptr) cache->clear();
}

void Server::crash() {
  shared_.world.simulation.cancel(restart_timer_);
  stop();
}

void Server::restart() {
  if (running_) return;
  shared_.world.simulation.cancel(restart_timer_);
  // At the very instant of the crash those that were interrupted still have to notice; their clients stay.
  if (processes_.empty())
    for (const auto& caller : callers_) caller->reset();
  start();
}

void Server::crash_by_itself(const std::string& reason) {
  stop();
  Draws draws = shared_.world.random.entity(shared_.purposes.restart, entity_, counts_.crashes++);
  const Duration back = shared_.config.restart_time.sample(draws);
  shared_.world.log(name_, "crash", fmt::format("{}: runs again in {}", reason, show(back)));
  const auto up = [](void* server) { static_cast<Server*>(server)->restart(); };
  restart_timer_ = shared_.world.simulation.after(back, up, this);
}

void Server::leak() {
  leaked_ += shared_.versions[version_].config->leaks->per_request;
  if (shared_.config.base_memory + leaked_ < *shared_.config.memory) return;
  crash_by_itself(fmt::format("out of memory ({})", show(*shared_.config.memory)));
}

void Server::set_version(std::string_view name) {
  const std::uint32_t next = shared_.version_index(name);
  if (running_) {
    --shared_.versions[version_].servers;
    ++shared_.versions[next].servers;
  }
  version_ = next;
}

// --- metering ----------------------------------------------------------------------------------------------

Duration Server::cpu_time() const {
  return Duration(static_cast<std::int64_t>(cpu_time_before_ + cpu_.busy().integral(shared_.world.now())));
}

void Server::begin_measurement() {
  cpu_time_before_ += cpu_.busy().integral(shared_.world.now());
  cpu_.reset_statistics();
  workers_.reset_statistics();
  measured_ = counts_;
}

void Server::add_to(ServerStatistics& sum) const {
  const Time now = shared_.world.now();
  sum.workers_busy += workers_.busy().integral(now);
  sum.workers += workers_.capacity().integral(now);
  sum.waiting += workers_.queue().integral(now);
  sum.waited += workers_.wait_of_started();
  sum.got_worker += workers_.counts().started;
  sum.arrivals += counts_.arrivals - measured_.arrivals;
  sum.succeeded += counts_.succeeded - measured_.succeeded;
  sum.failed += counts_.failed - measured_.failed;
  sum.rejected += counts_.rejected - measured_.rejected;
  sum.shed += counts_.shed - measured_.shed;
  sum.refused += counts_.refused - measured_.refused;
  sum.crashes += counts_.crashes - measured_.crashes;
}

void Server::add_to(Audit::Flow& sum) const {
  sum.arrived += counts_.arrivals;
  sum.completed += counts_.succeeded;
  sum.failed += counts_.failed;
  sum.rejected += counts_.rejected + counts_.shed + counts_.refused;
  sum.in_flight += inside_;
}

std::string Server::audit() const {
  std::string trouble = workers_.audit() + cpu_.audit();
  const std::uint64_t present = workers_.in_service() + workers_.waiting();
  if (present != inside_)
    trouble += fmt::format("{} requests inside, but {} with the workers", inside_, present);
  return trouble.empty() ? trouble : name_ + ": " + trouble;
}

}  // namespace nephoscope::application
