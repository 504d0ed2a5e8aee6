#include <cmath>

#include "tests/models/network/fixture.hpp"

namespace nephoscope::network {
namespace {

constexpr const char* kExactMillisecond = "{assume: {between_zones: 1ms, zone_jitter: 0}}";

TEST_CASE("network: a disturbance delays each way of messages between its parts, and of no others") {
  Net net(kExactMillisecond);
  const PlaceId a = net.host({.zone = 0}), b = net.host({.zone = 1}), c = net.host({.zone = 2});
  const DisturbanceId id = net.network.disturb({.zone = ZoneId(0)}, {.zone = ZoneId(1)}, {.delay = 20ms});
  CHECK(net.network.way(a, b, 1, 1).there == 20ms + 500us);
  CHECK(net.network.way(b, a, 1, 1).back == 20ms + 500us);
  CHECK(net.network.way(a, c, 1, 1).there == 500us);
  net.network.calm(id);
  CHECK(net.network.way(a, b, 1, 1).there == 500us);
}

TEST_CASE("network: disturbances at the same time add up") {
  Net net(kExactMillisecond);
  const PlaceId a = net.host({.zone = 0}), b = net.host({.zone = 1});
  net.network.disturb({.zone = ZoneId(0)}, {}, {.delay = 20ms});
  const DisturbanceId second = net.network.disturb({}, {.place = b}, {.delay = 5ms});
  CHECK(net.network.way(a, b, 1, 1).there == 25ms + 500us);
  net.network.calm(second);
  net.network.calm(second);
  CHECK(net.network.way(a, b, 1, 1).there == 20ms + 500us);
}

TEST_CASE("network: parts are chosen by zone, owner, Region and place") {
  Net net(kExactMillisecond);
  const PlaceId web = net.host({.zone = 0, .owner = "web"}), db = net.host({.zone = 1, .owner = "db"});
  const PlaceId other = net.host({.zone = 1, .owner = "db"});
  const PlaceId dublin = net.network.client_place("eu-west-1");
  const PlaceId ireland = net.network.region_place("eu-west-1");
  const PlaceId ohio = net.network.client_place("us-east-2");
  const auto cuts = [&](const NetworkPart& a, const NetworkPart& b, PlaceId from, PlaceId to) {
    const DisturbanceId id = net.network.disturb(a, b, {.cut = true});
    const bool cut = net.network.cut(from, to);
    CHECK(net.network.cut(to, from) == cut);
    net.network.calm(id);
    return cut;
  };
  CHECK(cuts({.owner = "web"}, {.owner = "db"}, web, db));
  CHECK_FALSE(cuts({.owner = "web"}, {.owner = "cache"}, web, db));
  CHECK(cuts({.place = web}, {.place = db}, web, db));
  CHECK_FALSE(cuts({.place = web}, {.place = other}, web, db));
  CHECK(cuts({}, {.region = "eu-west-1"}, dublin, web));
  CHECK(cuts({}, {.region = "eu-west-1"}, ireland, web));
  CHECK_FALSE(cuts({}, {.region = "eu-west-1"}, ohio, web));
  CHECK_FALSE(cuts({}, {.region = "us-east-1"}, web, db));
  CHECK(cuts({.zone = ZoneId(1), .owner = "db"}, {}, web, db));
  CHECK_FALSE(cuts({.zone = ZoneId(0), .owner = "db"}, {}, web, db));
}

TEST_CASE("network: nothing arrives over a cut") {
  Net net;
  const PlaceId a = net.host({.zone = 0}), b = net.host({.zone = 1});
  CHECK_FALSE(net.network.cut(a, b));
  net.network.disturb({.zone = ZoneId(0)}, {.zone = ZoneId(1)}, {.cut = true});
  CHECK(net.network.cut(a, b));
  const Way way = net.network.way(a, b, 1, 1);
  CHECK(way.there == Way::kNever);
  CHECK(way.back == Way::kNever);
}

TEST_CASE("network: a lost packet comes after the time-out, which doubles") {
  Net net(kExactMillisecond);
  const PlaceId a = net.host({.zone = 0}), b = net.host({.zone = 1});
  net.network.disturb({}, {}, {.loss = Probability(0.3)});
  // The first time-out is the round trip and 200 ms; after k losses a packet has waited for 2^k - 1 of them,
  // with probability 0.3^k 0.7.
  constexpr std::size_t calls = 40'000;
  std::vector<std::size_t> lost(20);
  for (std::size_t number = 0; number < calls; ++number) {
    const Way way = net.network.way(a, b, number, 1);
    for (const Duration each : {way.there, way.back}) {
      const Duration waited = each - 500us;
      std::size_t k = 0;
      while (waited > ((1 << k) - 1) * 201ms) ++k;
      REQUIRE(waited == ((1 << k) - 1) * 201ms);
      ++lost[k];
    }
  }
  double probability = 0.7;
  for (std::size_t k = 0; k < 5; ++k, probability *= 0.3) {
    CAPTURE(k);
    // 5 standard errors, sqrt((1 - p) / (p n)), n = 80,000.
    const double tolerance = 5 * std::sqrt((1 - probability) / (probability * 80'000));
    CHECK(static_cast<double>(lost[k]) / 80'000 == within(tolerance, probability));
  }
}

TEST_CASE("network: losses are independent, those of one call and attempt always the same") {
  Net net(kExactMillisecond);
  const PlaceId a = net.host({.zone = 0}), b = net.host({.zone = 1});
  net.network.disturb({}, {}, {.loss = Probability(0.5)});
  net.network.disturb({.zone = ZoneId(0)}, {}, {.loss = Probability(0.2)});
  std::size_t lost = 0;
  for (std::size_t number = 0; number < 20'000; ++number) {
    const Way way = net.network.way(a, b, number, 1);
    CHECK(net.network.way(a, b, number, 1).there == way.there);
    if (way.there > 500us) ++lost;
  }
  // 1 - 0.5 * 0.8 = 0.6; standard error 0.0035.
  CHECK(static_cast<double>(lost) / 20'000 == within(0.025, 0.6));
}

TEST_CASE("network: TCP gives up after 15 retransmissions") {
  Net net(kExactMillisecond);
  const PlaceId a = net.host({.zone = 0}), b = net.host({.zone = 1});
  net.network.disturb({}, {}, {.loss = Probability(1)});
  CHECK(net.network.way(a, b, 1, 1).there == Way::kNever);
}

}  // namespace
}  // namespace nephoscope::network
