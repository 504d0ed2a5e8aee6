#include "engine/base/check.hpp"
#include "tests/models/cloudwatch/fixture.hpp"

namespace nephoscope::cloudwatch {
namespace {

std::optional<double> at_zero(const Fixture& f, Statistic statistic = Statistic::average) {
  return f.service.statistic(f.cpu, statistic, Time{}, Time{} + 60s);
}

TEST_CASE("cloudwatch: a metric has one id, in whatever order its dimensions come") {
  Fixture f;
  const MetricId ab = f.service.metric({"Shop", "Orders", {{"A", "1"}, {"B", "2"}}});
  CHECK(f.service.metric({"Shop", "Orders", {{"B", "2"}, {"A", "1"}}}) == ab);
  CHECK(f.service.metric({"Shop", "Orders", {{"A", "1"}}}) != ab);
  CHECK(f.service.metric({"AWS/Shop", "Orders", {{"A", "1"}, {"B", "2"}}}) != ab);
}

TEST_CASE("cloudwatch: a datapoint is invisible until its delay is over") {
  Fixture f(with_delay(30s));
  f.service.keep(f.cpu, 1h);
  f.minute(80);  // published at 1 min, so visible from 1 min 30 s on
  f.run(90s - 1ns);
  CHECK_FALSE(at_zero(f).has_value());
  f.run(90s);
  CHECK(at_zero(f) == 80);
}

TEST_CASE("cloudwatch: by default a minute's datapoint is visible 1 to 2 minutes after the minute began") {
  Fixture f(CloudWatchConfig{});
  f.service.keep(f.cpu, 24h);
  int early = 0;
  constexpr int minutes = 400;
  for (int i = 0; i < minutes; ++i) {
    f.minute(80);
    const Time stamp = Time{} + i * Duration(60s);
    CHECK_FALSE(f.service.statistic(f.cpu, Statistic::sum, stamp, stamp + 60s).has_value());
    f.run((i + 1) * Duration(60s) + Duration(30s));
    if (f.service.statistic(f.cpu, Statistic::sum, stamp, stamp + 60s)) ++early;
    // At the next full minute it is there: looked at in the next round, through the minute before.
    if (i > 0) CHECK(f.service.statistic(f.cpu, Statistic::sum, stamp - 60s, stamp) == 80);
  }
  // Uniform on 0 to 60 s: half of them are there after 30 s; 400 x 0.5 = 200, standard deviation 10.
  CHECK(early > 160);
  CHECK(early < 240);
}

TEST_CASE("cloudwatch: what instances publish of one minute adds up, late ones too") {
  Fixture f(with_delay(30s));
  f.service.keep(f.cpu, 1h);
  f.minute(40);
  f.service.put(f.cpu, Time{}, StatisticSet::of(60));
  f.run(90s);
  CHECK(at_zero(f) == 50);  // (40 + 60) / 2
  f.service.put(f.cpu, Time{} + 59s, StatisticSet::of(110));
  CHECK(at_zero(f) == 50);  // not visible yet
  f.run(120s);
  CHECK(at_zero(f) == 70);  // (40 + 60 + 110) / 3
  CHECK(at_zero(f, Statistic::sum) == 210);
  CHECK(at_zero(f, Statistic::sample_count) == 3);
  CHECK(at_zero(f, Statistic::minimum) == 40);
  CHECK(at_zero(f, Statistic::maximum) == 110);
}

TEST_CASE("cloudwatch: of a minute that many publish at different times, each part is visible in its turn") {
  Fixture f(with_delay(30s));
  f.service.keep(f.cpu, 1h);
  for (int i = 0; i < 240; ++i) {  // four a second, through minute 1; stamped minute 0
    f.run(60s + i * Duration(250ms));
    f.service.put(f.cpu, Time{}, StatisticSet::of(1));
    // Those that were published 30 s ago or earlier, this instant's included: floor((t - 30 s) / 250 ms) + 1.
    const double visible = std::max(0, i - 120 + 1);
    CHECK(at_zero(f, Statistic::sum).value_or(0) == visible);
  }
}

TEST_CASE("cloudwatch: a minute that is published late takes its place among later ones") {
  Fixture f(with_delay(Duration{}));
  f.service.keep(f.cpu, 1h);
  f.minutes({1, -1, 3});
  f.service.put(f.cpu, Time{} + 60s, StatisticSet::of(2));
  for (int i = 0; i < 3; ++i)
    CHECK(f.service.statistic(f.cpu, Statistic::sum, Time{} + i * Duration(60s),
                              Time{} + (i + 1) * Duration(60s)) == i + 1);
}

std::string balance(const Service& service) {
  Audit audit;
  service.audit(audit);
  REQUIRE(audit.lines().size() == 1);
  CHECK(audit.lines()[0].ok);
  return audit.lines()[0].detail;
}

TEST_CASE("cloudwatch: nothing is kept of a metric that nobody watches") {
  Fixture f;
  f.minutes({1, 2, 3});
  CHECK(balance(f.service) == "3 puts = 3 unwatched + 0 too late + 0 held + 0 expired");
  CHECK_THROWS_AS(at_zero(f), CheckFailure);
}

TEST_CASE(
    "cloudwatch: datapoints are forgotten when nobody looks back so far, and refused when they come then") {
  Fixture f;
  f.service.keep(f.cpu, 2min);
  f.minutes({1, 2, 3, 4});
  // At 4 min, minutes 2 and 3 are within 2 min; a put stamped 0 is not.
  f.service.put(f.cpu, Time{}, StatisticSet::of(9));
  CHECK(balance(f.service) == "5 puts = 0 unwatched + 1 too late + 2 held + 2 expired");
}

TEST_CASE("cloudwatch: a datapoint of the future, or a look at what is not kept, is a programmer's error") {
  Fixture f;
  f.service.keep(f.cpu, 2min);
  CHECK_THROWS_AS(f.service.put(f.cpu, Time{} + 1s, StatisticSet::of(1)), CheckFailure);
  f.run(10min);
  CHECK_THROWS_AS(at_zero(f), CheckFailure);
}

TEST_CASE(
    "cloudwatch: custom metrics are billed for the hours in which they are published, AWS's own are not") {
  Fixture f;
  const MetricId orders = f.service.metric({"Shop", "Orders", {}});
  for (int i = 0; i < 150; ++i) {
    f.minute(i < 90 ? orders : f.cpu, 1);  // published at 1 to 90 min: in hours 0 and 1
    f.service.put(f.cpu, f.world.now(), StatisticSet::of(1));
  }
  UsageMeter meter;
  f.service.bill(meter);
  REQUIRE(meter.quantities().size() == 1);
  CHECK(meter.quantities().at({"cloudwatch", "CW:MetricMonitorUsage"}) == 2);
}

}  // namespace
}  // namespace nephoscope::cloudwatch
