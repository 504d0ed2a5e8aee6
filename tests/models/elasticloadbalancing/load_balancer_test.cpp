// A request's way through a load balancer, and whose error it meets.
#include "tests/models/elasticloadbalancing/fixture.hpp"

namespace nephoscope::elasticloadbalancing {
namespace {

constexpr const char* kSlow = "{concurrency: 1000, handlers: {get: [{wait: 100s}]}}";

TEST_CASE("elb: a target's answer passes through") {
  Fixture f;
  f.add();
  const Answer& answer = f.send(5s);
  f.run(6s);
  CHECK(answer.response.ok());
  CHECK(answer.at == at(5010ms));
  CHECK(f.metric("RequestCount") == 1);
  CHECK(f.metric("HTTPCode_Target_2XX_Count") == 1);
  CHECK(f.metric("TargetResponseTime") == doctest::Approx(0.01));
  f.check_balance();
}

TEST_CASE("elb: a target's own error passes through as the target's") {
  Fixture f({.application = "{handlers: {get: [{fail: {error: Oops}}]}}"});
  f.add();
  const Answer& answer = f.send(5s);
  f.run(6s);
  CHECK(f.error(answer) == "Oops");
  CHECK(f.source(answer) == "resources.web");
  CHECK(f.metric("HTTPCode_Target_5XX_Count") + f.metric("HTTPCode_Target_4XX_Count") == 1);
  CHECK(f.metric("HTTPCode_ELB_5XX_Count") == 0);
  f.check_balance();
}

TEST_CASE("elb: a target that refuses connections gives 502, the load balancer's own") {
  Fixture f;
  f.add();
  f.at(4s, [&] { f.servers[0]->crash(); });
  const Answer& answer = f.send(5s);
  f.run(6s);
  CHECK(f.error(answer) == "HTTPCode_ELB_502");
  CHECK(f.source(answer) == "resources.front");
  CHECK(answer.response.fault == Fault::transient);
  CHECK(answer.at == at(5s));
  CHECK(f.metric("TargetConnectionErrorCount") == 1);
}

TEST_CASE("elb: a target that dies with a request in progress gives 502") {
  Fixture f({.application = kSlow});
  f.add();
  const Answer& answer = f.send(5s);
  f.at(7s, [&] { f.servers[0]->crash(); });
  f.run(8s);
  CHECK(f.error(answer) == "HTTPCode_ELB_502");
  CHECK(answer.at == at(7s));
  CHECK(f.metric("TargetConnectionErrorCount") == 0);
  f.check_balance();
}

TEST_CASE("elb: without registered targets requests are answered with 503") {
  Fixture f;
  const Answer& answer = f.send(5s);
  f.run(6s);
  CHECK(f.error(answer) == "HTTPCode_ELB_503");
  CHECK(f.metric("RequestCount") == 0);  // it got no target
  CHECK(f.metric("errors.rate") == 1);
  f.check_balance();
}

TEST_CASE("elb: no answer within the idle timeout gives 504") {
  Fixture f({.balancer = "{targets: web, idle_timeout_seconds: 40}", .application = kSlow});
  f.add();
  const Answer& answer = f.send(5s);
  f.run(50s);
  CHECK(f.error(answer) == "HTTPCode_ELB_504");
  CHECK(answer.at == at(45s));
  CHECK(answer.count == 1);
  CHECK(f.outstanding(0) == 1);  // the target works on, for nobody
  f.check_balance();
}

TEST_CASE(
    "elb: a connection that is not made within 10 s gives 504; on one that is kept it takes the idle time") {
  Fixture f;
  f.add();
  f.send(1s);  // leaves a connection
  f.at(2s, [&] { f.servers[0]->set_reachable(false); });
  const Answer& kept = f.send(5s);
  const Answer& fresh = f.send(5s);
  f.run(100s);
  CHECK(f.error(fresh) == "HTTPCode_ELB_504");
  CHECK(fresh.at == at(15s));
  CHECK(f.error(kept) == "HTTPCode_ELB_504");
  CHECK(kept.at == at(65s));
  CHECK(f.metric("TargetConnectionErrorCount") == 1);
  f.check_balance();
}

TEST_CASE("elb: a client that gives up first is counted as 460 and not answered") {
  Fixture f({.application = kSlow});
  f.add();
  const Answer& answer = f.send(5s, f.request(0, 3s));
  const Answer& again = f.send(6s, f.request(0, 3s));
  const Answer& third = f.send(7s, f.request(0, 3s));
  f.run(20s);
  CHECK(answer.count + again.count + third.count == 0);
  CHECK(f.metric("HTTPCode_ELB_4XX_Count") == 3);
  f.check_balance();
}

TEST_CASE("elb: a target whose keep-alive ends before the idle timeout resets a request now and then") {
  Fixture f({.balancer = "{targets: web, assume: {target_keep_alive: 5s, keep_alive_race: 2ms}}"});
  f.add();
  f.send(1s);  // its connection is idle from 1.010 s
  const Answer& lost = f.send(6009ms);
  f.send(10s);
  const Answer& late = f.send(15011ms);  // closed and known to be
  f.run(20s);
  CHECK(f.error(lost) == "HTTPCode_ELB_502");
  CHECK(late.response.ok());
  f.check_balance();
}

TEST_CASE("elb: cross-zone off gives 2 targets in one zone 25 % each and 8 in another 6.25 %, on 10 % each") {
  const auto counts = [](const std::string& balancer) {
    Fixture f({.balancer = balancer,
               .application = "{concurrency: 100000, handlers: {get: [{wait: 1s}]}}",
               .zones = {"us-east-1a", "us-east-1b"}});
    f.add_many(2, 0);
    f.add_many(8, 1);
    for (int i = 0; i < 16'000; ++i) f.send(100s);
    f.run(100s + 1ms);
    std::vector<double> shares;
    for (std::size_t i = 0; i < 10; ++i) shares.push_back(static_cast<double>(f.outstanding(i)) / 16'000);
    return shares;
  };
  // Deviations: zones sqrt(0.25 / 16,000) = 0.4 %, of which each target has its part.
  const std::vector<double> off = counts("{targets: web, cross_zone_enabled: false}");
  for (std::size_t i = 0; i < 2; ++i) CHECK(off[i] == doctest::Approx(0.25).epsilon(0.04));
  for (std::size_t i = 2; i < 10; ++i) CHECK(off[i] == doctest::Approx(0.0625).epsilon(0.04));
  for (const double share : counts("{targets: web}")) CHECK(share == doctest::Approx(0.1).epsilon(0.01));
}

TEST_CASE("elb: target groups get requests by weight") {
  Fixture f({.balancer = "{forward: [{target_group: blue, weight: 9}, {target_group: green}]}",
             .application = "{concurrency: 100000, handlers: {get: [{wait: 1s}]}}",
             .groups = {{"blue", "{}"}, {"green", "{}"}}});
  f.add(0, "blue");
  f.add(0, "green");
  for (int i = 0; i < 10'000; ++i) f.send(100s);
  f.run(100s + 1ms);
  // deviation sqrt(10,000 x 0.9 x 0.1) = 30
  CHECK(std::abs(static_cast<int>(f.outstanding(0)) - 9000) < 120);
  CHECK(f.outstanding(0) + f.outstanding(1) == 10'000);
}

TEST_CASE("elb: a zone without healthy targets leaves DNS, and clients follow within a minute") {
  Fixture f({.balancer = "{targets: web, cross_zone_enabled: false}",
             .application = "{concurrency: 100000, handlers: {get: [{wait: 1s}]}}",
             .zones = {"us-east-1a", "us-east-1b"}});
  f.add(0);
  f.add(1);
  f.run(1s);
  CHECK(f.balancer.zones_in_dns() == std::vector<std::uint32_t>{0, 1});
  f.at(100s, [&] { f.group().remove(TargetId(0)); });
  for (int i = 0; i < 4000; ++i) f.send(130s);  // half of the answers are older than 30 s
  for (int i = 0; i < 1000; ++i) f.send(161s);
  f.run(130500ms);
  CHECK(f.balancer.zones_in_dns() == std::vector<std::uint32_t>{1});
  // Half of them know both zones, and half of those go to the one without targets: 1000 of 4000, +- 27.
  CHECK(std::abs(f.metric("HTTPCode_ELB_503_Count") - 1000) < 110);
  const double before = f.metric("HTTPCode_ELB_503_Count");
  f.run(170s);
  CHECK(f.metric("HTTPCode_ELB_503_Count") == before);
  CHECK(f.logged("zones in DNS: us-east-1b (1 of 2 zones have too few healthy targets)"));
  f.check_balance();
}

TEST_CASE("elb: with all targets unhealthy all zones stay in DNS and requests go to all targets") {
  Fixture f({.zones = {"us-east-1a", "us-east-1b"}});
  f.add(0);
  f.add(1);
  f.at(100s, [&] {
    for (auto& server : f.servers) server->crash();
  });
  f.at(300s, [&] { f.servers[1]->restart(); });
  std::vector<const Answer*> sent;
  for (int i = 0; i < 40; ++i) sent.push_back(&f.send(300s));
  f.run(301s);
  CHECK(f.balancer.zones_in_dns().size() == 2);
  int ok = 0;
  for (const Answer* answer : sent) ok += answer->response.ok() ? 1 : 0;
  // Every second request of each node meets the target that is back, though it is still unhealthy.
  CHECK(std::abs(ok - 20) <= 1);
  CHECK(f.metric("UnhealthyRoutingRequestCount") == 40);
  CHECK(f.logged("sends to all targets (fail-open)"));
}

TEST_CASE("elb: a zone's power takes its node with it: clients wait for nothing until DNS forgets it") {
  Fixture f({.zones = {"us-east-1a", "us-east-1b"}});
  f.add_many(2, 1);
  f.run(1s);
  f.at(100s, [&] { f.world.set_zone_power(ZoneId(0), false); });
  f.at(400s, [&] { f.world.set_zone_power(ZoneId(0), true); });
  for (int i = 0; i < 100; ++i) f.send(110s, f.request(0, 3s));
  for (int i = 0; i < 100; ++i) f.send(225s, f.request(0, 3s));  // 60 s of detection, 60 s of cached answers
  for (int i = 0; i < 100; ++i) f.send(600s, f.request(0, 3s));
  f.run(159s);
  CHECK(f.balancer.zones_in_dns().size() == 2);
  int answered = 0;
  for (const Answer& answer : f.answers) answered += answer.count;
  CHECK(std::abs(answered - 50) < 20);  // deviation 5
  f.run(161s);
  CHECK(f.balancer.zones_in_dns() == std::vector<std::uint32_t>{1});
  f.run(459s);
  CHECK(f.balancer.zones_in_dns() == std::vector<std::uint32_t>{1});
  f.run(700s);
  CHECK(f.balancer.zones_in_dns().size() == 2);
  int later = 0;
  for (std::size_t i = 100; i < 300; ++i) later += f.answers[i].count;
  CHECK(later == 200);
  f.check_balance();
}

TEST_CASE("elb: a load balancer's own capacity doubles at most every five minutes") {
  Fixture f({.balancer = "{targets: web, assume: {initial_capacity: 100/s}}"});
  f.add();
  const auto rejected = [&](Duration second) {
    for (int i = 0; i < 500; ++i) f.send(second);
    const double before = f.metric("RejectedConnectionCount");
    f.run(second + 1ms);
    return f.metric("RejectedConnectionCount") - before;
  };
  CHECK(rejected(10s) == 400);   // 100; the load is noticed
  CHECK(rejected(100s) == 400);  // 100 until 310 s
  CHECK(rejected(310s) == 300);  // then 200
  CHECK(rejected(500s) == 300);
  CHECK(rejected(700s) == 100);  // 400
  CHECK(f.error(f.answers[499]) == "RejectedConnection");
  f.check_balance();
}

TEST_CASE("elb: a network load balancer resets flows of a target that becomes unhealthy") {
  Fixture f({.balancer = "{load_balancer_type: network, targets: web, target_group: "
                         "{health_check_interval_seconds: 10}}",
             .application = "{concurrency: 1, backlog: 100, handlers: {get: [{wait: 100s}], health_check: "
                            "[{wait: 1ms}]}}"});
  f.add_many(2);
  // Checks wait behind requests of 100 s: both targets fail them; the second to do so fails open.
  std::vector<const Answer*> sent;
  for (int i = 0; i < 8; ++i) sent.push_back(&f.send(100s));
  f.run(160s);
  int reset = 0;
  for (const Answer* answer : sent) reset += f.error(*answer) == "TCP_ELB_Reset" ? 1 : 0;
  CHECK(reset > 0);
  CHECK(reset < 8);
  CHECK(f.metric("TCP_ELB_Reset_Count") == reset);
  f.check_balance();
}

TEST_CASE("elb: a network load balancer passes a target's refusal on, and never times out a connect") {
  Fixture f({.balancer = "{load_balancer_type: network, targets: web}"});
  f.add();
  f.at(4s, [&] { f.servers[0]->crash(); });
  const Answer& refused = f.send(5s);
  f.at(6s, [&] {
    f.servers[0]->restart();
    f.servers[0]->set_reachable(false);
  });
  const Answer& silent = f.send(7s);
  f.run(360s);
  CHECK(f.error(refused) == "ConnectionRefused");
  CHECK(f.source(refused) == "resources.web");
  CHECK(f.metric("TCP_Target_Reset_Count") == 1);
  CHECK(f.error(silent) == "TCP_ELB_Reset");  // after 350 s without data
  CHECK(silent.at == at(357s));
}

TEST_CASE("elb: a network load balancer runs out of ports to a target when it translates addresses") {
  Fixture f({.balancer = "{load_balancer_type: network, targets: web, target_group: "
                         "{preserve_client_ip_enabled: false}}",
             .application = "{concurrency: 100000, handlers: {get: [{wait: 1s}]}}"});
  f.add();
  for (int i = 0; i < 55'010; ++i) f.send(5s);
  f.run(6500ms);
  CHECK(f.metric("PortAllocationErrorCount") == 10);
  CHECK(f.error(f.answers.back()) == "PortAllocationError");
  f.check_balance();
}

TEST_CASE("elb: 2,000 targets are served by three nodes") {
  Fixture f({.balancer = "{targets: web, target_group: {load_balancing_algorithm_type: "
                         "least_outstanding_requests}}",
             .zones = {"us-east-1a", "us-east-1b", "us-east-1c"}});
  for (std::uint32_t i = 0; i < 2000; ++i) f.add(i % 3);
  for (int i = 0; i < 2000; ++i) f.send(100s);
  f.run(100s + 1ms);
  std::uint64_t most = 0, all = 0;
  for (std::size_t i = 0; i < 2000; ++i) most = std::max(most, f.outstanding(i)), all += f.outstanding(i);
  CHECK(all == 2000);
  CHECK(most <= 3);  // each node gives one at most
  f.run(120s);
  CHECK(f.metric("HTTPCode_Target_2XX_Count") == 2000);
  f.check_balance();
}

}  // namespace
}  // namespace nephoscope::elasticloadbalancing
