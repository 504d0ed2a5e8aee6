#include "tests/models/application/fixture.hpp"

namespace nephoscope::application {
namespace {

TEST_CASE("application: parallel ends with its slowest branch") {
  Fixture f("{handlers: {get: [{parallel: [{wait: 3ms}, [{wait: 4ms}, {wait: 5ms}]]}, {wait: 1ms}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(10ms));  // max(3, 4 + 5) + 1
  f.check_balance();
}

TEST_CASE("application: branches share the server's CPU") {
  Fixture f("{handlers: {get: [{parallel: [{compute: 10ms}, {compute: 10ms}]}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(20ms));
}

TEST_CASE("application: parallel with wait_for goes on with the k-th success and lets the rest work on") {
  Fixture f("{handlers: {get: [{parallel: {branches: [{call: db.Get}], times: 4, wait_for: 2}}]}}");
  f.db.delays = {4ms, 1ms, 3ms, 2ms};
  const Answer& answer = f.send(0ms);
  f.run(2500us);
  CHECK(answer.at == at(2ms));
  CHECK(f.db.answered == 2);
  CHECK(f.server->outstanding() == 0);
  f.run(5ms);
  CHECK(f.db.answered == 4);
  CHECK(f.concrete().idle());
}

TEST_CASE("application: every copy of a branch makes calls of its own") {
  Fixture f("{handlers: {get: [{parallel: {branches: [{call: db.Get}], times: 100}}]}}");
  f.send(0ms);
  f.run();
  std::map<std::uint64_t, int> numbers;
  for (const Request& request : f.db.seen) ++numbers[request.number];
  CHECK(numbers.size() == 100);
}

TEST_CASE("application: parallel fails as soon as too few branches are left to succeed") {
  Fixture f(
      "{handlers: {get: [{parallel: {branches: [[{wait: 1ms}, {fail: A}], [{wait: 2ms}, {fail: B}], {wait: "
      "9ms}],"
      " wait_for: 2}}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  // One of three may fail; the second failure, at 2 ms, leaves at most one success.
  CHECK(answer.at == at(2ms));
  CHECK(f.error(answer) == "B");
  CHECK(answer.response.fault == Fault::transient);
}

TEST_CASE("application: a failed parallel that is ignored goes on") {
  Fixture f(
      "{handlers: {get: [{parallel: {branches: [{fail: A}, {wait: 9ms}], on_error: ignore}}, {wait: 1ms}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.response.ok());
  CHECK(answer.at == at(1ms));
}

TEST_CASE("application: steps under a parallel's on_error run when it has failed") {
  Fixture f("{handlers: {get: [{parallel: {branches: [{fail: A}], on_error: [{wait: 5ms}]}}, {wait: 1ms}]}}");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(6ms));
}

TEST_CASE("application: a cache with a hit ratio runs its steps on misses only") {
  Fixture f("{concurrency: 10000, handlers: {get: [{cache: {hit_ratio: 90%, on_miss: [{call: db.Get}]}}]}}");
  for (int i = 0; i < 10'000; ++i) f.send(0ms);
  f.run();
  CHECK(f.db.seen.size() == doctest::Approx(1000).epsilon(0.12));  // deviation sqrt(0.9 x 0.1 x 10^4) = 30
}

// Sends get with this key.
void get(Fixture& f, Duration instant, std::uint64_t key, ApplicationServer* server = nullptr) {
  Request request = f.request();
  request.key = key;
  f.send(instant, request, server);
}

TEST_CASE("application: a keyed cache evicts the least recently used key") {
  Fixture f("{handlers: {get: [{cache: {capacity: 2, on_miss: [{call: db.Get}]}}]}}");
  f.db.delay = 1ms;
  // Keys in order of use, oldest first:  1: miss [1], 2: miss [1 2], 1: hit [2 1], 3: miss, 2 leaves [1 3],
  // 1: hit [3 1], 2: miss, 3 leaves [1 2].
  const std::uint64_t keys[] = {1, 2, 1, 3, 1, 2};
  for (int i = 0; i < 6; ++i) get(f, i * 10ms, keys[i]);
  f.run();
  std::vector<std::uint64_t> missed;
  for (const Request& request : f.db.seen) missed.push_back(request.key);
  CHECK(missed == std::vector<std::uint64_t>{1, 2, 3, 2});
}

TEST_CASE("application: a cached entry expires its time to live after it was entered, used or not") {
  Fixture f("{handlers: {get: [{cache: {capacity: 2, ttl: 20ms, on_miss: [{call: db.Get}]}}]}}");
  f.db.delay = 1ms;
  // Entered at 1 ms, so it serves before 21 ms.
  for (const Duration instant : {0ms, 10ms, 20ms, 21ms}) get(f, instant, 7);
  f.run();
  CHECK(f.db.seen.size() == 2);
}

TEST_CASE("application: a failed miss enters nothing") {
  Fixture f("{handlers: {get: [{cache: {capacity: 2, on_miss: [{call: db.Get}]}}]}}");
  f.db.response.fault = Fault::transient;
  get(f, 0ms, 7);
  get(f, 10ms, 7);
  f.run();
  CHECK(f.db.seen.size() == 2);
}

TEST_CASE("application: each server has a cache of its own unless it is shared") {
  for (const std::string scope : {"server", "shared"}) {
    CAPTURE(scope);
    Fixture f("{handlers: {get: [{cache: {capacity: 2, scope: " + scope + ", on_miss: [{call: db.Get}]}}]}}");
    const auto second = f.launch(1, "", 1);
    get(f, 0ms, 7);
    get(f, 10ms, 7, second.get());
    f.run();
    CHECK(f.db.seen.size() == (scope == "server" ? 2 : 1));
  }
}

TEST_CASE("application: a crash loses the server's cache") {
  Fixture f("{handlers: {get: [{cache: {capacity: 2, on_miss: [{call: db.Get}]}}]}}");
  get(f, 0ms, 7);
  f.at(10ms, [&] { f.server->crash(); });
  f.at(20ms, [&] { f.server->restart(); });
  get(f, 30ms, 7);
  f.run();
  CHECK(f.db.seen.size() == 2);
}

TEST_CASE("application: a lock admits one request at a time, first come first served") {
  Fixture f("{handlers: {get: [{lock: {name: row, steps: [{wait: 10ms}]}}, {wait: 1ms}]}}");
  const Answer& a = f.send(0ms);
  const Answer& b = f.send(1ms);
  const Answer& c = f.send(2ms);
  f.run();
  CHECK(a.at == at(11ms));
  CHECK(b.at == at(21ms));
  CHECK(c.at == at(31ms));
  f.check_balance();
}

TEST_CASE("application: locks of different keys do not exclude each other") {
  Fixture f("{handlers: {get: [{lock: {name: row, key: same, steps: [{wait: 10ms}]}}]}}");
  get(f, 0ms, 1);
  get(f, 0ms, 2);
  get(f, 0ms, 1);
  f.run();
  CHECK(f.answers[0].at == at(10ms));
  CHECK(f.answers[1].at == at(10ms));
  CHECK(f.answers[2].at == at(20ms));
}

TEST_CASE("application: a global lock excludes requests on other servers, a server's own does not") {
  for (const std::string scope : {"server", "global"}) {
    CAPTURE(scope);
    Fixture f("{handlers: {get: [{lock: {name: row, scope: " + scope + ", steps: [{wait: 10ms}]}}]}}");
    const auto second = f.launch(1, "", 1);
    f.send(0ms);
    const Answer& other = f.send(1ms, f.request(), second.get());
    f.run();
    CHECK(other.at == (scope == "server" ? at(11ms) : at(20ms)));
  }
}

TEST_CASE("application: a failure gives back all locks that the request holds") {
  Fixture f(
      "{handlers: {get: [{lock: {name: a, steps: [{lock: {name: b, steps: [{wait: 1ms}, {fail: X}]}}]}}]}}");
  const Answer& a = f.send(0ms);
  const Answer& b = f.send(0ms);
  f.run();
  CHECK(f.error(a) == "X");
  CHECK(b.at == at(2ms));
}

TEST_CASE("application: a crash of the holder frees a global lock") {
  Fixture f("{handlers: {get: [{lock: {name: row, scope: global, steps: [{wait: 10ms}]}}]}}");
  const auto second = f.launch(1, "", 1);
  f.send(0ms);
  const Answer& other = f.send(1ms, f.request(), second.get());
  f.at(4ms, [&] { f.server->crash(); });
  f.run();
  CHECK(other.at == at(14ms));
}

TEST_CASE("application: feedback with probability 1/2 doubles the visits of each request") {
  Fixture f(
      "{concurrency: 20000, handlers: {get: [{repeat: {until: 50%, steps: [{wait: 1ms}, {call: "
      "db.Get}]}}]}}");
  for (int i = 0; i < 20'000; ++i) f.send(0ms);
  f.run();
  // Visits are geometric with mean 2 and variance 2: the mean of 2 x 10^4 deviates by 0.01.
  CHECK(static_cast<double>(f.db.seen.size()) / 20'000 == doctest::Approx(2).epsilon(0.02));
}

}  // namespace
}  // namespace nephoscope::application
