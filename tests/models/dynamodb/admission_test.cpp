#include "engine/random/keys.hpp"
#include "tests/models/dynamodb/partition_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

using enum AdmissionGeneration;

PartitionAssumptions nothing_saved(AdmissionGeneration admission = global_admission_control) {
  PartitionAssumptions assumptions = generation(admission);
  assumptions.saved_at_start = 0s;
  return assumptions;
}

TEST_CASE("dynamodb admission: 150 units/s idle for 5 min carry 200 reads/s for 900 s") {
  // 300 s x 150 = 45,000 units saved; 200 - 150 = 50 a second are missing: 45,000 / 50 = 900 s. Routers may
  // be ahead of the table's bucket by a lease each, 150 x 2 s in all: 300 / 50 = 6 s.
  for (const AdmissionGeneration admission : {burst_adaptive, global_admission_control}) {
    PartitionFixture fixture(provisioned(150, 0), nothing_saved(admission));
    fixture.idle(5min);
    const Time begin = fixture.world.now();
    const Served outcome =
        fixture.run({.access = Access::read, .requests = 200, .units = 1, .where = one_key}, 1000s);
    CHECK(outcome.first_throttle - begin >= 899s);
    CHECK(outcome.first_throttle - begin <= (admission == burst_adaptive ? 901s : 907s));
    fixture.check_audits();
  }
}

TEST_CASE("dynamodb admission: static shares keep one second's worth, whatever was unused before") {
  PartitionFixture fixture(provisioned(150, 0), generation(static_partitions));
  fixture.idle(5min);
  const Time begin = fixture.world.now();
  const Served outcome =
      fixture.run({.access = Access::read, .requests = 200, .units = 1, .where = one_key}, 100s);
  // 150 / (200 - 150) = 3 s.
  CHECK(to_seconds(outcome.first_throttle - begin) == doctest::Approx(3).epsilon(0.01));
  CHECK(outcome.admitted == doctest::Approx(150 * 101).epsilon(0.001));
}

TEST_CASE("dynamodb admission: after its burst a table serves its rate, in every generation") {
  for (const AdmissionGeneration admission : {static_partitions, burst_adaptive, global_admission_control}) {
    PartitionFixture fixture(provisioned(0, 400), nothing_saved(admission));
    const Load load{.access = Access::write, .requests = 700, .units = 1, .where = one_key};
    fixture.run(load, 30s);
    const Served outcome = fixture.run(load, 100s);
    CHECK(outcome.admitted == doctest::Approx(400 * 100).epsilon(0.01));
    // The table is over its rate, so it is not a hot partition.
    CHECK(outcome.reasons.size() == 1);
    CHECK(outcome.reasons.count(ThrottlingReason::provisioned_throughput_exceeded) == 1);
  }
}

TEST_CASE("dynamodb admission: routers with leases let a table pass its rate by one lease each at most") {
  PartitionAssumptions assumptions = nothing_saved();
  assumptions.routers = 32;
  assumptions.lease = 3s;
  PartitionFixture fixture(provisioned(0, 1000), assumptions);
  for (const Duration span : {1s, 5s, 60s}) {
    fixture.idle(10min);  // the bucket is full: 300 s
    const Served outcome =
        fixture.run({.access = Access::write, .requests = 4000, .units = 10, .where = even_keys}, span);
    CHECK(outcome.admitted <= 1000 * (300 + to_seconds(span)) + 1000 * 3 + 32 * 10);
  }
  fixture.check_audits();
}

TEST_CASE("dynamodb admission: a demand dearer than a bucket passes when it is full, and leaves a debt") {
  PartitionFixture fixture(provisioned(5, 5), generation(static_partitions));
  CHECK(fixture.offer(Access::read, 128).admitted());
  // 128 - 5 = 123 units of debt and 5 to be full again, at 5 a second: 25.6 s.
  fixture.idle(25s + 500ms);
  CHECK(!fixture.offer(Access::read, 128).admitted());
  fixture.idle(200ms);
  CHECK(fixture.offer(Access::read, 128).admitted());
}

TEST_CASE("dynamodb admission: judging takes nothing, and what was taken anyway is owed") {
  PartitionFixture fixture(provisioned(0, 10), generation(static_partitions));
  const Demand ten{.position = position_of(7), .access = Access::write, .units = CapacityUnits::of(10)};
  for (int i = 0; i < 5; ++i) CHECK(fixture.set.judge(ten).admitted());
  fixture.set.take_anyway(ten);
  fixture.set.take_anyway(ten);
  fixture.idle(1s + 900ms);
  CHECK(!fixture.set.judge(ten).admitted());  // -10 + 19
  fixture.idle(200ms);
  CHECK(fixture.set.judge(ten).admitted());
  CHECK(fixture.set.counts(Access::write).consumed == CapacityUnits::of(20));
  // Turned away by another set only: nothing is counted here.
  fixture.set.refuse(ten, fixture.set.judge(ten));
  CHECK(fixture.set.counts(Access::write).offered == CapacityUnits::of(20));
  fixture.check_audits();
}

TEST_CASE("dynamodb admission: what is never turned away keeps others waiting for 300 s at most") {
  PartitionFixture fixture(provisioned(0, 10), generation(static_partitions));
  const Demand much{.position = position_of(7), .access = Access::write, .units = CapacityUnits::of(10'000)};
  fixture.set.take_anyway(much);
  fixture.idle(300s);
  CHECK(!fixture.offer(Access::write, 1).admitted());
  fixture.idle(101ms);
  CHECK(fixture.offer(Access::write, 1).admitted());
}

TEST_CASE("dynamodb admission: one key begins at 4,500 reads/s and ends at 3,000, however large the table") {
  for (const double table : {10'000.0, 10'000'000.0}) {
    PartitionFixture fixture(provisioned(table, 0));
    const Load load{
        .access = Access::read, .requests = 200, .units = 40, .where = one_key};  // 8,000 a second
    CHECK(fixture.run(load, 60s).admitted / 60 == doctest::Approx(4500).epsilon(0.02));
    // 299 s x 3,000 saved units at 1,500 a second: gone after 598 s.
    fixture.run(load, 600s);
    const Served outcome = fixture.run(load, 600s);
    CHECK(outcome.admitted / 600 == doctest::Approx(3000).epsilon(0.01));
    CHECK(outcome.reasons.count(ThrottlingReason::key_range_throughput_exceeded) == 1);
  }
}

TEST_CASE("dynamodb admission: one key never writes more than 1,000 units/s for long") {
  PartitionFixture fixture(provisioned(0, 100'000), nothing_saved());
  const Served outcome =
      fixture.run({.access = Access::write, .requests = 500, .units = 10, .where = one_key}, 600s);
  CHECK(outcome.admitted / 600 == doctest::Approx(1000).epsilon(0.01));
}

TEST_CASE("dynamodb admission: even keys get the whole rate of the table") {
  PartitionFixture fixture(provisioned(0, 20'000), nothing_saved());
  REQUIRE(fixture.set.partitions() == 20);
  const Load load{
      .access = Access::write, .requests = 2400, .units = 10, .where = even_keys};  // 24,000 a second
  fixture.run(load, 60s);
  const Served outcome = fixture.run(load, 120s);
  CHECK(outcome.admitted / 120 == doctest::Approx(20'000).epsilon(0.02));
}

TEST_CASE("dynamodb admission: the more uneven the keys, the less of its rate a table serves") {
  // 20,000 writes/s of room on 20 partitions; what is over a partition's 1,000 is lost.
  std::vector<double> served;
  for (const double exponent : {0.0, 0.6, 1.0, 1.4}) {
    PartitionAssumptions assumptions = nothing_saved();
    assumptions.heat_periods = 1000;  // no splits
    PartitionFixture fixture(provisioned(0, 20'000), assumptions);
    const ZipfKeys keys(100'000, exponent);
    const auto zipf = [&](std::uint64_t number) {
      Draws draws = fixture.world.random.request(Purpose("test.key"), number);
      return position_of(keys.sample(draws));
    };
    const Load load{.access = Access::write, .requests = 2000, .units = 10, .where = zipf};
    served.push_back(fixture.run(load, 30s).admitted / 30);
    fixture.check_audits();
  }
  CHECK(served[0] > 0.93 * 20'000);
  CHECK(served[0] > served[1]);
  CHECK(served[1] > 1.05 * served[2]);
  CHECK(served[2] > 1.2 * served[3]);
  // The hottest key of exponent 1.4 has P(0) = 1 / zeta(1.4) = 0.32 of the load and gets 1,000; all but its
  // partition's part of the rest passes: more than 1,000 in any case.
  CHECK(served[3] > 1000);
}

TEST_CASE("dynamodb admission: a table that is over its rate says so before a partition does") {
  PartitionFixture fixture(provisioned(0, 1500), nothing_saved());  // 2 partitions
  const Served hot =
      fixture.run({.access = Access::write, .requests = 1400, .units = 1, .where = one_key}, 60s);
  CHECK(hot.reasons.size() == 1);
  CHECK(hot.buckets.count(Bucket::partition) == 1);
  const Served over =
      fixture.run({.access = Access::write, .requests = 3000, .units = 1, .where = even_keys}, 900s);
  CHECK(over.reasons.count(ThrottlingReason::provisioned_throughput_exceeded) == 1);
  CHECK(over.buckets.count(Bucket::table) == 1);
}

TEST_CASE("dynamodb admission: a burst needs room on the nodes, a write on all three") {
  for (const Access access : {Access::read, Access::write}) {
    PartitionAssumptions assumptions;
    assumptions.admission = burst_adaptive;
    assumptions.partitions_per_node = 2;
    assumptions.node_reads = Rate(200);
    assumptions.node_writes = Rate(200);
    PartitionFixture fixture(provisioned(3000, 1000), assumptions);  // 2 partitions on one node a zone
    fixture.set.set_provisioned({.read = 100, .write = 100});        // 50 each
    const Served outcome =
        fixture.run({.access = access, .requests = 1000, .units = 1, .where = one_key}, 20s);
    // The node serves 200 a second and holds one second's worth; the share of 50 passes in any case.
    CHECK(outcome.admitted == doctest::Approx(200 * 21).epsilon(0.02));
    CHECK(outcome.buckets.count(Bucket::node) == 1);
  }
}

TEST_CASE("dynamodb admission: adaptive capacity raises the share of a partition that throttles") {
  const auto served = [](AdmissionGeneration admission) {
    PartitionFixture fixture(provisioned(0, 2000), nothing_saved(admission));  // 2 partitions of 1,000
    fixture.set.set_provisioned({.read = 0, .write = 800});                    // of 400
    const Load load{.access = Access::write, .requests = 700, .units = 1, .where = one_key};
    fixture.run(load, 20min);
    const double rate = fixture.run(load, 5min).admitted / 300;
    fixture.check_audits();
    return rate;
  };
  CHECK(served(static_partitions) == doctest::Approx(400).epsilon(0.01));
  CHECK(served(burst_adaptive) == doctest::Approx(700).epsilon(0.01));
}

TEST_CASE("dynamodb admission: adaptive capacity takes back what it gave once the table is over its rate") {
  PartitionFixture fixture(provisioned(0, 2000), nothing_saved(burst_adaptive));
  fixture.set.set_provisioned({.read = 0, .write = 800});
  fixture.run({.access = Access::write, .requests = 700, .units = 1, .where = one_key}, 20min);
  const Load even{.access = Access::write, .requests = 2000, .units = 1, .where = even_keys};
  fixture.run(even, 20min);
  CHECK(fixture.run(even, 5min).admitted / 300 == doctest::Approx(800).epsilon(0.03));
}

}  // namespace
}  // namespace nephoscope::dynamodb
