#include "tests/models/store/fixture.hpp"

namespace nephoscope::store {
namespace {

std::string laid_out(const std::string& policy, int chunks, int nodes) {
  return store_yaml("initial_nodes: " + std::to_string(nodes) +
                    ", data: 1TB, chunks: " + std::to_string(chunks) + ", placement: " + policy);
}

// `per_rack` nodes in each rack; whatever shares a rack shares a partition.
void add_racks(Fixture& fixture, std::uint32_t racks, int per_rack, bool partitions = true) {
  for (std::uint32_t rack = 0; rack < racks; ++rack)
    for (int i = 0; i < per_rack; ++i) {
      auto& node = fixture.fleet.add({.zone = ZoneId(0), .rack = rack});
      if (partitions) node.in_partition = rack + 1;
      fixture.fleet.up(node);
    }
}

void fail_rack(Fixture& fixture, std::uint32_t rack) {
  for (auto& node : fixture.fleet.all)
    if (node.site().rack == rack) fixture.fleet.down(node);
}

TEST_CASE("store: under random placement a rack's failure makes the hypergeometric share unavailable") {
  // 6 racks of 4: P(all 3 replicas among 4 of 24 nodes) = (4 x 3 x 2) / (24 x 23 x 22) = 24 / 12144.
  constexpr double expected = 24.0 / 12144;
  constexpr double chunks = 100'000;
  Fixture fixture(laid_out("random", 100'000, 24));
  add_racks(fixture, 6, 4);
  fail_rack(fixture, 0);
  // Four standard deviations of a binomial.
  const double tolerance = 4 * std::sqrt(expected * (1 - expected) / chunks);
  const double share = fixture.metric("chunks.unavailable.peak") / chunks;
  CHECK(share > expected - tolerance);
  CHECK(share < expected + tolerance);
  fixture.check_audits();
}

TEST_CASE("store: with a rack or a partition for each replica no rack's failure makes a chunk unavailable") {
  for (const char* policy : {"rack_aware", "partition_aware"}) {
    Fixture fixture(laid_out(policy, 20'000, 24));
    add_racks(fixture, 6, 4);
    fail_rack(fixture, 0);
    CHECK(fixture.metric("chunks.unavailable.peak") == 0);
    // One more may take two replicas of a chunk, never the third.
    fail_rack(fixture, 1);
    CHECK(fixture.metric("chunks.unavailable.peak") == 0);
    fail_rack(fixture, 2);
    CHECK(fixture.metric("chunks.unavailable.peak") > 0);
  }
}

TEST_CASE("store: without a partition placement group partition_aware is blind") {
  Fixture fixture(laid_out("partition_aware", 20'000, 24));
  add_racks(fixture, 6, 4, false);
  fail_rack(fixture, 0);
  CHECK(fixture.metric("chunks.unavailable.peak") > 0);
}

TEST_CASE("store: with fewer racks than replicas some share one") {
  Fixture fixture(laid_out("rack_aware", 1000, 4));
  add_racks(fixture, 2, 2);
  fail_rack(fixture, 0);
  CHECK(fixture.metric("chunks.unavailable.peak") == 0);  // each chunk has a replica in either rack
  fixture.check_audits();
}

TEST_CASE("store: replicas lie in different zones under zone_aware") {
  Fixture fixture(laid_out("zone_aware", 5000, 9));
  for (std::uint32_t zone = 0; zone < 3; ++zone)
    for (int i = 0; i < 3; ++i) fixture.fleet.up(fixture.fleet.add({.zone = ZoneId(zone)}));
  for (auto& node : fixture.fleet.all)
    if (node.zone() != ZoneId(2)) fixture.fleet.down(node);
  CHECK(fixture.metric("chunks.unavailable.peak") == 0);
}

TEST_CASE("store: random placement loads all nodes alike") {
  Fixture fixture(laid_out("random", 30'000, 10));
  fixture.fleet.add_up(10);
  fixture.fleet.down(fixture.fleet.all[3]);
  fixture.run_to(1h);
  // A node has 30000 x 3 / 10 = 9000 replicas, +- 4 x sqrt(30000 x 0.3 x 0.7).
  CHECK(fixture.metric("repairs") == doctest::Approx(9000).epsilon(4 * 79.4 / 9000));
}

}  // namespace
}  // namespace nephoscope::store
