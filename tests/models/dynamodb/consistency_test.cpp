#include <doctest/doctest.h>

#include <cmath>

#include "tests/models/dynamodb/table_fixture.hpp"

namespace nephoscope::dynamodb {

TEST_CASE("consistency: two of three replicas lag, so two thirds of reads right after a write are stale") {
  TableFixture fixture(
      table_yaml(kOnDemand + ", access_patterns: {strong: {operation: GetItem, consistent_read: true}}",
                 "items: 10, replication_lag: 1s"));
  constexpr int reads = 3000;
  fixture.ask("PutItem", 5);
  std::vector<TableFixture::Answer> answers(reads);
  for (auto& answer : answers) fixture.send("GetItem", 5, answer);
  fixture.run_for(100ms);
  // Binomial, p = 2/3: the share lies within 4 standard errors, 4 sqrt(p (1 - p) / 3000) = 3.4 %.
  CHECK(std::abs(fixture.metric("reads.stale") - 2.0 / 3) < 0.035);
  for (auto& answer : answers) fixture.send("strong", 5, answer);
  fixture.run_for(2s);
  // Strongly consistent reads are not counted, and a second later all replicas have the write.
  const double share = fixture.metric("reads.stale");
  for (auto& answer : answers) fixture.send("GetItem", 5, answer);
  fixture.run_for(100ms);
  CHECK(fixture.metric("reads.stale") == doctest::Approx(share / 2));
}

TEST_CASE("consistency: a replica that has a write keeps it: its lag is the same for every read") {
  TableFixture fixture(
      table_yaml(kOnDemand, "items: 10, replication_lag: {dist: uniform, low: 0s, high: 1s}"));
  fixture.ask("PutItem", 5);
  // Of one write, the stale share falls in at most two steps, from 2/3 over 1/3 to 0.
  double stale_before = 0, last = 1;
  int steps = 0;
  double reads_before = 0;
  for (int i = 0; i < 11; ++i) {
    std::vector<TableFixture::Answer> answers(900);
    for (auto& answer : answers) fixture.send("GetItem", 5, answer);
    fixture.run_for(100ms);
    reads_before += 900;
    const double stale = fixture.metric("reads.stale") * reads_before;
    const double share = std::round((stale - stale_before) / 900 * 3) / 3;
    stale_before = stale;
    CHECK(share <= last);
    if (share < last && i > 0) ++steps;
    last = share;
  }
  CHECK(last == 0);
  CHECK(steps <= 2);
  CHECK(steps >= 1);
}

}  // namespace nephoscope::dynamodb
