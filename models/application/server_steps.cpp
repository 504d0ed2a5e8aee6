// The steps of handlers, except the waiting that Server::run() does itself.
#include "models/application/server.hpp"

namespace nephoscope::application {

Draws Server::draws(Purpose purpose, const Instruction& at, const Activity& activity) const {
  return shared_.world.random.request(purpose, activity.request.number, activity.request.attempt, at.step);
}

double Server::uniform(const Instruction& at, const Activity& activity) const {
  return draws(shared_.purposes.step, at, activity).next_uniform();
}

Duration Server::span(const Instruction& at, const Activity& activity) const {
  if (at.span == nullptr) return at.constant;
  Draws own = draws(shared_.purposes.step, at, activity);
  return at.span->sample(own);
}

Duration Server::work(const Instruction& at, const Activity& activity) const {
  const Duration nominal = span(at, activity);
  if (activity.slow_factor == 1) return nominal;
  const double slowed = static_cast<double>(nominal.count()) * activity.slow_factor;
  constexpr auto limit = static_cast<double>(kMaxDuration.count());
  return slowed < limit ? Duration(static_cast<std::int64_t>(slowed + 0.5)) : kMaxDuration;
}

std::uint64_t Server::key_of(const KeyChoice& choice, const Instruction& at, const Activity& activity) const {
  const std::uint64_t number = child_number(activity.request.number, activity.request.attempt, at.step);
  return choice.choose(activity.request.key, number,
                       [&] { return draws(shared_.purposes.key, at, activity); });
}

// Deadlines travel on only in applications that heed them.
Request Server::child(const Instruction& at, const Activity& activity) const {
  const CallSite& site = shared_.program.calls[at.index];
  Request request;
  request.number = child_number(activity.request.number, activity.request.attempt, at.step);
  request.operation = site.operation;
  request.priority = activity.request.priority;
  request.key = key_of(site.key, at, activity);
  request.place = place_;
  if (site.size != nullptr) {
    Draws own = draws(shared_.purposes.size, at, activity);
    request.size = site.size->sample(own);
  }
  const auto& shedding = shared_.config.shedding;
  if (shedding && shedding->by == ShedBy::deadline) request.deadline = activity.request.deadline;
  return request;
}

// A call or a parallel has failed for good. To whoever called us that is our failure (HTTP 502), worth a
// retry whatever its kind; error and source stay those of the cause.
void Server::failed(const Instruction& at, Activity& activity, const Response& cause) {
  if (at.on_failure == OnFailure::skip) {
    activity.pc = at.target;
    return;
  }
  Response response = cause;
  response.fault = Fault::transient;
  response.size = Bytes(0);
  response.retry_after = {};
  activity.end_with(response);
}

void Server::execute(const Instruction& at, Activity& activity) {
  switch (at.op) {
    case Op::send:
      return send(at, activity);
    case Op::spawn:
      return spawn(at, activity);
    case Op::unlock:
      return activity.unlock();
    case Op::enter_loop:
      activity.loops[activity.loop_depth++] = {activity.request.number, 0};
      activity.request.number = round_number(activity.request.number, activity.request.attempt, at.step, 0);
      return;
    case Op::next_round:
      return next_round(at, activity);
    case Op::choose:
      return choose(at, activity);
    case Op::jump:
      activity.pc = at.target;
      return;
    case Op::hit_ratio:
      if (uniform(at, activity) < shared_.program.caches[at.index].hit_ratio) activity.pc = at.target;
      return;
    case Op::look_up:
      return look_up(at, activity);
    case Op::fill:
      return cache(at).enter(key_of(shared_.program.caches[at.index].key, at, activity), shared_.world.now());
    case Op::fail:
      return fail(at, activity);
    default:
      activity.going = false;  // Op::end; what waits is run()'s
  }
}

void Server::next_round(const Instruction& at, Activity& activity) {
  const LoopSite& site = shared_.program.loops[at.index];
  Activity::Loop& loop = activity.loops[activity.loop_depth - 1];
  ++loop.round;
  const bool enough = loop.round == site.times || (site.until > 0 && uniform(at, activity) < site.until);
  if (enough) {
    activity.request.number = loop.outer_number;
    --activity.loop_depth;
    return;
  }
  activity.request.number = round_number(loop.outer_number, activity.request.attempt, at.step, loop.round);
  activity.pc = at.target;
}

void Server::choose(const Instruction& at, Activity& activity) {
  const double draw = uniform(at, activity);
  activity.pc = at.target;
  for (const auto& option : shared_.program.choices[at.index].options) {
    if (draw >= option.below) continue;
    activity.pc = option.target;
    return;
  }
}

LruCache& Server::cache(const Instruction& at) {
  const bool shared = shared_.program.caches[at.index].scope == CacheScope::shared;
  return *(shared ? shared_.caches : caches_)[at.index];
}

void Server::look_up(const Instruction& at, Activity& activity) {
  const std::uint64_t key = key_of(shared_.program.caches[at.index].key, at, activity);
  if (cache(at).look_up(key, shared_.world.now())) activity.pc = at.target;
}

void Server::fail(const Instruction& at, Activity& activity) {
  const FailureSite& site = shared_.program.failures[at.index];
  if (site.share < 1 && uniform(at, activity) >= site.share) return;
  activity.end_with(failure(site.fault, site.error));
}

void Server::send(const Instruction& at, Activity& activity) {
  shared_.callees[at.index]->submit(child(at, activity), ReplyId{});
}

void Server::spawn(const Instruction& at, Activity& activity) {
  Job job;
  job.request = activity.request;
  job.pc = at.target;
  job.kind = JobKind::spawned;
  job.slow_factor = activity.slow_factor;
  shared_.world.simulation.spawn(run(job), &processes_);
}

// Starts the branches; returns the reply that tells how they fared. A branch may crash this server at once:
// those that have not begun by then never do.
ReplyId Server::fork(const Instruction& at, const Activity& activity) {
  const ForkSite& site = shared_.program.forks[at.index];
  const ReplyId reply = shared_.world.replies.open();
  Job job;
  job.request = activity.request;
  job.join = joins_.open(reply, site.started(), site.needed);
  job.kind = JobKind::branch;
  job.slow_factor = activity.slow_factor;
  for (std::uint32_t copy = 0; copy < site.times; ++copy) {
    if (site.times > 1)
      job.request.number = round_number(activity.request.number, activity.request.attempt, at.step, copy);
    for (const std::uint32_t branch : site.branches) {
      job.pc = branch;
      if (interrupted())
        joins_.branch_ended(job.join, {}, true);
      else
        shared_.world.simulation.spawn(run(job), &processes_);
    }
  }
  return reply;
}

LockTable& Server::lock_table(const Instruction& at) {
  return shared_.program.locks[at.index].scope == LockScope::global ? shared_.locks : locks_;
}

LockId Server::lock_id(const Instruction& at, const Activity& activity) const {
  const LockSite& site = shared_.program.locks[at.index];
  return {.name = site.lock, .key = site.keyed ? key_of(site.key, at, activity) : 0};
}

}  // namespace nephoscope::application
