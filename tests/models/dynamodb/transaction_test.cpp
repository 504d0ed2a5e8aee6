#include <doctest/doctest.h>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

namespace {

const std::string kPatterns =
    ", access_patterns: {pay: {operation: TransactWriteItems, items: 1}, look: {operation: TransactGetItems, "
    "items: 1}, "
    "big: {operation: TransactWriteItems, items: 3}, never: {operation: TransactWriteItems, condition: "
    "100%}}";

}  // namespace

TEST_CASE("transaction: it costs twice, and takes effect half way through") {
  TableFixture fixture(table_yaml(kOnDemand + kPatterns, "items: 1000, item_size: 1500B"));
  // 3 items of 2 KB, twice: 12 units. Two reads of one block, strongly consistent: 2.
  CHECK(fixture.units(Access::write, "big", 0) == 12);
  CHECK(fixture.units(Access::read, "look", 5) == 2);
  TableFixture::Answer answer;
  const ItemKey item{.key = 9, .sort = 0};
  const std::uint64_t before = fixture.table.version_of(item);
  fixture.send("pay", 9, answer);
  fixture.run_for(6ms - Duration(1));
  CHECK(fixture.table.version_of(item) == before);
  fixture.run_for(Duration(1));
  CHECK(fixture.table.version_of(item) > before);
  CHECK(!answer.came);
  fixture.run_for(6ms);
  CHECK(answer.response.ok());
  CHECK(answer.took == 12ms);
  fixture.check_audits();
}

TEST_CASE("transaction: a plain write of an item that a transaction holds fails, a plain read does not") {
  TableFixture fixture(table_yaml(kOnDemand + kPatterns, "items: 1000"));
  TableFixture::Answer pay, put, get, other, look;
  fixture.send("pay", 9, pay);
  fixture.send("PutItem", 9, put);
  fixture.send("GetItem", 9, get);
  fixture.send("PutItem", 10, other);
  fixture.send("look", 9, look);
  fixture.run_for(1s);
  CHECK(pay.response.ok());
  CHECK(fixture.error_of(put) == "TransactionConflictException");
  CHECK(put.response.fault == Fault::client);
  CHECK(get.response.ok());
  CHECK(other.response.ok());
  CHECK(fixture.error_of(look) == "TransactionCanceledException");
  CHECK(fixture.metric("TransactionConflict") == 2);
  // The transaction has let go.
  CHECK(fixture.ask("PutItem", 9).response.ok());
  fixture.check_audits();
}

TEST_CASE("transaction: one that meets a write in progress is canceled, takes nothing and changes nothing") {
  TableFixture fixture(table_yaml(kOnDemand + kPatterns, "items: 1000"));
  TableFixture::Answer put, pay;
  fixture.send("PutItem", 9, put);
  const std::uint64_t version = fixture.table.version_of({.key = 9, .sort = 0});
  const CapacityUnits before = fixture.consumed(Access::write);
  fixture.send("pay", 9, pay);
  fixture.run_for(1s);
  CHECK(put.response.ok());
  CHECK(fixture.error_of(pay) == "TransactionCanceledException");
  CHECK(fixture.consumed(Access::write) == before);
  CHECK(fixture.table.version_of({.key = 9, .sort = 0}) == version);
}

TEST_CASE("transaction: a condition that does not hold cancels all of it, and is paid for") {
  TableFixture fixture(table_yaml(kOnDemand + kPatterns, "items: 1000"));
  const auto answer = fixture.ask("never", 9);
  CHECK(fixture.error_of(answer) == "TransactionCanceledException");
  // 2 items x 1 KB x 2.
  CHECK(fixture.consumed(Access::write).value() == 4);
  CHECK(fixture.table.version_of({.key = 9, .sort = 0}) == Items::kInitialVersion);
  fixture.check_audits();
}

TEST_CASE("condition: a failed one is an error of the client, pays in full and changes nothing") {
  TableFixture fixture(
      table_yaml(kOnDemand + ", access_patterns: {claim: {operation: PutItem, condition: 100%}}",
                 "items: 10, item_size: 1KiB"));
  const auto answer = fixture.ask("claim", 3, Bytes(5 << 10));
  CHECK(fixture.error_of(answer) == "ConditionalCheckFailedException");
  CHECK(answer.response.fault == Fault::client);
  CHECK(fixture.consumed(Access::write).value() == 5);
  CHECK(fixture.metric("ConditionalCheckFailedRequests") == 1);
  CHECK(fixture.metric("size") == 10 * 1024);
}

}  // namespace nephoscope::dynamodb
