#include "tests/models/application/fixture.hpp"

namespace nephoscope::application {
namespace {

TEST_CASE("application: shedding by queue age lets a request wait no longer") {
  Fixture f(
      "{concurrency: 1, shedding: {by: queue_age, max_queue_age: 5ms}, handlers: {get: [{wait: 10ms}]}}");
  f.send(0ms);
  const Answer& old = f.send(1ms);
  const Answer& young = f.send(7ms);
  f.run();
  CHECK(old.at == at(6ms));
  CHECK(f.error(old) == "LoadShed");
  CHECK(young.at == at(20ms));
  f.check_balance();
}

TEST_CASE("application: shedding by priority turns unimportant requests away from a threshold on") {
  Fixture f(
      "{concurrency: 2, backlog: 2, shedding: {by: priority, thresholds: {1: 75%, 5: 50%}},"
      " handlers: {get: [{wait: 10ms}]}}");
  const auto send = [&](Duration instant, int priority) -> const Answer& {
    Request request = f.request();
    request.priority = priority;
    return f.send(instant, request);
  };
  send(0ms, 9);
  send(0ms, 9);                        // 2 of 4 places are taken: 50 %
  const Answer& low = send(1ms, 9);    // limit 50 %
  const Answer& high = send(1ms, 4);   // limit 75 %
  const Answer& next = send(2ms, 1);   // limit 75 %: 3 of 4 are taken
  const Answer& vital = send(2ms, 0);  // no limit
  f.run();
  CHECK(f.error(low) == "LoadShed");
  CHECK(high.response.ok());
  CHECK(f.error(next) == "LoadShed");
  CHECK(vital.response.ok());
  f.check_balance();
}

TEST_CASE(
    "application: shedding by deadline does no work for callers who have left, and passes deadlines on") {
  Fixture f("{concurrency: 1, shedding: {by: deadline}, handlers: {get: [{wait: 10ms}, {call: db.Get}]}}");
  Request request = f.request();
  request.deadline = at(1s);
  f.send(0ms, request);
  Request hurried = f.request();
  hurried.deadline = at(12ms);
  const Answer& late = f.send(0ms, hurried);
  f.run();
  CHECK(late.at == at(15ms));  // gets the worker after 10 + 5 ms
  CHECK(f.error(late) == "LoadShed");
  REQUIRE(f.db.seen.size() == 1);
  CHECK(f.db.seen[0].deadline <= at(1s));
}

TEST_CASE("application: under the priority discipline the lowest number gets the next worker") {
  Fixture f("{concurrency: 1, discipline: priority, handlers: {get: [{wait: 10ms}]}}");
  f.send(0ms);
  Request request = f.request();
  request.priority = 5;
  const Answer& low = f.send(1ms, request);
  request = f.request();
  request.priority = 1;
  const Answer& high = f.send(2ms, request);
  f.run();
  CHECK(high.at == at(20ms));
  CHECK(low.at == at(30ms));
}

TEST_CASE("application: measurement begins afresh, and CPU time goes on") {
  Fixture f("{concurrency: 1, backlog: 0, handlers: {get: [{compute: 10ms}]}}");
  f.send(0ms);
  f.send(1ms);  // rejected
  f.at(15ms, [&] { f.server->begin_measurement(); });
  f.send(20ms);
  f.run(40ms);
  ServerStatistics sum;
  f.concrete().add_to(sum);
  CHECK(sum.arrivals == 1);
  CHECK(sum.rejected == 0);
  CHECK(sum.succeeded == 1);
  CHECK(static_cast<std::int64_t>(sum.workers_busy) == Duration(10ms).count());
  CHECK(static_cast<std::int64_t>(sum.workers) == Duration(25ms).count());  // from 15 to 40 ms
  CHECK(f.server->cpu_time() == 20ms);
}

}  // namespace
}  // namespace nephoscope::application
