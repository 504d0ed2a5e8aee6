#include <vector>

#include "tests/models/autoscaling/policy_fakes.hpp"

namespace nephoscope::autoscaling {
namespace {

TEST_CASE("forecast: there is none before 24 hours of data") {
  LoadHistory history;
  for (int hour = 0; hour < 23; ++hour) history.add(hour, 100);
  CHECK(history.expected(24, 24) == std::nullopt);
  history.add(23, 100);
  CHECK(history.expected(24, 24) == std::optional(100.0));
}

TEST_CASE("forecast: it is the mean of the same hour of the day, until a week of data is there") {
  LoadHistory history;
  for (int hour = 0; hour < 48; ++hour) history.add(hour, hour < 24 ? hour : hour * 10);
  // Hour 3 of two days: 3 and 27 x 10 = 270.
  CHECK(history.expected(48 + 3, 48) == std::optional((3.0 + 270.0) / 2));
}

TEST_CASE("forecast: the same hour of the week then has twice the weight") {
  LoadHistory history;
  // Day d has the load 10 (d + 1) in each of its hours; after 7 days the next one has day 0's weekday.
  for (int hour = 0; hour < 7 * 24; ++hour) history.add(hour, 10.0 * (hour / 24 + 1));
  const double by_day = (10 + 20 + 30 + 40 + 50 + 60 + 70) / 7.0;
  const double by_week = 10;
  CHECK(*history.expected(7 * 24, 7 * 24) == doctest::Approx((2 * by_week + by_day) / 3));
}

TEST_CASE("forecast: only the last 14 days count") {
  LoadHistory history;
  for (int hour = 0; hour < 15 * 24; ++hour) history.add(hour, hour < 24 ? 1e6 : 50);
  CHECK(history.size(15 * 24) == 14 * 24);
  CHECK(history.expected(15 * 24, 15 * 24) == std::optional(50.0));
}

TEST_CASE("forecast: an hour without data is left out") {
  LoadHistory history;
  for (int hour = 0; hour < 24; ++hour)
    if (hour != 5) history.add(hour, 100);
  CHECK(history.size(24) == 23);
  history.add(24, 100);
  CHECK(history.expected(24 + 5, 25) == std::nullopt);
  CHECK(history.expected(24 + 6, 25) == std::optional(100.0));
}

TEST_CASE("forecast: the capacity is the load at the target each, rounded up") {
  CHECK(capacity_for(600, 60) == 10);
  CHECK(capacity_for(601, 60) == 11);
  CHECK(capacity_for(0, 60) == 0);
}

PredictiveScalingConfig config(MaxCapacityBreach behavior, std::optional<int> buffer) {
  PredictiveScalingConfig result;
  result.max_capacity_breach_behavior = behavior;
  result.max_capacity_buffer = buffer;
  return result;
}

TEST_CASE("predictive scaling: the maximum holds, or rises to the forecast and its buffer") {
  const auto honor = config(MaxCapacityBreach::honor_max_capacity, {});
  CHECK(effective_maximum(honor, 50, 40) == 40);
  const auto raise = config(MaxCapacityBreach::increase_max_capacity, 10);
  CHECK(effective_maximum(raise, 50, 40) == 55);  // the guide's example
  CHECK(effective_maximum(raise, 30, 40) == 40);
  CHECK(effective_maximum(config(MaxCapacityBreach::increase_max_capacity, 0), 50, 40) == 50);
}

TEST_CASE("predictive scaling: an hour's load is the mean metric times the instances that made it") {
  PredictiveScalingConfig cpu;
  CHECK(cpu.statistic() == Statistic::average);
  CHECK(cpu.load(45, 8) == 360);
  PredictiveScalingConfig requests;
  requests.predefined_metric_pair = PredefinedMetricPair::alb_request_count;
  CHECK(requests.statistic() == Statistic::sum);
  CHECK(requests.load(60'000, 8) == 8000);  // 60,000 an hour and target are 1,000 a minute and target
}

constexpr std::int64_t kMidnight = 1'772'409'600;  // 2026-03-02T00:00Z

// 2 instances by night, 8 from 8:00 to 19:59.
const std::string kDay = "[2,2,2,2,2,2,2,2,8,8,8,8,8,8,8,8,8,8,8,8,2,2,2,2]";

std::string policy(const std::string& more) {
  return "{scaling_policies: {ahead: {predictive_scaling: {predefined_metric_pair: ASGCPUUtilization, "
         "target_value: 60" +
         more + "}}}}";
}

TEST_CASE(
    "predictive scaling: with a past it launches the buffer time before the hour, and never scales in") {
  PolicyFixture fixture(policy(", mode: ForecastAndScale, assume: {past_capacity: " + kDay + "}"), kMidnight);
  fixture.capacity.wanted = fixture.capacity.current = 2;
  fixture.start();
  fixture.run(23h);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].at == Time{} + 8h - 5min);
  CHECK(fixture.capacity.changes[0].to == 8);
  CHECK(fixture.capacity.changes[0].reason == "predictive policy ahead: 8 forecast for 2026-03-02T08:00Z");
}

TEST_CASE("predictive scaling: the buffer time can be set") {
  PolicyFixture fixture(
      policy(", mode: ForecastAndScale, scheduling_buffer_time: 20m, assume: {past_capacity: " + kDay + "}"),
      kMidnight);
  fixture.capacity.wanted = 2;
  fixture.start();
  fixture.run(23h);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].at == Time{} + 8h - 20min);
}

TEST_CASE("predictive scaling: it forecasts only, unless it is told to scale") {
  PolicyFixture fixture(policy(", assume: {past_capacity: " + kDay + "}"), kMidnight);
  fixture.capacity.wanted = 2;
  fixture.start();
  fixture.run(23h);
  CHECK(fixture.capacity.changes.empty());
  REQUIRE(!fixture.logged("forecast").empty());
  CHECK(fixture.logged("forecast")[0] == "ahead: forecast of 48 h from 336 h of data, at most 8 instances");
}

TEST_CASE("predictive scaling: the forecast is refreshed every 6 hours") {
  PolicyFixture fixture(policy(", assume: {past_capacity: " + kDay + "}"), kMidnight);
  fixture.start();
  fixture.run(23h);
  CHECK(fixture.logged("forecast").size() == 4);  // at 0:00, 6:10, 12:10 and 18:10
}

TEST_CASE("predictive scaling: the group's maximum holds") {
  PolicyFixture fixture(policy(", mode: ForecastAndScale, assume: {past_capacity: " + kDay + "}"), kMidnight);
  fixture.capacity.wanted = 2;
  fixture.capacity.max = 5;
  fixture.start();
  fixture.run(23h);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 5);
  CHECK(fixture.capacity.max == 5);
}

TEST_CASE("predictive scaling: with IncreaseMaxCapacity it raises the maximum first") {
  PolicyFixture fixture(policy(", mode: ForecastAndScale, max_capacity_breach_behavior: IncreaseMaxCapacity, "
                               "max_capacity_buffer: 25, assume: {past_capacity: " +
                               kDay + "}"),
                        kMidnight);
  fixture.capacity.wanted = 2;
  fixture.capacity.max = 5;
  fixture.start();
  fixture.run(8h);
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.max == 10);  // 8 and 25 %
  CHECK(fixture.capacity.changes[1].to == 8);
}

TEST_CASE("predictive scaling: a new group learns its load for a day before it acts") {
  PolicyFixture fixture(policy(", mode: ForecastAndScale"), kMidnight);
  fixture.capacity.wanted = fixture.capacity.current = 4;
  // 30 % by night, 75 % from 10:00 to 10:59: 4 x 75 / 60 = 5 instances.
  fixture.metrics.answer = [](Time from, Time) {
    const auto hour = (from.time_since_epoch() / Duration(1h)) % 24;
    return std::optional(hour == 10 ? 75.0 : 30.0);
  };
  fixture.start();
  fixture.run(24h + 9h);
  CHECK(fixture.capacity.changes.empty());
  CHECK(fixture.logged("forecast").size() == 2);  // at 24:10 and 30:10
  fixture.run(48h);
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].at == Time{} + 24h + 10h - 5min);
  CHECK(fixture.capacity.changes[0].to == 5);
}

TEST_CASE("predictive scaling: a run that starts within an hour leaves that hour out") {
  PolicyFixture fixture(policy(""), kMidnight + 1800);
  fixture.metrics.answer = [](Time from, Time) {
    CHECK(from >= Time{});
    CHECK((from - Time{} + 30min) % Duration(1h) == 0s);
    return std::optional(30.0);
  };
  fixture.start();
  fixture.run(24h);
  CHECK(fixture.logged("forecast").empty());
  fixture.run(25h);
  CHECK(fixture.logged("forecast").size() == 1);  // 0:30 of the second day and 10 min: 24 whole hours
}

TEST_CASE("predictive scaling: the forecast is a floor for policies that would scale in") {
  PolicyFixture fixture(
      "{scaling_policies: {ahead: {predictive_scaling: {predefined_metric_pair: ASGCPUUtilization, "
      "target_value: "
      "60, mode: ForecastAndScale, assume: {past_capacity: " +
          kDay +
          "}}}, cpu: {target_tracking: {predefined_metric: ASGAverageCPUUtilization, target_value: 60}}}}",
      kMidnight);
  fixture.start();
  fixture.fire(7 * 60, "TargetTracking-web-cpu-AlarmLow", 12);  // 7:00: 2 would do, and 2 are forecast
  REQUIRE(fixture.capacity.changes.size() == 1);
  CHECK(fixture.capacity.changes[0].to == 2);
  fixture.run(8h);  // 8 from 7:55 on
  fixture.capacity.current = 8;
  fixture.fire(9 * 60, "TargetTracking-web-cpu-AlarmLow", 12);
  REQUIRE(fixture.capacity.changes.size() == 2);
  CHECK(fixture.capacity.desired() == 8);
}

}  // namespace
}  // namespace nephoscope::autoscaling
