#include <doctest/doctest.h>

#include <vector>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

namespace {

// Nothing is saved up at the start, nor for later: a second's worth is all there is; one router.
const std::string kStrict =
    "partitions: {burst_span: 1s, saved_at_start: 1s, routers: 1, lease: 1s, burst_ceiling: 1}";

std::vector<TableFixture::Answer> send(TableFixture& fixture, int count, const std::string& operation,
                                       std::uint64_t key) {
  std::vector<TableFixture::Answer> answers(static_cast<std::size_t>(count));
  for (auto& answer : answers) fixture.send(operation, key, answer);
  fixture.run_for(500ms);
  return answers;
}

int failed(const std::vector<TableFixture::Answer>& answers) {
  int sum = 0;
  for (const auto& answer : answers) sum += answer.response.ok() ? 0 : 1;
  return sum;
}

}  // namespace

TEST_CASE(
    "throttling: what a provisioned table cannot take is refused by name, counted, and charges nothing") {
  TableFixture fixture(table_yaml(provisioned_yaml(100, 10), kStrict + ", items: 1000"));
  fixture.table.start();
  // 15 writes of one unit at once, 10 units are there.
  const auto answers = send(fixture, 15, "PutItem", 7);
  CHECK(failed(answers) == 5);
  CHECK(fixture.error_of(answers.back()) == "ProvisionedThroughputExceededException");
  CHECK(answers.back().response.fault == Fault::throttling);
  CHECK(fixture.consumed(Access::write).value() == 10);
  CHECK(fixture.metric("ThrottledRequests") == 5);
  CHECK(fixture.metric("WriteThrottleEvents") == 5);
  CHECK(fixture.metric("throttled.TableWriteProvisionedThroughputExceeded") == 5);
  CHECK(fixture.metric("errors.rate") == doctest::Approx(5.0 / 15));
  // A refused put has changed nothing: ten versions were given.
  CHECK(fixture.table.version_of({.key = 7, .sort = 0}) == Items::kInitialVersion + 10);
  fixture.check_audits();
}

TEST_CASE(
    "throttling: a hot key on demand meets its partition's 1,000 units; the maximum has a reason of its "
    "own") {
  TableFixture hot(table_yaml(kOnDemand, kStrict + ", items: 1000"));
  hot.table.start();
  const auto answers = send(hot, 1100, "PutItem", 7);
  CHECK(failed(answers) == 100);
  CHECK(hot.error_of(answers.back()) == "ThrottlingException");
  CHECK(hot.metric("throttled.TableWriteKeyRangeThroughputExceeded") == 100);

  TableFixture limited(table_yaml(kOnDemand + ", on_demand_throughput: {max_read_request_units: 20}",
                                  kStrict + ", items: 1000"));
  limited.table.start();
  const auto reads = send(limited, 50, "GetItem", 7);
  // 40 reads of half a unit.
  CHECK(failed(reads) == 10);
  CHECK(limited.error_of(reads.back()) == "ThrottlingException");
  CHECK(limited.metric("throttled.TableReadMaxOnDemandThroughputExceeded") == 10);
}

TEST_CASE("throttling: past the account's quota for a table on demand the answer is RequestLimitExceeded") {
  TableFixture fixture(table_yaml(kOnDemand, kStrict + ", items: 1000, throughput_quota: 30"));
  fixture.table.start();
  const auto answers = send(fixture, 40, "PutItem", 7);
  CHECK(failed(answers) == 10);
  CHECK(fixture.error_of(answers.back()) == "RequestLimitExceeded");
}

TEST_CASE("throttling: a batch goes on with what was left, and fails only if nothing could be done") {
  TableFixture fixture(table_yaml(
      provisioned_yaml(1000, 20) + ", access_patterns: {store: {operation: BatchWriteItem, items: 25}}",
      kStrict + ", items: 100000"));
  fixture.table.start();
  // 20 items at once; the others after 4 ms and 50 ms, when there is 1 unit, and again after 100, 200 ms: the
  // last of 25 units comes a quarter of a second after the start.
  const auto stored = fixture.ask("store", 0);
  CHECK(stored.response.ok());
  CHECK(stored.took > 250ms);
  CHECK(stored.took < 500ms);
  CHECK(fixture.consumed(Access::write).value() == 25);
  CHECK(fixture.metric("ThrottledRequests") == 0);
  CHECK(fixture.metric("WriteThrottleEvents") >= 5);
  // Nothing is there now but what a few milliseconds brought.
  send(fixture, 20, "PutItem", 1);
  const auto refused = fixture.ask("store", 0);
  CHECK(refused.took > 250ms);

  TableFixture dry(table_yaml(
      provisioned_yaml(1000, 1) + ", access_patterns: {store: {operation: BatchWriteItem, items: 25}}",
      kStrict + ", items: 100000, continuation_attempts: 3"));
  dry.table.start();
  dry.ask("PutItem", 1);
  const auto none = dry.ask("store", 0);
  CHECK(dry.error_of(none) == "ProvisionedThroughputExceededException");
  dry.run_for(2s);
  const auto some = dry.ask("store", 0);
  CHECK(dry.error_of(some) == "UnprocessedItems");
  CHECK(some.response.fault == Fault::throttling);
  dry.check_audits();
}

TEST_CASE("throttling: a scan's first page fails the call, a further page is asked for again") {
  const std::string scan = ", access_patterns: {all: {operation: Scan, pages: 3}}";
  // A page takes 128 units; 200 are there, so the second waits until 56 more have come: 280 ms at 200 a
  // second.
  TableFixture fixture(
      table_yaml(provisioned_yaml(200, 10) + scan, kStrict + ", items: 5120, item_size: 1KiB"));
  fixture.table.start();
  const auto answer = fixture.ask("all", 0);
  CHECK(answer.response.ok());
  // Two pages wait; together (3 x 128 - 200) / 200 s = 920 ms, and what backoff adds.
  CHECK(answer.took >= 920ms);
  CHECK(answer.took < 3s);
  CHECK(fixture.consumed(Access::read).value() == 3 * 128);

  // Nothing is left for a first page: 128 units of 200 would have to come first.
  const auto refused = fixture.ask("all", 0);
  CHECK(fixture.error_of(refused) == "ProvisionedThroughputExceededException");
  CHECK(refused.took == 2ms);
}

TEST_CASE("throttling: a transaction is admitted as a whole or not at all") {
  TableFixture fixture(table_yaml(
      provisioned_yaml(1000, 40) + ", access_patterns: {pay: {operation: TransactWriteItems, items: 12}}",
      kStrict + ", items: 100000"));
  fixture.table.start();
  // 12 x 2 = 24 units of 40; for the second there are 16 and what 12 ms have brought.
  CHECK(fixture.ask("pay", 0).response.ok());
  const auto answer = fixture.ask("pay", 0);
  CHECK(fixture.error_of(answer) == "TransactionCanceledException");
  CHECK(answer.response.fault == Fault::client);
  CHECK(fixture.consumed(Access::write).value() == 24);
  CHECK(fixture.metric("ThrottledRequests") == 1);
  fixture.check_audits();
}

TEST_CASE("leaders: without one writes and strong reads wait, and fail after 5 s; eventual reads go on") {
  TableFixture fixture(
      table_yaml(kOnDemand + ", access_patterns: {strong: {operation: GetItem, consistent_read: true}}",
                 "items: 1000, partitions: {leader_failures_per_year: 0}, applied_after_error: 0%"));
  fixture.table.start();
  fixture.run_to(1s);
  for (const std::uint32_t zone : {0U, 1U}) fixture.world.set_zone_power(ZoneId(zone), false);
  TableFixture::Answer put, strong, eventual;
  fixture.send("PutItem", 7, put);
  fixture.send("strong", 7, strong);
  fixture.send("GetItem", 7, eventual);
  fixture.run_for(10s);
  CHECK(fixture.error_of(put) == "InternalServerError");
  CHECK(put.response.fault == Fault::transient);
  CHECK(put.took == 5s);
  CHECK(fixture.error_of(strong) == "InternalServerError");
  CHECK(eventual.response.ok());
  CHECK(fixture.metric("SystemErrors") == 2);
  CHECK(fixture.table.version_of({.key = 7, .sort = 0}) == Items::kInitialVersion);
  for (const std::uint32_t zone : {0U, 1U}) fixture.world.set_zone_power(ZoneId(zone), true);
  fixture.run_for(1min);
  CHECK(fixture.ask("PutItem", 7).response.ok());
  fixture.check_audits();
}

TEST_CASE("leaders: a write answered by an error may have been applied all the same") {
  TableFixture fixture(table_yaml(kOnDemand, "items: 1000, applied_after_error: 100%"));
  fixture.table.start();
  for (const std::uint32_t zone : {0U, 1U}) fixture.world.set_zone_power(ZoneId(zone), false);
  const auto put = fixture.ask("PutItem", 7);
  CHECK(fixture.error_of(put) == "InternalServerError");
  CHECK(fixture.table.version_of({.key = 7, .sort = 0}) > Items::kInitialVersion);
  fixture.check_audits();
}

}  // namespace nephoscope::dynamodb
