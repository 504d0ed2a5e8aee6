#include "engine/queueing/level.hpp"

#include <doctest/doctest.h>

using namespace nephoscope;

TEST_CASE("level: the integral adds level times time") {
  Level level(1);
  level.change(Time{} + 2ns, +2);
  level.change(Time{} + 5ns, -3);
  // 1 x 2 + 3 x 3 + 0 x 4
  CHECK(level.integral(Time{} + 9ns) == 11);
  CHECK(level.mean(Time{} + 11ns) == doctest::Approx(1.0));
  CHECK(level.peak() == 3);
}

TEST_CASE("level: a reset forgets the past but not the level") {
  Level level;
  level.change(Time{} + 1ns, +5);
  level.change(Time{} + 2ns, -3);
  level.reset(Time{} + 4ns);
  CHECK(level.peak() == 2);
  CHECK(level.integral(Time{} + 7ns) == 6);  // 2 x 3
  CHECK(level.mean(Time{} + 4ns) == 2);
}

TEST_CASE("level: a century of ten million customers stays exact") {
  Level level(10'000'000);
  level.change(Time{} + kMaxDuration, +1);
  CHECK(level.integral(Time{} + kMaxDuration + 1ns) ==
        WideInt{10'000'000} * kMaxDuration.count() + 10'000'001);
}
