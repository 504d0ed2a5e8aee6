#include <doctest/doctest.h>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

namespace {
constexpr std::int64_t kMidnight = 1'772'409'600;  // 2026-03-02T00:00Z
constexpr std::int64_t kHour = 3600;
}  // namespace

TEST_CASE("UpdateTable: four decreases within an hour, then one an hour, 27 a day") {
  DecreaseQuota quota;
  int made = 0;
  for (std::int64_t minute = 0; minute < 24 * 60; ++minute) {
    const std::int64_t utc = kMidnight + minute * 60;
    if (!quota.allows(utc)) continue;
    quota.note(utc);
    ++made;
    // Four at 0:00 to 0:03, the next an hour after the last: 1:03, 2:03, ... 23:03.
    if (made == 4) CHECK(minute == 3);
    if (made == 5) CHECK(minute == 63);
  }
  CHECK(made == 27);
  CHECK(quota.allows(kMidnight + 24 * kHour));
}

TEST_CASE(
    "UpdateTable: later decreases need an hour without one; the first of a day opens its hour whenever it "
    "comes") {
  DecreaseQuota quota;
  const std::int64_t noon = kMidnight + 12 * kHour;
  quota.note(noon);
  CHECK(quota.allows(noon + kHour - 1));
  quota.note(noon + 1800);
  CHECK(!quota.allows(noon + kHour));
  CHECK(!quota.allows(noon + 1800 + kHour - 1));
  CHECK(quota.allows(noon + 1800 + kHour));
}

TEST_CASE("UpdateTable: it takes its time, the old limit holds, and nothing else can be updated meanwhile") {
  TableFixture fixture(table_yaml(provisioned_yaml(100, 50), "update_time: 2m"), kMidnight);
  ScalableDimension& reads = *fixture.table.scalable_dimension("", "dynamodb:table:ReadCapacityUnits");
  ScalableDimension& writes = *fixture.table.scalable_dimension("", "dynamodb:table:WriteCapacityUnits");
  CHECK(reads.consumed_metric().name == "ConsumedReadCapacityUnits");
  CHECK(reads.set_capacity(100, "no change") == CapacityChange::unchanged);
  CHECK(reads.set_capacity(200, "a test") == CapacityChange::accepted);
  CHECK(reads.updating());
  CHECK(writes.set_capacity(60, "a test") == CapacityChange::in_use);
  fixture.run_for(2min - Duration(1));
  CHECK(reads.capacity() == 100);
  fixture.run_for(Duration(1));
  CHECK(reads.capacity() == 200);
  CHECK(fixture.table.core().partitions.settings().provisioned == Throughput{.read = 200, .write = 50});
  CHECK(!writes.updating());
  for (const std::int64_t units : {40, 30, 20, 10}) {
    CHECK(writes.set_capacity(units, "a test") == CapacityChange::accepted);
    fixture.run_for(2min);
  }
  CHECK(writes.set_capacity(5, "a test") == CapacityChange::limit_exceeded);
  CHECK(writes.set_capacity(15, "a test") == CapacityChange::accepted);
  CHECK(fixture.world.events.events().front().text == "read capacity 100 -> 200: a test");
}

TEST_CASE("UpdateTable: a table on demand has nothing to scale") {
  TableFixture fixture(table_yaml(kOnDemand));
  CHECK(fixture.table.scalable_dimension("", "dynamodb:table:ReadCapacityUnits") == nullptr);
}

}  // namespace nephoscope::dynamodb
