#include "tests/models/dynamodb/partition_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

// What each partition of a table with static shares writes a second, once its bucket is empty.
double writes_a_second(PartitionFixture& fixture) {
  const Load load{.access = Access::write, .requests = 4000, .units = 1, .where = one_key};
  fixture.run(load, 2s);
  return fixture.run(load, 10s).admitted / 10;
}

TEST_CASE(
    "dynamodb partitions: the paper's table of 3,200 writes/s is raised to 3,600 and 6,000 and cut to "
    "5,000") {
  PartitionFixture fixture(provisioned(0, 3200), generation(AdmissionGeneration::static_partitions));
  // ceil(3200 / 1000) = 4 partitions of 3200 / 4 = 800.
  CHECK(fixture.set.partitions() == 4);
  CHECK(writes_a_second(fixture) == doctest::Approx(800).epsilon(0.002));
  fixture.set.set_provisioned({.read = 0, .write = 3600});
  CHECK(fixture.set.partitions() == 4);
  CHECK(writes_a_second(fixture) == doctest::Approx(900).epsilon(0.002));
  // 6 partitions' worth: each of the 4 is split in two, 6000 / 8 = 750.
  fixture.set.set_provisioned({.read = 0, .write = 6000});
  CHECK(fixture.set.partitions() == 8);
  CHECK(writes_a_second(fixture) == doctest::Approx(750).epsilon(0.002));
  // Never merged: 5000 / 8 = 625.
  fixture.set.set_provisioned({.read = 0, .write = 5000});
  CHECK(fixture.set.partitions() == 8);
  CHECK(writes_a_second(fixture) == doctest::Approx(625).epsilon(0.002));
  fixture.check_audits();
}

TEST_CASE("dynamodb partitions: their first number follows from throughput, warm throughput and size") {
  const auto count = [](const PartitionSettings& settings) {
    return PartitionFixture(settings).set.partitions();
  };
  CHECK(count(provisioned(5, 5)) == 1);
  CHECK(count(provisioned(3000, 1000)) == 2);  // 1 + 1
  CHECK(count(provisioned(7500, 500)) == 3);   // 2.5 + 0.5
  PartitionSettings big = provisioned(5, 5);
  big.bytes = 45'000'000'000;
  CHECK(count(big) == 5);  // 45 GB / 10 GB
  PartitionSettings warm = provisioned(5, 5);
  warm.warm = Throughput{.read = 30'000, .write = 10'000};
  CHECK(count(warm) == 20);
  PartitionSettings on_demand;
  CHECK(count(on_demand) == 4);  // 12,000 / 3,000 reads and 4,000 / 1,000 writes at the same time
  on_demand.warm = Throughput{.read = 12'000, .write = 20'000};
  CHECK(count(on_demand) == 20);
}

TEST_CASE("dynamodb partitions: one that grows past 10 GB is split in the middle of its data") {
  PartitionFixture fixture(provisioned(100, 100));
  for (int i = 0; i < 10; ++i)
    fixture.set.add_bytes(position_of(static_cast<std::uint64_t>(i)), 1'000'000'000);
  fixture.idle(10min);
  CHECK(fixture.set.partitions() == 1);  // 10 GB is not over 10 GB
  fixture.set.add_bytes(position_of(1), 1000);
  fixture.idle(fixture.assumptions.split_time - 1s);
  CHECK(fixture.set.partitions() == 1);
  fixture.idle(2s);
  CHECK(fixture.set.partitions() == 2);
  CHECK(fixture.set.partition_of({(std::uint64_t{1} << 63) - 1, 0}) !=
        fixture.set.partition_of({std::uint64_t{1} << 63, 0}));
  CHECK(fixture.set.bytes() == 10'000'001'000);
  fixture.check_audits();
}

TEST_CASE("dynamodb partitions: a split for size halves the share where shares are static") {
  PartitionSettings settings = provisioned(0, 800);
  settings.bytes = 10'000'000'000;
  PartitionFixture fixture(settings, generation(AdmissionGeneration::static_partitions));
  CHECK(writes_a_second(fixture) == doctest::Approx(800).epsilon(0.002));
  fixture.set.add_bytes(position_of(7), 1);
  fixture.idle(10min);
  REQUIRE(fixture.set.partitions() == 2);
  CHECK(writes_a_second(fixture) == doctest::Approx(400).epsilon(0.002));
}

TEST_CASE("dynamodb partitions: an item collection grows over several unless a local index forbids it") {
  for (const bool divides_keys : {true, false}) {
    PartitionSettings settings = provisioned(100, 100);
    settings.divides_keys = divides_keys;
    PartitionFixture fixture(settings);
    // 30 GB under one partition key, in the order of the sort key.
    for (std::uint64_t i = 0; i < 300; ++i) {
      fixture.set.add_bytes(position_of(7, i), 100'000'000);
      fixture.idle(1min);
    }
    const bool together =
        fixture.set.partition_of(position_of(7, 0)) == fixture.set.partition_of(position_of(7, 299));
    CHECK(together == !divides_keys);
    fixture.check_audits();
  }
}

TEST_CASE("dynamodb partitions: a partition that was split is asked no more, and its heir answers for it") {
  PartitionFixture fixture(provisioned(0, 500));
  const PartitionId before = fixture.set.partition_of(position_of(7));
  fixture.offer(Access::write, 3);
  fixture.set.set_provisioned({.read = 0, .write = 2000});
  CHECK(fixture.set.partition_of(position_of(7)) != before);
  CHECK(fixture.set.leader_ready(before) == fixture.world.now());
  fixture.offer(Access::write, 4);
  // The audit sums over ended partitions, too: 3 + 4 units.
  CHECK(fixture.set.counts(Access::write).consumed == CapacityUnits::of(7));
  fixture.check_audits();
}

TEST_CASE("dynamodb partitions: ten thousand of them are found, grown and audited") {
  PartitionFixture fixture(provisioned(0, 5'000'000));
  CHECK(fixture.set.partitions() == 5000);
  fixture.set.set_provisioned({.read = 0, .write = 10'000'000});
  CHECK(fixture.set.partitions() == 10'000);
  CHECK(sizeof(Partition) <= 512);
  for (int i = 0; i < 20'000; ++i)
    fixture.offer(Access::write, 1, position_of(static_cast<std::uint64_t>(i)));
  CHECK(fixture.set.counts(Access::write).throttled_demands == 0);
  fixture.check_audits();
}

}  // namespace
}  // namespace nephoscope::dynamodb
