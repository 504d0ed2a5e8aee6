#include "tools/report/axis.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace nephoscope;

namespace {

std::string texts(const Axis& axis, std::size_t most) {
  std::string all;
  for (const Tick& tick : ticks(axis, most)) all += (all.empty() ? "" : " ") + tick.text;
  return all;
}

}  // namespace

TEST_CASE("axis: values map linearly, and those outside to the ends") {
  const Axis axis{{10, 20}, 100, 200};
  CHECK(axis.at(12.5) == doctest::Approx(125));
  CHECK(axis.at(-3) == 100);
  CHECK(axis.at(99) == 200);
}

TEST_CASE("axis: ticks are round, of clocks' steps for times, and of one unit") {
  CHECK(texts({{0, 95}, 0, 1, MetricKind::number}, 5) == "0 20 40 60 80");
  // 3 h / 5 is 36 min; the next step of clocks is an hour
  CHECK(texts({{0, 10'800}, 0, 1, MetricKind::duration}, 5) == "0s 1h 2h 3h");
  CHECK(texts({{0, 1500}, 0, 1, MetricKind::duration}, 5) == "0s 5m 10m 15m 20m 25m");
  CHECK(texts({{0, 0.11}, 0, 1, MetricKind::duration}, 3) == "0s 50ms 100ms");
}

TEST_CASE("axis: ticks of differences have signs, and no share is above 100 %") {
  CHECK(texts({{-0.5, 1.1}, 0, 1, MetricKind::money, true}, 4) == "-$0.5 $0.00 +$0.5 +$1.00");
  CHECK(texts({{0.97, 1.01}, 0, 1, MetricKind::share}, 4) == "97% 98% 99% 100%");
}

TEST_CASE("axis: a range of one value gets a length, so that labels of its ticks differ") {
  const Range zero = with_room({0, 0}, MetricKind::minutes);
  CHECK(zero.low < 0);
  CHECK(zero.high > 1);
  const Range bill = with_room({5.4, 5.4}, MetricKind::money);
  CHECK(bill.length() == doctest::Approx(0.02 * 5.4));
  CHECK(with_room({1, 1}, MetricKind::share).length() == doctest::Approx(0.02));
}

TEST_CASE("axis: ranges leave out what is not finite") {
  RangeFinder finder;
  finder.add(std::nan(""));
  CHECK_FALSE(finder.range());
  finder.add({2, std::nan(""), std::nan("")});
  CHECK_FALSE(finder.range());
  finder.add({2, 1, 4});
  REQUIRE(finder.range());
  CHECK(finder.range()->low == 1);
  CHECK(finder.range()->high == 4);
}
