#include <doctest/doctest.h>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

TEST_CASE("table: a read answers with the item after its latency, and pays by the item's size") {
  TableFixture fixture(table_yaml(kOnDemand, "items: 10, item_size: 5000B"));
  const auto answer = fixture.ask("GetItem", 3);
  CHECK(answer.response.ok());
  CHECK(answer.response.size.count == 5000);
  CHECK(answer.took == 2ms);
  // 5,000 B are 2 blocks of 4 KB: 2 x 0.5.
  CHECK(fixture.consumed(Access::read).value() == 1);
  fixture.check_audits();
}

TEST_CASE("table: a missing item costs half a unit and has no body") {
  TableFixture fixture(table_yaml(kOnDemand, "items: 10"));
  const auto answer = fixture.ask("GetItem", 11);
  CHECK(answer.response.ok());
  CHECK(answer.response.size.count == 0);
  CHECK(fixture.consumed(Access::read).value() == 0.5);
}

TEST_CASE("table: a put replaces, an update keeps, a delete removes, each paid by the larger image") {
  TableFixture fixture(table_yaml(kOnDemand, "items: 10, item_size: 1KiB"));
  // 1 KiB before, 3 KiB after: 3 units.
  CHECK(fixture.units(Access::write, "PutItem", 5, Bytes(3 << 10)) == 3);
  // 3 KiB before, 1 KiB after: 3 units.
  CHECK(fixture.units(Access::write, "PutItem", 5, Bytes(1 << 10)) == 3);
  CHECK(fixture.units(Access::write, "UpdateItem", 5) == 1);
  CHECK(fixture.units(Access::write, "DeleteItem", 5) == 1);
  // There is nothing left: 1 unit.
  CHECK(fixture.units(Access::write, "DeleteItem", 5) == 1);
  CHECK(fixture.ask("GetItem", 5).response.size.count == 0);
  CHECK(fixture.metric("items") == 9);
  CHECK(fixture.metric("size") == 9 * 1024);
  fixture.check_audits();
}

TEST_CASE("table: versions grow with each write and end with the item") {
  TableFixture fixture(table_yaml(kOnDemand, "items: 10"));
  const ItemKey item{.key = 4, .sort = 0};
  CHECK(fixture.table.version_of(item) == Items::kInitialVersion);
  fixture.ask("PutItem", 4);
  const std::uint64_t first = fixture.table.version_of(item);
  CHECK(first > Items::kInitialVersion);
  fixture.ask("UpdateItem", 4);
  CHECK(fixture.table.version_of(item) > first);
  fixture.ask("DeleteItem", 4);
  CHECK(fixture.table.version_of(item) == 0);
  CHECK(fixture.table.version_of({.key = 99, .sort = 0}) == 0);
}

}  // namespace nephoscope::dynamodb
