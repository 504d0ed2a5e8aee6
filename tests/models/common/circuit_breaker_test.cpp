#include "models/common/circuit_breaker.hpp"

#include <doctest/doctest.h>

namespace nephoscope {
namespace {

using State = CircuitBreaker::State;
using Outcome = CircuitBreaker::Outcome;

BreakerPolicy by_count(std::uint32_t failures) {
  BreakerPolicy policy;
  policy.failures = failures;
  return policy;
}

Time at(Duration offset) { return Time{} + offset; }

// Sends an attempt that ends at once. Returns whether it was admitted.
bool attempt(CircuitBreaker& breaker, Time now, Outcome outcome) {
  const CircuitBreaker::Ticket ticket = breaker.admit(now);
  if (ticket.admitted) breaker.report(ticket, now, outcome);
  return ticket.admitted;
}

void fail_times(CircuitBreaker& breaker, int times, Time now) {
  for (int i = 0; i < times; ++i) attempt(breaker, now, Outcome::failure);
}

TEST_CASE("breaker: it opens at the third failure when three are allowed to open it") {
  const BreakerPolicy policy = by_count(3);
  CircuitBreaker breaker(policy);
  fail_times(breaker, 2, at(1s));
  CHECK(breaker.state() == State::closed);
  fail_times(breaker, 1, at(1s));
  CHECK(breaker.state() == State::open);
  CHECK_FALSE(attempt(breaker, at(2s), Outcome::success));
}

TEST_CASE("breaker: failures that have left the window do not count") {
  const BreakerPolicy policy = by_count(3);  // window 10 s in steps of 1 s
  CircuitBreaker breaker(policy);
  fail_times(breaker, 2, at(0s));
  fail_times(breaker, 1, at(10s));  // steps 1 to 10: the first two are out
  CHECK(breaker.state() == State::closed);
  fail_times(breaker, 2, at(19s));  // steps 10 to 19
  CHECK(breaker.state() == State::open);
}

TEST_CASE("breaker: a failure rate counts only from the minimum of calls on") {
  BreakerPolicy policy;
  policy.failure_rate = Probability(0.5);
  policy.minimum_calls = 4;
  CircuitBreaker breaker(policy);
  fail_times(breaker, 2, at(1s));
  attempt(breaker, at(1s), Outcome::success);
  CHECK(breaker.state() == State::closed);  // 2 of 3
  fail_times(breaker, 1, at(1s));
  CHECK(breaker.state() == State::open);  // 3 of 4 >= 50 %
  CHECK(breaker.calls() == 4);
  CHECK(breaker.failures() == 3);
}

TEST_CASE("breaker: after open_for one probe is let through, and its success closes the breaker") {
  const BreakerPolicy policy = by_count(1);  // open for 5 s, 1 probe
  CircuitBreaker breaker(policy);
  fail_times(breaker, 1, at(1s));
  CHECK_FALSE(breaker.admit(at(5999ms)).admitted);
  const CircuitBreaker::Ticket probe = breaker.admit(at(6s));
  CHECK(probe.admitted);
  CHECK(breaker.state() == State::half_open);
  CHECK_FALSE(breaker.admit(at(6s)).admitted);
  breaker.report(probe, at(7s), Outcome::success);
  CHECK(breaker.state() == State::closed);
}

TEST_CASE("breaker: a failed probe opens it for another open_for") {
  const BreakerPolicy policy = by_count(1);
  CircuitBreaker breaker(policy);
  fail_times(breaker, 1, at(1s));
  const CircuitBreaker::Ticket probe = breaker.admit(at(6s));
  breaker.report(probe, at(8s), Outcome::failure);
  CHECK(breaker.state() == State::open);
  CHECK_FALSE(breaker.admit(at(12999ms)).admitted);
  CHECK(breaker.admit(at(13s)).admitted);
}

TEST_CASE("breaker: all of several probes must succeed") {
  BreakerPolicy policy = by_count(1);
  policy.probes = 2;
  CircuitBreaker breaker(policy);
  fail_times(breaker, 1, at(0s));
  CHECK(attempt(breaker, at(5s), Outcome::success));
  CHECK(breaker.state() == State::half_open);
  CHECK(attempt(breaker, at(5s), Outcome::success));
  CHECK(breaker.state() == State::closed);
}

TEST_CASE("breaker: an attempt from before it opened does not decide about its recovery") {
  const BreakerPolicy policy = by_count(1);
  CircuitBreaker breaker(policy);
  const CircuitBreaker::Ticket slow = breaker.admit(at(0s));
  fail_times(breaker, 1, at(1s));
  const CircuitBreaker::Ticket probe = breaker.admit(at(6s));
  breaker.report(slow, at(7s), Outcome::success);
  CHECK(breaker.state() == State::half_open);
  breaker.report(probe, at(7s), Outcome::success);
  CHECK(breaker.state() == State::closed);
}

TEST_CASE("breaker: a probe whose caller died makes room for another") {
  const BreakerPolicy policy = by_count(1);
  CircuitBreaker breaker(policy);
  fail_times(breaker, 1, at(0s));
  const CircuitBreaker::Ticket probe = breaker.admit(at(5s));
  breaker.report(probe, at(6s), Outcome::unknown);
  CHECK(breaker.state() == State::half_open);
  CHECK(breaker.admit(at(6s)).admitted);
}

}  // namespace
}  // namespace nephoscope
