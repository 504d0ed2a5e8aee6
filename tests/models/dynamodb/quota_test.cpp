#include "models/dynamodb/quota.hpp"

#include "tests/models/dynamodb/partition_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

constexpr Throughput kWarm{.read = 60'000, .write = 60'000};

PartitionSettings warm_table() {
  PartitionSettings settings;
  settings.warm = kWarm;
  return settings;
}

Load writes(double a_second) {
  return {.access = Access::write, .requests = a_second / 100, .units = 100, .where = even_keys};
}

TEST_CASE("dynamodb quota: an on-demand table is throttled at 40,000 units/s, whatever it could do") {
  TableQuota quota;
  PartitionFixture fixture(warm_table(), {}, &quota);
  const Served outcome = fixture.run(writes(50'000), 30s);
  // A full bucket and 30 s: 40,000 x 31.
  CHECK(outcome.admitted == doctest::Approx(40'000 * 31).epsilon(0.01));
  CHECK(outcome.reasons.size() == 1);
  CHECK(outcome.reasons.count(ThrottlingReason::account_limit_exceeded) == 1);
  CHECK(outcome.buckets.count(Bucket::quota) == 1);
}

TEST_CASE("dynamodb quota: it is one for a table and its indexes, and apart for reads and writes") {
  TableQuota quota(Throughput{.read = 1000, .write = 1000});
  PartitionFixture fixture(warm_table(), {}, &quota);
  quota.take(fixture.world.now(), Access::write, CapacityUnits::of(700));  // by an index
  CHECK(!fixture.offer(Access::write, 301).admitted());
  CHECK(fixture.offer(Access::write, 300).admitted());
  CHECK(fixture.offer(Access::read, 1000).admitted());
}

TEST_CASE("dynamodb quota: a provisioned table is not throttled by it") {
  TableQuota quota(Throughput{.read = 10, .write = 10});
  PartitionFixture fixture(provisioned(0, 1000), {}, &quota);
  CHECK(fixture.run({.access = Access::write, .requests = 90, .units = 10, .where = even_keys}, 10s)
            .throttled == 0);
}

}  // namespace
}  // namespace nephoscope::dynamodb
