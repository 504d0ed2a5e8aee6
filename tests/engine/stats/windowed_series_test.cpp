#include "engine/stats/windowed_series.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/engine/stats/test_random.hpp"

using namespace nephoscope;

namespace {
constexpr Time time_at(Duration since_start) { return Time(since_start); }
WindowedSeries small_series() { return WindowedSeries({.origin = Time{}, .width = 1s, .max_windows = 4}); }
}  // namespace

TEST_CASE("stats: a value belongs to the window floor(t / width)") {
  WindowedSeries series = small_series();
  series.add(time_at(0s), 1);
  series.add(time_at(999ms), 3);
  series.add(time_at(1s), 10);
  REQUIRE(series.windows().size() == 2);
  CHECK(series.windows()[0].weight == 2);
  CHECK(series.windows()[0].mean() == 2);
  CHECK(series.windows()[0].min == 1);
  CHECK(series.windows()[0].max == 3);
  CHECK(series.windows()[1].sum == 10);
}

TEST_CASE("stats: a window without values has no mean") {
  WindowedSeries series = small_series();
  series.add(time_at(2s), 1);
  CHECK(std::isnan(series.windows()[0].mean()));
  CHECK(series.rate_per_second(0) == 0);
}

TEST_CASE("stats: a series that grows too long doubles its windows and keeps the extremes") {
  WindowedSeries series = small_series();
  for (int i = 0; i < 4; ++i) series.add(time_at(std::chrono::seconds(i)), i);
  series.add(time_at(4s), 9);
  CHECK(series.width() == 2s);
  REQUIRE(series.windows().size() == 3);
  // windows {0, 1}, {2, 3}, {9}
  CHECK(series.windows()[1].sum == 5);
  CHECK(series.windows()[1].min == 2);
  CHECK(series.windows()[1].max == 3);
  CHECK(series.windows()[2].max == 9);
}

TEST_CASE("stats: a value far away doubles the windows as often as it takes") {
  WindowedSeries series = small_series();
  series.add(time_at(0s), 1);
  series.add(time_at(1h), 2);
  // 3600 / width < 4 first for width 1024
  CHECK(series.width() == 1024s);
  CHECK(series.windows().size() == 4);
}

TEST_CASE("stats: coarsening gives what the coarse width would have given from the start") {
  WindowedSeries fine({.origin = Time{}, .width = 1s, .max_windows = 10});
  WindowedSeries coarse({.origin = Time{}, .width = 8s, .max_windows = 10});
  for (int i = 0; i < 61; ++i) {
    fine.add(time_at(std::chrono::seconds(i)), i % 7);
    coarse.add(time_at(std::chrono::seconds(i)), i % 7);
  }
  REQUIRE(fine.width() == 8s);
  REQUIRE(fine.windows().size() == coarse.windows().size());
  for (std::size_t i = 0; i < fine.windows().size(); ++i) {
    CHECK(fine.windows()[i].weight == coarse.windows()[i].weight);
    CHECK(fine.windows()[i].sum == coarse.windows()[i].sum);
    CHECK(fine.windows()[i].max == coarse.windows()[i].max);
  }
}

TEST_CASE("stats: a level is shared out over the windows it lasted through") {
  WindowedSeries series = small_series();
  series.add_level(time_at(500ms), time_at(2s), 4);
  series.add_level(time_at(2s), time_at(2250ms), 8);
  // window 0: 4 for 0.5 s; window 1: 4 for 1 s; window 2: 8 for 0.25 s
  CHECK(series.windows()[0].weight == 0.5);
  CHECK(series.windows()[0].mean() == 4);
  CHECK(series.windows()[1].sum == 4);
  CHECK(series.windows()[2].sum == 2);
  CHECK(series.windows().size() == 3);
}

TEST_CASE("stats: a level over a coarsened series keeps its whole integral") {
  WindowedSeries series = small_series();
  series.add_level(time_at(0s), time_at(100s), 2);
  double integral = 0;
  for (const auto& window : series.windows()) integral += window.sum;
  CHECK(integral == doctest::Approx(200));  // 2 * 100 s
}

TEST_CASE("stats: merged series add up point by point, the finer one coarsened first") {
  WindowedSeries fine = small_series(), coarse = small_series();
  fine.add(time_at(0s), 1);
  fine.add(time_at(1s), 2);
  coarse.add(time_at(0s), 5);
  coarse.add(time_at(7s), 7);
  fine.merge(coarse);
  CHECK(fine.width() == 2s);
  CHECK(fine.runs() == 2);
  CHECK(fine.windows()[0].sum == 8);
  CHECK(fine.windows()[0].max == 5);
  // 3 values in 2 s of 2 runs
  CHECK(fine.rate_per_second(0) == 0.75);
  CHECK(fine.windows()[3].sum == 7);
}

TEST_CASE("stats: a series survives saving and loading and goes on") {
  WindowedSeries series = small_series();
  for (int i = 0; i < 9; ++i) series.add(time_at(std::chrono::seconds(i)), 0.1 * i);
  WindowedSeries loaded = test::through_bytes(series);
  loaded.add(time_at(9s), 1);
  series.add(time_at(9s), 1);
  CHECK(test::bytes_of(loaded) == test::bytes_of(series));
}

TEST_CASE("stats: a series knows that it holds levels, also once merged and loaded") {
  WindowedSeries values, levels, merged;
  values.add(Time(1s), 3);
  levels.add_level(Time(0s), Time(1s), 3);
  CHECK(!values.levels());
  CHECK(levels.levels());
  merged.merge(levels);
  CHECK(merged.levels());
  ByteWriter out;
  merged.save(out);
  ByteReader in(out.bytes());
  CHECK(WindowedSeries::load(in).levels());
}

TEST_CASE("stats: a series accepts nothing from before its origin") {
  WindowedSeries series({.origin = time_at(10s), .width = 1s, .max_windows = 4});
  CHECK_THROWS_AS(series.add(time_at(9s), 1), CheckFailure);
}
