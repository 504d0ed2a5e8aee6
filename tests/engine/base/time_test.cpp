#include "engine/base/time.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "engine/base/check.hpp"

using namespace nephoscope;

TEST_CASE("time: seconds become the nearest nanosecond") {
  CHECK(from_seconds(1.5) == Duration(1'500'000'000));
  CHECK(from_seconds(0.4e-9) == Duration(0));
  CHECK(from_seconds(0.6e-9) == Duration(1));
  CHECK(from_seconds(-0.6e-9) == Duration(-1));
}

TEST_CASE("time: seconds outside a hundred years, or not a number, are a programmer's error") {
  CHECK_THROWS_AS(from_seconds(3.2e9), CheckFailure);
  CHECK_THROWS_AS(from_seconds(std::numeric_limits<double>::quiet_NaN()), CheckFailure);
}
