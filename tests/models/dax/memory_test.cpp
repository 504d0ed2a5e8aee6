// Caches that are too small for what is read.
#include <cmath>

#include <vector>

#include "engine/random/keys.hpp"
#include "tests/models/dax/fixture.hpp"

namespace nephoscope::dax {
namespace {

std::vector<double> zipf(std::size_t keys, double exponent) {
  std::vector<double> shares;
  double sum = 0;
  for (std::size_t k = 1; k <= keys; ++k)
    sum += shares.emplace_back(std::pow(static_cast<double>(k), -exponent));
  for (double& share : shares) share /= sum;
  return shares;
}

// How many of the keys have been asked for in the last `requests`.
double held(const std::vector<double>& shares, double requests) {
  double sum = 0;
  for (const double share : shares) sum += 1 - std::exp(-share * requests);
  return sum;
}

// H. Che, Y. Tung, Z. Wang, "Hierarchical Web caching systems: modeling, design and experimental results",
// IEEE JSAC 20(7), 2002: an entry stays for T requests, where T is such that `capacity` keys are held.
double che(const std::vector<double>& shares, double capacity) {
  double low = 0, high = 1e9;
  for (int i = 0; i < 200; ++i) {
    const double middle = (low + high) / 2;
    (held(shares, middle) < capacity ? low : high) = middle;
  }
  double hits = 0;
  for (const double share : shares) hits += share * (1 - std::exp(-share * low));
  return hits;
}

}  // namespace

TEST_CASE("dax: a small cache under Zipf keys has the hit ratio of LRU, below that of the hottest keys") {
  // Entries of 1,000 + 64 bytes; 2 GiB x 0.005 % = 107,374 bytes hold 100 of them, of 2,000 keys.
  Fixture fixture("node_type: dax.t3.small, parameter_group: {item_ttl: 1000h}",
                  "cache_share: 0.005%, query_cache_share: 0%, node_throughput: 1000000");
  for (std::uint64_t key = 1; key <= 2000; ++key) fixture.table.preset(key);
  const ZipfKeys keys(2000, 1.0);
  fixture.load(100, [&](Draws& draws) { return keys.sample(draws); });
  fixture.run(200s);  // filled
  fixture.cluster->begin_measurement();
  fixture.run(2200s);
  const std::vector<double> shares = zipf(2000, 1.0);
  double hottest = 0;
  for (std::size_t k = 0; k < 100; ++k) hottest += shares[k];
  // 200,000 reads: sigma of a share below 0.0012; Che's approximation is good to a percent.
  CHECK(fixture.metric("item_cache.hit_ratio") == doctest::Approx(che(shares, 100)).epsilon(0.015));
  CHECK(fixture.metric("item_cache.hit_ratio") < hottest - 0.05);
  CHECK(fixture.metric("EstimatedDbSize") == 100 * 1064);
  // Each miss evicts one.
  CHECK(fixture.metric("evictions") == fixture.metric("ItemCacheMisses"));
}

TEST_CASE("dax: larger items leave room for fewer") {
  Fixture fixture("node_type: dax.t3.small", "cache_share: 0.005%, query_cache_share: 0%");
  fixture.table.size = Bytes(9936);  // with 64 bytes beside them ten fit into 107,374
  for (std::uint64_t key = 1; key <= 11; ++key) {
    fixture.table.preset(key);
    fixture.ask("get", key);
  }
  CHECK(fixture.metric("EstimatedDbSize") == 100'000);
  fixture.ask("get", 11);
  CHECK(fixture.metric("ItemCacheHits") == 1);
  fixture.ask("get", 1);  // was evicted
  CHECK(fixture.metric("ItemCacheHits") == 1);
}

}  // namespace nephoscope::dax
