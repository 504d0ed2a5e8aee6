#include "models/common/call.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nephoscope {

namespace {

constexpr std::int64_t kToken = 1'000'000;  // of the send rate, whose rates are not whole
constexpr Purpose kBackoff{"client.backoff"};

std::int64_t in_token_units(double tokens) {
  return static_cast<std::int64_t>(tokens * static_cast<double>(kToken) + 0.5);
}

bool adaptive(const CallPolicy& policy) { return policy.retry.mode == RetryMode::adaptive; }

bool is_simple(const CallPolicy& policy) {
  return policy.retry.attempts() == 1 && !adaptive(policy) && !policy.pool && !policy.breaker &&
         !policy.hedge && !policy.deadline;
}

Response failed(Fault fault, ErrorId error, ResourceId source) {
  Response response;
  response.fault = fault;
  response.error = error;
  response.source = source;
  return response;
}

std::string_view state_name(CircuitBreaker::State state) {
  if (state == CircuitBreaker::State::closed) return "closed";
  return state == CircuitBreaker::State::open ? "open" : "half-open";
}

}  // namespace

Caller::Caller(World& world, Endpoint& callee, const CallPolicy& policy, ResourceId self,
               ResourceId callee_id)
    : world_(world),
      callee_(callee),
      policy_(policy),
      self_(self),
      callee_id_(callee_id ? callee_id : self),
      simple_(is_simple(policy)),
      direct_(!policy.pool && !adaptive(policy)),
      timeout_(world.simulation.timeout_class(policy.timeout)),
      quota_(policy.retry),
      timeout_error_(world.errors.intern("Timeout")),
      call_timeout_error_(world.errors.intern("CallTimeout")),
      breaker_error_(world.errors.intern("CircuitBreakerOpen")),
      pool_error_(world.errors.intern("ConnectionPoolTimeout")),
      interrupted_error_(world.errors.intern("Interrupted")) {
  if (policy.pool) pool_.emplace(world.simulation, StationOptions{.servers = policy.pool->max_connections});
  reset();
}

void Caller::reset() {
  quota_ = RetryQuota(policy_.retry);
  if (policy_.breaker) breaker_.emplace(*policy_.breaker);
  if (policy_.hedge && policy_.hedge->quantile) hedge_delay_.emplace(*policy_.hedge->quantile);
  if (!adaptive(policy_)) return;
  send_rate_.emplace(world_.now());
  send_tokens_.emplace(world_.simulation,
                       TokenBucketOptions{.rate = {kToken, 1s}, .capacity = kToken, .initial = 0});
}

Task<CallResult> Caller::call(Request request, CallObserver* observer) {
  ++counters_.calls;
  if (simple_ && request.deadline == Time::max()) return call_once(request);
  return call_with_policy(request, observer);
}

Task<CallResult> Caller::call_once(Request request) {
  const ReplyId reply = send(request);
  const Replies::Result result = co_await world_.replies.wait(reply, timeout_);
  co_return finish(received(result, {}), 1);
}

Task<CallResult> Caller::call_with_policy(Request request, CallObserver* observer) {
  if (policy_.deadline) request.deadline = std::min(request.deadline, world_.now() + *policy_.deadline);
  quota_.earn();
  RetryProgress progress;
  std::uint32_t attempts = 0;
  for (;;) {
    if (world_.now() >= request.deadline) {
      co_return finish(refused(Fault::timeout, call_timeout_error_), attempts);
    }
    if (progress.tries > 1) ++counters_.retries;
    Attempted tried;
    if (policy_.hedge) {
      tried = co_await hedged(request);
    } else if (direct_) {
      const CircuitBreaker::Ticket ticket = admit();
      if (ticket.admitted) {
        const ReplyId reply = send(request);
        const Replies::Result result = co_await answer_to(reply, request.deadline);
        tried = received(result, ticket);
      } else {
        tried = refused(Fault::shed, breaker_error_);
      }
    } else {
      tried = co_await attempt(request);
    }
    attempts += tried.sent;
    if (tried.response.fault == Fault::timeout && world_.now() >= request.deadline)
      tried.response.error = call_timeout_error_;
    if (tried.ok()) refund(quota_, policy_.retry, progress);
    if (tried.ok() || tried.interrupted || world_.now() >= request.deadline)
      co_return finish(tried, attempts);

    const RetryDecision decision = decide(request, progress, tried.response);
    const bool again = decision.verdict == RetryVerdict::retry;
    if (decision.sleep > Duration{}) {
      const Duration sleep = std::min(decision.sleep, request.deadline - world_.now());
      tried.interrupted = co_await world_.simulation.delay(sleep) == WaitStatus::interrupted;
    }
    if (tried.interrupted || !again) co_return finish(tried, attempts);
    if (observer != nullptr) observer->retried(tried.response);
    ++request.attempt;
  }
}

// One attempt, from the limiter to the answer.
Task<Caller::Attempted> Caller::attempt(Request request) {
  if (send_rate_ && send_rate_->limiting()) {
    const WaitStatus status = co_await send_tokens_->take(kToken, until(request.deadline));
    if (status == WaitStatus::interrupted) co_return Attempted{.response = {}, .interrupted = true};
    if (status != WaitStatus::done) co_return refused(Fault::timeout, call_timeout_error_);
  }
  const CircuitBreaker::Ticket ticket = admit();
  if (!ticket.admitted) co_return refused(Fault::shed, breaker_error_);
  if (pool_) {
    const Time give_up = std::min(world_.now() + policy_.pool->acquire_timeout, request.deadline);
    const ServeOptions options{.priority = 0, .patience = until(give_up)};
    const ServiceResult got = co_await pool_->acquire(options);
    if (got.status != WaitStatus::done) {
      report(ticket, CircuitBreaker::Outcome::unknown);
      if (got.status == WaitStatus::interrupted) co_return Attempted{.response = {}, .interrupted = true};
      ++counters_.shed_by_pool;
      if (world_.now() >= request.deadline) co_return refused(Fault::timeout, call_timeout_error_);
      co_return refused(Fault::shed, pool_error_);
    }
  }
  const ReplyId reply = send(request);
  const Replies::Result result = co_await answer_to(reply, request.deadline);
  if (pool_) pool_->release();
  co_return received(result, ticket);
}

std::uint32_t Caller::open_hedging() {
  if (free_hedgings_.empty()) {
    hedgings_.emplace_back();
    return static_cast<std::uint32_t>(hedgings_.size() - 1);
  }
  const std::uint32_t slot = free_hedgings_.back();
  free_hedgings_.pop_back();
  hedgings_[slot] = {};
  return slot;
}

void Caller::launch(const Request& request, std::uint32_t slot) {
  hedgings_[slot].outcome = world_.replies.open();
  ++hedgings_[slot].running;
  ++hedgings_[slot].sent;
  world_.simulation.spawn(run_hedged(request, slot));
}

// Nothing while the quantile is not known.
std::optional<Duration> Caller::hedge_after() const {
  return hedge_delay_ ? hedge_delay_->value() : policy_.hedge->after;
}

// One try with further attempts while none has succeeded. `request` lives in the caller's frame.
Task<Caller::Attempted> Caller::hedged(Request& request) {
  const std::uint32_t slot = open_hedging();
  launch(request, slot);
  const std::optional<Duration> after = hedge_after();
  for (std::uint32_t hedges = 0; after && hedges < policy_.hedge->max; ++hedges) {
    const Replies::Result early = co_await world_.replies.wait(hedgings_[slot].outcome, *after);
    if (early.status != WaitStatus::timed_out) co_return leave(slot, early);
    ++request.attempt;
    ++counters_.hedges;
    launch(request, slot);
  }
  const Replies::Result result = co_await world_.replies.wait(hedgings_[slot].outcome);
  co_return leave(slot, result);
}

// Attempts of a hedged try run on their own: the loser goes on when the winner has ended the try.
Process Caller::run_hedged(Request request, std::uint32_t slot) {
  const Time launched = world_.now();
  const Attempted tried = co_await attempt(request);
  if (hedge_delay_ && tried.ok()) hedge_delay_->observe(world_.now() - launched);
  Hedging& hedging = hedgings_[slot];
  --hedging.running;
  hedging.sent -= 1 - tried.sent;
  if (hedging.left) {
    if (hedging.running == 0) free_hedgings_.push_back(slot);
  } else if (tried.ok() || hedging.running == 0) {
    world_.replies.answer(hedging.outcome, tried.response);
  }
}

Caller::Attempted Caller::leave(std::uint32_t slot, const Replies::Result& result) {
  Hedging& hedging = hedgings_[slot];
  hedging.left = true;
  if (hedging.running == 0) free_hedgings_.push_back(slot);
  return {.response = result.value,
          .interrupted = result.status == WaitStatus::interrupted,
          .sent = hedging.sent};
}

ReplyId Caller::send(Request request) {
  ++counters_.attempts;
  request.deadline = std::min(request.deadline, world_.now() + policy_.timeout);
  const ReplyId reply = world_.replies.open();
  callee_.submit(request, reply);
  return reply;
}

Replies::ReplyWait Caller::answer_to(ReplyId reply, Time deadline) {
  const Duration left = std::max(deadline - world_.now(), Duration{});
  if (left < policy_.timeout) return world_.replies.wait(reply, left);
  return world_.replies.wait(reply, timeout_);
}

Caller::Attempted Caller::received(const Replies::Result& result, CircuitBreaker::Ticket ticket) {
  Attempted tried{
      .response = result.value, .interrupted = result.status == WaitStatus::interrupted, .sent = 1};
  if (tried.interrupted) {
    report(ticket, CircuitBreaker::Outcome::unknown);
    return tried;
  }
  if (result.status == WaitStatus::timed_out)
    tried.response = failed(Fault::timeout, timeout_error_, callee_id_);
  count_failure(tried.response);
  note_rate(tried.response.fault == Fault::throttling);
  report(ticket, is_retriable(tried.response.fault) ? CircuitBreaker::Outcome::failure
                                                    : CircuitBreaker::Outcome::success);
  return tried;
}

Caller::Attempted Caller::refused(Fault fault, ErrorId error) const {
  return {.response = failed(fault, error, self_)};
}

Patience Caller::until(Time deadline) const {
  return deadline == Time::max() ? Patience() : Patience(std::max(deadline - world_.now(), Duration{}));
}

void Caller::count_failure(const Response& response) {
  counters_.timeouts += response.fault == Fault::timeout ? 1 : 0;
  counters_.throttles += response.fault == Fault::throttling ? 1 : 0;
}

CircuitBreaker::Ticket Caller::admit() {
  if (!breaker_) return {.epoch = 0, .admitted = true};
  const CircuitBreaker::State before = breaker_->state();
  const CircuitBreaker::Ticket ticket = breaker_->admit(world_.now());
  counters_.shed_by_breaker += ticket.admitted ? 0 : 1;
  log_breaker(before);
  return ticket;
}

void Caller::report(CircuitBreaker::Ticket ticket, CircuitBreaker::Outcome outcome) {
  if (!breaker_) return;
  const CircuitBreaker::State before = breaker_->state();
  breaker_->report(ticket, world_.now(), outcome);
  log_breaker(before);
}

void Caller::log_breaker(CircuitBreaker::State before) {
  const CircuitBreaker::State after = breaker_->state();
  if (after == before) return;
  std::string why = "every probe succeeded";
  if (after == CircuitBreaker::State::half_open)
    why = fmt::format("open for {}", show(policy_.breaker->open_for));
  if (after == CircuitBreaker::State::open)
    why = before == CircuitBreaker::State::closed
              ? fmt::format("{} of {} attempts failed within {}", breaker_->failures(), breaker_->calls(),
                            show(policy_.breaker->window))
              : "a probe failed";
  world_.log(world_.resources.name(self_), "breaker",
             fmt::format("calls to {}: {} -> {}: {}", world_.resources.name(callee_id_), state_name(before),
                         state_name(after), why));
}

void Caller::note_rate(bool throttled) {
  if (!send_rate_) return;
  send_rate_->answered(world_.now(), throttled);
  send_tokens_->set_capacity(in_token_units(send_rate_->capacity()));
  send_tokens_->set_rate({in_token_units(send_rate_->fill_rate().per_second), 1s});
}

RetryDecision Caller::decide(const Request& request, RetryProgress& progress, const Response& failure) {
  Draws draws = world_.random.request(kBackoff, request.number, request.attempt);
  const RetryDecision decision = decide_retry(policy_.retry, quota_, progress, failure, draws.next_uniform());
  counters_.shed_by_quota += decision.verdict == RetryVerdict::quota_empty ? 1 : 0;
  return decision;
}

CallResult Caller::finish(const Attempted& last, std::uint32_t attempts) {
  CallResult result{.response = last.response, .attempts = attempts, .interrupted = last.interrupted};
  if (last.interrupted) {
    ++counters_.interrupted;
    result.response = failed(Fault::shed, interrupted_error_, self_);
  } else {
    ++(result.ok() ? counters_.succeeded : counters_.failed);
  }
  return result;
}

}  // namespace nephoscope
