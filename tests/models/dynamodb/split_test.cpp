#include "tests/models/dynamodb/partition_fixture.hpp"

namespace nephoscope::dynamodb {
namespace {

constexpr Position kFirst{};

// Requests alternate between items at random; the i-th item has weight weights[i].
std::function<Position(std::uint64_t)> among(std::vector<Position> items,
                                             std::vector<std::uint64_t> weights) {
  return [items = std::move(items), weights = std::move(weights)](std::uint64_t number) {
    std::uint64_t total = 0;
    for (const std::uint64_t weight : weights) total += weight;
    std::uint64_t at = mix64(number * 3) % total;
    std::size_t i = 0;
    while (at >= weights[i]) at -= weights[i++];
    return items[i];
  };
}

std::vector<AccessSample> samples_of(const std::function<Position(std::uint64_t)>& where,
                                     std::uint64_t count) {
  AccessSamples samples(Access::write);
  for (std::uint64_t i = 0; i < count; ++i)
    samples.add(
        {.position = where(i), .access = Access::write, .units = CapacityUnits::of(1), .number = mix64(i)});
  return {samples.in_order().begin(), samples.in_order().end()};
}

constexpr HeatSplitRules kRules{.hot_item = Probability(0.7), .sequence = Probability(0.9)};
constexpr PositionRange kAll{kFirst, kLastPosition};

TEST_CASE("dynamodb split: samples stay few and in order, and each part of the time has its share") {
  const auto samples = samples_of([](std::uint64_t i) { return Position{i, 0}; }, 100'000);
  CHECK(samples.size() < AccessSamples::kMost);
  CHECK(samples.size() > AccessSamples::kMost / 4);
  std::size_t early = 0;
  for (std::size_t i = 1; i < samples.size(); ++i) CHECK(samples[i - 1].position < samples[i].position);
  for (const AccessSample& sample : samples) early += sample.position.hash < 50'000;
  // Binomial, 3.9 standard deviations: 0.5 +- 3.9 x 0.5 / sqrt(n), n > 64.
  CHECK(std::abs(static_cast<double>(early) / static_cast<double>(samples.size()) - 0.5) < 0.25);
}

TEST_CASE("dynamodb split: two hot keys are parted, wherever they lie") {
  const Position low{1000, 0}, high{1001, 0};  // neighbours: no cut in the middle would part them
  const SplitChoice choice = choose_split(samples_of(among({low, high}, {1, 1}), 5000), kAll, kRules);
  REQUIRE(choice.count == 1);
  CHECK(choice.cuts[0] == high);
}

TEST_CASE("dynamodb split: the cut halves the load, not the hashes") {
  // Weights 1, 1, 1, 1, 4: half of it lies before the last.
  const std::vector<Position> items = {{10, 0}, {20, 0}, {30, 0}, {40, 0}, {50, 0}};
  const SplitChoice choice = choose_split(samples_of(among(items, {1, 1, 1, 1, 4}), 5000), kAll, kRules);
  REQUIRE(choice.count == 1);
  CHECK(choice.cuts[0] == Position{50, 0});
}

TEST_CASE("dynamodb split: one hot item gets a partition of its own, if items are isolated") {
  const std::vector<Position> items = {{10, 5}, {20, 7}, {30, 0}};
  const auto samples = samples_of(among(items, {1, 8, 1}), 5000);
  const SplitChoice choice = choose_split(samples, kAll, kRules);
  REQUIRE(choice.count == 2);
  CHECK(choice.isolates);
  CHECK(choice.cuts[0] == Position{20, 7});
  CHECK(choice.cuts[1] == Position{20, 8});
  HeatSplitRules rules = kRules;
  rules.isolates_items = false;
  CHECK(choose_split(samples, kAll, rules).count == 0);
  // Alone it stays as it is.
  CHECK(choose_split(samples_of(among({{20, 7}}, {1}), 5000), {{20, 7}, {20, 7}}, kRules).count == 0);
}

TEST_CASE("dynamodb split: items of one key are kept together where a local index needs it") {
  const auto collection = [](std::uint64_t number) { return Position{77, mix64(number) % 1000}; };
  const auto samples = samples_of(collection, 5000);
  const SplitChoice divided = choose_split(samples, kAll, kRules);
  REQUIRE(divided.count == 1);
  CHECK(divided.cuts[0].hash == 77);
  CHECK(static_cast<double>(divided.cuts[0].sort) == doctest::Approx(500).epsilon(0.2));
  HeatSplitRules rules = kRules;
  rules.divides_keys = false;
  const SplitChoice whole = choose_split(samples, kAll, rules);
  REQUIRE(whole.count == 2);
  CHECK(whole.cuts[0] == Position{77, 0});
  CHECK(whole.cuts[1] == Position{78, 0});
}

TEST_CASE("dynamodb split: keys in sequence are not split, up or down, with a few stragglers") {
  const auto up = [](std::uint64_t i) { return Position{77, i % 50 == 0 ? i / 2 : i}; };
  const auto down = [](std::uint64_t i) { return Position{77, 1'000'000 - i}; };
  CHECK(choose_split(samples_of(up, 200), kAll, kRules).count == 0);
  CHECK(choose_split(samples_of(down, 5000), kAll, kRules).count == 0);
  CHECK(choose_split(samples_of(down, 5000), kAll, kRules).why == "keys are accessed in sequence");
}

// --- in a table --------------------------------------------------------------------------------------------

PartitionAssumptions no_bursts() {
  PartitionAssumptions assumptions;
  assumptions.burst_ceiling = 1;
  return assumptions;
}

double writes_a_second(PartitionFixture& fixture, const std::function<Position(std::uint64_t)>& where) {
  return fixture.run({.access = Access::write, .requests = 160, .units = 10, .where = where}, 60s).admitted /
         60;
}

TEST_CASE("dynamodb split: two hot keys in one partition get 1,000 writes/s each within minutes") {
  PartitionFixture fixture(provisioned(0, 1000), no_bursts());
  fixture.set.set_mode(BillingMode::pay_per_request, {});
  const Position low =
      fixture.set.partition_of({5, 0}) == fixture.set.partition_of({6, 0}) ? Position{5, 0} : kFirst;
  const auto two = among({low, {6, 0}}, {1, 1});
  REQUIRE(fixture.set.partition_of(low) == fixture.set.partition_of({6, 0}));
  CHECK(writes_a_second(fixture, two) == doctest::Approx(1000).epsilon(0.03));
  // Hot for 3 periods of 1 min, then 5 min.
  for (int i = 0; i < 9; ++i) writes_a_second(fixture, two);
  CHECK(fixture.set.partition_of(low) != fixture.set.partition_of({6, 0}));
  CHECK(writes_a_second(fixture, two) == doctest::Approx(1600).epsilon(0.03));
  CHECK(fixture.logged("hot, ") >= 1);
  fixture.check_audits();
}

TEST_CASE("dynamodb split: one hot item stays at 1,000 writes/s, but its neighbours are relieved") {
  PartitionFixture fixture(PartitionSettings{}, no_bursts());
  const auto hot = among({{5, 0}, {6, 0}}, {9, 1});  // 1,440 and 160 a second
  for (int i = 0; i < 10; ++i) writes_a_second(fixture, hot);
  CHECK(fixture.set.partition_of({5, 0}) != fixture.set.partition_of({6, 0}));
  CHECK(writes_a_second(fixture, hot) == doctest::Approx(1160).epsilon(0.03));
  const std::size_t before = fixture.set.partitions();
  for (int i = 0; i < 20; ++i) writes_a_second(fixture, hot);
  CHECK(fixture.set.partitions() == before);
  CHECK(fixture.logged("stays whole: one item takes the load, and it has the partition for itself") == 1);
}

TEST_CASE("dynamodb split: keys in sequence gain nothing") {
  PartitionFixture fixture(PartitionSettings{}, no_bursts());
  const auto sequence = [](std::uint64_t number) { return Position{77, number}; };
  for (int i = 0; i < 20; ++i) writes_a_second(fixture, sequence);
  CHECK(fixture.set.partitions() == 4);
  CHECK(writes_a_second(fixture, sequence) == doctest::Approx(1000).epsilon(0.03));
  CHECK(fixture.logged("stays whole: keys are accessed in sequence") == 1);
}

TEST_CASE("dynamodb split: a partition under its limit stays whole") {
  PartitionFixture fixture(PartitionSettings{}, no_bursts());
  const auto two = among({{5, 0}, {6, 0}}, {1, 1});
  for (int i = 0; i < 20; ++i)
    fixture.run({.access = Access::write, .requests = 85, .units = 10, .where = two}, 60s);
  CHECK(fixture.set.partitions() == 4);
}

TEST_CASE("dynamodb split: while a split completes nobody leads for a moment") {
  PartitionFixture fixture(PartitionSettings{}, no_bursts());
  const auto two = among({{5, 0}, {6, 0}}, {1, 1});
  while (fixture.set.partitions() == 4) {
    fixture.run({.access = Access::write, .requests = 160, .units = 10, .where = two}, 1s);
    REQUIRE(fixture.world.now() < Time{} + 30min);
  }
  // The split was at a whole minute, and the run of a second ended there.
  const Duration left = fixture.set.leader_ready(fixture.set.partition_of({5, 0})) - fixture.world.now();
  CHECK(left == fixture.assumptions.handover);
  fixture.idle(left);
  CHECK(fixture.set.leader_ready(fixture.set.partition_of({5, 0})) == fixture.world.now());
}

TEST_CASE("dynamodb split: both parts of a hot partition on one node move apart") {
  PartitionAssumptions assumptions = no_bursts();
  assumptions.node_writes = Rate(1500);
  PartitionFixture fixture(PartitionSettings{}, assumptions);
  const auto two = among({{5, 0}, {6, 0}}, {1, 1});
  for (int i = 0; i < 30; ++i) writes_a_second(fixture, two);
  // 1,600 a second on each of the three nodes is over 0.9 x 1,500: one partition's replica leaves each.
  CHECK(fixture.logged("moved off a hot node") == 3);
}

}  // namespace
}  // namespace nephoscope::dynamodb
