// How a client calls a service: time-outs, retries, connections, breaker and hedging, as a scenario states
// them.
//
// These keys stand beside others, in a workload and in a `call` step. Such a struct derives from CallPolicy
// and passes its table through with_call_policy():
//
//   struct CallStep final : CallPolicy { Reference callee; static const FieldTable<CallStep>& fields(); };
//   static const auto table =
//       with_call_policy(FieldTable<CallStep>("call", "...").required("call",
//       &CallStep::callee)).validate(...);
//
// Not modelled: connecting as a phase of its own (DNS, TCP, TLS), so there is no connect time-out; a callee
// that is not there shows as a reset or as silence until `timeout`.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>

#include "engine/base/time.hpp"
#include "engine/config/field_table.hpp"
#include "models/common/circuit_breaker.hpp"
#include "models/common/retry.hpp"

namespace nephoscope {

// The connections of one client object. Each attempt in flight holds one. An attempt that times out gives it
// up: HTTP clients close such a connection, because a late answer would be taken for the next request's.
struct PoolPolicy {
  std::uint32_t max_connections = 50;
  Duration acquire_timeout = 10s;

  static const FieldTable<PoolPolicy>& fields();
};

// A second attempt at the same time when the first is slow; the first success wins (J. Dean, L. A. Barroso,
// "The Tail at Scale", CACM 56(2), 2013).
struct HedgePolicy {
  std::optional<Duration> after;        // a fixed time, or
  std::optional<Probability> quantile;  // of what the client has seen, see hedge_delay.hpp
  std::uint32_t max = 1;  // hedged attempts besides the first, each so much later than the one before

  static const FieldTable<HedgePolicy>& fields();
};

struct CallPolicy {
  Duration timeout = 60s;            // of each attempt, from sending it to its answer
  std::optional<Duration> deadline;  // of the whole call, retries and sleeps included
  RetryPolicy retry;
  std::optional<PoolPolicy> pool;        // none = as many connections as attempts
  std::optional<BreakerPolicy> breaker;  // none = never refuses
  std::optional<HedgePolicy> hedge;      // none = one attempt at a time

  // What the fields mean and where defaults come from.
  static FieldRules timeout_rules();
  static FieldRules deadline_rules();
};

// Adds the call policy's keys to a table.
template <std::derived_from<CallPolicy> T>
FieldTable<T>&& with_call_policy(FieldTable<T>&& table) {
  const auto own = []<class M>(M CallPolicy::*member) { return static_cast<M T::*>(member); };
  return std::move(table)
      .field("timeout", own(&CallPolicy::timeout), CallPolicy::timeout_rules())
      .field("deadline", own(&CallPolicy::deadline), CallPolicy::deadline_rules())
      .field("retry", own(&CallPolicy::retry), {.doc = "what happens after a failed attempt"})
      .field("pool", own(&CallPolicy::pool), {.doc = "the client's connections; none = unlimited"})
      .field("breaker", own(&CallPolicy::breaker),
             {.doc = "the client's circuit breaker; none = sends always"})
      .field("hedge", own(&CallPolicy::hedge), {.doc = "a further attempt while the first is slow"});
}

}  // namespace nephoscope
