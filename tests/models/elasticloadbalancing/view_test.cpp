// Which target a node picks.
#include "models/elasticloadbalancing/view.hpp"

#include <algorithm>

#include "tests/models/elasticloadbalancing/fixture.hpp"

namespace nephoscope::elasticloadbalancing {
namespace {

struct Node {
  explicit Node(const std::string& yaml, std::size_t targets, const ViewOptions& options = {})
      : attributes(read_config<InlineTargetGroup>(yaml)),
        sessions(attributes.stickiness_duration_seconds * Duration(1s)),
        view(options, attributes, random, Purpose("test"),
             attributes.stickiness_enabled ? &sessions : nullptr) {
    for (std::uint32_t i = 0; i < targets; ++i) {
      view.add(ZoneId(0));
      view.set_health(i, Health::healthy);
    }
  }
  std::uint32_t pick(Time now = {}, std::uint64_t key = 0) {
    Request request;
    request.number = mix64(++number);
    request.key = key;
    return view.pick(request, now);
  }
  std::vector<std::uint32_t> picks(int count) {
    std::vector<std::uint32_t> result;
    for (int i = 0; i < count; ++i) result.push_back(pick());
    return result;
  }
  std::vector<int> shares(int count, Time now = {}) {
    std::vector<int> result(16);
    for (int i = 0; i < count; ++i) ++result[pick(now)];
    return result;
  }

  InlineTargetGroup attributes;
  RandomSource random{Seed{1}, 0};
  StickySessions sessions;
  View view;
  std::uint64_t number = 0;
};

using Picks = std::vector<std::uint32_t>;

TEST_CASE("elb: round robin goes round the healthy targets and keeps its place when they change") {
  Node node("{}", 4);
  CHECK(node.picks(5) == Picks{0, 1, 2, 3, 0});
  node.view.set_health(1, Health::unhealthy);
  CHECK(node.picks(3) == Picks{2, 3, 0});
  node.view.remove(2);
  CHECK(node.picks(2) == Picks{3, 0});
}

TEST_CASE(
    "elb: least outstanding requests picks the least loaded target, the one that waited longest first") {
  Node node("{load_balancing_algorithm_type: least_outstanding_requests}", 3);
  const auto take = [&] {
    const std::uint32_t target = node.pick();
    node.view.begin(target);
    return target;
  };
  CHECK(take() == 0);
  CHECK(take() == 1);
  CHECK(take() == 2);
  node.view.end(1);
  CHECK(take() == 1);  // 0 instead of 1
  CHECK(take() == 0);  // all have 1; target 0 has had it for longest
}

TEST_CASE("elb: least outstanding requests agrees with a search through 2,000 targets") {
  Node node("{load_balancing_algorithm_type: least_outstanding_requests}", 2000);
  Draws draws = node.random.entity(Purpose("loads"), 1, 1);
  std::vector<std::uint32_t> running;
  for (int step = 0; step < 20'000; ++step) {
    if (running.empty() || draws.next_uniform() < 0.7) {
      const std::uint32_t target = node.pick();
      std::uint32_t least = View::kNone;
      if (step % 100 == 0) {
        for (std::uint32_t i = 0; i < 2000; ++i)
          if (node.view.health(i) == Health::healthy) least = std::min(least, node.view.outstanding(i));
        REQUIRE(node.view.outstanding(target) == least);
      }
      node.view.begin(target);
      running.push_back(target);
    } else {
      const auto i = static_cast<std::size_t>(draws.next_below(running.size()));
      node.view.end(running[i]);
      running[i] = running.back();
      running.pop_back();
    }
    if (step % 1000 == 500) node.view.set_health(static_cast<std::uint32_t>(step / 1000), Health::unhealthy);
  }
}

TEST_CASE("elb: a random choice is even") {
  Node node("{load_balancing_algorithm_type: weighted_random}", 4);
  // 8,000 / 4 = 2,000, deviation sqrt(8000 x 1/4 x 3/4) = 39
  const std::vector<int> shares = node.shares(8000);
  for (int i = 0; i < 4; ++i) CHECK(std::abs(shares[static_cast<std::size_t>(i)] - 2000) < 160);
}

TEST_CASE("elb: a slow start grows a target's share linearly, in turn and at random") {
  for (const std::string algorithm : {"round_robin", "weighted_random"}) {
    CAPTURE(algorithm);
    Node node("{slow_start_duration_seconds: 100, load_balancing_algorithm_type: " + algorithm + "}", 2);
    node.view.start_slowly(1, at(0s));
    // After 25 of 100 s it has a quarter of a share: 1/4 of 1 1/4 = 20 % of 10,000.
    CHECK(std::abs(node.shares(10'000, at(25s))[1] - 2000) <= 160);
    // After 50 s: 1/2 of 1 1/2 = 33.3 %.
    CHECK(std::abs(node.shares(10'000, at(50s))[1] - 3333) <= 190);
    CHECK(std::abs(node.shares(10'000, at(100s))[1] - 5000) <= 200);
  }
}

TEST_CASE("elb: only targets of its own zone are a node's when cross-zone is off") {
  Node node("{}", 0, {.zone = ZoneId(1), .cross_zone = false});
  for (std::uint32_t i = 0; i < 4; ++i) {
    node.view.add(ZoneId(i % 2));
    node.view.set_health(i, Health::healthy);
  }
  CHECK(node.picks(3) == Picks{1, 3, 1});
}

TEST_CASE("elb: a node fails open when no target is healthy, or fewer than the threshold") {
  Node node("{}", 2);
  node.view.set_health(0, Health::unhealthy);
  CHECK(node.picks(2) == Picks{1, 1});
  CHECK(!node.view.fails_open());
  node.view.set_health(1, Health::unhealthy);
  CHECK(node.picks(2) == Picks{0, 1});
  CHECK(node.view.fails_open());
  node.view.remove(0);
  node.view.remove(1);
  CHECK(node.pick() == View::kNone);

  // 2 of 4 are 50 %: enough; 1 of 4 is not.
  Node share("{unhealthy_state_routing: {percentage: 50%}}", 4);
  share.view.set_health(0, Health::unhealthy);
  share.view.set_health(1, Health::unhealthy);
  CHECK(!share.view.fails_open());
  share.view.set_health(2, Health::unhealthy);
  CHECK(share.view.fails_open());
}

TEST_CASE("elb: a client sticks to its target until that is unhealthy or the cookie has expired") {
  Node node("{stickiness_enabled: true, stickiness_duration_seconds: 60}", 3);
  CHECK(node.pick(at(0s), 7) == 0);
  CHECK(node.pick(at(50s), 7) == 0);
  CHECK(node.pick(at(50s), 8) == 1);
  CHECK(node.pick(at(109s), 7) == 0);  // 59 s after its last request
  CHECK(node.pick(at(169s), 7) == 2);  // 60 s: expired, next in turn
  node.view.set_health(2, Health::unhealthy);
  CHECK(node.pick(at(170s), 7) == 0);
  CHECK(node.pick(at(170s)) == 1);  // without a key: no cookie
}

TEST_CASE("elb: a kept connection is used again, newest first, and races with the target that ends it") {
  Node node("{}", 1,
            {.zone = {},
             .cross_zone = true,
             .network = false,
             .connection_life = 5s,
             .race = 1ms,
             .target_closes = true});
  CHECK(node.view.connect(0, at(0s)) == Connection::fresh);
  node.view.keep(0, at(1s));
  node.view.keep(0, at(2s));
  CHECK(node.view.connect(0, at(6500ms)) == Connection::kept);   // the one of 2 s
  CHECK(node.view.connect(0, at(6500ms)) == Connection::fresh);  // that of 1 s is 5.5 s old
  node.view.keep(0, at(10s));
  CHECK(node.view.connect(0, at(14'999'500us)) == Connection::racing);
  node.view.keep(0, at(20s));
  CHECK(node.view.connect(0, at(24'999ms)) == Connection::kept);  // just before the race
  node.view.keep(0, at(30s));
  CHECK(node.view.connect(0, at(35s)) == Connection::fresh);
}

TEST_CASE("elb: a node has 55,000 ports a minute to one target") {
  Node node("{}", 1);
  for (int i = 0; i < 55'000; ++i) REQUIRE(node.view.take_port(0, at(59s)));
  CHECK(!node.view.take_port(0, at(59s)));
  CHECK(node.view.take_port(0, at(60s)));
}

TEST_CASE("elb: the flow hash spreads flows evenly") {
  Node node("{}", 4, {.zone = {}, .cross_zone = true, .network = true});
  const std::vector<int> shares = node.shares(8000);
  for (int i = 0; i < 4; ++i) CHECK(std::abs(shares[static_cast<std::size_t>(i)] - 2000) < 160);
}

}  // namespace
}  // namespace nephoscope::elasticloadbalancing
