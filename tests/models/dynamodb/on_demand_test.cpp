#include "tests/models/dynamodb/partition_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

Load writes(double a_second) {
  return {.access = Access::write, .requests = a_second / 10, .units = 10, .where = even_keys};
}
Load reads(double a_second) {
  return {.access = Access::read, .requests = a_second / 10, .units = 10, .where = even_keys};
}

TEST_CASE("dynamodb on demand: capacity is twice the peak once the doubling time is over, and never falls") {
  OnDemandCapacity capacity(30min);
  capacity.raise(kNewOnDemandTable);
  const Time start{};
  capacity.served(start, {.read = 7000, .write = 3000});
  capacity.served(start + 1min, {.read = 100, .write = 3500});
  CHECK(!capacity.advance(start + 30min - 1ns));
  CHECK(capacity.advance(start + 30min));
  CHECK(capacity.instant() == Throughput{.read = 14'000, .write = 6000});
  CHECK(capacity.advance(start + 31min));
  CHECK(capacity.instant() == Throughput{.read = 14'000, .write = 7000});
  capacity.served(start + 32min, {});
  CHECK(!capacity.advance(start + 10h));
  CHECK(capacity.peak() == Throughput{.read = 7000, .write = 3500});
}

TEST_CASE("dynamodb on demand: a new table takes 4,000 writes and 12,000 reads a second, not more") {
  PartitionFixture fixture{PartitionSettings{}};
  CHECK(fixture.set.admitted_rate() == kNewOnDemandTable);
  CHECK(fixture.run(writes(3900), 60s).throttled == 0);
  CHECK(fixture.run(reads(11'700), 60s).throttled == 0);
  const Served over = fixture.run(writes(6000), 300s);
  CHECK(over.admitted / 300 == doctest::Approx(4000).epsilon(0.02));
  // On demand there is no provisioned rate: AWS calls it the key range.
  CHECK(over.reasons.count(ThrottlingReason::key_range_throughput_exceeded) == 1);
  CHECK(over.buckets.count(Bucket::table) == 1);
  CHECK(over.reasons.size() == 1);
  fixture.check_audits();
}

TEST_CASE("dynamodb on demand: twice the previous peak passes at once, more only 30 minutes later") {
  PartitionAssumptions assumptions;
  assumptions.heat_periods = 1000;  // no splits for heat
  PartitionFixture fixture(PartitionSettings{}, assumptions);
  fixture.run(writes(3800), 10min);  // the peak
  fixture.idle(25min);               // 30 min after the first window, a little less than that after the last
  // 2 x 3,800 = 7,600.
  CHECK(fixture.set.admitted_rate().write == doctest::Approx(7600).epsilon(0.01));
  CHECK(fixture.set.partitions() == 8);  // 7.6 partitions' worth: 4 are split in two
  CHECK(fixture.run(writes(7500), 5min).throttled == 0);
  const Served more = fixture.run(writes(11'000), 10min);
  CHECK(more.admitted / 600 == doctest::Approx(7600).epsilon(0.02));
  fixture.idle(30min);
  // The first minute also had what the bucket held, 3 s: a peak of 7,600 to 7,600 x 63 / 60.
  CHECK(fixture.set.admitted_rate().write >= 15'190);
  CHECK(fixture.set.admitted_rate().write <= 15'970);
  CHECK(fixture.set.partitions() == 16);
  CHECK(fixture.run(writes(11'000), 5min).throttled == 0);
  CHECK(fixture.logged("4 -> 8 partitions") == 1);
  fixture.check_audits();
}

TEST_CASE(
    "dynamodb on demand: a table that was provisioned takes what it had, at least what a new one takes") {
  PartitionFixture small(provisioned(10, 10));
  small.set.set_mode(BillingMode::pay_per_request, {});
  CHECK(small.set.admitted_rate() == kNewOnDemandTable);
  CHECK(small.set.partitions() == 4);
  PartitionFixture large(provisioned(15'000, 9000));
  CHECK(large.set.partitions() == 14);
  large.set.set_mode(BillingMode::pay_per_request, {});
  CHECK(large.set.admitted_rate() == Throughput{.read = 15'000, .write = 9000});
  CHECK(large.set.partitions() == 14);
  large.set.set_mode(BillingMode::provisioned, {.read = 100, .write = 100});
  CHECK(large.set.admitted_rate() == Throughput{.read = 100, .write = 100});
}

TEST_CASE("dynamodb on demand: warm throughput is there from the first request") {
  PartitionSettings settings;
  settings.warm = Throughput{.read = 12'000, .write = 20'000};
  PartitionFixture fixture(settings);
  CHECK(fixture.set.partitions() == 20);
  CHECK(fixture.run(writes(18'000), 30s).throttled == 0);
}

TEST_CASE("dynamodb on demand: the caps of partitions hold") {
  PartitionAssumptions assumptions;
  assumptions.saved_at_start = 0s;
  PartitionFixture fixture(PartitionSettings{}, assumptions);
  const Served outcome =
      fixture.run({.access = Access::write, .requests = 200, .units = 10, .where = one_key}, 60s);
  CHECK(outcome.admitted / 60 == doctest::Approx(1000).epsilon(0.02));
  CHECK(outcome.buckets.count(Bucket::partition) == 1);
}

TEST_CASE("dynamodb on demand: the maximum that its owner has set") {
  PartitionSettings settings;
  settings.max_write_request_units = 500;
  PartitionFixture fixture(settings);
  CHECK(fixture.set.admitted_rate() == Throughput{.read = 12'000, .write = 500});
  const Served outcome = fixture.run(writes(1000), 100s);
  CHECK(outcome.admitted / 100 == doctest::Approx(500).epsilon(0.02));
  CHECK(outcome.reasons.count(ThrottlingReason::max_on_demand_throughput_exceeded) == 1);
  CHECK(outcome.reasons.size() == 1);
  CHECK(fixture.run(reads(1000), 10s).throttled == 0);
}

}  // namespace
}  // namespace nephoscope::dynamodb
