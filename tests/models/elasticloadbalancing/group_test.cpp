// Registration, health checks, states and draining of targets.
#include <set>

#include "models/elasticloadbalancing/target_state.hpp"
#include "tests/models/elasticloadbalancing/fixture.hpp"

namespace nephoscope::elasticloadbalancing {
namespace {

constexpr const char* kQuick =
    "{targets: web, target_group: {health_check_interval_seconds: 10, health_check_timeout_seconds: 2,"
    " healthy_threshold_count: 3, unhealthy_threshold_count: 2, deregistration_delay_seconds: 60}}";

std::string with(const std::string& group) { return "{targets: web, target_group: " + group + "}"; }

std::vector<TargetTransition> transitions(const Recorder& recorder) {
  std::vector<TargetTransition> result;
  for (const Recorder::Event& event : recorder.events) result.push_back({event.before, event.now});
  return result;
}

TEST_CASE("elb: targets that run at the run's first instant are healthy at once") {
  Fixture f;
  const TargetId target = f.add();
  CHECK(f.group().state(target) == TargetState::healthy);
}

TEST_CASE("elb: a target that joins later is healthy after one successful check, within the first interval") {
  Fixture f;
  f.add();
  TargetId late;
  f.at(100s, [&] { late = f.add(); });
  f.run(100s);
  CHECK(f.group().state(late) == TargetState::initial);
  f.run(130s);
  CHECK(f.group().state(late) == TargetState::healthy);
  const Recorder::Event& event = f.recorder.events.back();
  CHECK(event.at >= at(100s));
  CHECK(event.at <= at(130s));
}

TEST_CASE("elb: a dead target is unhealthy after two failed checks, one or two intervals after its death") {
  // Refused at once: detection between (threshold - 1) and threshold intervals, 10 to 20 s.
  Fixture f({.balancer = kQuick});
  f.add();
  f.add();
  f.at(100s, [&] { f.servers[1]->crash(); });
  f.run(200s);
  REQUIRE(f.group().state(TargetId(1)) == TargetState::unhealthy);
  const Time found = f.recorder.events.back().at;
  CHECK(found > at(110s));
  CHECK(found <= at(120s));
  CHECK(f.logged("web/1: healthy -> unhealthy: 2 checks in a row failed"));
}

TEST_CASE(
    "elb: an unreachable target is unhealthy a time-out later, and healthy again after three successes") {
  Fixture f({.balancer = kQuick});
  f.add();
  f.add();
  f.at(100s, [&] { f.servers[1]->set_reachable(false); });
  f.at(200s, [&] { f.servers[1]->set_reachable(true); });
  f.run(300s);
  REQUIRE(f.recorder.events.size() >= 6);
  const Time lost = f.recorder.events[f.recorder.events.size() - 2].at;
  const Time found = f.recorder.events.back().at;
  CHECK(lost > at(112s));  // 10 to 20 s and 2 s of time-out
  CHECK(lost <= at(122s));
  CHECK(found > at(220s));  // two to three intervals
  CHECK(found <= at(230s));
  CHECK(f.recorder.events.back().now == TargetState::healthy);
}

TEST_CASE("elb: one failed check between successes changes nothing") {
  Fixture f({.balancer = kQuick});
  f.add();
  f.at(100s, [&] { f.servers[0]->set_reachable(false); });
  f.at(110s, [&] { f.servers[0]->set_reachable(true); });
  f.run(300s);
  CHECK(f.group().state(TargetId(0)) == TargetState::healthy);
}

TEST_CASE("elb: a target is healthy while any node finds it so, and unhealthy when none does") {
  Fixture f({.balancer = kQuick, .zones = {"us-east-1a", "us-east-1b", "us-east-1c"}});
  f.add();
  f.add();
  f.at(100s, [&] { f.servers[1]->crash(); });
  f.run(300s);
  CHECK(f.group().state(TargetId(1)) == TargetState::unhealthy);
  // The last of three nodes decides; their checks begin at moments of their own.
  const Time last = f.recorder.events.back().at;
  CHECK(last > at(110s));
  CHECK(last <= at(120s));
}

TEST_CASE("elb: with cross-zone off a target is checked from its own zone only") {
  const auto checks = [](const std::string& balancer) {
    Fixture f({.balancer = balancer, .zones = {"us-east-1a", "us-east-1b"}});
    f.add(0);
    f.run(300s);
    ServerStatistics sum;
    f.servers[0]->add_to(sum);
    return sum.arrivals;
  };
  CHECK(checks("{targets: web}") == 20);  // 2 nodes x 300 s / 30 s
  CHECK(checks("{targets: web, cross_zone_enabled: false}") == 10);
}

TEST_CASE("elb: a removed target without requests is done at once but shows as draining for the delay") {
  Fixture f({.balancer = kQuick});
  f.add();
  f.at(100s, [&] { f.group().remove(TargetId(0)); });
  f.run(100s);
  CHECK(f.group().state(TargetId(0)) == TargetState::draining);
  CHECK(transitions(f.recorder) ==
        std::vector<TargetTransition>{{TargetState::unused, TargetState::initial},
                                      {TargetState::initial, TargetState::healthy},
                                      {TargetState::healthy, TargetState::draining},
                                      {TargetState::draining, TargetState::unused}});
  f.run(159s);
  CHECK(f.group().state(TargetId(0)) == TargetState::draining);
  f.run(160s);
  CHECK(f.group().state(TargetId(0)) == TargetState::unused);
  CHECK(f.recorder.events.size() == 4);
}

TEST_CASE("elb: a removed target is done when its last request is answered") {
  Fixture f({.balancer = kQuick, .application = "{handlers: {get: [{wait: 20s}]}}"});
  f.add();
  const Answer& answer = f.send(95s);
  f.at(100s, [&] { f.group().remove(TargetId(0)); });
  f.run(114s);
  CHECK(f.recorder.events.back().now == TargetState::draining);
  f.run(200s);
  CHECK(answer.response.ok());
  CHECK(f.recorder.events.back().now == TargetState::unused);
  CHECK(f.recorder.events.back().at == at(115s));
}

TEST_CASE("elb: when the deregistration delay is over requests in progress end in 502") {
  Fixture f({.balancer = kQuick, .application = "{handlers: {get: [{wait: 59s}]}}"});
  f.add();
  f.add();
  std::vector<const Answer*> sent;
  for (int i = 0; i < 2; ++i) sent.push_back(&f.send(100s));
  f.at(100s + 1ms, [&] { f.group().remove(TargetId(0)); });
  Fixture late({.balancer = "{targets: web, idle_timeout_seconds: 1000, target_group:"
                            " {deregistration_delay_seconds: 60}}",
                .application = "{handlers: {get: [{wait: 90s}]}}"});
  late.add();
  const Answer& lost = late.send(100s);
  late.at(110s, [&] { late.group().remove(TargetId(0)); });
  f.run(300s);
  late.run(300s);
  CHECK(sent[0]->response.ok());  // 59 s are less than 60
  CHECK(late.error(lost) == "HTTPCode_ELB_502");
  CHECK(late.source(lost) == "resources.front");
  CHECK(lost.at == at(170s));
  CHECK(late.recorder.events.back().at == at(170s));
  late.check_balance();
}

TEST_CASE("elb: slow start is for targets that join beside a healthy one") {
  Fixture f({.balancer = with("{slow_start_duration_seconds: 100, health_check_interval_seconds: 5}")});
  f.add();
  f.at(100s, [&] { f.add(); });
  f.run(110s);
  const Time healthy = f.recorder.events.back().at;
  const Duration half = healthy.time_since_epoch() + 50s;
  for (int i = 0; i < 300; ++i) f.send(half);
  f.run(half + 1ms);
  // Half a share of one and a half: a third.
  CHECK(std::abs(static_cast<int>(f.outstanding(1)) - 100) <= 2);
}

TEST_CASE("elb: targets of a group that no load balancer uses are unused") {
  Fixture f({.groups = {{"alone", "{}"}}});
  const TargetId target = f.add(0, "alone");
  f.run(100s);
  CHECK(f.group("alone").state(target) == TargetState::unused);
  CHECK(f.recorder.events.empty());
  f.group("alone").remove(target);
  CHECK(f.recorder.events.size() == 1);  // unused already, and said so
}

TEST_CASE("elb: without health checks targets are unavailable and get requests") {
  Fixture f({.balancer = with("{health_check_enabled: false}")});
  const TargetId target = f.add();
  CHECK(f.group().state(target) == TargetState::unavailable);
  const Answer& answer = f.send(1s);
  f.run(2s);
  CHECK(answer.response.ok());
}

TEST_CASE("elb: a network load balancer's new target waits for its registration, then for one success") {
  Fixture f({.balancer = "{load_balancer_type: network, targets: web}"});
  f.add();
  f.at(100s, [&] { f.add(); });
  f.run(219s);
  CHECK(f.group().state(TargetId(1)) == TargetState::initial);
  f.run(250s);
  CHECK(f.group().state(TargetId(1)) == TargetState::healthy);
}

// Every transition happens in one of these lives.
TEST_CASE("elb: all states and transitions of targets happen, and no others") {
  std::set<std::pair<TargetState, TargetState>> seen;
  const auto note = [&](const Recorder& recorder) {
    for (const TargetTransition& each : transitions(recorder)) {
      CHECK(is_legal(each));
      seen.insert({each.before, each.now});
    }
  };
  {
    Fixture f({.balancer = kQuick});
    f.add_many(2);                                       // unused -> initial -> healthy
    f.at(50s, [&] { f.servers[0]->crash(); });           // healthy -> unhealthy
    f.at(100s, [&] { f.servers[0]->restart(); });        // unhealthy -> healthy
    f.at(200s, [&] { f.group().remove(TargetId(0)); });  // healthy -> draining -> unused
    f.at(200s, [&] {
      f.add();
      f.group().remove(TargetId(2));  // initial -> draining
    });
    f.at(200s, [&] {
      f.add();
      f.servers[3]->crash();  // initial -> unhealthy
    });
    f.at(300s, [&] { f.group().remove(TargetId(3)); });  // unhealthy -> draining
    f.run(400s);
    note(f.recorder);
  }
  {
    Fixture f({.balancer = with("{health_check_enabled: false}")});
    f.add();                        // unused -> unavailable
    f.group().remove(TargetId(0));  // unavailable -> draining
    f.run(400s);
    note(f.recorder);
  }
  CHECK(seen.size() == kTargetTransitions.size());
  std::set<TargetState> states;
  for (const auto& [before, now] : seen) states.insert({before, now});
  CHECK(states.size() == kTargetStates.size());
}

TEST_CASE("elb: an application that fails its health check alone is found") {
  Fixture f({.balancer = kQuick,
             .application = "{handlers: {get: [{wait: 10ms}]}, versions: {v1: {}, bad: "
                            "{fails_health_checks: true}}}"});
  f.add();
  f.add();
  f.at(100s, [&] { f.servers[0]->set_version("bad"); });
  f.run(200s);
  CHECK(f.group().state(TargetId(0)) == TargetState::unhealthy);
  for (int i = 0; i < 4; ++i) f.send(200s);
  f.run(200s + 1ms);
  CHECK(f.outstanding(0) == 0);
}

}  // namespace
}  // namespace nephoscope::elasticloadbalancing
