#include <array>
#include <set>

#include "tests/models/network/fixture.hpp"

namespace nephoscope::network {
namespace {

// A sample quantile of 20,000 values is off by more than this once in 10^4 (normal approximation: 4 standard
// errors, sqrt(p (1 - p) / n) / density, of the lognormal's logarithm: 0.3 * 4 * 0.0089 at the median).
constexpr double kTolerance = 0.011;

TEST_CASE("network: messages inside a cluster placement group take about 35 us there and back") {
  Net net;
  const PlaceId a = net.host({.rack = 1, .cluster = 7});
  const PlaceId b = net.host({.rack = 2, .cluster = 7});
  const std::vector<double> times = net.round_trips(a, b);
  CHECK(times[10'000] == within(kTolerance, 35e-6));
  CHECK(times[19'800] == within(0.04, 70e-6));
}

TEST_CASE("network: instances of one rack are as near to each other as a cluster placement group's") {
  Net net;
  CHECK(net.median(net.host({.rack = 3}), net.host({.rack = 3})) == within(kTolerance, 35e-6));
}

TEST_CASE("network: two cluster placement groups of one zone are no nearer than any instances of it") {
  Net net;
  const PlaceId a = net.host({.rack = 1, .cluster = 7});
  const PlaceId b = net.host({.rack = 2, .cluster = 8});
  CHECK(net.median(a, b) == within(kTolerance, 120e-6));
}

TEST_CASE("network: a round trip inside a zone is lognormal with median 0.12 ms and sigma 0.3") {
  Net net;
  const std::vector<double> times = net.round_trips(net.host({.rack = 1}), net.host({.rack = 2}));
  // 0.12 ms * e^(0.3 z) with z = -1.2816, 0, 1.2816, 2.3263.
  CHECK(times[2'000] == within(0.02, 0.0817e-3));
  CHECK(times[10'000] == within(kTolerance, 0.12e-3));
  CHECK(times[18'000] == within(0.02, 0.1763e-3));
  CHECK(times[19'800] == within(0.04, 0.2411e-3));
}

TEST_CASE("network: a node of a load balancer stands in its zone like an instance of another rack") {
  Net net;
  const PlaceId node = net.network.add_node({.owner = "front", .zone = ZoneId(0)});
  CHECK(net.median(node, net.host({})) == within(kTolerance, 120e-6));
  CHECK(net.median(net.network.zone_place(ZoneId(0)), net.host({})) == within(kTolerance, 120e-6));
}

TEST_CASE("network: each pair of zones has a constant of its own, the same both ways and for all hosts") {
  Net net;
  const PlaceId a = net.host({.zone = 0}), b = net.host({.zone = 1}), c = net.host({.zone = 2});
  const double ab = net.median(a, b), ac = net.median(a, c), bc = net.median(b, c);
  for (const double median : {ab, ac, bc}) {
    CHECK(median > 0.29e-3);
    CHECK(median < 1.52e-3);
  }
  CHECK(std::set<double>{ab, ac, bc}.size() == 3);
  CHECK(net.median(b, a) == within(kTolerance, ab));
  CHECK(net.median(net.host({.zone = 1}), net.host({.zone = 0})) == within(kTolerance, ab));
}

TEST_CASE("network: jitter between zones is lognormal with sigma 0.15") {
  Net net("{assume: {between_zones: 1ms}}");
  const std::vector<double> times = net.round_trips(net.host({.zone = 0}), net.host({.zone = 1}));
  // 1 ms * e^(0.15 z) with z = -1.2816, 0, 1.2816.
  CHECK(times[2'000] == within(0.01, 0.8251e-3));
  CHECK(times[10'000] == within(kTolerance / 2, 1e-3));
  CHECK(times[18'000] == within(0.01, 1.2120e-3));
}

TEST_CASE("network: constants of pairs differ between replications and are uniform from 0.3 to 1.5 ms") {
  double sum = 0;
  for (std::uint32_t replication = 0; replication < 200; ++replication) {
    Net net("{assume: {zone_jitter: 0}}", replication);
    sum += net.round_trips(net.host({.zone = 0}), net.host({.zone = 1}), 1).front();
  }
  // Mean (0.3 + 1.5) / 2 = 0.9 ms, standard error 1.2 / sqrt(12) / sqrt(200) = 0.0245 ms; 4 of them.
  CHECK(sum / 200 == within(0.109, 0.9e-3));
}

TEST_CASE("network: a way is a pure function of its ends, the call and the attempt") {
  Net net, same;
  const PlaceId a = net.host({.zone = 0}), b = net.host({.zone = 1});
  same.host({.zone = 0});
  same.host({.zone = 1});
  const Way first = net.network.way(a, b, 17, 1);
  net.network.way(a, b, 18, 1);
  net.network.way(b, a, 17, 1);
  CHECK(net.network.way(a, b, 17, 1).there == first.there);
  CHECK(same.network.way(a, b, 17, 1).back == first.back);
  CHECK(net.network.way(a, b, 17, 2).there != first.there);
  CHECK(net.network.way(b, a, 17, 1).there != first.there);
  CHECK(Net("{}", 1).config.latencies);
}

TEST_CASE("network: an exchange takes one round trip, half of it each way") {
  Net net("{assume: {between_zones: 1ms, zone_jitter: 0}}");
  const Way way = net.network.way(net.host({.zone = 0}), net.host({.zone = 1}), 5, 1);
  CHECK(way.there == 500us);
  CHECK(way.back == 500us);
}

TEST_CASE("network: without latencies, and from an instance to itself, messages take no time") {
  Net off("{latencies: false}");
  const PlaceId far = off.network.client_place("eu-west-1");
  CHECK(off.network.way(far, off.host({}), 1, 1).at_once());
  Net net;
  const PlaceId a = net.host({});
  CHECK(net.network.way(a, a, 1, 1).at_once());
}

TEST_CASE("network: an instance that moves has the latencies of its new place") {
  Net net;
  const PlaceId a = net.host({.rack = 1}), b = net.host({.rack = 2});
  net.network.move_host(b, {.zone = ZoneId(0), .rack = 1, .host = 3});
  CHECK(net.median(a, b) == within(kTolerance, 35e-6));
}

TEST_CASE("network: round trips between Regions are the measured ones") {
  Net net;
  const PlaceId home = net.network.region_place("us-east-1");
  const std::vector<std::pair<const char*, double>> measured = {
      {"us-east-2", 0.011}, {"us-west-1", 0.060},      {"eu-west-1", 0.071},
      {"eu-west-2", 0.076}, {"ap-northeast-1", 0.152}, {"ap-southeast-1", 0.236}};
  for (const auto& [region, round_trip] : measured) {
    CAPTURE(region);
    CHECK(net.median(net.network.client_place(region), home) == within(0.002, round_trip));
    CHECK(net.median(net.host({}), net.network.region_place(region)) == within(0.002, round_trip));
  }
}

TEST_CASE("network: clients near the run's own Region are as far from it as another zone") {
  Net net("{assume: {between_zones: 1ms, zone_jitter: 0}}");
  const PlaceId clients = net.network.client_place("us-east-1");
  CHECK(net.round_trips(clients, net.host({}), 1).front() == within(1e-9, 1e-3));
  CHECK(net.round_trips(clients, net.network.region_place("us-east-1"), 1).front() == within(1e-9, 1e-3));
}

TEST_CASE("network: a scenario can state round trips between Regions") {
  Net net("{assume: {round_trips: {us-west-1: {ap-south-1: 230ms}, us-east-1: {us-west-2: 62ms}}}}");
  CHECK(net.median(net.network.client_place("us-west-2"), net.host({})) == within(0.002, 0.062));
  CHECK(net.config.regions("us-east-1").connects("ap-south-1", "us-west-1"));
  CHECK_FALSE(NetworkConfig().regions("us-east-1").connects("ap-south-1", "us-west-1"));
  CHECK_FALSE(NetworkConfig().regions("us-east-1").connects("us-east-1", "atlantis-1"));
}

TEST_CASE("network: a run in a Region that nobody has measured has places of its own Region") {
  NetworkConfig config;
  World world({.warmup = {}, .duration = 1h, .start_epoch = 0, .windows = {}, .region = "ap-east-1"}, Seed{1},
              0);
  Service service(world, config);
  CHECK(service.is_region("ap-east-1"));
  CHECK(service.is_region("eu-west-1"));
  CHECK_FALSE(service.is_region("atlantis-1"));
  const Way way = service.way(service.client_place("ap-east-1"), service.zone_place(ZoneId(0)), 1, 1);
  CHECK(way.there > Duration{});
}

TEST_CASE("network: a distribution without a quantile function is sampled") {
  Net net("{assume: {same_zone: {dist: gamma, mean: 1ms, cv: 0.5}}}");
  const std::vector<double> times = net.round_trips(net.host({.rack = 1}), net.host({.rack = 2}));
  double sum = 0;
  for (const double time : times) sum += time;
  // Of 4,096 samples: standard error 0.5 / 64 = 0.8 %.
  CHECK(sum / 20'000 == within(0.035, 1e-3));
}

}  // namespace
}  // namespace nephoscope::network
