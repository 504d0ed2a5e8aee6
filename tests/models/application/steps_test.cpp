#include "tests/models/application/fixture.hpp"

namespace nephoscope::application {
namespace {

TEST_CASE("application: a compute of 10 ms on a free vCPU takes 10 ms") {
  Fixture f("{handlers: {get: [{compute: 10ms}]}}");
  const Answer& answer = f.send(1ms);
  f.run();
  CHECK(answer.count == 1);
  CHECK(answer.response.ok());
  CHECK(answer.at == at(11ms));
  CHECK(f.server->cpu_time() == 10ms);
  f.check_balance();
}

TEST_CASE("application: two computes of 10 ms on one vCPU both end at 20 ms") {
  Fixture f("{handlers: {get: [{compute: 10ms}]}}");
  const Answer& a = f.send(0ms);
  const Answer& b = f.send(0ms);
  f.run();
  // Each gets half of the vCPU: 10 ms / (1/2).
  CHECK(a.at == at(20ms));
  CHECK(b.at == at(20ms));
  f.check_balance();
}

TEST_CASE("application: two computes of 10 ms on two vCPUs both end at 10 ms") {
  Fixture f("{handlers: {get: [{compute: 10ms}]}}", 2);
  const Answer& a = f.send(0ms);
  const Answer& b = f.send(0ms);
  f.run();
  CHECK(a.at == at(10ms));
  CHECK(b.at == at(10ms));
  CHECK(f.server->cpu_time() == 20ms);
}

TEST_CASE("application: the CPU's speed divides the time of computes") {
  Fixture f("{handlers: {get: [{compute: 10ms}]}}");
  f.server->set_speed(0.25);
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(40ms));
}

TEST_CASE("application: a wait uses no CPU, so two of them do not disturb each other") {
  Fixture f("{handlers: {get: [{wait: 10ms}]}}");
  const Answer& a = f.send(0ms);
  const Answer& b = f.send(0ms);
  f.run();
  CHECK(a.at == at(10ms));
  CHECK(b.at == at(10ms));
  CHECK(f.server->cpu_time() == 0ms);
}

TEST_CASE("application: a tandem of compute, call and compute takes the sum of its parts") {
  Fixture f("{handlers: {get: [{compute: 2ms}, {call: db.Get}, {compute: 3ms}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(10ms));  // 2 + 5 + 3
  REQUIRE(f.db.seen.size() == 1);
  CHECK(f.world.operations.name(f.db.seen[0].operation) == "Get");
}

TEST_CASE("application: a worker stays held while its request waits for a callee") {
  Fixture f("{concurrency: 1, handlers: {get: [{call: db.Get}]}}");
  const Answer& a = f.send(0ms);
  const Answer& b = f.send(1ms);
  f.run();
  CHECK(a.at == at(5ms));
  CHECK(b.at == at(10ms));  // gets the worker at 5 ms
  f.check_balance();
}

TEST_CASE("application: a request that finds no worker and no waiting place is rejected at once") {
  Fixture f("{concurrency: 1, backlog: 1, handlers: {get: [{wait: 10ms}]}}");
  const Answer& a = f.send(0ms);
  const Answer& b = f.send(1ms);
  const Answer& c = f.send(2ms);
  f.run();
  CHECK(a.response.ok());
  CHECK(b.at == at(20ms));
  CHECK(c.at == at(2ms));
  CHECK(c.response.fault == Fault::transient);
  CHECK(f.error(c) == "Overloaded");
  CHECK(c.response.source == f.world.resources.find("resources.web"));
  f.check_balance();
}

TEST_CASE(
    "application: a call carries the request's priority and key, its own size and a number of its own") {
  Fixture f("{handlers: {get: [{call: db.Get, size: 2KiB}]}}");
  Request request = f.request();
  request.priority = 3;
  request.key = 77;
  f.send(0ms, request);
  f.run();
  REQUIRE(f.db.seen.size() == 1);
  CHECK(f.db.seen[0].priority == 3);
  CHECK(f.db.seen[0].key == 77);
  CHECK(f.db.seen[0].size == Bytes(2048));
  CHECK(f.db.seen[0].number == child_number(request.number, 1, 1));  // step 1 of attempt 1
}

TEST_CASE("application: a new key is never one of those that are drawn, nor the same twice") {
  Fixture f("{handlers: {get: [{call: db.Put, key: new}, {call: db.Put, key: new}]}}");
  f.send(0ms);
  f.run();
  REQUIRE(f.db.seen.size() == 2);
  CHECK(f.db.seen[0].key > ZipfKeys::kMaxCount);
  CHECK(f.db.seen[1].key > ZipfKeys::kMaxCount);
  CHECK(f.db.seen[0].key != f.db.seen[1].key);
}

TEST_CASE("application: a drawn key lies in 1 to count") {
  Fixture f(
      "{handlers: {get: [{repeat: {times: 200, steps: [{call: db.Get, key: {dist: zipf, count: 3}}]}}]}}");
  f.send(0ms);
  f.run();
  REQUIRE(f.db.seen.size() == 200);
  std::map<std::uint64_t, int> counts;
  for (const Request& request : f.db.seen) ++counts[request.key];
  CHECK(counts.size() == 3);
  CHECK(counts.begin()->first == 1);
  CHECK(counts.rbegin()->first == 3);
}

TEST_CASE("application: a failed call fails the request as a transient fault that keeps error and source") {
  Fixture f("{handlers: {get: [{call: db.Get}, {compute: 1ms}]}}");
  f.db.response.fault = Fault::client;
  f.db.response.error = f.world.errors.intern("ValidationException");
  f.db.response.source = f.world.resources.intern("resources.db");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(5ms));  // the compute is not reached
  CHECK(answer.response.fault == Fault::transient);
  CHECK(f.error(answer) == "ValidationException");
  CHECK(answer.response.source == f.world.resources.find("resources.db"));
  f.check_balance();
}

TEST_CASE("application: on_error ignore goes on after a failed call") {
  Fixture f("{handlers: {get: [{call: db.Get, on_error: ignore}, {compute: 1ms}]}}");
  f.db.response.fault = Fault::transient;
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(6ms));
  CHECK(answer.response.ok());
}

TEST_CASE(
    "application: steps under on_error run after a failed call only, and the handler goes on behind them") {
  const std::string yaml = "{handlers: {get: [{call: db.Get, on_error: [{compute: 3ms}]}, {compute: 1ms}]}}";
  Fixture good(yaml);
  const Answer& served = good.send(0ms);
  good.run();
  CHECK(served.at == at(6ms));  // 5 + 1
  Fixture bad(yaml);
  bad.db.response.fault = Fault::transient;
  const Answer& answer = bad.send(0ms);
  bad.run();
  CHECK(answer.at == at(9ms));  // 5 + 3 + 1
  CHECK(answer.response.ok());
}

TEST_CASE("application: a call that times out fails the request, and the callee works on for nobody") {
  Fixture f("{handlers: {get: [{call: db.Get, timeout: 2ms}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(2ms));
  CHECK(answer.response.fault == Fault::transient);
  CHECK(f.db.answered == 1);
}

TEST_CASE("application: repeat runs its steps as often as told") {
  Fixture f("{handlers: {get: [{repeat: {times: 3, steps: [{call: db.Get}]}}, {compute: 1ms}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(16ms));  // 3 x 5 + 1
  REQUIRE(f.db.seen.size() == 3);
  CHECK(f.db.seen[0].number != f.db.seen[1].number);
  CHECK(f.db.seen[1].number != f.db.seen[2].number);
}

TEST_CASE("application: repetitions multiply when they are nested") {
  Fixture f(
      "{handlers: {get: [{repeat: {times: 3, steps: [{repeat: {times: 4, steps: [{call: db.Get}]}}]}}]}}");
  f.send(0ms);
  f.run();
  REQUIRE(f.db.seen.size() == 12);
  std::map<std::uint64_t, int> numbers;
  for (const Request& request : f.db.seen) ++numbers[request.number];
  CHECK(numbers.size() == 12);  // every call has draws of its own
}

TEST_CASE("application: a repetition until 25 % takes four rounds on average") {
  Fixture f("{concurrency: 10000, handlers: {get: [{repeat: {until: 25%, steps: [{call: db.Get}]}}]}}");
  for (int i = 0; i < 10'000; ++i) f.send(0ms);
  f.run();
  // Geometric: mean 1 / 0.25 = 4, variance 0.75 / 0.25^2 = 12, so the mean of 10^4 deviates by 0.035.
  CHECK(static_cast<double>(f.db.seen.size()) / 10'000 == doctest::Approx(4).epsilon(0.035));
}

TEST_CASE("application: choose sends each share of requests its way, and the rest on") {
  Fixture f(
      "{concurrency: 10000, handlers: {get: [{choose: [{share: 30%, steps: [{call: db.Get}]},"
      " {share: 50%, steps: [{call: other.Get}]}]}]}}");
  for (int i = 0; i < 10'000; ++i) f.send(0ms);
  f.run();
  // Binomial: deviation sqrt(0.3 x 0.7 x 10^4) = 46, and 50.
  CHECK(f.db.seen.size() == doctest::Approx(3000).epsilon(0.06));
  CHECK(f.other.seen.size() == doctest::Approx(5000).epsilon(0.04));
}

TEST_CASE("application: shares of 100 % leave nobody out") {
  Fixture f(
      "{concurrency: 10000, handlers: {get: [{choose: [{share: 70%, steps: [{call: db.Get}]},"
      " {share: 20%, steps: [{call: db.Get}]}, {share: 10%, steps: [{call: db.Get}]}]}]}}");
  for (int i = 0; i < 1000; ++i) f.send(0ms);
  f.run();
  CHECK(f.db.seen.size() == 1000);
}

TEST_CASE("application: spawned steps hold no worker and nobody waits for them") {
  Fixture f("{concurrency: 1, handlers: {get: [{spawn: [{call: db.Put}, {call: db.Put}]}, {compute: 1ms}]}}");
  const Answer& a = f.send(0ms);
  const Answer& b = f.send(0ms);
  f.run(2ms);
  CHECK(a.at == at(1ms));
  CHECK(b.at == at(2ms));
  CHECK(f.server->outstanding() == 0);
  CHECK_FALSE(f.concrete().idle());
  f.run(11ms);
  CHECK(f.db.seen.size() == 4);  // the second put of each began after 5 ms
  CHECK(f.concrete().idle());
}

TEST_CASE("application: send is over at once and its failure is not seen") {
  Fixture f("{handlers: {get: [{send: db.Put, size: 1KiB}, {compute: 1ms}]}}");
  f.db.response.fault = Fault::transient;
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(1ms));
  CHECK(answer.response.ok());
  REQUIRE(f.db.seen.size() == 1);
  CHECK(f.db.seen[0].size == Bytes(1024));
}

TEST_CASE("application: fail ends the request with its error") {
  Fixture f("{handlers: {get: [{compute: 1ms}, {fail: {error: NotFound, fault: client}}, {compute: 1ms}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(1ms));
  CHECK(answer.response.fault == Fault::client);
  CHECK(f.error(answer) == "NotFound");
}

TEST_CASE("application: fail with a share of 20 % fails a fifth of the requests") {
  Fixture f("{concurrency: 10000, handlers: {get: [{fail: {share: 20%}}]}}");
  for (int i = 0; i < 10'000; ++i) f.send(0ms);
  f.run();
  int failures = 0;
  for (const Answer& answer : f.answers) failures += answer.response.ok() ? 0 : 1;
  CHECK(failures == doctest::Approx(2000).epsilon(0.08));  // deviation sqrt(0.2 x 0.8 x 10^4) = 40
}

TEST_CASE("application: an operation without handler is the caller's fault") {
  Fixture f("{handlers: {get: [], put: []}}");
  const Answer& answer = f.send(0ms, "delete");
  f.run();
  CHECK(answer.response.fault == Fault::client);
  CHECK(f.error(answer) == "UnknownOperation");
}

TEST_CASE("application: equal requests do the same work on any server") {
  Fixture f("{handlers: {get: [{wait: {dist: exponential, mean: 10ms}}]}}");
  const auto second = f.launch(1, "", 1);
  const Request request = f.request();
  const Answer& a = f.send(0ms, request);
  const Answer& b = f.send(0ms, request, second.get());
  f.run();
  CHECK(a.at == b.at);
  CHECK(a.at > at(0ms));
}

TEST_CASE("application: two attempts of one request draw apart") {
  Fixture f("{handlers: {get: [{wait: {dist: exponential, mean: 10ms}}]}}");
  Request request = f.request();
  const Answer& a = f.send(0ms, request);
  request.attempt = 2;
  const Answer& b = f.send(0ms, request);
  f.run();
  CHECK(a.at != b.at);
}

}  // namespace
}  // namespace nephoscope::application
