// What is served from the caches, for how long, and how fresh it is.
#include "tests/models/dax/fixture.hpp"

namespace nephoscope::dax {

TEST_CASE("dax: a missed item is fetched once and served from the cache afterwards") {
  Fixture fixture;
  fixture.table.preset(7);
  fixture.table.service = 5ms;
  const auto& first = fixture.send("get", 7);
  fixture.run(1s);
  const auto& second = fixture.send("get", 7);
  fixture.run(2s);
  CHECK(fixture.table.requests == 1);
  CHECK(first.response.ok());
  CHECK(second.response.ok());
  CHECK(second.response.size == first.response.size);
  // A dax.r5.large does 75,000 units a second with two vCPUs: 26.67 us each. Miss: 5 ms and 10 units; hit: 1.
  CHECK(to_seconds(first.took) == doctest::Approx(5e-3 + 10 * 2.0 / 75'000).epsilon(1e-4));
  CHECK(to_seconds(second.took) == doctest::Approx(2.0 / 75'000).epsilon(1e-4));
  CHECK(fixture.metric("item_cache.hit_ratio") == 0.5);
}

TEST_CASE("dax: an entry serves for its TTL from when it was entered, however often it is used") {
  Fixture fixture("node_type: dax.r5.large, parameter_group: {item_ttl: 60s}");
  fixture.table.preset(7);
  fixture.ask("get", 7);
  for (int i = 1; i < 59; ++i) fixture.ask("get", 7);
  CHECK(fixture.table.requests == 1);
  fixture.run(60s + 1ms);  // it was entered some 130 us after the start
  fixture.ask("get", 7);
  CHECK(fixture.table.requests == 2);
}

TEST_CASE("dax: hit ratio under Poisson reads is LT / (1 + LT)") {
  // Uniform keys, each read at L = 1/60 s, T = 5 min: a miss, then on average LT = 5 hits: 5 / 6.
  // In 20 h some 10,000 misses; reads a miss 1 + Poisson(5), so sigma = sqrt(5) / 36 / sqrt(10,000) =
  // 0.00062.
  Fixture fixture;
  fixture.load(50.0 / 60, [](Draws& draws) { return draws.next_below(50); });
  fixture.run(20h);
  CHECK(fixture.metric("ItemCacheMisses") > 9'500);
  CHECK(fixture.metric("item_cache.hit_ratio") == doctest::Approx(5.0 / 6).epsilon(4 * 0.00062 * 6 / 5));
  CHECK(fixture.metric("table.requests") == doctest::Approx(50.0 / 60 / 6).epsilon(0.04));
}

TEST_CASE("dax: missing items are cached, too") {
  Fixture fixture("node_type: dax.r5.large, parameter_group: {item_ttl: 60s}");
  fixture.ask("get", 7);
  fixture.ask("get", 7);
  CHECK(fixture.table.requests == 1);
  CHECK(fixture.metric("reads.stale") == 0);
  fixture.table.preset(7);  // written past the cache
  const Response old = fixture.ask("get", 7);
  CHECK(old.size == Bytes(0));
  CHECK(fixture.table.requests == 1);
  CHECK(fixture.metric("reads.stale") == doctest::Approx(1.0 / 3));
  fixture.run(61s);
  CHECK(fixture.ask("get", 7).size == Bytes(1000));
  CHECK(fixture.table.requests == 2);
}

TEST_CASE("dax: a write through the cache replaces what it had, also that there was nothing") {
  Fixture fixture;
  fixture.ask("get", 7);
  fixture.ask("put", 7);
  fixture.ask("get", 7);
  CHECK(fixture.table.requests == 2);  // the first read and the write
  fixture.ask("delete", 7);
  CHECK(fixture.ask("get", 7).size == Bytes(0));
  CHECK(fixture.table.requests == 3);
  CHECK(fixture.metric("reads.stale") == 0);
}

TEST_CASE("dax: a write that the table refuses leaves the cache as it was") {
  Fixture fixture;
  fixture.table.preset(7);
  fixture.ask("get", 7);
  fixture.table.throttles = true;
  const Response refused = fixture.ask("put", 7);
  CHECK(refused.fault == Fault::throttling);
  CHECK(fixture.error_of(refused) == "ProvisionedThroughputExceededException");
  CHECK(fixture.ask("get", 7).ok());  // from the cache, although the table throttles
  CHECK(fixture.metric("reads.stale") == 0);
}

TEST_CASE("dax: writes do not touch the results of queries, which stay stale for the query TTL") {
  Fixture fixture("node_type: dax.r5.large, parameter_group: {query_ttl: 60s}");
  fixture.table.preset(7);
  fixture.ask("query", 7);
  fixture.ask("put", 7);
  fixture.ask("query", 7);
  CHECK(fixture.table.requests == 2);
  CHECK(fixture.metric("QueryCacheHits") == 1);
  CHECK(fixture.metric("reads.stale") == 0.5);  // of two
  fixture.run(61s);
  fixture.ask("query", 7);
  CHECK(fixture.table.requests == 3);
  CHECK(fixture.metric("reads.stale") == doctest::Approx(1.0 / 3));
}

TEST_CASE("dax: queries of another pattern or key are other queries, scans of a pattern are one") {
  Fixture fixture;
  fixture.ask("query", 7);
  fixture.ask("other-query", 7);
  fixture.ask("query", 8);
  CHECK(fixture.metric("QueryCacheMisses") == 3);
  fixture.ask("scan", 1);
  fixture.ask("scan", 2);
  CHECK(fixture.metric("ScanCacheMisses") == 1);
  CHECK(fixture.metric("ScanCacheHits") == 1);
  CHECK(fixture.table.requests == 4);
}

TEST_CASE("dax: the item cache and the query cache do not serve each other") {
  Fixture fixture;
  fixture.ask("query", 7);
  fixture.ask("get", 7);
  CHECK(fixture.metric("ItemCacheMisses") == 1);
  CHECK(fixture.table.requests == 2);
}

TEST_CASE("dax: strong and transactional reads go to the table and leave nothing") {
  Fixture fixture;
  for (const char* operation : {"get-strong", "get-strong", "transact-get", "transact-get"})
    fixture.ask(operation, 7);
  CHECK(fixture.table.requests == 4);
  CHECK(fixture.metric("ItemCacheMisses") == 0);
  CHECK(fixture.metric("ItemCacheHits") == 0);
  fixture.ask("get", 7);
  CHECK(fixture.table.requests == 5);
}

TEST_CASE("dax: items of a batch count one by one, and one that misses sends the batch to the table") {
  Fixture fixture;
  for (const std::uint64_t key : {10U, 11U, 12U}) fixture.table.preset(key);
  fixture.ask("get", 11);
  CHECK(fixture.ask("batch", 10).size == Bytes(3000));
  CHECK(fixture.metric("ItemCacheHits") == 1);
  CHECK(fixture.metric("ItemCacheMisses") == 3);
  CHECK(fixture.ask("batch", 10).size == Bytes(3000));
  CHECK(fixture.metric("ItemCacheHits") == 4);
  CHECK(fixture.table.requests == 2);
}

TEST_CASE("dax: a minute's counts go to CloudWatch") {
  Fixture fixture;
  fixture.cluster->start();
  fixture.ask("get", 7);
  fixture.ask("get", 7);
  fixture.ask("put", 7);
  fixture.run(61s);
  CHECK(fixture.watch.sums["ItemCacheHits"] == 1);
  CHECK(fixture.watch.sums["ItemCacheMisses"] == 1);
  CHECK(fixture.watch.sums["TotalRequestCount"] == 3);
  // One hit, one miss and one write are 1 + 10 + 25 units of 2 / 75,000 vCPU s in 60 s of two vCPUs.
  CHECK(fixture.watch.sums["CPUUtilization"] == doctest::Approx(100 * 36.0 / 75'000 / 60).epsilon(1e-4));
}

}  // namespace nephoscope::dax
