#include "tests/models/elasticloadbalancing/fixture.hpp"

namespace nephoscope::elasticloadbalancing {
namespace {

// Exact round trips: 100 us inside a zone, 1 ms between zones, 40 ms to clients near us-west-2.
constexpr const char* kNetwork =
    "{assume: {same_zone: 100us, same_cluster: 100us, between_zones: 1ms, zone_jitter: 0, region_jitter: 0,"
    " round_trips: {us-east-1: {us-west-2: 40ms}}}}";

const std::vector<std::string> kTwoZones = {"us-east-1a", "us-east-1b"};

TEST_CASE("elb: a request from nowhere travels from the node to the target and back") {
  Fixture f({.network = kNetwork});
  f.add();
  const Answer& answer = f.send(1s);
  f.run(2s);
  // 50 us there, 10 ms of work, 50 us back.
  CHECK(answer.at == at(1s + 10ms + 100us));
  CHECK(f.metric("TargetResponseTime") == doctest::Approx(0.0101));
  f.check_balance();
}

TEST_CASE("elb: a target in another zone than the node is 1 ms away") {
  Fixture f(
      {.balancer = "{targets: web, cross_zone_enabled: true}", .zones = kTwoZones, .network = kNetwork});
  f.add(0);
  f.at(500ms, [&] { CHECK(f.balancer.zones_in_dns().size() == 2); });
  std::vector<const Answer*> answers;
  for (int i = 0; i < 40; ++i) answers.push_back(&f.send(1s));
  f.run(2s);
  int near = 0, far = 0;
  for (const Answer* answer : answers) {
    near += answer->at == at(1s + 10ms + 100us) ? 1 : 0;
    far += answer->at == at(1s + 10ms + 1ms) ? 1 : 0;
  }
  CHECK(near + far == 40);
  CHECK(near > 0);
  CHECK(far > 0);
}

TEST_CASE("elb: a client's request travels to the node first, and its answer all the way back") {
  Fixture f({.network = kNetwork});
  f.add();
  Request request = f.request();
  request.place = f.network->client_place("us-west-2");
  const Answer& answer = f.send(1s, request);
  f.at(1s + 19ms, [&] { CHECK(f.outstanding(0) == 0); });
  f.at(1s + 21ms, [&] { CHECK(f.outstanding(0) == 1); });
  f.run(2s);
  // 20 ms to the node, 50 us, 10 ms of work, 50 us, 20 ms back.
  CHECK(answer.at == at(1s + 50ms + 100us));
}

TEST_CASE("elb: an error of the load balancer's own takes as long to come back") {
  Fixture f({.network = kNetwork});
  Request request = f.request();
  request.place = f.network->client_place("us-west-2");
  const Answer& answer = f.send(1s, request);
  f.run(2s);
  CHECK(f.error(answer) == "HTTPCode_ELB_503");
  CHECK(answer.at == at(1s + 40ms));
}

TEST_CASE("elb: answers to clients are the load balancer's data transfer to the internet") {
  Fixture f({.application = "{handlers: {get: [{wait: 1ms}]}, assume: {response_size: 1000B}}",
             .network = kNetwork});
  f.add();
  Request request = f.request();
  request.size = Bytes(77);
  request.place = f.network->client_place("us-west-2");
  f.send(1s, request);
  f.run(2s);
  UsageMeter meter;
  f.network->bill(meter);
  CHECK(meter.quantities() == std::map<UsageKey, std::int64_t>{{{"front", "DataTransfer-Out-Bytes"}, 1000}});
}

TEST_CASE("elb: a node that is cut off from a target cannot connect and gives up after 10 s") {
  Fixture f({.balancer = "{targets: web, target_group: {health_check_enabled: false}}", .network = kNetwork});
  f.add();
  f.network->disturb({.owner = "front"}, {.owner = "web"}, {.cut = true});
  const Answer& answer = f.send(1s);
  f.run(20s);
  CHECK(f.error(answer) == "HTTPCode_ELB_504");
  CHECK(answer.at == at(11s));
  CHECK(f.metric("TargetConnectionErrorCount") == 1);
  f.check_balance();
}

TEST_CASE("elb: over a kept connection a cut shows after the idle time-out only") {
  Fixture f({.balancer = "{targets: web, target_group: {health_check_enabled: false}}", .network = kNetwork});
  f.add();
  f.send(1s);
  f.at(2s, [&] { f.network->disturb({.owner = "front"}, {.owner = "web"}, {.cut = true}); });
  const Answer& answer = f.send(3s);
  f.run(80s);
  CHECK(f.error(answer) == "HTTPCode_ELB_504");
  CHECK(answer.at == at(63s));
  CHECK(f.metric("TargetConnectionErrorCount") == 0);
}

TEST_CASE("elb: a client waits no longer than its own patience for what is far away") {
  Fixture f({.network = kNetwork});
  f.add();
  f.network->disturb({.owner = "front"}, {.owner = "web"}, {.delay = 3s});
  Request request = f.request(0, 5s);
  const Answer& answer = f.send(1s, request);
  f.run(20s);
  // 3 s there, 10 ms, 3 s back: the answer comes 6 s later to whoever still waits.
  CHECK(answer.at == at(1s + 6s + 10ms + 100us));
  f.check_balance();
}

TEST_CASE("elb: health checks fail over a cut, and pass again without it") {
  Fixture f(
      {.balancer = "{targets: web, target_group: {health_check_interval_seconds: 10}}", .network = kNetwork});
  const TargetId target = f.add();
  f.add();
  DisturbanceId cut;
  f.at(60s, [&] { cut = f.network->disturb({.owner = "front"}, {.place = f.places[0]}, {.cut = true}); });
  f.run(59s);
  CHECK(f.group().state(target) == TargetState::healthy);
  // Two checks in a row: within two intervals and the time-out of 5 s.
  f.run(85s);
  CHECK(f.group().state(target) == TargetState::unhealthy);
  f.network->calm(cut);
  f.run(85s + 60s);
  CHECK(f.group().state(target) == TargetState::healthy);
}

TEST_CASE("elb: health checks that come back later than their time-out fail") {
  Fixture f(
      {.balancer = "{targets: web, target_group: {health_check_interval_seconds: 10}}", .network = kNetwork});
  const TargetId target = f.add();
  f.add();
  DisturbanceId slow;
  f.at(60s,
       [&] { slow = f.network->disturb({.owner = "front"}, {.place = f.places[0]}, {.delay = 2400ms}); });
  f.run(100s);
  // 2.4 s there and 2.4 s back are within 5 s.
  CHECK(f.group().state(target) == TargetState::healthy);
  f.network->calm(slow);
  f.network->disturb({.owner = "front"}, {.place = f.places[0]}, {.delay = 2600ms});
  f.run(130s);
  CHECK(f.group().state(target) == TargetState::unhealthy);
}

TEST_CASE("elb: a network load balancer's check goes from the node in the target's zone") {
  Fixture f({.balancer = "{load_balancer_type: network, targets: web,"
                         " target_group: {health_check_interval_seconds: 10}}",
             .zones = kTwoZones,
             .network = kNetwork});
  const TargetId target = f.add(1);
  f.add(0);
  f.network->disturb({.zone = ZoneId(0)}, {.zone = ZoneId(1)}, {.cut = true});
  f.run(100s);
  CHECK(f.group().state(target) == TargetState::healthy);
}

TEST_CASE("elb: at the end of the deregistration delay a request that is under way ends") {
  Fixture f(
      {.balancer = "{targets: web, target_group: {deregistration_delay_seconds: 2}}", .network = kNetwork});
  const TargetId target = f.add();
  f.network->disturb({.owner = "front"}, {.owner = "web"}, {.delay = 4s});
  const Answer& answer = f.send(1s);
  f.at(1s + 1ms, [&] { f.group().remove(target); });
  f.run(20s);
  CHECK(answer.at == at(3s + 1ms));
  CHECK(f.error(answer) == "HTTPCode_ELB_502");
  f.check_balance();
}

}  // namespace
}  // namespace nephoscope::elasticloadbalancing
