#include "models/dynamodb/heat_record.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "models/dynamodb/heavy_keys.hpp"

using namespace nephoscope;
using namespace nephoscope::dynamodb;

namespace {

RunWindow two_hours() {
  RunWindow run;
  run.duration = 2h;
  return run;
}

Demand demand(std::uint64_t key, Access access, std::int64_t units) {
  return {.position = position_of(key),
          .key = key,
          .access = access,
          .units = CapacityUnits::of(units),
          .number = key};
}

constexpr PartitionId kFirst{0}, kSecond{1};

Admission refused(PartitionId partition, Bucket bucket) {
  return {
      .reason = ThrottlingReason::key_range_throughput_exceeded, .bucket = bucket, .partition = partition};
}

// A provisioned table of 4,000 RU/s and 1,000 WU/s with two partitions.
const HeatRecord::Subject kTable = {.id = "orders",
                                    .of_index = false,
                                    .on_demand = false,
                                    .shares = false,
                                    .rate = {4000, 1000},
                                    .partitions = 2};

}  // namespace

TEST_CASE("heavy keys: a key with most of the weight is found, and never reported as lighter than it is") {
  HeavyKeys keys;
  // 2 x 10,000 of 10,000 other keys of weight 1: 2/3 of all.
  for (std::uint64_t key = 1; key <= 10'000; ++key) {
    keys.add(key + 77, 1);
    keys.add(7, 2);
  }
  CHECK(keys.heaviest().key == 7);
  CHECK(keys.heaviest().weight >= 20'000);
  CHECK(keys.heaviest().weight - keys.heaviest().surplus <= 20'000);
  CHECK(keys.total() == 30'000);
}

TEST_CASE("heat record: heat is the share of what a partition can serve, column by column") {
  HeatRecord record(two_hours());
  // Columns of 2 h / 120 = 60 s. 1,500 RU/s for 60 s = 90,000 units: half of 3,000 RU/s.
  for (int second = 0; second < 60; ++second)
    record.consumed(Time(second * 1s), kFirst, demand(1, Access::read, 1500));
  // 250 WU/s for the second minute: a quarter of 1,000 WU/s.
  for (int second = 60; second < 120; ++second)
    record.consumed(Time(second * 1s), kFirst, demand(1, Access::write, 250));
  Report report;
  record.report(report, kTable);
  REQUIRE(report.heat_maps.size() == 1);
  const HeatMap& map = report.heat_maps.front();
  CHECK(map.step == 60s);
  REQUIRE(map.rows.size() == 1);
  CHECK(map.values[0][0] == doctest::Approx(0.5).epsilon(1e-4));
  CHECK(map.values[0][1] == doctest::Approx(0.25).epsilon(1e-4));
  CHECK(map.values[0][2] == 0);
  CHECK(report.findings.empty());
}

TEST_CASE("heat record: columns end with the run") {
  RunWindow run;
  run.duration = 17min;  // columns of ceil(1,020 s / 120) = 9 s: 114 of them, the last of 3 s
  HeatRecord record(run);
  record.consumed(Time(1s), kFirst, demand(1, Access::read, 1));
  Report report;
  record.report(report, kTable);
  CHECK(report.heat_maps.front().step == 9s);
  CHECK(report.heat_maps.front().values[0].size() == 114);
}

TEST_CASE("heat record: a hot key is named, with its partition and its share") {
  HeatRecord record(two_hours());
  for (int i = 0; i < 60; ++i) record.consumed(Time(i * 1s), kFirst, demand(5, Access::write, 1));
  // 40 throttled: 30 for key 9 and 10 for others, all in partition 1. 40 of 100 writes.
  for (std::uint64_t i = 0; i < 40; ++i)
    record.throttled(Time(70s), demand(i < 30 ? 9 : 100 + i, Access::write, 1),
                     refused(kSecond, Bucket::partition));
  Report report;
  record.report(report, kTable);
  REQUIRE(report.findings.size() == 1);
  const Finding& finding = report.findings.front();
  CHECK(finding.share == doctest::Approx(0.4));
  CHECK(finding.text.find("40 % of the writes were throttled, between 1m10s and 1m10s") == 0);
  CHECK(finding.text.find("partition 1, one of 2, turned away 100 %") != std::string::npos);
  CHECK(finding.text.find("key 9 is 75 %") != std::string::npos);
  CHECK(finding.remedy.find("write sharding") != std::string::npos);
}

TEST_CASE("heat record: a table whose rate is used up is told what the worst minute asked for") {
  HeatRecord record(two_hours());
  // The third minute offers 60 x (4,000 + 2,000) RU: 6,000 RU/s.
  for (int second = 120; second < 180; ++second) {
    record.consumed(Time(second * 1s), kFirst, demand(1, Access::read, 4000));
    record.throttled(Time(second * 1s), demand(2, Access::read, 2000), refused(kFirst, Bucket::table));
  }
  Report report;
  record.report(report, kTable);
  REQUIRE(report.findings.size() == 1);
  CHECK(report.findings.front().text.find("the worst minute, at 2m, asked for 6000 RU/s") !=
        std::string::npos);
  CHECK(report.findings.front().remedy.find("6000 RU/s before the peak") == 0);
}

TEST_CASE(
    "heat record: a partition that a split ended, and those that it began, have cells while they lived") {
  HeatRecord record(two_hours());
  record.consumed(Time(10s), kFirst, demand(1, Access::read, 10));
  record.ended(Time(600s), kFirst);
  record.began(Time(600s), kSecond);
  record.consumed(Time(700s), kSecond, demand(1, Access::read, 10));
  Report report;
  record.report(report, kTable);
  REQUIRE(report.heat_maps.front().rows.size() == 2);
  const auto& values = report.heat_maps.front().values;
  CHECK(std::isfinite(values[0][9]));
  CHECK(std::isnan(values[0][10]));
  CHECK(std::isnan(values[1][9]));
  CHECK(std::isfinite(values[1][10]));
}

TEST_CASE("heat record: what the table turned away is not laid on the partition that it was for") {
  HeatRecord record(two_hours());
  // 50 refused by the table at 10 s, all for partition 0; 8 by partition 1 itself at 20 s.
  for (int i = 0; i < 50; ++i)
    record.throttled(Time(10s), demand(1, Access::write, 1), refused(kFirst, Bucket::table));
  for (int i = 0; i < 8; ++i)
    record.throttled(Time(20s), demand(2, Access::write, 1), refused(kSecond, Bucket::partition));
  Report report;
  record.report(report, kTable);
  REQUIRE(report.findings.size() == 2);
  CHECK(report.findings[0].text.find("between 10s and 10s") != std::string::npos);
  CHECK(report.findings[1].text.find("between 20s and 20s: partition 1, one of 2, turned away 100 %") !=
        std::string::npos);
}
