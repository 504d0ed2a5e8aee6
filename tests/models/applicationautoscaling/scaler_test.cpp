#include "tests/models/applicationautoscaling/fixture.hpp"

namespace nephoscope::applicationautoscaling {

TEST_CASE(
    "applicationautoscaling: relief from a step comes after two minutes, the metric's delay and the update") {
  Fixture fixture("min_capacity: 10, max_capacity: 4000, " + tracking());
  // 60 units/s of 100 lie between 50 and 70 %; from 20:00 on 300/s.
  fixture.start([](int minute) { return minute < 20 ? 60.0 : 300.0; });
  fixture.run(40min);
  // The second datapoint above, of [21:00, 22:00), is visible at 22:30; the alarm looks once a minute.
  REQUIRE(fixture.changes().size() == 1);
  const auto& change = fixture.changes().front();
  CHECK(change.asked >= 22min + 30s);
  CHECK(change.asked <= 23min + 30s);
  CHECK(change.to == 429);  // 300 / 0.7
  // "18000 units in a minute > 4200 for 2 of 2 min, 300 % of 100 used, target 70 %"
  CHECK(fixture.logged("100 -> 429: 18000 units in a minute > 4200 for 2 of 2 min, 300 % of 100 used") == 1);
}

TEST_CASE("applicationautoscaling: the old capacity holds until the update ends") {
  Fixture fixture("min_capacity: 10, max_capacity: 4000, " + tracking());
  fixture.start([](int minute) { return minute < 20 ? 60.0 : 300.0; });
  fixture.run(23min + 30s);
  REQUIRE(fixture.changes().size() == 1);
  const Duration asked = fixture.changes().front().asked;
  fixture.run(asked + 2min - 1s);
  CHECK(fixture.writes.capacity() == 100);
  fixture.run(asked + 2min);
  CHECK(fixture.writes.capacity() == 429);
}

TEST_CASE("applicationautoscaling: while a change of its own is in progress nothing else is asked for") {
  Fixture fixture("min_capacity: 10, max_capacity: 4000, " + tracking());
  fixture.writes.update_time = 10min;
  fixture.start([](int minute) { return minute < 20 ? 60.0 : 300.0 + minute; });
  fixture.run(32min);
  CHECK(fixture.writes.asked == 1);
  CHECK(fixture.metric("changes.in_use") == 0);
}

TEST_CASE("applicationautoscaling: a throttled table climbs by the factor 1 / 0.7 a step") {
  Fixture fixture("min_capacity: 10, max_capacity: 4000, " + tracking());
  // Users want 300/s and get what there is: the metric cannot tell how much is missing.
  fixture.start([&](int) { return std::min(300.0, static_cast<double>(fixture.writes.in_force)); });
  fixture.run(60min);
  // 100 / 0.7 = 142.9, 143 / 0.7 = 204.3, 205 / 0.7 = 292.9, 293 / 0.7 = 418.6; then 300 of 419 are 71.6 %:
  // 300 / 0.7 = 428.6.
  std::vector<std::int64_t> climbed;
  for (const auto& change : fixture.changes()) climbed.push_back(change.to);
  CHECK(climbed == std::vector<std::int64_t>{143, 205, 293, 419, 429});
}

TEST_CASE("applicationautoscaling: fifteen minutes below the low alarm scale in") {
  Fixture fixture("min_capacity: 10, max_capacity: 4000, " + tracking());
  fixture.start([](int minute) { return minute < 30 ? 60.0 : 30.0; });
  fixture.run(60min);
  // The fifteenth datapoint below 50 %, of [44:00, 45:00), is visible at 45:30.
  REQUIRE(fixture.changes().size() == 1);
  CHECK(fixture.changes().front().asked >= 45min + 30s);
  CHECK(fixture.changes().front().asked <= 46min + 30s);
  CHECK(fixture.changes().front().to == 43);  // 30 / 0.7 = 42.9
}

TEST_CASE("applicationautoscaling: thresholds move with the capacity") {
  Fixture fixture("min_capacity: 10, max_capacity: 4000, " + tracking());
  // After the step to 429 units, 300/s are 70 % (18000 < 18018); 200/s, above the old low alarm, are 47 %.
  fixture.start([](int minute) { return minute < 20 ? 60.0 : minute < 60 ? 300.0 : 200.0; });
  fixture.run(60min);
  CHECK(fixture.changes().size() == 1);
  fixture.run(90min);
  REQUIRE(fixture.changes().size() == 2);
  CHECK(fixture.changes()[1].from == 429);
  CHECK(fixture.changes()[1].to == 286);  // 200 / 0.7 = 285.7
}

TEST_CASE("applicationautoscaling: capacities stay within the limits") {
  Fixture fixture("min_capacity: 50, max_capacity: 200, " + tracking());
  fixture.start([](int minute) { return minute < 20 ? 60.0 : minute < 40 ? 300.0 : 1.0; });
  fixture.run(80min);
  REQUIRE(fixture.changes().size() == 2);
  CHECK(fixture.changes()[0].to == 200);
  CHECK(fixture.changes()[1].to == 50);
}

TEST_CASE("applicationautoscaling: a capacity outside the limits is brought within them at once") {
  Fixture fixture("min_capacity: 150, max_capacity: 200, " + tracking());
  fixture.start([](int) { return -1.0; });
  fixture.run(5min);
  REQUIRE(fixture.changes().size() == 1);
  CHECK(fixture.changes()[0].asked == 0s);
  CHECK(fixture.changes()[0].to == 150);
}

TEST_CASE("applicationautoscaling: disable_scale_in never takes capacity away") {
  Fixture fixture("min_capacity: 10, max_capacity: 200, " + tracking("disable_scale_in: true"));
  fixture.start([](int) { return 1.0; });
  fixture.run(60min);
  CHECK(fixture.changes().empty());
}

TEST_CASE(
    "applicationautoscaling: a refused decrease is logged once, asked for each minute, and made when "
    "allowed") {
  Fixture fixture("min_capacity: 10, max_capacity: 200, " + tracking());
  fixture.writes.decreases_left = 0;
  fixture.start([](int) { return 30.0; });
  fixture.run(60min);
  CHECK(fixture.changes().empty());
  CHECK(fixture.writes.in_force == 100);
  CHECK(fixture.logged("LimitExceededException") == 1);
  // The alarm has been in ALARM since 15:30 to 16:30 and repeats its action once a minute.
  CHECK(fixture.metric("changes.refused") >= 43);
  CHECK(fixture.metric("changes.refused") <= 45);
  fixture.writes.decreases_left = 1;
  fixture.run(62min);
  REQUIRE(fixture.changes().size() == 1);
  CHECK(fixture.changes()[0].to == 43);
  CHECK(fixture.metric("changes.in") == 1);
}

TEST_CASE("applicationautoscaling: an increase goes through where decreases are refused") {
  Fixture fixture("min_capacity: 10, max_capacity: 4000, " + tracking());
  fixture.writes.decreases_left = 0;
  fixture.start([](int minute) { return minute < 40 ? 30.0 : 300.0; });
  fixture.run(60min);
  REQUIRE(fixture.changes().size() == 1);
  CHECK(fixture.changes()[0].to == 429);
}

TEST_CASE("applicationautoscaling: an update in progress makes it ask again, once a minute") {
  Fixture fixture("min_capacity: 10, max_capacity: 4000, " + tracking());
  fixture.writes.busy_until = Time{} + 30min;  // another capacity of the same table
  fixture.start([](int minute) { return minute < 20 ? 60.0 : 300.0; });
  fixture.run(29min);
  CHECK(fixture.changes().empty());
  CHECK(fixture.metric("changes.in_use") >= 6);
  CHECK(fixture.logged("ResourceInUseException") == 1);
  fixture.run(31min);
  REQUIRE(fixture.changes().size() == 1);
  CHECK(fixture.changes()[0].to == 429);
}

TEST_CASE(
    "applicationautoscaling: without traffic nothing is scaled in, unless silence counts as nothing used") {
  const auto changes = [](const std::string& assume) {
    Fixture fixture("min_capacity: 10, max_capacity: 200, " + tracking() + assume);
    fixture.start([](int minute) { return minute < 20 ? 60.0 : -1.0; });
    fixture.run(120min);
    return fixture.changes();
  };
  CHECK(changes("").empty());
  const auto silent = changes(", assume: {scales_in_without_traffic: true}");
  REQUIRE(silent.size() == 1);
  CHECK(silent[0].to == 10);
  // The last minute with a datapoint begins at 19:00 and leaves a window of fifteen minutes at 34:00.
  CHECK(silent[0].asked >= 34min);
  CHECK(silent[0].asked <= 36min);
}

TEST_CASE("applicationautoscaling: a cooldown keeps scale-ins apart") {
  const auto second = [](const std::string& keys) {
    Fixture fixture("min_capacity: 10, max_capacity: 200, " + tracking(keys));
    // 40 % used; from 20:00 on 20/s of the 58 units that are left: a second scale-in.
    fixture.start([](int minute) { return minute < 20 ? 40.0 : 20.0; });
    fixture.run(180min);
    REQUIRE(fixture.changes().size() == 2);
    CHECK(fixture.changes()[0].to == 58);  // 40 / 0.7 = 57.1
    CHECK(fixture.changes()[1].to == 29);  // 20 / 0.7 = 28.6
    return fixture.changes()[1].asked - fixture.changes()[0].asked;
  };
  CHECK(second("") < 30min);
  CHECK(second("scale_in_cooldown: 1h") >= 62min);  // from the end of the update, two minutes after
}

TEST_CASE("applicationautoscaling: a scheduled action moves the limits, and the capacity with them") {
  Fixture fixture(
      "min_capacity: 10, max_capacity: 200, "
      "scheduled_actions: {morning: {schedule: '0 8 * * *', min_capacity: 150}, "
      "evening: {start_time: '1970-01-01T20:00Z', min_capacity: 5, max_capacity: 80}}");
  fixture.start([](int) { return 60.0; });
  fixture.run(8h - 1s);
  CHECK(fixture.changes().empty());
  fixture.run(24h);
  REQUIRE(fixture.changes().size() == 2);
  CHECK(fixture.changes()[0].asked >= 8h);
  CHECK(fixture.changes()[0].asked <= 8h + 2min);
  CHECK(fixture.changes()[0].to == 150);
  CHECK(fixture.changes()[1].asked >= 20h);
  CHECK(fixture.changes()[1].to == 80);
}

TEST_CASE("applicationautoscaling: a limit that the day's decreases do not allow is kept trying") {
  Fixture fixture(
      "min_capacity: 10, max_capacity: 200, scheduled_actions: {evening: {schedule: '0 20 * * *', "
      "max_capacity: 80}}");
  fixture.writes.decreases_left = 0;
  fixture.start([](int) { return 60.0; });
  fixture.run(21h);
  CHECK(fixture.changes().empty());
  CHECK(fixture.logged("LimitExceededException") == 1);
  fixture.writes.decreases_left = 1;
  fixture.run(21h + 2min);
  REQUIRE(fixture.changes().size() == 1);
  CHECK(fixture.changes()[0].to == 80);
}

}  // namespace nephoscope::applicationautoscaling
