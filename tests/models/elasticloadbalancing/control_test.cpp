// Weights that change, and a load balancer that comes and goes.
#include "tests/models/elasticloadbalancing/fixture.hpp"

namespace nephoscope::elasticloadbalancing {
namespace {

constexpr const char* kStuck = "{concurrency: 10000, handlers: {get: [{wait: 1h}]}}";

Setup two_groups(const std::string& attributes = "", int blue = 100, int green = 0) {
  const std::string group = "{type: AWS::ElasticLoadBalancingV2::TargetGroup" + attributes + "}";
  return {.balancer = fmt::format("{{forward: [{{target_group: blue, weight: {}}}, {{target_group: green, "
                                  "weight: {}}}]}}",
                                  blue, green),
          .application = kStuck,
          .groups = {{"blue", group}, {"green", group}}};
}

// Sends that many requests at that instant.
void send(Fixture& f, Duration instant, int count, std::uint64_t key = 0) {
  for (int i = 0; i < count; ++i) f.send(instant, f.request(key));
}

TEST_CASE("elb: weights that change hold from then on, and one line tells of changes at one instant") {
  Fixture f(two_groups());
  f.add(0, "blue");
  f.add(0, "green");
  send(f, 1s, 100);
  f.at(2s, [&] {
    f.balancer.set_weight("blue", 0);
    f.balancer.set_weight("green", 100);
  });
  send(f, 3s, 50);
  f.at(4s, [&] {
    f.balancer.set_weight("blue", 90);
    f.balancer.set_weight("green", 10);
  });
  send(f, 5s, 10'000);
  f.run(6s);
  // 100, then 0, then 90 % of 10,000: 9,000, standard deviation 30.
  CHECK(static_cast<double>(f.outstanding(0)) == doctest::Approx(9'100).epsilon(0.01));
  CHECK(f.outstanding(0) + f.outstanding(1) == 10'150);
  CHECK(f.logged("weights blue 0, green 100"));
  CHECK(f.logged("weights blue 90, green 10"));
  CHECK_FALSE(f.logged("weights blue 0, green 0"));
  f.check_balance();
}

TEST_CASE("elb: a group without weight gets nothing, and begins to serve when it has some") {
  Fixture f(two_groups());
  f.add(0, "blue");
  const TargetId late = f.add(0, "green");
  send(f, 1s, 20);
  f.run(2s);
  CHECK(f.outstanding(1) == 0);
  CHECK(f.group("green").state(late) == TargetState::healthy);
  f.balancer.set_weight("green", 1);
  f.balancer.set_weight("blue", 0);
  send(f, 3s, 20);
  f.run(4s);
  CHECK(f.outstanding(0) == 20);
  CHECK(f.outstanding(1) == 20);
}

TEST_CASE("elb: clients that are bound to a group's target go elsewhere when its weight becomes 0") {
  Fixture f(two_groups(", stickiness_enabled: true"));
  f.add(0, "blue");
  f.add(0, "green");
  send(f, 1s, 10, 7);
  f.at(2s, [&] {
    f.balancer.set_weight("blue", 0);
    f.balancer.set_weight("green", 100);
  });
  send(f, 3s, 10, 7);
  f.run(4s);
  CHECK(f.outstanding(0) == 10);
  CHECK(f.outstanding(1) == 10);
}

TEST_CASE("elb: a group without weight neither takes a zone out of DNS nor is said to fail open") {
  Setup setup = two_groups();
  setup.zones = {"us-east-1a", "us-east-1b"};
  setup.balancer = "{cross_zone_enabled: false, " + setup.balancer.substr(1);
  Fixture f(setup);
  f.add(0, "blue");
  f.add(1, "blue");
  f.add(0, "green");
  f.at(10s, [&] { f.add(0, "green"); });
  f.run(20s);
  CHECK(f.balancer.zones_in_dns().size() == 2);
  CHECK_FALSE(f.logged("fail-open"));
  f.balancer.set_weight("green", 1);
  f.run(21s);
  // Now zone b counts, in which green has no target.
  CHECK(f.balancer.zones_in_dns() == std::vector<std::uint32_t>{0});
  CHECK(f.logged("node in us-east-1b sends to all targets (fail-open)"));
  f.balancer.set_weight("green", 0);
  f.run(22s);
  CHECK(f.balancer.zones_in_dns().size() == 2);
  CHECK_FALSE(f.logged("sends to healthy targets only"));
}

TEST_CASE("elb: while all weights are 0 requests are answered with 503") {
  Fixture f(two_groups());
  f.add(0, "blue");
  f.at(1s, [&] { f.balancer.set_weight("blue", 0); });
  const Answer& answer = f.send(2s);
  f.run(3s);
  CHECK(f.error(answer) == "HTTPCode_ELB_503");
  f.check_balance();
}

TEST_CASE("elb: only the weights of groups that it forwards to can be set") {
  Fixture f(two_groups());
  CHECK_THROWS_AS(f.balancer.set_weight("red", 1), CheckFailure);
  CHECK_THROWS_AS(f.balancer.set_weight("blue", 1000), CheckFailure);
}

TEST_CASE("elb: one that is deleted answers nobody, neither requests in progress nor new ones") {
  Fixture f({.application = "{concurrency: 1000, handlers: {get: [{wait: 10s}]}}"});
  f.add();
  const Answer& cut = f.send(5s);
  f.at(7s, [&] { f.balancer.set_provisioned(false); });
  const Answer& unheard = f.send(8s);
  f.at(20s, [&] { f.balancer.set_provisioned(true); });
  const Answer& served = f.send(21s);
  f.run(40s);
  CHECK(cut.count + unheard.count == 0);
  CHECK(served.response.ok());
  CHECK(f.metric("RequestCount") == 2);
  CHECK(f.logged("deleted: requests stay unanswered"));
  f.check_balance();
}

TEST_CASE("elb: each begun hour of each stretch of its existence is billed") {
  Setup setup;
  setup.duration = 5h;
  {
    Fixture f(setup);
    f.at(90min, [&] { f.balancer.set_provisioned(false); });
    f.at(100min, [&] { f.balancer.set_provisioned(true); });
    f.at(110min, [&] { f.balancer.set_provisioned(false); });
    f.run(5h);
    CHECK(f.billed("LoadBalancerUsage:Application") == 3);  // 1.5 h: 2; 10 min: 1
  }
  Fixture f(setup);
  f.at(2h, [&] { f.balancer.set_provisioned(false); });
  f.at(4h, [&] { f.balancer.set_provisioned(true); });
  f.run(5h);
  CHECK(f.billed("LoadBalancerUsage:Application") == 3);  // 2 + 1
}

TEST_CASE("elb: one that begins unprovisioned costs nothing until it is created") {
  LoadBalancerConfig config = read_config<LoadBalancerConfig>(
      "{targets: web, assume: {requests_per_connection: 1, connection_time: 60s}}");
  config.begins_provisioned = false;
  Fixture f;
  LoadBalancer balancer(f.world, "late", config);
  balancer.connect(f);
  balancer.start();
  for (int i = 0; i < 1000; ++i)
    f.world.simulation.at(
        at(i * 1s), [](void* each) { static_cast<LoadBalancer*>(each)->submit(Request{}, ReplyId{}); },
        &balancer);
  f.run(1h);
  UsageMeter meter;
  balancer.bill(meter);
  const auto billed = [&](const char* type) {
    const auto place = meter.quantities().find({"late", type});
    return place == meter.quantities().end() ? 0 : place->second;
  };
  CHECK(billed("LoadBalancerUsage:Application") == 0);
  CHECK(billed("LCUUsage:Application") == 0);
}

TEST_CASE("elb: connections end with the load balancer, and so do their capacity units") {
  // 1 new connection/s that lives an hour, deleted after 30 min: 60, 120, ... 1740 active at the ends of 29
  // minutes, then none. 60 x (29 x 30 / 2) / 60 min / 3,000 = 0.145; new ones: 1800 / 3600 s / 25 = 0.02.
  Fixture f({.balancer = "{targets: web, assume: {requests_per_connection: 1, connection_time: 1h}}"});
  f.add();
  f.balancer.start();
  for (int second = 0; second < 3600; ++second) f.send(second * 1s + 500ms);
  f.at(30min, [&] { f.balancer.set_provisioned(false); });
  f.run(1h);
  CHECK(f.billed("LCUUsage:Application") == 145'000);
  CHECK(f.billed("LoadBalancerUsage:Application") == 1);
}

}  // namespace
}  // namespace nephoscope::elasticloadbalancing
