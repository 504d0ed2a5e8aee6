// What a load balancer tells CloudWatch, and what it costs.
#include "models/common/pricing.hpp"
#include "tests/models/elasticloadbalancing/fixture.hpp"

namespace nephoscope::elasticloadbalancing {
namespace {

const std::string kOwn = ",LoadBalancer=front";

TEST_CASE("elb: metrics are sent each minute while requests flow") {
  Fixture f;
  f.add_many(2);
  f.balancer.start();
  for (int i = 0; i < 30; ++i) f.send(70s + i * 100ms);  // in the second minute
  f.run(5min);
  const auto& requests = f.metrics.points("AWS/ApplicationELB:RequestCount" + kOwn);
  REQUIRE(requests.size() == 1);
  CHECK(requests[0].stamp == at(60s));
  CHECK(requests[0].values.sum == 30);
  CHECK(f.metrics.sum("AWS/ApplicationELB:HTTPCode_Target_2XX_Count" + kOwn) == 30);
  CHECK(f.metrics.sum("AWS/ApplicationELB:RequestCount,AvailabilityZone=us-east-1a" + kOwn) == 30);
  CHECK(f.metrics.sum("AWS/ApplicationELB:RequestCount" + kOwn + ",TargetGroup=front") == 30);
  // No errors: no points.
  CHECK(f.metrics.points("AWS/ApplicationELB:HTTPCode_ELB_5XX_Count" + kOwn).empty());
  const auto& times = f.metrics.points("AWS/ApplicationELB:TargetResponseTime" + kOwn);
  REQUIRE(times.size() == 1);
  CHECK(times[0].values.samples == 30);
  CHECK(times[0].values.sum == doctest::Approx(0.3));
  CHECK(times[0].values.maximum == doctest::Approx(0.01));
}

TEST_CASE("elb: RequestCountPerTarget is requests per healthy target, as the sum of a minute") {
  Fixture f;
  f.add_many(4);
  f.balancer.start();
  for (int i = 0; i < 60; ++i) f.send(1s);
  f.run(61s);
  const MetricName name = f.group().request_count_per_target();
  CHECK(name.space == "AWS/ApplicationELB");
  CHECK(name.dimensions == std::vector<std::pair<std::string, std::string>>{{"TargetGroup", "front"}});
  const auto& points = f.metrics.points("AWS/ApplicationELB:RequestCountPerTarget,TargetGroup=front");
  REQUIRE(points.size() == 1);
  CHECK(points[0].values.sum == 15);  // 60 / 4
}

TEST_CASE("elb: host counts are each node's own, in all and by zone") {
  Fixture f({.zones = {"us-east-1a", "us-east-1b"}});
  f.add(0);
  f.add(0);
  f.add(1);
  f.balancer.start();
  f.send(1s);
  f.run(61s);
  const std::string group = ",LoadBalancer=front,TargetGroup=front";
  const auto& all = f.metrics.points("AWS/ApplicationELB:HealthyHostCount" + group);
  REQUIRE(all.size() == 1);
  CHECK(all[0].values.samples == 2);
  CHECK(all[0].values.minimum == 3);
  CHECK(all[0].values.maximum == 3);
  CHECK(f.metrics.sum("AWS/ApplicationELB:HealthyHostCount,AvailabilityZone=us-east-1a" + group) == 2);
  CHECK(f.metrics.sum("AWS/ApplicationELB:HealthyHostCount,AvailabilityZone=us-east-1b" + group) == 1);
  CHECK(f.metrics.sum("AWS/ApplicationELB:UnHealthyHostCount" + group) == 0);
}

TEST_CASE("elb: a unit is the greatest of its dimensions") {
  struct Case {
    const char* what;
    UnitUsage usage;
    std::int64_t minutes;
    std::int64_t micro;
  };
  // The pricing page's example: 100 new connections/s of 3 min, 5 requests/s each of 300 KB/s in all, 20
  // rules: 1.08 GB/h -> 1.08; 100/25 = 4; 18,000/3,000 = 6; (20 - 10) x 100/1000 = 1.
  const std::vector<Case> cases = {
      {"nothing", {}, 60, 0},
      {"25 new connections/s", {.new_connections = 25 * 3600}, 60, 1'000'000},
      {"100 new connections/s", {.new_connections = 100 * 3600}, 60, 4'000'000},
      {"18,000 active", {.active_connection_minutes = 18'000 * 60}, 60, 6'000'000},
      {"1.08 GB", {.bytes = 1'080'000'000}, 60, 1'080'000},
      {"1,000 evaluations/s", {.rule_evaluations = 1'000 * 3600}, 60, 1'000'000},
      {"one minute of 50/s", {.new_connections = 50 * 60}, 1, 2'000'000},
      {"all of them", {100 * 3600, 18'000 * 60, 1'080'000'000, 1'000 * 3600}, 60, 6'000'000},
      {"half a millionth is rounded up", {.bytes = 500}, 60, 1},
  };
  for (const Case& each : cases) {
    CAPTURE(each.what);
    CHECK(micro_units(each.usage, kApplicationUnit, each.minutes) == each.micro);
  }
  CHECK(micro_units({.new_connections = 1600 * 3600}, kNetworkUnit, 60) == 2'000'000);
  CHECK(micro_units({.active_connection_minutes = 50'000 * 60}, kNetworkUnit, 60) == 500'000);
}

Usd cost(const std::string& usage_type, std::int64_t quantity) {
  const Price* price = load_price_book("us-east-1").find(usage_type) == nullptr
                           ? nullptr
                           : load_price_book("us-east-1").find(usage_type);
  REQUIRE(price != nullptr);
  const PriceBook book = load_price_book("us-east-1");
  return cost_of(*book.find(usage_type), quantity);
}

// Sends `count` requests a second for the first `seconds`, with bodies of that size.
void load(Fixture& f, int count, int seconds, Bytes size = {}) {
  for (int second = 0; second < seconds; ++second)
    for (int i = 0; i < count; ++i) {
      Request request = f.request();
      request.size = size;
      f.send(second * Duration(1s), request);
    }
}

TEST_CASE("elb: an idle load balancer costs its hours, those begun in full") {
  Fixture f({.duration = 90min});
  f.add();
  f.balancer.start();
  f.run(90min);
  CHECK(f.billed("LoadBalancerUsage:Application") == 2);
  CHECK(f.billed("LCUUsage:Application") == 0);
  CHECK(cost("LoadBalancerUsage:Application", 2).nanos == 45'000'000);  // 2 x $0.0225 = $0.045
}

TEST_CASE("elb: new connections decide the bill of short ones") {
  // 50 requests/s, one a connection, for an hour: 50 / 25 = 2 units. Active: 50 x 1 s = 50.
  Fixture f({.balancer = "{targets: web, assume: {requests_per_connection: 1, connection_time: 1s}}"});
  f.add();
  f.balancer.start();
  load(f, 50, 3600);
  f.run(1h);
  CHECK(f.billed("LCUUsage:Application") == 2'000'000);
  CHECK(cost("LCUUsage:Application", 2'000'000).nanos == 16'000'000);  // 2 x $0.008
  CHECK(f.metric("ConsumedLCUs") == doctest::Approx(2).epsilon(0.02));
}

TEST_CASE("elb: connections that stay decide the bill of long ones") {
  // 10 new connections/s that live 20 min: 12,000 are open from then on; before, they grow from 0 evenly.
  // The hour's mean is 12,000 x (1/2 x 20 + 40) / 60 = 10,000; at the ends of minutes 10,100. 10,100 / 3,000.
  Fixture f({.balancer = "{targets: web, assume: {requests_per_connection: 1, connection_time: 20min}}"});
  f.add();
  f.balancer.start();
  load(f, 10, 3600);
  f.run(1h);
  CHECK(f.billed("LCUUsage:Application") == doctest::Approx(10'100'000 / 3.0).epsilon(0.001));
}

TEST_CASE("elb: bytes of requests and responses decide the bill of big ones") {
  // 1 request/s of 1 MB for half an hour: 1.8 GB in that hour.
  Fixture f;
  f.add();
  f.balancer.start();
  load(f, 1, 1800, Bytes(1'000'000));
  f.run(1h);
  CHECK(f.billed("LCUUsage:Application") == 1'800'000);
  CHECK(cost("LCUUsage:Application", 1'800'000).nanos == 14'400'000);  // 1.8 x $0.008
  CHECK(f.metric("ProcessedBytes") == 1.8e9);
}

TEST_CASE("elb: bytes of responses count as those of requests do") {
  Fixture f(
      {.application = "{concurrency: 1000, handlers: {get: [{wait: 10ms}]}, assume: {response_size: 2MB}}"});
  f.add();
  load(f, 1, 100, Bytes(1'000'000));
  f.run(1h);
  CHECK(f.metric("ProcessedBytes") == 3e8);  // 100 x (1 + 2) MB
}

TEST_CASE("elb: rules beyond ten are billed by their evaluations") {
  // 40 requests/s x (60 - 10) rules = 2,000 evaluations/s: 2 units.
  Fixture f({.balancer = "{targets: web, assume: {requests_per_connection: 1000000, rules: 60}}"});
  f.add();
  f.balancer.start();
  load(f, 40, 3600);
  f.run(1h);
  CHECK(f.billed("LCUUsage:Application") == 2'000'000);
}

TEST_CASE("elb: each hour is billed by its own greatest dimension, a part of one over the whole hour") {
  // First hour 1.8 GB, then 0.9 GB in the half hour that follows: 1.8 + 0.9.
  Fixture f({.duration = 90min});
  f.add();
  f.balancer.start();
  load(f, 1, 1800, Bytes(1'000'000));
  for (int second = 0; second < 900; ++second) {
    Request request = f.request();
    request.size = Bytes(1'000'000);
    f.send(3600s + second * 1s, request);
  }
  f.run(90min);
  CHECK(f.billed("LCUUsage:Application") == 2'700'000);
}

TEST_CASE("elb: a network load balancer's units and the bytes that cross zones") {
  // 1,000 requests of 1 MB, all through nodes of two zones to targets of either: half of them cross.
  Fixture f({.balancer = "{load_balancer_type: network, targets: web, cross_zone_enabled: true}",
             .zones = {"us-east-1a", "us-east-1b"}});
  f.add(0);
  f.add(1);
  f.balancer.start();
  load(f, 1, 1000, Bytes(1'000'000));
  f.run(1h);
  CHECK(f.billed("LCUUsage:Network") == 1'000'000);  // 1 GB in the hour
  CHECK(cost("LCUUsage:Network", 1'000'000).nanos == 6'000'000);
  CHECK(f.billed("LoadBalancerUsage:Network") == 1);
  // Billed at both ends: 2 x 500 MB, deviation 2 x 16 MB.
  CHECK(static_cast<double>(f.billed("DataTransfer-Regional-Bytes")) == doctest::Approx(1e9).epsilon(0.13));
  CHECK(cost("DataTransfer-Regional-Bytes", std::int64_t{1} << 30).nanos == 10'000'000);

  Fixture own(
      {.balancer = "{load_balancer_type: network, targets: web}", .zones = {"us-east-1a", "us-east-1b"}});
  own.add(0);
  own.add(1);
  load(own, 1, 100, Bytes(1'000'000));
  own.run(1h);
  CHECK(own.billed("DataTransfer-Regional-Bytes") == 0);
}

TEST_CASE("elb: bytes that cross zones behind an application load balancer are free") {
  Fixture f({.zones = {"us-east-1a", "us-east-1b"}});
  f.add(0);
  load(f, 1, 100, Bytes(1'000'000));
  f.run(1h);
  CHECK(f.billed("DataTransfer-Regional-Bytes") == 0);
}

}  // namespace
}  // namespace nephoscope::elasticloadbalancing
