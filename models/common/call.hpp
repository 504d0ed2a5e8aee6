// Calling a service as real programs do: time-outs, connection pools, retries with their quota, circuit
// breakers and hedged requests stand between the caller and the callee.
//
//   Caller orders(world, table, step.policy, self);
//   const CallResult result = co_await orders.call(request);
//   if (result.interrupted) co_return;
//   if (!result.ok()) ...
//
// One try goes through, in this order: the send-rate limiter (adaptive mode), the breaker, the pool, the
// wire. Names of the caller's own errors, beside those of the callee: Timeout (an attempt), CallTimeout (the
// whole call), CircuitBreakerOpen, ConnectionPoolTimeout.
//
// A caller's time-out does not stop the callee: it works on, and its late answer is dropped.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <type_traits>
#include <vector>

#include "engine/core/process.hpp"
#include "engine/queueing/station.hpp"
#include "engine/queueing/token_bucket.hpp"
#include "engine/random/draws.hpp"
#include "models/common/call_policy.hpp"
#include "models/common/circuit_breaker.hpp"
#include "models/common/hedge_delay.hpp"
#include "models/common/request.hpp"
#include "models/common/retry.hpp"
#include "models/common/send_rate.hpp"
#include "models/common/world.hpp"

namespace nephoscope {

// What became of a call.
struct CallResult {
  Response response;           // the last try's
  std::uint32_t attempts = 0;  // attempts that were sent, hedged ones included
  bool interrupted =
      false;  // the calling process was interrupted; `response` is then a failure without meaning
  bool ok() const { return response.ok(); }
};
static_assert(std::is_trivially_destructible_v<CallResult>);

// Hears of failures that a retry hides.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  // A try has failed with `failed` and will be repeated.
  virtual void retried(const Response& failed) = 0;
};

// One SDK client object for one callee: whoever shares it shares its retry quota, its send-rate limiter, its
// connections and its breaker (one per instance and service, unless the scenario says otherwise).
//
// A call without retry, pool, breaker, deadline and hedge costs one reply, one time-out and call()'s own
// frame.
class Caller final {
 public:
  // `self` names who is at fault when the caller's own side refuses, and the line in the event log;
  // `callee_id` who is at fault when an attempt times out (none: self). REQUIRES: world, callee and policy
  // outlive the caller, and the caller outlives its calls, hedged attempts that nobody waits for included (or
  // the simulation is cleared).
  Caller(World& world, Endpoint& callee, const CallPolicy& policy, ResourceId self,
         ResourceId callee_id = {});

  // Makes one call with all its retries. The request's number identifies it; request.attempt is the first
  // attempt's number, later ones count on. Nobody waits past request.deadline, nor past the policy's.
  // If the calling process is interrupted, the result is marked and comes at once.
  // REQUIRES: called from a process; `observer`, if given, outlives the call.
  Task<CallResult> call(Request request, CallObserver* observer = nullptr);

  // The program that held this client has started again: quota, send rate, breaker and what
  // it has seen of latencies are as new. REQUIRES:
  // its processes have been interrupted and have noticed.
  void reset();

  struct Counters {
    std::uint64_t calls = 0, succeeded = 0, failed = 0, interrupted = 0;
    std::uint64_t attempts = 0, retries = 0, timeouts = 0, throttles = 0, hedges = 0;
    std::uint64_t shed_by_breaker = 0, shed_by_pool = 0, shed_by_quota = 0;  // the last: retries not made
  };
  const Counters& counters() const { return counters_; }
  std::uint64_t in_flight() const {
    return counters_.calls - counters_.succeeded - counters_.failed - counters_.interrupted;
  }
  const RetryQuota& quota() const { return quota_; }
  // None unless the policy has one.
  const CircuitBreaker* breaker() const { return breaker_ ? &*breaker_ : nullptr; }
  const SendRate* send_rate() const { return send_rate_ ? &*send_rate_ : nullptr; }
  // Connections in use.
  std::uint64_t connections() const { return pool_ ? pool_->in_service() : 0; }

 private:
  // How one try ended.
  struct Attempted {
    Response response;
    bool interrupted = false;
    std::uint32_t sent = 0;  // attempts
    bool ok() const { return !interrupted && response.ok(); }
  };

  // One try of several attempts at a time. Lives until its last attempt has ended.
  struct Hedging {
    ReplyId outcome;            // what the call waits for
    std::uint32_t running = 0;  // attempts in flight
    std::uint32_t sent = 0;
    bool left = false;  // the call has its outcome
  };

  Task<CallResult> call_once(Request request);
  Task<CallResult> call_with_policy(Request request, CallObserver* observer);
  Task<Attempted> attempt(Request request);
  Task<Attempted> hedged(Request& request);
  Process run_hedged(Request request, std::uint32_t slot);
  void launch(const Request& request, std::uint32_t slot);
  std::uint32_t open_hedging();
  std::optional<Duration> hedge_after() const;
  Attempted leave(std::uint32_t slot, const Replies::Result& result);

  ReplyId send(Request request);
  Replies::ReplyWait answer_to(ReplyId reply, Time deadline);
  Attempted received(const Replies::Result& result, CircuitBreaker::Ticket ticket);
  Attempted refused(Fault fault, ErrorId error) const;
  Patience until(Time deadline) const;

  CircuitBreaker::Ticket admit();
  void report(CircuitBreaker::Ticket ticket, CircuitBreaker::Outcome outcome);
  void log_breaker(CircuitBreaker::State before);
  void note_rate(bool throttled);
  void count_failure(const Response& response);

  RetryDecision decide(const Request& request, RetryProgress& progress, const Response& failed);
  CallResult finish(const Attempted& last, std::uint32_t attempts);

  World& world_;
  Endpoint& callee_;
  const CallPolicy& policy_;
  ResourceId self_;
  ResourceId callee_id_;
  bool simple_;
  bool direct_;  // an attempt needs no wait before it is sent
  TimeoutClass timeout_;
  RetryQuota quota_;
  std::optional<CircuitBreaker> breaker_;
  std::optional<SendRate> send_rate_;
  std::optional<TokenBucket> send_tokens_;  // in millionths of a token
  std::optional<Station> pool_;
  std::optional<HedgeDelay> hedge_delay_;  // if the policy names a quantile
  std::deque<Hedging> hedgings_;
  std::vector<std::uint32_t> free_hedgings_;
  ErrorId timeout_error_, call_timeout_error_, breaker_error_, pool_error_, interrupted_error_;
  Counters counters_;
};

}  // namespace nephoscope
