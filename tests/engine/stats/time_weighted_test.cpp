#include "engine/stats/time_weighted.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

namespace {
constexpr Time at(Duration since_start) { return Time(since_start); }
}  // namespace

TEST_CASE("stats: a time-weighted average weighs each level by how long it lasted") {
  TimeWeighted queue;
  queue.set(at(2s), 3);
  queue.add(at(5s), -2);
  // (0 * 2 + 3 * 3 + 1 * 5) / 10 = 1.4
  CHECK(queue.average(at(10s)) == doctest::Approx(1.4));
  CHECK(queue.level() == 1);
  CHECK(queue.max() == 3);
}

TEST_CASE("stats: the integral of a whole level is exact beyond 64 bits") {
  TimeWeighted level(Time{}, 4'000'000'000'000'000'001);
  // 4000000000000000001 * 7 s = 28000000000000000007 * 10^9, beyond 2^64 and beyond a double's digits
  const Int128 expected = (static_cast<Int128>(28'000'000'000'000'000) * 1000 + 7) * 1'000'000'000;
  CHECK((level.integral(at(7s)) == expected));
}

TEST_CASE("stats: Little's law holds to the nanosecond for a known sequence") {
  // Visits [1, 4], [2, 7], [3, 5] ns: times in system 3 + 5 + 2 = 10 ns.
  TimeWeighted in_system;
  in_system.add(at(1ns), 1);
  in_system.add(at(2ns), 1);
  in_system.add(at(3ns), 1);
  in_system.add(at(4ns), -1);
  in_system.add(at(5ns), -1);
  in_system.add(at(7ns), -1);
  CHECK((in_system.integral(at(9ns)) == 10));
}

TEST_CASE("stats: a reset forgets the past but keeps the level") {
  TimeWeighted level;
  level.set(at(1s), 9);
  level.set(at(2s), 2);
  level.reset(at(4s));
  level.set(at(6s), 0);
  // over [4, 8]: (2 * 2 + 0 * 2) / 4
  CHECK(level.average(at(8s)) == doctest::Approx(1));
  CHECK(level.max() == 2);
  CHECK(level.since() == at(4s));
}

TEST_CASE("stats: a level that lasted no time counts for the maximum only") {
  TimeWeighted level;
  level.set(at(1s), 5);
  level.set(at(1s), 0);
  CHECK(level.max() == 5);
  CHECK(level.average(at(2s)) == 0);
}

TEST_CASE("stats: no observed time, no average") {
  const TimeWeighted level(at(3s), 2);
  CHECK(std::isnan(level.average(at(3s))));
}

TEST_CASE("stats: real levels average too") {
  TimeWeightedReal share(Time{}, 0.5);
  share.set(at(1s), 0.25);
  // (0.5 * 1 + 0.25 * 3) / 4
  CHECK(share.average(at(4s)) == doctest::Approx(0.3125));
}

TEST_CASE("stats: merged level summaries weigh by observed time") {
  TimeWeighted first(Time{}, 2), second(Time{}, 8);
  LevelSummary<std::int64_t> both = first.summary(at(3s));
  both.merge(second.summary(at(1s)));
  // (2 * 3 + 8 * 1) / 4
  CHECK(both.average() == doctest::Approx(3.5));
  CHECK(both.max == 8);
}

TEST_CASE("stats: level summaries survive saving and loading, negative integrals too") {
  TimeWeighted level(Time{}, -4'000'000'000'000'000'001);
  const auto summary = level.summary(at(100s));
  const auto loaded = test::through_bytes(summary);
  CHECK((loaded.integral == summary.integral));
  CHECK((loaded.observed == summary.observed));
  CHECK(loaded.max == summary.max);
  const auto real = TimeWeightedReal(Time{}, 0.1).summary(at(3s));
  CHECK(test::through_bytes(real).average() == real.average());
}

TEST_CASE("stats: a level cannot change before its last change") {
  TimeWeighted level;
  level.set(at(2s), 1);
  CHECK_THROWS_AS(level.set(at(1s), 0), CheckFailure);
}
