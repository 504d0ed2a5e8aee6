#include "engine/base/check.hpp"
#include "models/common/pricing.hpp"
#include "tests/models/cloudwatch/fixture.hpp"

#include <set>

namespace nephoscope::cloudwatch {
namespace {

constexpr AlarmState kStates[] = {AlarmState::insufficient_data, AlarmState::ok, AlarmState::alarm};

std::string texts(const World& world) {
  std::string text;
  for (const LoggedEvent& event : world.events.events()) text += event.resource + ": " + event.text + "\n";
  return text;
}

TEST_CASE("cloudwatch: three of three minutes above the threshold alarm 3 to 5 minutes after the onset") {
  // Minute m is visible 1 to 2 min after it began and looked at within a minute after that: the third bad
  // minute ends at 3 min, is visible by 4 min and has been looked at by 5 min.
  Fixture f(CloudWatchConfig{});
  constexpr int kAlarms = 200;
  for (int i = 0; i < kAlarms; ++i) {
    AlarmSpec spec = Fixture::spec(3, 3);
    spec.name = "high-" + std::to_string(i);
    f.service.put_alarm(spec, &f.recorder);
  }
  f.minutes({90, 90, 90, 90, 90, 90});
  int alarms = 0;
  double sum = 0;
  for (std::size_t i = 0; i < f.recorder.readings.size(); ++i) {
    if (f.recorder.readings[i].now != AlarmState::alarm) continue;
    ++alarms;
    sum += to_seconds(f.recorder.times[i]);
    CHECK(f.recorder.times[i] > Time{} + 3min);
    CHECK(f.recorder.times[i] <= Time{} + 5min);
  }
  CHECK(alarms == kAlarms);
  // They share the metric's delay and differ by their phase, uniform over a minute.
  CHECK(sum / kAlarms > 180);
  CHECK(sum / kAlarms < 300);
}

TEST_CASE("cloudwatch: M of N datapoints need not be consecutive") {
  Fixture f;
  const AlarmId alarm = f.service.put_alarm(Fixture::spec(2, 3), nullptr);
  f.minutes({90, 10, 10, 10, -1});
  CHECK(f.service.state(alarm) == AlarmState::ok);
  f.minutes({});
  Fixture g;
  const AlarmId other = g.service.put_alarm(Fixture::spec(2, 3), nullptr);
  g.minutes({90, 10, 90, -1});
  g.run(5min);
  CHECK(g.service.state(other) == AlarmState::alarm);
}

TEST_CASE("cloudwatch: an alarm goes to OK when fewer than M of the newest N breach") {
  Fixture f;
  const AlarmId alarm = f.service.put_alarm(Fixture::spec(3, 3), nullptr);
  f.minutes({90, 90, 90, 90, 90});
  CHECK(f.service.state(alarm) == AlarmState::alarm);
  f.minutes({50, 90, 90});
  CHECK(f.service.state(alarm) == AlarmState::ok);
}

TEST_CASE("cloudwatch: an action happens on transitions only") {
  Fixture f;
  f.service.put_alarm(Fixture::spec(1, 1), &f.recorder);
  for (int i = 0; i < 10; ++i) f.minute(90);
  REQUIRE(f.recorder.readings.size() == 1);
  CHECK(f.recorder.readings[0].before == AlarmState::insufficient_data);
  CHECK(f.recorder.readings[0].now == AlarmState::alarm);
  CHECK(f.recorder.readings[0].value == 90);
  CHECK(f.recorder.readings[0].reason == "1 of 1 datapoints > 60: 90");
}

TEST_CASE("cloudwatch: a scaling action is repeated each minute in ALARM, and not in OK") {
  Fixture f;
  AlarmSpec spec = Fixture::spec(1, 1);
  spec.repeats_action = true;
  f.service.put_alarm(spec, &f.recorder);
  for (int i = 0; i < 10; ++i) f.minute(90 + i);
  const std::size_t repeated = f.recorder.readings.size();
  REQUIRE(repeated >= 8);
  for (std::size_t i = 1; i < repeated; ++i) {
    CHECK(f.recorder.times[i] - f.recorder.times[i - 1] == 60s);
    CHECK(f.recorder.readings[i].before == AlarmState::alarm);
    CHECK(*f.recorder.readings[i].value == *f.recorder.readings[i - 1].value + 1);
    CHECK(f.recorder.readings[i].reason.empty());
  }
  for (int i = 0; i < 10; ++i) f.minute(10);
  // One or two more in ALARM until the 10 is visible, then OK once.
  CHECK(f.recorder.readings.back().now == AlarmState::ok);
  CHECK(f.recorder.readings.size() <= repeated + 3);
}

TEST_CASE("cloudwatch: a period of five minutes is looked at every minute, over a sliding window") {
  Fixture f(with_delay(Duration{}));
  AlarmSpec spec = Fixture::spec(1, 1);
  spec.period = 5min;
  f.service.put_alarm(spec, &f.recorder);
  // The mean of five minutes passes 60 once three of them are at 90: 3 x 90 + 2 x 20 = 310, / 5 = 62.
  for (int i = 0; i < 10; ++i) f.minute(20);
  f.minutes({90, 90, 90, -1});
  REQUIRE(f.recorder.readings.size() == 2);
  CHECK(f.recorder.readings[1].now == AlarmState::alarm);
  CHECK(*f.recorder.readings[1].value == doctest::Approx(62));
  CHECK(f.recorder.times[1] > Time{} + 13min);
  CHECK(f.recorder.times[1] <= Time{} + 14min);
}

TEST_CASE("cloudwatch: a high-resolution alarm of 10 s is evaluated every 10 s") {
  Fixture f;
  AlarmSpec spec = Fixture::spec(3, 3);
  spec.period = 10s;
  spec.repeats_action = true;
  const AlarmId alarm = f.service.put_alarm(spec, &f.recorder);
  for (int i = 0; i < 12; ++i) {
    f.run((i + 1) * Duration(10s));
    f.service.put(f.cpu, Time{} + i * Duration(10s), StatisticSet::of(90));
  }
  // The third bad 10 s end at 30 s, are visible at 32 s and have been looked at by 42 s.
  REQUIRE(f.recorder.readings.size() >= 2);
  CHECK(f.service.state(alarm) == AlarmState::alarm);
  CHECK(f.recorder.times[1] > Time{} + 30s);
  CHECK(f.recorder.times[1] <= Time{} + 42s);
  // Its scaling action is still repeated once a minute only.
  REQUIRE(f.recorder.readings.size() == 3);
  CHECK(f.recorder.times[2] - f.recorder.times[1] == 60s);
}

TEST_CASE("cloudwatch: metrics that stop lead to INSUFFICIENT_DATA once the evaluation range is empty") {
  Fixture f;
  const AlarmId alarm = f.service.put_alarm(Fixture::spec(3, 3), nullptr);
  f.minutes({10, 10, 10, -1, -1, -1});
  CHECK(f.service.state(alarm) == AlarmState::ok);
  // Minute 2 is the last with data; it leaves the range of 5 when that begins at 3 min: at 8 min.
  f.minute(-1);
  f.run(8min);
  CHECK(f.service.state(alarm) == AlarmState::ok);
  f.run(9min);
  CHECK(f.service.state(alarm) == AlarmState::insufficient_data);
}

TEST_CASE("cloudwatch: alarms on DynamoDB ignore missing data, whatever they say") {
  Fixture f;
  AlarmSpec spec = Fixture::spec(1, 1);
  spec.queries[0].metric = {"AWS/DynamoDB", "ThrottledRequests", {{"TableName", "orders"}}};
  spec.missing_data = MissingData::breaching;
  const AlarmId alarm = f.service.put_alarm(spec, nullptr);
  f.run(10min);
  CHECK(f.service.state(alarm) == AlarmState::insufficient_data);  // retained
}

TEST_CASE("cloudwatch: an alarm on metric math compares the last of its queries") {
  Fixture f;
  AlarmSpec spec = Fixture::spec(1, 1, 5);
  const MetricName errors{"Shop", "Errors", {}}, requests{"Shop", "Requests", {}};
  spec.queries = {{.id = "e", .metric = errors, .statistic = Statistic::sum, .expression = ""},
                  {.id = "r", .metric = requests, .statistic = Statistic::sum, .expression = ""},
                  {.id = "rate", .metric = {}, .statistic = {}, .expression = "100 * e / r"}};
  const AlarmId alarm = f.service.put_alarm(spec, &f.recorder);
  f.run(60s);
  f.service.put(f.service.metric(errors), Time{}, StatisticSet::of(12));
  f.service.put(f.service.metric(requests), Time{}, StatisticSet::of(200));
  f.run(3min);
  CHECK(f.service.state(alarm) == AlarmState::alarm);
  CHECK(f.recorder.readings[0].value == 6);  // 100 * 12 / 200
  // Without requests there is no rate: the datapoint is dropped.
  f.run(20min);
  f.service.put(f.service.metric(errors), Time{} + 19min, StatisticSet::of(12));
  f.run(22min);
  CHECK(f.service.state(alarm) == AlarmState::insufficient_data);
}

TEST_CASE("cloudwatch: a deleted alarm is evaluated no more, even if its own action deletes it") {
  struct Deleter final : AlarmListener {
    Service* service = nullptr;
    int calls = 0;
    void alarm_acts(const AlarmReading& reading) override {
      ++calls;
      service->delete_alarm(reading.alarm);
    }
  } deleter;
  Fixture f;
  deleter.service = &f.service;
  AlarmSpec spec = Fixture::spec(1, 1);
  spec.repeats_action = true;
  f.service.put_alarm(spec, &deleter);
  for (int i = 0; i < 5; ++i) f.minute(90);
  CHECK(deleter.calls == 1);
  CHECK(f.world.simulation.pending() == 0);
}

TEST_CASE("cloudwatch: two alarms look at different phases of the minute, always the same ones") {
  const auto first_look = [](const char* name) {
    Fixture f;
    AlarmSpec spec = Fixture::spec(1, 1);
    spec.name = name;
    f.service.put_alarm(spec, &f.recorder);
    f.minutes({90, -1, -1});
    REQUIRE(f.recorder.times.size() == 1);
    return f.recorder.times[0];
  };
  CHECK(first_look("a") == first_look("a"));
  CHECK(first_look("a") != first_look("b"));
}

TEST_CASE("cloudwatch: a metric alarm can go from each state to each other, and nowhere else") {
  std::set<std::pair<AlarmState, AlarmState>> legal, seen;
  for (const AlarmState from : kStates)
    for (const AlarmState to : kStates)
      if (may_follow(from, to, false)) legal.emplace(from, to);
  CHECK(legal.size() == 6);  // 3 states x 2 others
  Fixture f;
  AlarmSpec spec = Fixture::spec(1, 1);
  const AlarmId alarm = f.service.put_alarm(spec, &f.recorder);
  const auto silence = [&] {
    for (int i = 0; i < 6; ++i) f.minute(-1);
    CHECK(f.service.state(alarm) == AlarmState::insufficient_data);
  };
  f.minutes({10, 10, 90, 90, 90});  // -> OK -> ALARM
  silence();                        // -> INSUFFICIENT_DATA
  f.minutes({90, 90, 90, 10, 10});  // -> ALARM -> OK
  silence();                        // -> INSUFFICIENT_DATA
  for (const AlarmReading& reading : f.recorder.readings) seen.emplace(reading.before, reading.now);
  CHECK(seen == legal);
  CHECK(f.recorder.readings.size() == 6);
}

TEST_CASE("cloudwatch: a composite alarm leaves INSUFFICIENT_DATA for ever") {
  std::set<std::pair<AlarmState, AlarmState>> legal, seen;
  for (const AlarmState from : kStates)
    for (const AlarmState to : kStates)
      if (may_follow(from, to, true)) legal.emplace(from, to);
  const auto none = AlarmState::insufficient_data;
  CHECK(legal == std::set<std::pair<AlarmState, AlarmState>>{{none, AlarmState::ok},
                                                             {none, AlarmState::alarm},
                                                             {AlarmState::ok, AlarmState::alarm},
                                                             {AlarmState::alarm, AlarmState::ok}});
  Fixture f;
  f.service.put_alarm(Fixture::spec(1, 1), nullptr);
  f.service.put_composite_alarm({.name = "any", .owner = "any", .alarm_rule = "ALARM(high)"}, &f.recorder);
  f.service.put_composite_alarm({.name = "blind", .owner = "blind", .alarm_rule = "NOT OK(high)"},
                                &f.recorder);
  f.minutes({10, 10, 90, 90, 90, 10, 10, 10});
  for (const AlarmReading& reading : f.recorder.readings) seen.emplace(reading.before, reading.now);
  CHECK(seen == legal);
}

TEST_CASE("cloudwatch: a composite alarm follows a second after its alarms and says why") {
  Fixture f;
  f.service.put_alarm(Fixture::spec(1, 1), &f.recorder);
  Recorder composite(f.world);
  f.service.put_composite_alarm(
      {.name = "page", .owner = "page", .alarm_rule = "ALARM(high) AND NOT ALARM(deploying)"}, &composite);
  f.minutes({90, 90, 90});
  REQUIRE(f.recorder.readings.size() == 1);
  REQUIRE(composite.readings.size() == 2);
  CHECK(composite.times[0] == Time{} + 1s);
  CHECK(composite.readings[0].now == AlarmState::ok);
  CHECK(composite.times[1] == f.recorder.times[0] + 1s);
  CHECK(composite.readings[1].now == AlarmState::alarm);
  CHECK(composite.readings[1].reason == "high is ALARM, deploying is INSUFFICIENT_DATA");
}

TEST_CASE(
    "cloudwatch: composite alarms that depend on each other take a step a second, not for ever at once") {
  Fixture f;
  f.service.put_composite_alarm({.name = "a", .owner = "a", .alarm_rule = "NOT ALARM(b)"}, &f.recorder);
  f.service.put_composite_alarm({.name = "b", .owner = "b", .alarm_rule = "ALARM(a)"}, &f.recorder);
  f.run(20s);
  CHECK(f.recorder.readings.size() > 4);
  CHECK(f.recorder.readings.size() <= 40);
}

TEST_CASE("cloudwatch: each transition is logged for the alarm's owner, with its reason") {
  Fixture f;
  AlarmSpec spec = Fixture::spec(3, 3);
  f.service.put_alarm(spec, nullptr);
  spec = Fixture::spec(2, 3, 20.5);
  spec.name = spec.owner = "low";
  spec.comparison = ComparisonOperator::less_than_or_equal;
  spec.missing_data = MissingData::breaching;
  f.service.put_alarm(spec, nullptr);
  f.run(60s);
  f.minutes({79.5, 81, 83.25});
  f.run(5min);
  CHECK(texts(f.world) ==
        "low: INSUFFICIENT_DATA -> ALARM: no datapoint in 5 x 1m; 3 missing, as if breaching\n"
        "web: high INSUFFICIENT_DATA -> OK: 1 of 3 datapoints > 60: 79.5; 2 missing\n"
        "low: ALARM -> OK: 0 of 3 datapoints <= 20.5: 81, 79.5; 1 missing, as if breaching\n"
        "web: high OK -> ALARM: all known datapoints > 60 (2 of 3): 81, 79.5\n");
}

TEST_CASE("cloudwatch: alarms are billed by kind and begun hour, on metric math for each metric") {
  Fixture f;
  AlarmSpec spec = Fixture::spec(1, 1);
  f.service.put_alarm(spec, nullptr);
  spec.name = "fast";
  spec.period = 30s;
  f.service.put_alarm(spec, nullptr);
  spec.name = "math";
  spec.period = 60s;
  spec.queries = {{.id = "a", .metric = {"Shop", "A", {}}, .statistic = {}, .expression = ""},
                  {.id = "b", .metric = {"Shop", "B", {}}, .statistic = {}, .expression = ""},
                  {.id = "c", .metric = {}, .statistic = {}, .expression = "a + b"}};
  const AlarmId math = f.service.put_alarm(spec, nullptr);
  f.service.put_composite_alarm({.name = "any", .owner = "ops", .alarm_rule = "ALARM(fast)"}, nullptr);
  f.run(30min);
  f.service.delete_alarm(math);  // after half an hour: 1 h x 2 metrics
  f.run(150min);                 // the others: 3 h
  UsageMeter meter;
  f.service.bill(meter);
  CHECK(meter.quantities().at({"web", "CW:AlarmMonitorUsage"}) == 3 + 2);
  CHECK(meter.quantities().at({"web", "CW:HighResAlarmMonitorUsage"}) == 3);
  CHECK(meter.quantities().at({"ops", "CW:CompositeAlarmMonitorUsage"}) == 3);
}

TEST_CASE("cloudwatch: the price book prices what CloudWatch meters") {
  const PriceBook book = load_price_book("us-east-1");
  const auto dollars = [&](const char* usage, std::int64_t quantity) {
    const Price* price = book.find(usage);
    REQUIRE(price != nullptr);
    return to_dollars(cost_of(*price, quantity));
  };
  CHECK(dollars("CW:AlarmMonitorUsage", 730) == doctest::Approx(0.10));           // one month
  CHECK(dollars("CW:HighResAlarmMonitorUsage", 730) == doctest::Approx(0.30));    // 3 x standard
  CHECK(dollars("CW:CompositeAlarmMonitorUsage", 365) == doctest::Approx(0.25));  // half a month
  // Detailed monitoring: 7 metrics for a month, 7 x $0.30 = $2.10.
  CHECK(dollars("CW:MetricMonitorUsage", 7 * 730) == doctest::Approx(2.10));
  // 12,000 metrics: 10,000 x $0.30 + 2,000 x $0.10 = $3,200.
  CHECK(dollars("CW:MetricMonitorUsage", 12'000 * 730) == doctest::Approx(3200));
}

TEST_CASE("cloudwatch: alarms that PutMetricAlarm refuses are a programmer's error") {
  Fixture f;
  const auto refused = [&](auto change) {
    AlarmSpec spec = Fixture::spec(1, 1);
    change(spec);
    CHECK_THROWS_AS(f.service.put_alarm(spec, nullptr), CheckFailure);
  };
  refused([](AlarmSpec& spec) { spec.period = 45s; });
  refused([](AlarmSpec& spec) { spec.period = 5s; });
  refused([](AlarmSpec& spec) { spec.evaluation_periods = 0; });
  refused([](AlarmSpec& spec) { spec.evaluation_periods = 1441; });  // 1441 x 60 s > 1 day
  refused([](AlarmSpec& spec) { spec.datapoints_to_alarm = 2; });
  refused([](AlarmSpec& spec) { spec.queries.clear(); });
  refused([](AlarmSpec& spec) { spec.queries[0].expression = "m1 +"; });
  CHECK_THROWS_AS(f.service.put_composite_alarm({.name = "c", .owner = "c", .alarm_rule = "?"}, nullptr),
                  CheckFailure);
}

}  // namespace
}  // namespace nephoscope::cloudwatch
