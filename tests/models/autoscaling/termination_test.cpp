#include "models/autoscaling/termination.hpp"

#include <doctest/doctest.h>

#include <set>

namespace nephoscope::autoscaling {
namespace {

using T = TerminationPolicy;

constexpr Time at(Duration age) { return Time{} + 100h - age; }
constexpr Time kNow = Time{} + 100h;

// The victim's index; -1 for none.
int victim(const std::vector<Candidate>& candidates, const std::vector<T>& policies = {},
           const MarketBalance& balance = {}, std::uint64_t count = 0) {
  const RandomSource random(Seed{1}, 0);
  Draws draws = random.entity(Purpose("test"), 0, count);
  const auto chosen = choose_victim(candidates, policies, balance, kNow, draws);
  return chosen ? static_cast<int>(*chosen) : -1;
}

Candidate in(std::uint32_t zone, Duration age, int version = 0) {
  return {.zone = zone, .launched = at(age), .version = version};
}

TEST_CASE("termination: the order that the guide documents, criterion by criterion") {
  struct Row {
    const char* what;
    std::vector<Candidate> candidates;
    std::vector<T> policies;
    int victim;
  };
  Candidate guarded = in(0, 59min);
  guarded.is_protected = true;
  const Row rows[] = {
      {"nobody is there", {}, {}, -1},
      {"all are protected", {guarded, guarded}, {}, -1},
      {"the zone with most instances comes before age",
       {in(0, 9h), in(1, 1h), in(1, 1h + 10min)},
       {T::oldest_instance},
       2},
      {"a zone whose instances are all protected is passed over", {guarded, guarded, in(1, 1h)}, {}, 2},
      {"protected instances count for their zone", {in(0, 5min), guarded, in(1, 50min)}, {}, 0},
      {"default: the oldest launch template", {in(0, 59min, 1), in(0, 5min, 0)}, {}, 1},
      // Minutes to the next hour: 60 - 20 = 40; 60 - (130 - 120) = 50; 60 - 55 = 5.
      {"default: then the one closest to its next hour", {in(0, 20min), in(0, 130min), in(0, 55min)}, {}, 2},
      {"OldestInstance", {in(0, 20min), in(0, 130min), in(0, 55min)}, {T::oldest_instance}, 1},
      {"NewestInstance", {in(0, 20min), in(0, 130min), in(0, 55min)}, {T::newest_instance}, 0},
      {"OldestLaunchTemplate", {in(0, 55min, 2), in(0, 5min, 1)}, {T::oldest_launch_template}, 1},
      {"ClosestToNextInstanceHour", {in(0, 55min, 2), in(0, 5min, 1)}, {T::closest_to_next_instance_hour}, 0},
      {"a later policy decides what an earlier one leaves equal",
       {in(0, 20min, 1), in(0, 50min, 1), in(0, 59min, 2)},
       {T::oldest_launch_template, T::newest_instance},
       0},
      {"Default at the end of a list", {in(0, 20min, 1), in(0, 50min, 0)}, {T::standard}, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    CHECK(victim(row.candidates, row.policies) == row.victim);
  }
}

TEST_CASE("termination: a mixed group first gives up the market and the type that it has too much of") {
  Candidate on_demand = in(0, 10min);
  Candidate spot = in(0, 55min);
  spot.market = Market::spot;
  Candidate spare = spot;
  spare.type = 1;
  const std::vector<Candidate> group = {on_demand, spot, on_demand, spare};
  // Two are On-Demand; if one should remain, On-Demand has a surplus.
  CHECK(group[static_cast<std::size_t>(victim(group, {}, {.mixed = true, .on_demand = 1}))].market ==
        Market::on_demand);
  // If two should remain, Spot has it; of the Spot Instances the less wanted type goes.
  CHECK(victim(group, {}, {.mixed = true, .on_demand = 2}) == 3);
  CHECK(victim(group, {T::allocation_strategy}, {.mixed = true, .on_demand = 2}) == 3);
}

TEST_CASE("termination: what is equal in all is drawn, and each can be drawn") {
  const std::vector<Candidate> equal = {in(0, 1h), in(0, 1h), in(0, 1h)};
  std::set<int> drawn;
  for (std::uint64_t count = 0; count < 50; ++count) drawn.insert(victim(equal, {}, {}, count));
  CHECK(drawn == std::set<int>{0, 1, 2});
}

}  // namespace
}  // namespace nephoscope::autoscaling
