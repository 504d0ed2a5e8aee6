#include <doctest/doctest.h>

#include <array>
#include <set>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

TEST_CASE("batch: each item is rounded by itself") {
  TableFixture fixture(table_yaml(kOnDemand +
                                      ", access_patterns: {many: {operation: BatchGetItem, items: 20}, "
                                      "store: {operation: BatchWriteItem, items: 25}}",
                                  "items: 1000, item_size: 1500B"));
  // 20 x 1 block x 0.5; 25 x 2 KB.
  CHECK(fixture.units(Access::read, "many", 1) == 10);
  CHECK(fixture.units(Access::write, "store", 1) == 50);
  CHECK(fixture.ask("many", 1).response.size.count == 20 * 1500);
  CHECK(fixture.ask("many", 1).took == 2ms);
  CHECK(fixture.ask("store", 1).took == 4ms);
  fixture.check_audits();
}

TEST_CASE("batch: the items of a request differ, its own key first, even if one key is very hot") {
  TableFixture fixture(
      table_yaml(kOnDemand + ", access_patterns: {many: {operation: BatchGetItem, items: 100}}",
                 "items: 1000, keys: {dist: zipf, exponent: 5, count: 1000}"));
  Request request;
  request.number = 77;
  request.operation = fixture.world.operations.intern("many");
  request.key = 500;
  std::set<std::uint64_t> keys;
  for (std::uint32_t i = 0; i < 100; ++i) keys.insert(fixture.table.item_of(request, i).key);
  CHECK(keys.size() == 100);
  CHECK(fixture.table.item_of(request, 0).key == 500);
}

TEST_CASE("batch: deletes and puts mix by their shares") {
  TableFixture fixture(table_yaml(
      kOnDemand + ", access_patterns: {clean: {operation: BatchWriteItem, items: 25, deletes: 100%}}",
      "items: 25"));
  CHECK(fixture.ask("clean", 0).response.ok());
  CHECK(fixture.metric("items") == 0);
  CHECK(fixture.metric("size") == 0);
  fixture.check_audits();
}

}  // namespace nephoscope::dynamodb
