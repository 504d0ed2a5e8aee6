#include "tests/models/dynamodb/global_table_fixture.hpp"

#include "engine/random/draws.hpp"
#include "models/network/network.hpp"

namespace nephoscope::dynamodb {
namespace {

TEST_CASE("global table: a write reaches each other Region its lag and the way later") {
  GlobalFixture fixture(global_yaml(kThree));
  fixture.network.one_way = [](auto from, auto to) { return from + to == 1 ? 40ms : 100ms; };
  fixture.write_at(1s, kUs, 7, 100);
  fixture.run_to(2s + 39ms);
  CHECK(fixture.bytes(kEu, 7) == 0);
  fixture.run_to(2s + 40ms);
  CHECK(fixture.bytes(kEu, 7) == 100);
  CHECK(fixture.bytes(kAp, 7) == 0);
  fixture.run_to(2s + 100ms);
  CHECK(fixture.bytes(kAp, 7) == 100);
  CHECK(fixture.metric("writes.replicated") == 1);
  CHECK(fixture.metric("rpo") == doctest::Approx(1.1));
  CHECK(fixture.audits_hold());
}

TEST_CASE(
    "global table: of two Regions' writes within the lag the earlier one is lost, though acknowledged") {
  GlobalFixture fixture(global_yaml(kTwo));
  fixture.write_at(0s, kUs, 7, 100);
  fixture.write_at(300ms, kEu, 7, 200);
  // 1.0 s: the first comes to Ireland, is older and loses. 1.3 s: the second comes to Virginia and wins.
  fixture.run_to(1s);
  CHECK(fixture.bytes(kEu, 7) == 200);
  CHECK(fixture.bytes(kUs, 7) == 100);
  fixture.run_to(1300ms);
  CHECK(fixture.bytes(kUs, 7) == 200);
  CHECK(fixture.metric("writes.lost") == 1);
  CHECK(fixture.global.state().lost(kUs) == 1);
  CHECK(fixture.metric("conflicts") == 2);
  // The loser's arrival is paid for, too.
  CHECK(fixture.tables[kEu]->paid == 1);
  CHECK(fixture.audits_hold());
}

TEST_CASE("global table: after the lag the second writer has seen the first, and nothing is lost") {
  GlobalFixture fixture(global_yaml(kTwo));
  fixture.write_at(0s, kUs, 7, 100);
  fixture.write_at(1001ms, kEu, 7, 200);
  fixture.run_to(5s);
  CHECK(fixture.bytes(kUs, 7) == 200);
  CHECK(fixture.metric("writes.lost") == 0);
  CHECK(fixture.metric("conflicts") == 0);
}

TEST_CASE("global table: a clock that is ahead wins over a later write") {
  // Skews are drawn a Region; both are 0 to 10 s, so that one is ahead of the other by far more than 1 ms.
  GlobalFixture fixture(
      global_yaml(kTwo, "cross_region_lag: 1s, clock_skew: {dist: uniform, low: 0s, high: 10s}"));
  fixture.write_at(0s, kUs, 7, 100);
  fixture.write_at(1ms, kEu, 7, 200);
  fixture.write_at(10s, kEu, 8, 200);
  fixture.write_at(10s + 1ms, kUs, 8, 100);
  fixture.run_to(20s);
  // The Region that is ahead wins both, whether it wrote first or second.
  CHECK(fixture.bytes(kUs, 7) == fixture.bytes(kUs, 8));
  CHECK(fixture.metric("writes.lost") == 2);
  CHECK(fixture.audits_hold());
}

TEST_CASE("global table: a deletion replicates, and a write that did not know it can bring the item back") {
  GlobalFixture fixture(global_yaml(kTwo));
  fixture.write_at(0s, kUs, 7, 100);
  fixture.write_at(10s, kUs, 7, 0);
  fixture.write_at(10s + 500ms, kEu, 7, 50);
  fixture.run_to(20s);
  CHECK(fixture.bytes(kUs, 7) == 50);
  CHECK(fixture.bytes(kEu, 7) == 50);
  CHECK(fixture.metric("writes.lost") == 1);
}

TEST_CASE("global table: whatever three Regions write, they end with the same items") {
  const std::string lag =
      "cross_region_lag: {dist: lognormal, p50: 700ms, p99: 2500ms}, clock_skew: "
      "{dist: uniform, low: 0s, high: 50ms}";
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    GlobalFixture fixture(global_yaml(kThree, lag), seed);
    const RandomSource random(Seed{seed}, 7);
    for (std::uint64_t i = 0; i < 200; ++i) {
      Draws draws = random.entity(Purpose("test"), 0, i);
      const std::size_t at = draws.next_below(3);
      const std::uint64_t key = 1 + draws.next_below(5);
      const auto instant = Duration(static_cast<std::int64_t>(draws.next_below(20'000'000'000)));
      fixture.write_at(instant, at, key, static_cast<std::int64_t>(draws.next_below(1000)));
    }
    fixture.run_to(2min);
    INFO("seed " << seed);
    CHECK(fixture.global.backlog() == 0);
    CHECK(fixture.audits_hold());
    // 200 writes of 5 items in 20 s with a second's lag meet all the time.
    CHECK(fixture.metric("writes.lost") > 10);
    CHECK(fixture.metric("writes.lost") <= fixture.metric("conflicts"));
    for (std::uint64_t key = 1; key <= 5; ++key) {
      CHECK(fixture.bytes(kUs, key) == fixture.bytes(kEu, key));
      CHECK(fixture.bytes(kUs, key) == fixture.bytes(kAp, key));
    }
  }
}

TEST_CASE(
    "global table: the share of lost writes is the chance that the other Region writes within the lag") {
  // Two Regions, each 50 writes a second over 2,000 items for 400 s: of one item 0.025 a second. A write is
  // lost if the other Region writes the item within the lag of 1 s: q = 0.025, less what chains of conflicts
  // save, at most 2.5 q^2. Of 40,000 writes between 937 and 1,000; 4 standard deviations are 4 x sqrt(1000) =
  // 126.
  GlobalFixture fixture(global_yaml(kTwo));
  const RandomSource random(Seed{11}, 0);
  for (std::size_t at = 0; at < 2; ++at) {
    double now = 0;
    for (std::uint64_t i = 0; i < 20'000; ++i) {
      Draws draws = random.entity(Purpose("test"), at, i);
      now += draws.next_exponential() / 50;
      fixture.write_at(from_seconds(now), at, 1 + draws.next_below(2000), 100);
    }
  }
  fixture.run_to(10min);
  CHECK(fixture.metric("writes.replicated") == 40'000);
  CHECK(fixture.metric("writes.lost") > 937 - 126);
  CHECK(fixture.metric("writes.lost") < 1000 + 126);
  CHECK(fixture.audits_hold());
}

// --- strong consistency ------------------------------------------------------------------------------------

const std::string kStrong = "multi_region_consistency: STRONG";

// Round trips: Virginia - Ireland 80 ms, Virginia - Tokyo 160 ms, Ireland - Tokyo 220 ms.
Duration one_way(std::uint32_t from, std::uint32_t to) {
  const std::uint32_t pair = from + to;
  return pair == 1 ? 40ms : pair == 2 ? 80ms : 110ms;
}

TEST_CASE("global table: a strongly consistent write takes a round trip to the nearest other Region") {
  GlobalFixture fixture(global_yaml(kThree, "", kStrong));
  fixture.network.one_way = one_way;
  const auto write = [&](std::uint32_t at) {
    return fixture.global.begin_write(at, {at + 1, 0}, 1, 1, 5ms).time;
  };
  CHECK(write(kUs) == 80ms);
  CHECK(write(kEu) == 80ms);
  CHECK(write(kAp) == 160ms);
  CHECK(fixture.global.read(kAp, 1, 1).time == 160ms);
}

TEST_CASE("global table: with its nearest Region cut off a replica asks the other, with both it fails") {
  GlobalFixture fixture(global_yaml(kThree, "", kStrong));
  fixture.network.one_way = one_way;
  fixture.network.cut = [](auto from, auto to) { return from + to == 1; };
  CHECK(fixture.global.begin_write(kUs, {1, 0}, 1, 1, 5ms).time == 160ms);
  fixture.network.cut = [](auto from, auto to) { return from == 0 || to == 0; };
  CHECK(fixture.global.begin_write(kUs, {1, 0}, 1, 1, 5ms).verdict == RegionQuorum::Verdict::unavailable);
  CHECK(fixture.global.read(kUs, 1, 1).verdict == RegionQuorum::Verdict::unavailable);
  CHECK(fixture.global.begin_write(kEu, {2, 0}, 1, 1, 5ms).time == 220ms);
  CHECK(fixture.metric("quorum.unreachable") == 2);
}

TEST_CASE("global table: while one Region writes an item another's write of it is refused") {
  GlobalFixture fixture(global_yaml(kThree, "", kStrong));
  fixture.network.one_way = one_way;
  const ItemId item{7, 0};
  using Verdict = RegionQuorum::Verdict;
  CHECK(fixture.global.begin_write(kUs, item, 1, 1, 5ms).verdict == Verdict::agreed);
  // It is over after 5 + 80 ms.
  fixture.run_to(84ms);
  CHECK(fixture.global.begin_write(kEu, item, 2, 1, 5ms).verdict == Verdict::conflict);
  CHECK(fixture.global.begin_write(kUs, {8, 0}, 3, 1, 5ms).verdict == Verdict::agreed);
  fixture.run_to(85ms);
  CHECK(fixture.global.begin_write(kEu, item, 2, 2, 5ms).verdict == Verdict::agreed);
  CHECK(fixture.metric("ReplicatedWriteConflictException") == 1);
}

TEST_CASE("global table: strongly consistent writes meet no conflict and lose nothing") {
  GlobalFixture fixture(global_yaml(kThree, "", kStrong));
  fixture.network.one_way = one_way;
  fixture.write_at(0s, kUs, 7, 100);
  fixture.write_at(100ms, kEu, 7, 200);
  fixture.write_at(150ms, kAp, 7, 300);  // Ireland's write is still on its way to Tokyo
  fixture.run_to(1s);
  for (const std::size_t at : {kUs, kEu, kAp}) CHECK(fixture.bytes(at, 7) == 300);
  CHECK(fixture.metric("writes.lost") == 0);
  CHECK(fixture.metric("conflicts") == 0);
  CHECK(fixture.audits_hold());
}

// --- configuration -----------------------------------------------------------------------------------------

std::string problems_of(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics, &sources);
  GlobalTableConfig::fields().read(tree.root(), context);
  std::string all;
  for (const Diagnostic& each : diagnostics.sorted()) all += each.path + ": " + each.message + "\n";
  return all;
}

TEST_CASE("global table: it expands into a table in each of its Regions") {
  const auto config = read_config<GlobalTableConfig>(
      "{type: AWS::DynamoDB::GlobalTable, key_schema: {partition_key: id}, provisioned_throughput: "
      "{read_capacity_units: 10, write_capacity_units: 20}, replicas: {us-east-1: {}, eu-west-1: "
      "{read_capacity_units: 50}}, assume: {items: 5}}");
  const auto parts = config.expand("orders");
  REQUIRE(parts.size() == 2);
  CHECK(parts[1].name == "eu-west-1");
  CHECK(parts[1].type == "AWS::DynamoDB::Table");
  const auto& us = dynamic_cast<const TableConfig&>(*parts[0].config);
  const auto& eu = dynamic_cast<const TableConfig&>(*parts[1].config);
  CHECK(us.region->id == "us-east-1");
  CHECK(us.provisioned_throughput->read_capacity_units == 10);
  CHECK(eu.provisioned_throughput->read_capacity_units == 50);
  CHECK(eu.provisioned_throughput->write_capacity_units == 20);
  CHECK(eu.items == 5);
  CHECK(eu.global_table == "orders");
}

TEST_CASE("global table: strong consistency needs three Regions and goes without TTL and transactions") {
  CHECK(problems_of(global_yaml(kTwo, "", kStrong)) ==
        ": multi-Region strong consistency needs 3 replicas, and there are 2\n");
  CHECK(problems_of(global_yaml(kThree, "", kStrong + ", time_to_live_specification: {}")) ==
        ": 'time_to_live_specification' does not go with multi-Region strong "
        "consistency\n");
  CHECK(problems_of(
            global_yaml(kThree, "", kStrong + ", access_patterns: {pay: {operation: TransactWriteItems}}")) ==
        "access_patterns: there are no transactions with multi-Region strong consistency\n");
  CHECK(problems_of(global_yaml(kThree, "", kStrong)).empty());
}

}  // namespace
TEST_CASE("global table: it stands in the Regions of its replicas, so a region of its own is refused") {
  const auto refused = [](const char* region) {
    const auto config =
        read_config<GlobalTableConfig>(global_yaml(kTwo, "", std::string("region: ") + region));
    Defined defined;
    defined.region = "us-east-1";
    defined.regions = network::NetworkConfig().regions("us-east-1");
    Diagnostics diagnostics;
    config.check(defined, diagnostics);
    REQUIRE(diagnostics.sorted().size() == 1);
    return diagnostics.sorted().front().message;
  };
  CHECK(refused("us-east-1") == "a global table stands in the Regions of its replicas");
  CHECK(refused("mars-1") == "no replica is named 'mars-1'");
}

}  // namespace nephoscope::dynamodb
