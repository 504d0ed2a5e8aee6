// What requests cost nodes, and what nodes do when there are too many.
#include "tests/models/dax/fixture.hpp"

namespace nephoscope::dax {

TEST_CASE("dax: hits cost 1 unit a KB, misses 10, and writes 25 on every node") {
  Fixture fixture("node_type: dax.r5.large, replication_factor: 3");
  fixture.table.size = Bytes(2000);
  fixture.table.preset(7);
  const auto units = [&] {
    const double seconds = to_seconds(fixture.world.now() - Time{});
    return fixture.metric("CPUUtilization") * 3 * seconds * 75'000;
  };
  fixture.ask("get", 7);
  CHECK(units() == doctest::Approx(10 * 2).epsilon(1e-3));
  fixture.run(10s);
  fixture.ask("get", 7);
  CHECK(units() == doctest::Approx(10 * 2 + 2).epsilon(1e-3));
  fixture.ask("put", 7);
  fixture.run(20s);
  CHECK(units() == doctest::Approx(10 * 2 + 2 + 3 * 25).epsilon(1e-3));
}

TEST_CASE("dax: a node with too long a queue throttles") {
  // 100 units/s: 20 ms of one of two vCPUs each. Of fifty reads at once two are in service and ten wait.
  Fixture fixture("node_type: dax.t3.small", "node_throughput: 100, queue_limit: 10");
  for (std::uint64_t key = 1; key <= 50; ++key) fixture.send("get", key);
  const auto& late = fixture.send("get", 51);
  fixture.run(0s);
  CHECK(late.response.fault == Fault::throttling);
  CHECK(fixture.error_of(late.response) == "ThrottlingException");
  CHECK(fixture.metric("ThrottledRequestCount") == 39);
  fixture.run(10s);
  CHECK(fixture.ask("get", 52).ok());
}

TEST_CASE("dax: the table's own throttling is passed on, unless the client inside retries") {
  Fixture plain;
  plain.table.throttles = true;
  CHECK(plain.ask("get", 7).fault == Fault::throttling);
  CHECK(plain.table.requests == 1);
  CHECK(plain.metric("ThrottledRequestCount") == 0);
  Fixture retrying("node_type: dax.r5.large",
                   "table_client: {retry: {mode: plain, max_attempts: 3, base: 10ms}}");
  retrying.table.throttles = true;
  CHECK(retrying.ask("get", 7).fault == Fault::throttling);
  CHECK(retrying.table.requests == 3);
}

TEST_CASE("dax: nodes stand in the zones in turn, and messages to them take the network's time") {
  Fixture fixture("node_type: dax.r5.large, replication_factor: 4");
  CHECK(fixture.network.zones == std::vector<ZoneId>{ZoneId(0), ZoneId(1), ZoneId(2), ZoneId(0)});
  fixture.network.distance = 1ms;
  const auto& answer = fixture.send("get", 7, PlaceId(99));
  fixture.run(1s);
  CHECK(to_seconds(answer.took) == doctest::Approx(2e-3 + 10 * 2.0 / 75'000).epsilon(1e-3));
  Fixture named("node_type: dax.r5.large, replication_factor: 2, availability_zones: [us-east-1c]");
  CHECK(named.network.zones == std::vector<ZoneId>{ZoneId(2), ZoneId(2)});
}

TEST_CASE("dax: node-hours are billed for every node") {
  Fixture fixture("node_type: dax.t3.small, replication_factor: 3");
  fixture.run(1000s);
  UsageMeter meter;
  fixture.cluster->bill(meter);
  CHECK(meter.quantities().at({"cache", "NodeUsage:dax.t3.small"}) == 3000);
}

}  // namespace nephoscope::dax
