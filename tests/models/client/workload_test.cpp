#include "models/client/workload.hpp"

#include <set>

#include "tests/models/client/fixture.hpp"

namespace nephoscope::client {
namespace {

Fault always_failing(const Request&, Time) { return Fault::transient; }

TEST_CASE("workload: evenly spaced calls come one spacing after the start and not at the end") {
  Fixture test("{target: front, arrivals: {rate: 2/s, spacing: even}}");
  test.run();
  // 0.5, 1.0, ... 9.5 s; the one at 10 s is past [0, 10 s).
  CHECK(test.service.sent_at.front() == 500ms);
  CHECK(test.service.requests.size() == 19);
  CHECK(test.value("arrivals.rate") == doctest::Approx(1.9));
  CHECK(test.world.requests == 19);
}

TEST_CASE("workload: only what arrives from the end of warm-up on is measured") {
  FixtureOptions options;
  options.run.warmup = 4s;
  Fixture test("{target: front, arrivals: {rate: 2/s, spacing: even}}", options);
  test.run();
  CHECK(test.ratio("availability").denominator == 12);  // 4.0, 4.5, ... 9.5 s
  CHECK(test.value("throughput") == 2);                 // 12 / 6 s
}

TEST_CASE("workload: availability is answered calls over arrived calls") {
  FixtureOptions options;
  options.judge = [](const Request&, Time now) { return now < Time{} + 3s ? Fault::transient : Fault::none; };
  Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}}", options);
  test.run();
  // Calls at 1 ... 9 s; those at 1 and 2 s fail.
  CHECK(test.ratio("availability").numerator == 7);
  CHECK(test.ratio("availability").denominator == 9);
  CHECK(test.ratio("errors.rate").numerator == 2);
}

TEST_CASE("workload: latency runs from the first attempt and failures count only in latency.all") {
  FixtureOptions options;
  options.judge = [](const Request& request, Time now) {
    return request.attempt == 1 || now > Time{} + 5s ? Fault::transient : Fault::none;
  };
  Fixture test("{target: front, arrivals: {stages: [{for: 1ns, rate: 0/s}, {for: 1h, rate: 0/s}]}}", options);
  Fixture retried(
      "{target: front, arrivals: {rate: 1/s, spacing: even}, stop: 5500ms, "
      "retry: {mode: plain, jitter: none, base: 1s, max_attempts: 2}}",
      options);
  test.run();
  retried.run();
  // Sent at t, failed at t + 0.01, sent again at t + 1.01 s: the calls of 1, 2 and 3 s succeed after 1.02 s.
  CHECK(retried.value("latency.mean") == doctest::Approx(1.02));
  CHECK(retried.ratio("latency.mean").denominator == 3);
  CHECK(retried.sketch("latency").quantile(0.5) == doctest::Approx(1.02));
  CHECK(retried.ratio("latency.all.mean").denominator == 5);
  CHECK(retried.sketch("latency.all").count() == 5);
  CHECK(retried.value("attempts.mean") == 2);
  CHECK(retried.value("availability.attempts") == doctest::Approx(0.3));  // 3 of 10 attempts
  CHECK(test.ratio("latency.mean").denominator == 0);
}

TEST_CASE("workload: calls in flight at the end are waited for and belong to their arrival") {
  FixtureOptions options;
  options.latency = 3s;
  Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}}", options);
  test.run();
  CHECK(test.value("availability") == 1);
  CHECK(test.world.open_calls == 0);
  CHECK(test.world.now() == Time{} + 12s);  // the last call came at 9 s
}

TEST_CASE("workload: calls that nobody has answered after draining are errors and in flight") {
  FixtureOptions options;
  options.latency = 3h;
  Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}, timeout: 2h}", options);
  test.run();
  CHECK(test.value("errors.rate") == 1);
  CHECK(test.world.open_calls == 9);
  CHECK(test.audits_hold());
}

TEST_CASE("workload: closed users think, call, wait and repeat") {
  FixtureOptions options;
  options.latency = 1s;
  Fixture test("{target: front, arrivals: {users: 2, think_time: 1s}}", options);
  test.run();
  // Each user calls at 1, 3, 5, 7, 9 s.
  CHECK(test.service.requests.size() == 10);
  CHECK(test.service.sent_at.back() == 9s);
  CHECK(test.audits_hold());
}

TEST_CASE("workload: users who neither think nor wait do not stop the clock") {
  FixtureOptions options;
  options.latency = 0s;
  options.run.duration = 1s;
  Fixture test("{target: front, arrivals: {users: 1}}", options);
  test.run();
  CHECK(test.service.requests.size() == 1000);  // one call a millisecond
}

TEST_CASE("workload: it runs from its start to its stop") {
  Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}, start: 2s, stop: 6s}");
  test.run();
  CHECK(test.service.sent_at == std::vector<Duration>{3s, 4s, 5s});
}

TEST_CASE("workload: operations are drawn by the shares of the mix, with their priorities") {
  FixtureOptions options;
  options.run.duration = 1001s;
  Fixture test(
      "{target: front, arrivals: {rate: 10/s, spacing: even}, mix: {browse: 80%, buy: 20%}, "
      "priorities: {buy: -1}}",
      options);
  test.run();
  const OperationId buy = test.world.operations.find("buy");
  int bought = 0;
  for (const Request& request : test.service.requests) {
    bought += request.operation == buy ? 1 : 0;
    CHECK(request.priority == (request.operation == buy ? -1 : 0));
  }
  // 10009 calls: 2002 expected, standard deviation sqrt(10009 * 0.2 * 0.8) = 40.
  CHECK(bought > 2002 - 160);
  CHECK(bought < 2002 + 160);
}

TEST_CASE("workload: keys run from 1, the hottest, as their law says") {
  FixtureOptions options;
  options.run.duration = 1001s;
  Fixture test(
      "{target: front, arrivals: {rate: 10/s, spacing: even}, "
      "keys: {dist: zipf, exponent: 1, count: 3}}",
      options);
  test.run();
  std::map<std::uint64_t, int> seen;
  for (const Request& request : test.service.requests) ++seen[request.key];
  REQUIRE(seen.size() == 3);
  CHECK(seen.begin()->first == 1);
  // P(1) = 1 / (1 + 1/2 + 1/3) = 6/11: 5459 of 10009, standard deviation 50.
  CHECK(seen[1] > 5459 - 200);
  CHECK(seen[1] < 5459 + 200);
}

TEST_CASE("workload: requests have the size that is stated") {
  Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}, request_size: 4KiB}");
  test.run();
  CHECK(test.service.requests.at(0).size == Bytes(4096));
  CHECK(test.service.requests[0].key == 0);
}

TEST_CASE("workload: each client object has a quota of its own") {
  for (const int clients : {1, 2}) {
    FixtureOptions options;
    options.judge = always_failing;
    options.run.duration = 1000s;
    Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}, retry: standard, clients: " +
                     std::to_string(clients) + "}",
                 options);
    test.run();
    // 999 calls, and 500 / 5 retries for each client.
    CHECK(test.service.requests.size() == static_cast<std::size_t>(999 + 100 * clients));
  }
}

TEST_CASE("workload: an expectation's window counts the calls that arrive in it") {
  FixtureOptions options;
  options.latency = 2s;
  options.judge = [](const Request&, Time now) {
    return now == Time{} + 5s ? Fault::transient : Fault::none;
  };
  options.run.windows = {{"blip", 4s, 6s}};
  Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}}", options);
  test.run();
  // Calls at 4 and 5 s; the second fails.
  CHECK(test.value("availability", Scope::window, "blip/shoppers") == 0.5);
  CHECK(test.value("arrivals.rate", Scope::window, "blip/shoppers") == 1);
}

TEST_CASE("workload: minutes below the objective are counted from the run's start") {
  FixtureOptions options;
  options.run.duration = 5min;
  options.judge = [](const Request&, Time now) {
    return now >= Time{} + 90s && now < Time{} + 130s ? Fault::transient : Fault::none;
  };
  Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}, objective: 80%}", options);
  test.run();
  // Minute 1 loses 30 of 60 calls, minute 2 loses 10 of 60 (83 % are answered).
  CHECK(test.value("minutes_degraded") == 1);
}

TEST_CASE("workload: failures are counted by who failed, with what, and whether a retry hid them") {
  FixtureOptions options;
  options.judge = [](const Request& request, Time) {
    return request.attempt < 3 ? Fault::transient : Fault::none;
  };
  Fixture hidden(
      "{target: front, arrivals: {rate: 1/s, spacing: even}, "
      "retry: {mode: plain, max_attempts: 3}}",
      options);
  Fixture visible("{target: front, arrivals: {rate: 1/s, spacing: even}}", options);
  hidden.run();
  visible.run();
  const std::map<FailureCause, std::uint64_t> retried = {
      {{"shoppers", "front", "ServiceUnavailable", false}, 18}};
  const std::map<FailureCause, std::uint64_t> final = {
      {{"shoppers", "front", "ServiceUnavailable", true}, 9}};
  CHECK(hidden.report.causes() == retried);
  CHECK(visible.report.causes() == final);
}

TEST_CASE("workload: a time-out is the target's, a refusal by the breaker nobody else's") {
  FixtureOptions options;
  options.latency = 1h;
  Fixture test(
      "{target: front, arrivals: {rate: 1/s, spacing: even}, timeout: 500ms, breaker: {failures: 1}}",
      options);
  test.run();
  // The calls of 1 and 7 s (a probe, 5 s after the breaker opened at 1.5 s) time out; the others are refused.
  const std::map<FailureCause, std::uint64_t> causes = {{{"shoppers", "", "CircuitBreakerOpen", true}, 7},
                                                        {{"shoppers", "front", "Timeout", true}, 2}};
  CHECK(test.report.causes() == causes);
  CHECK(test.audits_hold());
}

TEST_CASE("workload: call numbers depend on the workload and the arrival alone") {
  Fixture slow("{target: front, arrivals: {rate: 1/s, spacing: even}}");
  Fixture fast("{target: front, arrivals: {rate: 3/s}, retry: legacy}");
  slow.run();
  fast.run();
  std::set<std::uint64_t> numbers;
  for (const Request& request : fast.service.requests) numbers.insert(request.number);
  CHECK(numbers.size() == fast.service.requests.size());
  for (std::size_t i = 0; i < slow.service.requests.size(); ++i)
    CHECK(slow.service.requests[i].number == fast.service.requests.at(i).number);
}

TEST_CASE("workload: every arrival is answered, failed or in flight at any time") {
  FixtureOptions options;
  options.latency = 700ms;
  options.judge = [](const Request& request, Time) {
    return request.number % 3 == 0 ? Fault::client : Fault::none;
  };
  Fixture test("{target: front, arrivals: 20/s}", options);
  test.workload->start();
  for (int second = 1; second <= 10; ++second) {
    test.world.simulation.run_until(Time{} + second * 1s);
    CHECK(test.audits_hold());
  }
}

TEST_CASE("workload: the series hold each call at its arrival") {
  FixtureOptions options;
  options.latency = 3s;
  options.judge = [](const Request&, Time now) { return now == Time{} + 2s ? Fault::client : Fault::none; };
  Fixture test("{target: front, arrivals: {rate: 1/s, spacing: even}}", options);
  test.run();
  const SeriesMeasure& availability = test.report.all_series().at(1);
  REQUIRE(availability.name == "shoppers.availability");
  CHECK(availability.series.width() == 1s);
  CHECK(availability.series.windows()[1].mean() == 1);
  CHECK(availability.series.windows()[2].mean() == 0);
  CHECK(test.report.all_series().at(3).series.windows()[1].mean() == doctest::Approx(3));
}

}  // namespace
}  // namespace nephoscope::client
