// A circuit breaker: after too many failures a client stops sending for a while, then probes. Pure; the
// caller says what time it is.
//
//   closed --(too many failures in the window)--> open --(open_for passes)--> half_open
//   half_open --(every probe succeeds)--> closed        half_open --(a probe fails)--> open
//
// The pattern is M. Nygard's (Release It!, 2007). The window is a ring of ten buckets, as in Netflix's
// Hystrix.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/config/field_table.hpp"
#include "models/common/request.hpp"

namespace nephoscope {

// What a scenario says under `breaker`. Failures are transient faults, throttles and time-outs; answers that
// blame the request (HTTP 4xx) count as successes, since the callee is well.
struct BreakerPolicy {
  std::optional<std::uint32_t> failures;    // in the window
  std::optional<Probability> failure_rate;  // of the window's attempts; 50 % if neither is given
  Duration window = 10s;
  std::uint32_t minimum_calls = 20;  // in the window, before a rate means anything
  Duration open_for = 5s;
  std::uint32_t probes = 1;

  static const FieldTable<BreakerPolicy>& fields();
};

class CircuitBreaker final {
 public:
  enum class State : std::uint8_t { closed, open, half_open };
  enum class Outcome : std::uint8_t {
    success,
    failure,
    unknown,  // the caller died, or never sent it
  };

  // Admission of one attempt. Attempts that were admitted in an earlier state do not count when they end.
  struct Ticket {
    std::uint32_t epoch = 0;
    bool admitted = false;
  };

  // REQUIRES: `policy` outlives the breaker.
  explicit CircuitBreaker(const BreakerPolicy& policy) : policy_(policy) {}

  // Asks to send an attempt. An admitted one owes a report(), in the end. REQUIRES (both): `now` never goes
  // back.
  Ticket admit(Time now);
  void report(Ticket ticket, Time now, Outcome outcome);

  State state() const { return state_; }
  // The window's attempts and failures at the last report in state closed: why it opened.
  std::uint64_t calls() const { return calls_; }
  std::uint64_t failures() const { return failures_; }

 private:
  static constexpr std::size_t kBuckets = 10;
  struct Bucket {
    std::uint64_t calls = 0;
    std::uint64_t failures = 0;
  };

  void enter(State state, Time now);
  void advance(Time now);
  void count(Time now, bool failed);
  bool too_many() const;

  const BreakerPolicy& policy_;
  State state_ = State::closed;
  std::uint32_t epoch_ = 1;
  Time entered_{};
  std::array<Bucket, kBuckets> buckets_;
  std::int64_t newest_ = 0;  // number of the newest bucket since the run's start
  std::uint64_t calls_ = 0;
  std::uint64_t failures_ = 0;
  std::uint32_t probes_out_ = 0;
  std::uint32_t probes_succeeded_ = 0;
};

}  // namespace nephoscope
