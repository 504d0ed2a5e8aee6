#include <doctest/doctest.h>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

TEST_CASE("query: the sum of a collection's items is rounded once, and read in one page") {
  TableFixture fixture(table_yaml(kSorted, "items: 100, items_per_key: 10, item_size: 1500B"));
  // 10 x 1,500 B = 15,000 B: 4 blocks of 4 KB, eventually consistent: 2 units. A batch would pay 10 x 0.5.
  CHECK(fixture.units(Access::read, "Query", 3) == 2);
  CHECK(fixture.ask("Query", 3).response.size.count == 15'000);
  CHECK(fixture.ask("Query", 3).took == 2ms);
  // Nobody has that key.
  CHECK(fixture.units(Access::read, "Query", 11) == 0.5);
  fixture.check_audits();
}

TEST_CASE("query: a limit is on what is evaluated, a filter on what is returned") {
  TableFixture fixture(table_yaml(
      kSorted +
          ", access_patterns: {latest: {operation: Query, sort: newest, items: 4, consistent_read: true, "
          "filter: 25%}}",
      "items: 100, items_per_key: 10, item_size: 4KiB"));
  // 4 x 4 KiB evaluated: 4 units; a quarter of 16 KiB comes back.
  CHECK(fixture.units(Access::read, "latest", 3) == 4);
  CHECK(fixture.ask("latest", 3).response.size.count == 4096);
}

TEST_CASE("query: sizes that differ are added up item by item") {
  TableFixture fixture(
      table_yaml(kSorted + ", access_patterns: {append: {operation: PutItem, sort: next}, "
                           "latest: {operation: Query, sort: newest, items: 2, consistent_read: true}}",
                 "items: 40, items_per_key: 4, item_size: 1KiB"));
  fixture.ask("append", 3, Bytes(9 << 10));
  // The newest two: 9 KiB and 1 KiB, 10 KiB in 4-KB blocks: 3 units. All five: 13 KiB, 4 blocks of half a
  // unit.
  CHECK(fixture.units(Access::read, "latest", 3) == 3);
  CHECK(fixture.units(Access::read, "Query", 3) == 2);
}

TEST_CASE("query: a collection beyond 1 MB is read page by page, one after another") {
  TableFixture fixture(table_yaml(kSorted, "items: 3000, items_per_key: 1500, item_size: 1KiB"));
  // 1,024 items fill a page; 476 are left: ceil(1024 / 4) x 0.5 = 128 and ceil(476 / 4) x 0.5 = 59.5 units.
  CHECK(fixture.units(Access::read, "Query", 1) == 187.5);
  CHECK(fixture.ask("Query", 1).took == 2 * 2ms);
}

TEST_CASE("scan: all items are evaluated in pages of 1 MB, 128 units each") {
  TableFixture fixture(table_yaml(kOnDemand, "items: 5120, item_size: 1KiB"));
  // 5 MiB: five pages.
  CHECK(fixture.units(Access::read, "Scan", 0) == 5 * 128);
  CHECK(fixture.ask("Scan", 0).took == 5 * 2ms);
  CHECK(fixture.ask("Scan", 0).response.size.count == 5 << 20);
  fixture.check_audits();
}

TEST_CASE("scan: segments run side by side and cost the same together") {
  TableFixture fixture(table_yaml(kOnDemand + ", access_patterns: {all: {operation: Scan, segments: 5}}",
                                  "items: 5120, item_size: 1KiB"));
  CHECK(fixture.units(Access::read, "all", 0) == 5 * 128);
  CHECK(fixture.ask("all", 0).took == 2ms);
}

TEST_CASE("scan: a caller may stop after some pages, and reading takes time by the byte") {
  TableFixture fixture(
      table_yaml(kOnDemand + ", access_patterns: {some: {operation: Scan, pages: 2, filter: 0%}}",
                 "items: 5120, item_size: 1KiB, time_per_mebibyte: 20ms"));
  CHECK(fixture.units(Access::read, "some", 0) == 2 * 128);
  CHECK(fixture.ask("some", 0).took == 2 * (2ms + 20ms));
  CHECK(fixture.ask("some", 0).response.size.count == 0);
}

TEST_CASE("items: puts of the next sort key make a collection grow, and queries find them") {
  TableFixture fixture(table_yaml(kSorted + ", access_patterns: {append: {operation: PutItem, sort: next}, "
                                            "latest: {operation: GetItem, sort: newest}}",
                                  "items: 20, items_per_key: 2, item_size: 4KiB"));
  CHECK(fixture.ask("append", 5).response.ok());
  CHECK(fixture.ask("append", 5).response.ok());
  CHECK(fixture.table.core().items.newest(5) == 4);
  CHECK(fixture.metric("items") == 22);
  // 4 items of 4 KiB: 4 x 0.5.
  CHECK(fixture.units(Access::read, "Query", 5) == 2);
  CHECK(fixture.ask("latest", 5).response.size.count == 4096);
  // The last partition key has what is left: 20 = 9 x 2 + 2; key 11 has none.
  CHECK(fixture.table.core().items.newest(10) == 2);
  CHECK(fixture.table.core().items.newest(11) == 0);
  fixture.check_audits();
}

TEST_CASE("items: a local index pays for its entries, and bounds the collection at 10 GB") {
  const std::string with_index = kSorted + ", local_secondary_indexes: {by-total: {sort_key: total}}";
  TableFixture fixture(table_yaml(with_index, "items: 100, item_size: 3KiB"));
  // The item and its entry, 3 units each.
  CHECK(fixture.units(Access::write, "PutItem", 7) == 6);
  // A delete takes both away.
  CHECK(fixture.units(Access::write, "DeleteItem", 7) == 6);

  // 13,200 items of 400 KB: 5.4e9 B, twice with the index: beyond 10 GB = 1.07e10 B. A put of the same size
  // does not make it grow, one more item does.
  TableFixture full(table_yaml(with_index + ", access_patterns: {append: {operation: PutItem, sort: next}}",
                               "items: 13200, items_per_key: 13200, item_size: 400KiB"));
  CHECK(full.ask("PutItem", 1).response.ok());
  const auto refused = full.ask("append", 1);
  CHECK(full.error_of(refused) == "ItemCollectionSizeLimitExceededException");
  CHECK(refused.response.fault == Fault::client);
  full.check_audits();
}

}  // namespace nephoscope::dynamodb
