#include "tests/models/dynamodb/partition_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

PartitionAssumptions no_failures() {
  PartitionAssumptions assumptions;
  assumptions.leader_failures_per_year = 0;
  return assumptions;
}

PartitionSettings three_hundred() { return provisioned(0, 300'000); }

// How many partitions wait for a leader, and for how long on average.
struct Waiting {
  std::size_t partitions = 0;
  Duration sum{};
  Duration longest{};
};
Waiting waiting(const PartitionFixture& fixture) {
  Waiting result;
  for (std::uint32_t i = 0; i < fixture.set.partitions(); ++i) {
    const Time ready = fixture.set.leader_ready(PartitionId(i));
    REQUIRE(ready != Time::max());
    const Duration left = ready - fixture.world.now();
    result.partitions += left > Duration{};
    result.sum += left;
    result.longest = std::max(result.longest, left);
  }
  return result;
}

TEST_CASE("dynamodb leaders: without failures every leader is ready at any time") {
  PartitionFixture fixture(three_hundred(), no_failures());
  fixture.idle(3h);
  CHECK(waiting(fixture).partitions == 0);
}

TEST_CASE("dynamodb leaders: a dark zone costs a third of the partitions the rest of a lease") {
  PartitionFixture fixture(three_hundred(), no_failures());
  fixture.set.zone_power_changed(ZoneId(1), false);
  const Waiting now = waiting(fixture);
  CHECK(now.partitions == 100);
  CHECK(now.longest <= fixture.assumptions.leader_lease);
  // Uniform on 0 to 3 s: mean 1.5 s, standard error 3 / sqrt(12 x 100) = 0.087 s; 4 of them.
  CHECK(to_seconds(now.sum) / 100 == doctest::Approx(1.5).epsilon(0.24));
  fixture.idle(fixture.assumptions.leader_lease);
  CHECK(waiting(fixture).partitions == 0);
  // Leaders that have moved stay where they are when the zone comes back.
  fixture.set.zone_power_changed(ZoneId(1), true);
  CHECK(waiting(fixture).partitions == 0);
}

TEST_CASE("dynamodb leaders: with two zones dark nobody leads until one is back") {
  PartitionFixture fixture(three_hundred(), no_failures());
  fixture.set.zone_power_changed(ZoneId(0), false);
  fixture.set.zone_power_changed(ZoneId(1), false);
  for (std::uint32_t i = 0; i < 300; ++i) REQUIRE(fixture.set.leader_ready(PartitionId(i)) == Time::max());
  // Nor does a split partition's heir.
  fixture.set.set_provisioned({.read = 0, .write = 600'000});
  CHECK(fixture.set.leader_ready(PartitionId(0)) == Time::max());
  fixture.idle(1h);
  fixture.set.zone_power_changed(ZoneId(1), true);
  for (std::uint32_t i = 0; i < 900; ++i) {
    const Time ready = fixture.set.leader_ready(PartitionId(i));
    REQUIRE(ready > fixture.world.now());
    REQUIRE(ready <= fixture.world.now() + fixture.assumptions.leader_lease);
  }
}

TEST_CASE("dynamodb leaders: with two zones in the run one of them holds two replicas") {
  RunWindow run = one_day();
  run.zones = {"us-east-1a", "us-east-1b"};
  PartitionFixture fixture(three_hundred(), no_failures(), nullptr, run);
  fixture.set.zone_power_changed(ZoneId(1), false);  // one replica of three
  CHECK(waiting(fixture).partitions == 100);
  fixture.set.zone_power_changed(ZoneId(1), true);
  fixture.set.zone_power_changed(ZoneId(0), false);
  CHECK(fixture.set.leader_ready(PartitionId(0)) == Time::max());
}

TEST_CASE("dynamodb leaders: they fail at random at the assumed rate") {
  PartitionAssumptions assumptions;
  assumptions.leader_failures_per_year = 365.25;  // one a day
  PartitionFixture fixture(three_hundred(), assumptions);
  fixture.idle(24h);
  const auto failures = static_cast<double>(fixture.logged("has lost its leader"));
  // Poisson with mean 300: standard deviation 17; 4 of them.
  CHECK(std::abs(failures - 300) < 4 * 17.4);
  fixture.check_audits();
}

TEST_CASE("dynamodb leaders: a failure keeps one partition without a leader, for the rest of the lease") {
  PartitionAssumptions assumptions;
  assumptions.leader_failures_per_year = 1e5;
  PartitionFixture fixture(provisioned(0, 100'000), assumptions);
  while (fixture.logged("has lost its leader") == 0 && fixture.world.simulation.step()) {
  }
  const Waiting now = waiting(fixture);
  CHECK(now.partitions == 1);
  CHECK(now.longest <= assumptions.leader_lease);
}

}  // namespace
}  // namespace nephoscope::dynamodb
