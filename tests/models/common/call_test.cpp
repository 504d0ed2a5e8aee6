#include "models/common/call.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace nephoscope {
namespace {

// How the fake callee answers one attempt.
struct Scripted {
  Duration after{};
  Fault fault = Fault::none;
  bool silent = false;  // never answers
};

// Answers attempts by a script; its last line repeats.
class FakeService final : public Endpoint {
 public:
  FakeService(World& world, std::vector<Scripted> script) : world_(world), script_(std::move(script)) {}

  void submit(const Request& request, ReplyId reply) override {
    const std::size_t line = std::min(requests.size(), script_.size() - 1);
    sent_at.push_back(world_.now() - Time{});
    requests.push_back(request);
    if (!script_[line].silent) world_.simulation.spawn(work(script_[line], reply));
  }

  std::vector<Request> requests;
  std::vector<Duration> sent_at;
  std::vector<Duration> finished_at;
  std::vector<bool> heard;  // whether somebody still waited

 private:
  Process work(Scripted line, ReplyId reply) {
    if (line.after > Duration{}) co_await world_.simulation.delay(line.after);
    finished_at.push_back(world_.now() - Time{});
    Response response;
    response.fault = line.fault;
    heard.push_back(world_.replies.answer(reply, response));
  }

  World& world_;
  std::vector<Scripted> script_;
};

struct Done {
  std::uint64_t number = 0;
  Duration at{};
  CallResult result;
};

class Fixture {
 public:
  explicit Fixture(std::vector<Scripted> script, CallPolicy how = {})
      : policy(how),
        world(RunWindow{.duration = 1h, .windows = {}}, Seed{1}, 0),
        service(world, std::move(script)),
        caller(world, service, policy, world.resources.intern("client"), world.resources.intern("service")) {}

  // Starts a call at once; its end is noted in `done`.
  void call(std::uint64_t number = 1) { world.simulation.spawn(one(number), &group); }
  void call_at(Duration when, std::uint64_t number) { world.simulation.spawn(later(when, number)); }
  void run(Duration until = 1h) { world.simulation.run_until(Time{} + until); }
  std::string error(const Done& call) const { return world.errors.name(call.result.response.error); }

  CallPolicy policy;
  World world;
  FakeService service;
  Caller caller;
  ProcessGroup group;
  std::vector<Done> done;

 private:
  Process one(std::uint64_t number) {
    Request request;
    request.number = number;
    const CallResult result = co_await caller.call(request);
    done.push_back({number, world.now() - Time{}, result});
  }
  Process later(Duration when, std::uint64_t number) {
    co_await world.simulation.delay(when);
    call(number);
  }
};

CallPolicy with_timeout(Duration timeout) {
  CallPolicy policy;
  policy.timeout = timeout;
  return policy;
}

CallPolicy with_mode(RetryMode mode) {
  CallPolicy policy;
  policy.retry.mode = mode;
  return policy;
}

// Retries every `pause`, so that times can be computed by hand.
CallPolicy with_fixed_retries(std::uint32_t attempts, Duration pause, Duration timeout = 60s) {
  CallPolicy policy = with_timeout(timeout);
  policy.retry.mode = RetryMode::plain;
  policy.retry.jitter = Jitter::none;
  policy.retry.base = pause;
  policy.retry.max_attempts = attempts;
  return policy;
}

constexpr Scripted kDead{.fault = Fault::transient};
constexpr Scripted kSilent{.silent = true};

TEST_CASE("call: a plain call returns the callee's answer when it comes") {
  Fixture test({{.after = 30ms}});
  test.call();
  test.run();
  REQUIRE(test.done.size() == 1);
  CHECK(test.done[0].result.ok());
  CHECK(test.done[0].result.attempts == 1);
  CHECK(test.done[0].at == 30ms);
}

TEST_CASE("call: without a retry policy a failure is returned after one attempt") {
  Fixture test({kDead});
  test.call();
  test.run();
  CHECK(test.done.at(0).result.response.fault == Fault::transient);
  CHECK(test.service.requests.size() == 1);
}

TEST_CASE("call: a time-out does not stop the callee, whose late answer is dropped") {
  Fixture test({{.after = 3s}}, with_timeout(1s));
  test.call();
  test.run();
  CHECK(test.done.at(0).at == 1s);
  CHECK(test.done[0].result.response.fault == Fault::timeout);
  CHECK(test.error(test.done[0]) == "Timeout");
  CHECK(test.world.resources.name(test.done[0].result.response.source) == "service");
  CHECK(test.service.finished_at.at(0) == 3s);
  CHECK_FALSE(test.service.heard.at(0));
}

TEST_CASE("call: legacy retries multiply the load on a dead service by exactly five") {
  Fixture test({kDead}, with_mode(RetryMode::legacy));
  for (std::uint64_t number = 1; number <= 100; ++number) test.call(number);
  test.run();
  CHECK(test.done.size() == 100);
  CHECK(test.service.requests.size() == 500);
  CHECK(test.done.front().result.attempts == 5);
}

TEST_CASE("call: a standard client sends a dead service one attempt a call and 100 retries, then no more") {
  Fixture test({kDead}, with_mode(RetryMode::standard));
  for (std::uint64_t number = 1; number <= 300; ++number) test.call(number);
  test.run();
  CHECK(test.service.requests.size() == 400);
  CHECK(test.caller.counters().retries == 100);
  CHECK(test.caller.quota().available() == 0);
}

TEST_CASE("call: the quota affords half as many retries when attempts time out") {
  CallPolicy policy = with_mode(RetryMode::standard);
  policy.timeout = 1s;
  Fixture test({kSilent}, policy);
  for (std::uint64_t number = 1; number <= 300; ++number) test.call(number);
  test.run();
  CHECK(test.caller.counters().retries == 50);
  CHECK(test.caller.counters().timeouts == 350);
}

TEST_CASE("call: attempts of one call carry the call's number and count on") {
  Fixture test({kDead}, with_fixed_retries(3, 1s));
  test.call(77);
  test.run();
  REQUIRE(test.service.requests.size() == 3);
  for (std::uint32_t i = 0; i < 3; ++i) {
    CHECK(test.service.requests[i].number == 77);
    CHECK(test.service.requests[i].attempt == i + 1);
  }
  CHECK(test.service.sent_at == std::vector<Duration>{0s, 1s, 2s});
}

TEST_CASE("call: backoff sleeps are drawn by the call's number, so equal calls sleep alike") {
  Fixture test({kDead}, with_mode(RetryMode::standard));
  Fixture again({{.after = 10ms, .fault = Fault::transient}}, with_mode(RetryMode::standard));
  test.call(5);
  again.call(4);
  again.call(5);
  test.run();
  again.run();
  const Done& same = again.done.at(again.done.at(0).number == 5 ? 0 : 1);
  // The same sleeps, plus 10 ms for each of three attempts.
  CHECK(same.at - test.done.at(0).at == 30ms);
}

TEST_CASE("call: a retried success tells an observer of the failures it hides") {
  struct Observer final : CallObserver {
    int failures = 0;
    void retried(const Response& failed) override { failures += failed.fault == Fault::transient ? 1 : 0; }
  } observer;
  Fixture test({kDead, kDead, {.after = 5ms}}, with_fixed_retries(3, 1s));
  const auto run = [](Fixture& fixture, CallObserver& listener) -> Process {
    const CallResult result = co_await fixture.caller.call(Request{}, &listener);
    fixture.done.push_back({0, fixture.world.now() - Time{}, result});
  };
  test.world.simulation.spawn(run(test, observer));
  test.run();
  CHECK(test.done.at(0).result.ok());
  CHECK(test.done[0].at == 2005ms);
  CHECK(observer.failures == 2);
}

TEST_CASE("call: a deadline ends the call in the middle of an attempt") {
  CallPolicy policy = with_fixed_retries(5, 1s, 1s);
  policy.deadline = 2500ms;
  Fixture test({kSilent}, policy);
  test.call();
  test.run();
  // Sent at 0, timed out at 1 s, sent again at 2 s, given up at 2.5 s.
  CHECK(test.done.at(0).at == 2500ms);
  CHECK(test.done[0].result.attempts == 2);
  CHECK(test.error(test.done[0]) == "CallTimeout");
  CHECK(test.service.requests.back().deadline == Time{} + 2500ms);
}

TEST_CASE("call: a deadline ends the call in the middle of a sleep") {
  CallPolicy policy = with_fixed_retries(5, 1s);
  policy.deadline = 700ms;
  Fixture test({kDead}, policy);
  test.call();
  test.run();
  CHECK(test.done.at(0).at == 700ms);
  CHECK(test.done[0].result.attempts == 1);
  CHECK(test.caller.counters().retries == 0);
  CHECK(test.error(test.done[0]) == "CallTimeout");
}

TEST_CASE("call: with one connection the second call waits for the first to be answered") {
  CallPolicy policy;
  policy.pool = PoolPolicy{.max_connections = 1, .acquire_timeout = 10s};
  Fixture test({{.after = 2s}}, policy);
  test.call(1);
  test.call(2);
  test.run();
  CHECK(test.service.sent_at == std::vector<Duration>{0s, 2s});
  CHECK(test.done.at(1).at == 4s);
  CHECK(test.caller.connections() == 0);
}

TEST_CASE("call: who waits too long for a connection fails without having been sent") {
  CallPolicy policy;
  policy.pool = PoolPolicy{.max_connections = 1, .acquire_timeout = 1s};
  Fixture test({{.after = 2s}}, policy);
  test.call(1);
  test.call(2);
  test.run();
  CHECK(test.done.at(0).at == 1s);
  CHECK(test.error(test.done[0]) == "ConnectionPoolTimeout");
  CHECK(test.done[0].result.attempts == 0);
  CHECK(test.service.requests.size() == 1);
  CHECK(test.caller.counters().shed_by_pool == 1);
}

TEST_CASE("call: an attempt that times out gives its connection up at once") {
  CallPolicy policy = with_timeout(1s);
  policy.pool = PoolPolicy{.max_connections = 1, .acquire_timeout = 10s};
  Fixture test({{.after = 5s}}, policy);
  test.call(1);
  test.call(2);
  test.run();
  CHECK(test.service.sent_at == std::vector<Duration>{0s, 1s});
}

TEST_CASE("call: an open breaker refuses at once, and the event log says why it opened") {
  CallPolicy policy;
  policy.breaker = BreakerPolicy{.failures = 2, .failure_rate = {}};
  Fixture test({kDead}, policy);
  for (std::uint64_t number = 1; number <= 3; ++number) test.call_at(number * 1s, number);
  test.run(4s);
  CHECK(test.service.requests.size() == 2);
  CHECK(test.error(test.done.at(2)) == "CircuitBreakerOpen");
  CHECK(test.caller.counters().shed_by_breaker == 1);
  REQUIRE(test.world.events.events().size() == 1);
  CHECK(test.world.events.events()[0].kind == "breaker");
  CHECK(test.world.events.events()[0].text ==
        "calls to service: closed -> open: 2 of 2 attempts failed within 10s");
}

TEST_CASE("call: a breaker that has recovered lets calls through again") {
  CallPolicy policy;
  policy.breaker = BreakerPolicy{.failures = 2, .failure_rate = {}};
  Fixture test({kDead, kDead, {.after = 1ms}}, policy);
  for (const Duration when : {1s, 2s, 6s, 7s, 8s}) test.call_at(when, 1);
  test.run();
  // Opened at 2 s, so 6 s is refused, 7 s is the probe, and 8 s goes through.
  CHECK(test.service.sent_at == std::vector<Duration>{1s, 2s, 7s, 8s});
  CHECK(test.world.events.events().size() == 3);
}

CallPolicy with_hedge(Duration after, std::uint32_t max = 1) {
  CallPolicy policy;
  policy.hedge = HedgePolicy{.after = after, .quantile = {}, .max = max};
  return policy;
}

TEST_CASE("call: a hedged attempt that answers first wins") {
  Fixture test({{.after = 500ms}, {.after = 50ms}}, with_hedge(100ms));
  test.call();
  test.run();
  CHECK(test.done.at(0).at == 150ms);
  CHECK(test.done[0].result.ok());
  CHECK(test.done[0].result.attempts == 2);
  CHECK(test.service.requests.at(1).attempt == 2);
  CHECK(test.service.finished_at.back() == 500ms);  // the loser works on
}

TEST_CASE("call: a hedged attempt that is slower than the first loses") {
  Fixture test({{.after = 120ms}, {.after = 500ms}}, with_hedge(100ms));
  test.call();
  test.run();
  CHECK(test.done.at(0).at == 120ms);
  CHECK(test.done[0].result.attempts == 2);
  CHECK(test.caller.counters().succeeded == 1);
}

TEST_CASE("call: no hedge is sent when the first attempt answers in time") {
  Fixture test({{.after = 90ms}}, with_hedge(100ms));
  test.call();
  test.run();
  CHECK(test.done.at(0).at == 90ms);
  CHECK(test.caller.counters().hedges == 0);
}

TEST_CASE("call: a hedged try fails only when all its attempts have failed") {
  Fixture test({{.after = 200ms, .fault = Fault::transient}, {.after = 50ms, .fault = Fault::transient}},
               with_hedge(100ms));
  test.call();
  test.run();
  CHECK(test.done.at(0).at == 200ms);
  CHECK(test.done[0].result.response.fault == Fault::transient);
}

TEST_CASE("call: hedges are sent one after another up to their number") {
  Fixture test({{.after = 1s}}, with_hedge(100ms, 3));
  test.call();
  test.run();
  CHECK(test.service.sent_at == std::vector<Duration>{0s, 100ms, 200ms, 300ms});
}

TEST_CASE("call: hedging at a quantile begins after 1000 attempts and waits for what they took") {
  CallPolicy policy;
  policy.hedge = HedgePolicy{.after = {}, .quantile = Probability(0.95), .max = 1};
  // One in ten attempts takes 100 ms, the others 10 ms, so the p95 is 100 ms; the last one is much slower.
  std::vector<Scripted> script;
  for (int i = 0; i < 1000; ++i) script.push_back({.after = i % 10 == 0 ? Duration(100ms) : Duration(10ms)});
  script.push_back({.after = 5s});
  script.push_back({.after = 10ms});
  Fixture test(script, policy);
  for (std::uint64_t number = 1; number <= 1000; ++number) test.call(number);
  test.run(10s);
  REQUIRE(test.caller.counters().hedges == 0);
  test.call(1001);
  test.run();
  CHECK(test.done.back().at == 10s + 110ms);
  CHECK(test.caller.counters().hedges == 1);
}

TEST_CASE("call: the adaptive mode paces attempts after a throttle as computed by hand") {
  Fixture test({{.fault = Fault::throttling}, {}}, with_mode(RetryMode::adaptive));
  const auto three_calls = [](Fixture& fixture) -> Process {
    for (std::uint64_t number = 1; number <= 3; ++number) {
      Request request;
      request.number = number;
      co_await fixture.caller.call(request);
    }
  };
  test.world.simulation.spawn(three_calls(test));
  test.run();
  // t = 0: throttled with nothing measured: w = 0, fill = 0.5/s, bucket empty: the next token is there at 2
  // s. t = 2: success; 2 answers in 2 s, m = 0.8; K = 0, cubic 0.4 * 2^3 = 3.2 > 2 m = 1.6 = fill; 1 / 1.6 =
  // 0.625 s. t = 2.625: success; 1 answer in 0.5 s, m = 0.8 * 2 + 0.2 * 0.8 = 1.76, fill = 3.52; 1 / 3.52 =
  // 0.28409 s.
  CHECK(test.service.sent_at == std::vector<Duration>{0s, 2s, 2625ms, 2909090910ns});
  CHECK(test.caller.send_rate()->fill_rate().per_second == doctest::Approx(3.52));
}

TEST_CASE("call: an interrupted caller returns at once, marked, and keeps no connection") {
  CallPolicy policy;
  policy.pool = PoolPolicy{.max_connections = 1, .acquire_timeout = 10s};
  Fixture test({{.after = 2s}}, policy);
  test.call(1);
  test.call(2);
  test.run(1s);
  test.group.interrupt_all();
  test.run();
  REQUIRE(test.done.size() == 2);
  for (const Done& call : test.done) {
    CHECK(call.at == 1s);
    CHECK(call.result.interrupted);
    CHECK_FALSE(call.result.ok());
  }
  CHECK(test.caller.counters().interrupted == 2);
  CHECK(test.caller.connections() == 0);
  CHECK(test.service.finished_at.at(0) == 2s);
}

TEST_CASE("call: an interruption ends a sleep between retries and a hedged try") {
  Fixture retrying({kDead}, with_fixed_retries(3, 10s));
  Fixture hedging({{.after = 5s}}, with_hedge(100ms));
  for (Fixture* test : {&retrying, &hedging}) {
    test->call();
    test->run(1s);
    test->group.interrupt_all();
    test->run();
    CHECK(test->done.at(0).at == 1s);
    CHECK(test->done[0].result.interrupted);
  }
}

TEST_CASE("call: an interrupted call earns no refund") {
  Fixture test({kDead, kDead, kDead, kSilent}, with_mode(RetryMode::standard));
  test.call(1);
  test.run(30s);
  test.call(2);
  test.run(31s);
  REQUIRE(test.caller.quota().available() == 490);
  test.group.interrupt_all();
  test.run();
  CHECK(test.done.at(1).result.interrupted);
  CHECK(test.caller.quota().available() == 490);
}

TEST_CASE("call: a restarted client has a fresh quota") {
  Fixture test({kDead}, with_mode(RetryMode::standard));
  test.call();
  test.run();
  CHECK(test.caller.quota().available() == 490);
  test.caller.reset();
  CHECK(test.caller.quota().available() == 500);
}

TEST_CASE("call: every call has succeeded, failed, been interrupted or is in flight") {
  Fixture test({{.after = 1s}, kDead, kSilent, {.after = 3s}}, with_timeout(2s));
  for (std::uint64_t number = 1; number <= 4; ++number) test.call(number);
  test.run(1500ms);
  const Caller::Counters& counters = test.caller.counters();
  CHECK(counters.calls == 4);
  CHECK(counters.succeeded == 1);
  CHECK(counters.failed == 1);
  CHECK(test.caller.in_flight() == 2);
}

}  // namespace
}  // namespace nephoscope
