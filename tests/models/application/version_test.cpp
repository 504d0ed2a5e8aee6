#include "tests/models/application/fixture.hpp"

namespace nephoscope::application {
namespace {

int failures(const Fixture& f) {
  int count = 0;
  for (const Answer& answer : f.answers) count += answer.response.ok() ? 0 : 1;
  return count;
}

TEST_CASE(
    "application: a version's error rate fails requests after their work, or before it if it fails fast") {
  for (const std::string fast : {"false", "true"}) {
    CAPTURE(fast);
    Fixture f("{handlers: {get: [{wait: 7ms}]}, versions: {v1: {error_rate: 100%, fails_fast: " + fast +
              "}}}");
    const Answer& answer = f.send(0ms);
    f.run();
    CHECK(f.error(answer) == "InternalServerError");
    CHECK(answer.at == (fast == "true" ? at(0ms) : at(7ms)));
  }
}

TEST_CASE("application: an error rate of 2 % fails 2 % of the requests") {
  Fixture f("{concurrency: 10000, handlers: {get: [{wait: 1ms}]}, versions: {v1: {error_rate: 2%}}}");
  for (int i = 0; i < 10'000; ++i) f.send(0ms);
  f.run();
  CHECK(failures(f) == doctest::Approx(200).epsilon(0.28));  // deviation sqrt(0.02 x 0.98 x 10^4) = 14
}

TEST_CASE("application: a slow version multiplies CPU time but not waiting") {
  Fixture f("{handlers: {get: [{compute: 10ms}, {wait: 5ms}]}, versions: {v1: {}, v2: {slow_factor: 2.5}}}",
            1, "v2");
  const Answer& answer = f.send(0ms);
  f.run();
  CHECK(answer.at == at(30ms));  // 2.5 x 10 + 5
}

TEST_CASE("application: health checks are answered without a handler, and fail where the version says so") {
  Fixture f(
      "{handlers: {get: [{wait: 1ms}], put: [{wait: 1ms}]}, versions: {v1: {}, v2: {fails_health_checks: "
      "true}}}");
  const auto sick = f.launch(1, "v2", 1);
  const Answer& good = f.send(0ms, "health_check");
  const Answer& bad = f.send(0ms, f.request("health_check"), sick.get());
  const Answer& other = f.send(0ms, f.request("get"), sick.get());
  f.run();
  CHECK(good.response.ok());
  CHECK(f.error(bad) == "Unhealthy");
  CHECK(other.response.ok());
}

TEST_CASE("application: a leak crashes the server when the memory is used up, and it restarts") {
  Fixture f(
      "{memory: 100MiB, handlers: {get: [{wait: 1ms}]}, versions: {v1: {leaks: {per_request: 20MiB}}},"
      " assume: {base_memory: 50MiB, restart_time: 1s}}");
  for (int i = 0; i < 4; ++i) f.send(i * 10ms);
  const Answer& refused = f.send(40ms);
  const Answer& late = f.send(1021ms);
  f.run();
  // 50 + 20 + 20 < 100 <= 50 + 20 + 20 + 20: the third request finds the memory used up, at 20 ms.
  CHECK(f.answers[1].response.ok());
  CHECK(f.error(f.answers[2]) == "ConnectionReset");
  CHECK(f.answers[2].at == at(20ms));
  CHECK(f.error(f.answers[3]) == "ConnectionRefused");
  CHECK(f.error(refused) == "ConnectionRefused");
  CHECK(late.response.ok());  // back at 1020 ms, with the memory it had at first
  REQUIRE(f.world.events.events().size() == 1);
  CHECK(f.world.events.events()[0].text == "out of memory (100MiB): runs again in 1s");
}

TEST_CASE("application: a version that dies of age dies again and again") {
  Fixture f(
      "{handlers: {get: [{wait: 1ms}]}, versions: {v1: {leaks: {dies_after: 3s}}}, assume: {restart_time: "
      "1s}}");
  f.run(9s);
  // It dies at 3 s and 7 s.
  CHECK(f.world.events.events().size() == 2);
  CHECK(f.server->running());
}

TEST_CASE("application: a version that crashes at boot never runs, and another one cures it") {
  Fixture f("{handlers: {get: [{wait: 1ms}]}, versions: {v1: {}, v2: {crashes_at_boot: true}}}", 1, "v2");
  CHECK_FALSE(f.server->running());
  const Answer& refused = f.send(0ms);
  f.at(1ms, [&] {
    f.concrete().set_version("v1");
    f.server->restart();
  });
  const Answer& served = f.send(2ms);
  f.run();
  CHECK(f.error(refused) == "ConnectionRefused");
  CHECK(served.response.ok());
}

TEST_CASE("application: incompatible versions fail requests in proportion to the others' servers") {
  Fixture f(
      "{concurrency: 10000, handlers: {get: [{wait: 1ms}]}, versions: {v1: {}, v2: {incompatible_with: "
      "[v1]}}}",
      1, "v1");
  const auto second = f.launch(1, "v2", 1);
  const auto third = f.launch(1, "v2", 2);
  const auto fourth = f.launch(1, "v1", 3);
  for (int i = 0; i < 5000; ++i) f.send(0ms, f.request(), second.get());
  f.run(5s);
  // Two of four running servers disagree: 1/2; deviation sqrt(5000)/2 = 35.
  CHECK(failures(f) == doctest::Approx(2500).epsilon(0.05));
  f.server->crash();
  fourth->crash();
  const Answer& alone = f.send(0ms, f.request(), second.get());
  f.run(6s);
  CHECK(alone.response.ok());
}

TEST_CASE("application: successful answers have the size that is assumed, others and health checks none") {
  Fixture f("{handlers: {get: [{wait: 1ms}], bad: [{fail: {error: Oops}}]}, assume: {response_size: 2kB}}");
  const Answer& good = f.send(1s);
  const Answer& bad = f.send(1s, "bad");
  const Answer& check = f.send(1s, "health_check");
  f.run();
  CHECK(good.response.size == Bytes(2000));
  CHECK(bad.response.size == Bytes(0));
  CHECK(check.response.ok());
  CHECK(check.response.size == Bytes(0));
  CHECK(f.server->bytes_sent() == Bytes(2000));
}

TEST_CASE("application: sizes of answers are drawn by request and attempt") {
  Fixture f("{handlers: {get: [{wait: 1ms}]}, assume: {response_size: {dist: exponential, mean: 10kB}}}");
  Request again = f.request();
  const Answer& first = f.send(1s, again);
  const Answer& same = f.send(2s, again);
  again.attempt = 2;
  const Answer& retried = f.send(3s, again);
  f.run();
  CHECK(first.response.size == same.response.size);
  CHECK(first.response.size != retried.response.size);
  CHECK(f.server->bytes_sent().count ==
        (first.response.size.count + same.response.size.count + retried.response.size.count));
}

TEST_CASE("application: a new version serves requests that begin from then on") {
  Fixture f("{handlers: {get: [{compute: 10ms}]}, versions: {v1: {}, v2: {slow_factor: 2}}}");
  const Answer& before = f.send(0ms);
  f.at(15ms, [&] { f.concrete().set_version("v2"); });
  const Answer& after = f.send(20ms);
  f.run();
  CHECK(before.at == at(10ms));
  CHECK(after.at == at(40ms));
  CHECK(f.concrete().version() == "v2");
}

}  // namespace
}  // namespace nephoscope::application
