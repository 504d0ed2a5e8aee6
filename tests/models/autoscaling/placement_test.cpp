#include "models/autoscaling/placement.hpp"

#include <doctest/doctest.h>

#include "models/autoscaling/hooks.hpp"

namespace nephoscope::autoscaling {
namespace {

TEST_CASE("placement: launches try the zone with the fewest instances first, ties in the zones' order") {
  CHECK(by_need(std::vector{2, 1, 1}) == std::vector<std::size_t>{1, 2, 0});
  CHECK(by_need(std::vector{0, 0, 0}) == std::vector<std::size_t>{0, 1, 2});
}

TEST_CASE("placement: zones are out of balance if they differ by two") {
  CHECK_FALSE(imbalance(std::vector{3, 2, 3}));
  CHECK_FALSE(imbalance(std::vector{7}));
  const auto skew = imbalance(std::vector{3, 1, 4});
  REQUIRE(skew);
  CHECK(skew->fullest == 2);
  CHECK(skew->emptiest == 1);
}

TEST_CASE("placement: rebalancing exceeds the maximum by the larger of 10 % and 1") {
  CHECK(rebalancing_surplus(5) == 1);
  CHECK(rebalancing_surplus(10) == 1);
  CHECK(rebalancing_surplus(30) == 3);
}

TEST_CASE("placement: On-Demand Instances are the base and a share, rounded up, of the rest") {
  const MarketMix mix{.on_demand_base = 2, .on_demand_percentage_above_base = 25};
  // 2 + ceil(0.25 x (n - 2)).
  const int expected[] = {0, 1, 2, 3, 3, 3, 3, 4};
  for (int total = 0; total < 8; ++total) {
    CAPTURE(total);
    CHECK(on_demand_share(mix, total) == expected[total]);
  }
  CHECK(next_market(mix, 0, 0) == Market::on_demand);
  CHECK(next_market(mix, 2, 2) == Market::on_demand);  // the share of 3 is 3
  CHECK(next_market(mix, 3, 3) == Market::spot);       // the share of 4 is 3
  CHECK(next_market({.on_demand_base = 0, .on_demand_percentage_above_base = 0}, 0, 0) == Market::spot);
}

TEST_CASE("placement: a warm pool holds what is prepared and not desired, and its minimum") {
  CHECK(warm_pool_size(10, 0, 4) == 6);
  CHECK(warm_pool_size(5, 0, 8) == 0);
  CHECK(warm_pool_size(5, 2, 4) == 2);
}

TEST_CASE("placement: how many instances may be replaced at a time") {
  struct Row {
    const char* what;
    HealthyRange range;
    int desired, healthy, total;
    bool busy;
    int launch_first, terminate_first;
  };
  const Row rows[] = {
      // floor: ceil(10 x 0.9) = 9.
      {"default, ten instances: sets of 10 %", {90, 100}, 10, 10, 10, false, 0, 1},
      {"default, while one is away", {90, 100}, 10, 9, 10, true, 0, 0},
      {"default, thirty instances", {90, 100}, 30, 30, 30, false, 0, 3},
      // ceil(4 x 0.9) = 4 would let nobody go: one goes all the same.
      {"default, four instances", {90, 100}, 4, 4, 4, false, 0, 1},
      {"a group of one has an outage", {90, 100}, 1, 1, 1, false, 0, 1},
      {"one and its substitute is not there yet", {90, 100}, 1, 0, 1, true, 0, 0},
      {"min 100, max 110: launch first", {100, 110}, 10, 10, 10, false, 1, 0},
      {"min 100, max 110, the successor is there", {100, 110}, 10, 10, 11, true, 0, 0},
      // floor(4 x 1.1) = 4 leaves no room: one all the same.
      {"min 100, max 110, four instances", {100, 110}, 4, 4, 4, false, 1, 0},
      {"min 100, max 200", {100, 200}, 4, 4, 4, false, 4, 0},
      {"min 50, max 150", {50, 150}, 4, 4, 4, false, 2, 2},
      {"min 0", {0, 100}, 4, 4, 4, false, 0, 4},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const ReplacementRoom room = replacement_room(row.range, row.desired, row.healthy, row.total, row.busy);
    CHECK(room.launch_first == row.launch_first);
    CHECK(room.terminate_first == row.terminate_first);
  }
}

TEST_CASE("placement: unhealthy instances are replaced by tenths, one at least") {
  CHECK(unhealthy_batch(4) == 1);
  CHECK(unhealthy_batch(19) == 1);
  CHECK(unhealthy_batch(40) == 4);
}

LifecycleHook hook(HookResult result, Duration timeout = 100s) {
  LifecycleHook each;
  each.heartbeat_timeout = timeout;
  each.default_result = result;
  return each;
}

TEST_CASE("hooks: a hook ends with its own result, or at its time-out with the default result") {
  CHECK(hook_end(hook(HookResult::abandon), 40s, false).after == Duration(40s));
  CHECK_FALSE(hook_end(hook(HookResult::abandon), 40s, false).abandoned);
  CHECK(hook_end(hook(HookResult::proceed), 40s, true).abandoned);
  CHECK(hook_end(hook(HookResult::abandon), 101s, false).after == Duration(100s));
  CHECK(hook_end(hook(HookResult::abandon), 101s, false).abandoned);
  CHECK_FALSE(hook_end(hook(HookResult::proceed), 101s, true).abandoned);
}

TEST_CASE("hooks: the last to continue or the first to abandon ends them all") {
  const auto end = [](std::vector<HookEnd> ends) { return together(ends); };
  CHECK(end({{10s, false}, {30s, false}, {20s, false}}).after == Duration(30s));
  CHECK(end({{10s, false}, {30s, true}, {20s, true}, {50s, false}}).after == Duration(20s));
  CHECK(end({{10s, false}, {30s, true}}).abandoned);
  CHECK_FALSE(end({{10s, false}}).abandoned);
}

}  // namespace
}  // namespace nephoscope::autoscaling
