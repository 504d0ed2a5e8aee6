#include "tests/models/application/fixture.hpp"

namespace nephoscope::application {
namespace {

TEST_CASE("application: a crash resets the connections of all requests inside at once") {
  Fixture f("{concurrency: 1, handlers: {get: [{wait: 10ms}]}}");
  const Answer& at_work = f.send(0ms);
  const Answer& in_line = f.send(1ms);
  f.at(5ms, [&] { f.server->crash(); });
  f.run();
  for (const Answer* answer : {&at_work, &in_line}) {
    CHECK(answer->count == 1);
    CHECK(answer->at == at(5ms));
    CHECK(answer->response.fault == Fault::transient);
    CHECK(f.error(*answer) == "ConnectionReset");
  }
  CHECK(f.server->outstanding() == 0);
  f.check_balance();
}

TEST_CASE("application: a crashed server refuses connections until it is restarted") {
  Fixture f("{handlers: {get: [{wait: 1ms}]}}");
  f.at(1ms, [&] { f.server->crash(); });
  const Answer& refused = f.send(2ms);
  f.at(3ms, [&] { f.server->restart(); });
  const Answer& served = f.send(4ms);
  f.run();
  CHECK(refused.at == at(2ms));
  CHECK(f.error(refused) == "ConnectionRefused");
  CHECK(served.response.ok());
  f.check_balance();
}

TEST_CASE("application: a crash stops branches and spawned steps as well") {
  Fixture f(
      "{handlers: {get: [{spawn: [{wait: 10ms}, {call: db.Put}]},"
      " {parallel: [[{wait: 10ms}, {call: db.Get}]]}]}}");
  f.send(0ms);
  f.at(5ms, [&] { f.server->crash(); });
  f.run();
  CHECK(f.db.seen.empty());
  CHECK(f.concrete().idle());
}

// Every step that takes time, and the steps around them.
constexpr const char* kEverything =
    "{concurrency: 3, backlog: 4, discipline: priority, handlers: {get: ["
    "{compute: {dist: exponential, mean: 2ms}}, {wait: {dist: exponential, mean: 1ms}},"
    "{lock: {name: l, steps: [{compute: 1ms}]}}, {lock: {name: g, scope: global, key: same, steps: [{wait: "
    "1ms}]}},"
    "{call: db.Get, timeout: 4ms, retry: {mode: standard}, on_error: [{wait: 1ms}]},"
    "{parallel: {branches: [{call: db.Get}, {lock: {name: l, steps: [{call: other.Get}]}}, {compute: 1ms}], "
    "wait_for: 2}},"
    "{cache: {capacity: 2, on_miss: [{call: other.Get}]}}, {repeat: {until: 40%, steps: [{call: db.Get}]}},"
    "{choose: [{share: 30%, steps: [{spawn: [{wait: 3ms}, {send: db.Put}]}]}, {share: 10%, steps: [{fail: "
    "X}]}]}]}}";

TEST_CASE("application: every request is answered exactly once, whatever crashes when") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Fixture f(kEverything, 1, "", Seed{seed});
    const auto second = f.launch(2, "", 1);
    f.db.delays = {1ms, 7ms, 2ms};
    Draws draws = f.world.random.entity(Purpose("test"), 0, 0);
    const auto microseconds = [&](std::uint64_t below) {
      return std::chrono::microseconds(draws.next_below(below));
    };
    for (int i = 0; i < 300; ++i) {
      Request request = f.request();
      request.key = draws.next_below(4);
      request.priority = static_cast<std::int32_t>(draws.next_below(3));
      f.send(microseconds(400'000), request, i % 2 == 0 ? nullptr : second.get());
    }
    for (ApplicationServer* server : {f.server.get(), second.get()})
      for (int crash = 0; crash < 12; ++crash) {
        const Duration instant = microseconds(400'000);
        f.at(instant, [=] { server->crash(); });
        f.at(instant + microseconds(3) * 1000, [=] { server->restart(); });
      }
    f.run(10s);
    int answered_once = 0;
    for (const Answer& answer : f.answers) answered_once += answer.count == 1 ? 1 : 0;
    CHECK(answered_once == 300);
    CHECK(f.server->outstanding() == 0);
    CHECK(f.concrete().idle());
    f.check_balance();
    CHECK(static_cast<Server&>(*second).audit() == "");
  }
}

}  // namespace
}  // namespace nephoscope::application
