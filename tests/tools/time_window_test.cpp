#include "tools/report/time_window.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace nephoscope;

namespace {

Time second(int t) { return Time{} + std::chrono::seconds(t); }

// Windows of 10 s, of which number i holds values[i]; none for NaN.
WindowedSeries series_of(const std::vector<double>& values) {
  WindowedSeries series({.width = 10s});
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isnan(values[i])) series.add(second(static_cast<int>(10 * i)), values[i]);
  return series;
}

StudyResult study_of_1000_s() {
  StudyResult study;
  study.duration = 1000s;
  return study;
}

Comparison only(StudyResult study) { return {{std::move(study)}, {}, {}, {}}; }

}  // namespace

TEST_CASE("report: joined windows keep their mean and their extremes") {
  const auto points = points_of(series_of({1, 3, 5, 7, 9, 11}), {0, 60}, 3);
  REQUIRE(points.size() == 3);
  // the second of three pairs: windows from 20 to 40 s
  CHECK(points[1].t == 30);
  CHECK(points[1].mean == 6);
  CHECK(points[1].low == 5);
  CHECK(points[1].high == 7);
}

TEST_CASE("report: only windows of the shown time are points, and empty ones are gaps") {
  const auto points = points_of(series_of({1, 3, std::nan(""), 7, 9}), {10, 40}, 100);
  REQUIRE(points.size() == 3);
  CHECK(points[0].mean == 3);
  CHECK(std::isnan(points[1].mean));
  CHECK(points[2].mean == 7);
}

TEST_CASE("report: a mark goes from the first to the last event of a fault or deployment") {
  StudyResult study = study_of_1000_s();
  study.metrics.push_back({{{Scope::resource, "ship", "time_to_ship"}, "s", 1, {1}, {}, ""}, {}});
  study.pooled.timeline = {{second(100), "ship", "deployment", "ships v2"},
                           {second(101), "web", "deployment", "begin"},
                           {second(160), "ship", "deployment", "succeeded"},
                           {second(200), "zone", "fault", "loses power"},
                           {second(200), "web", "scaling", "6 -> 8"}};
  const auto marks = marks_of(study);
  REQUIRE(marks.size() == 2);
  CHECK(marks[0].label == "ship: ships v2; succeeded");
  CHECK(marks[0].span.low == 100);
  CHECK(marks[0].span.high == 160);
  CHECK_FALSE(marks[0].fault);
  CHECK(marks[1].span.length() == 0);
  CHECK(marks[1].fault);
}

TEST_CASE("report: charts show the part of the run in which something happened, and as much around it") {
  StudyResult study = study_of_1000_s();
  study.pooled.timeline = {{second(400), "zone", "fault", "loses power"},
                           {second(500), "zone", "fault", "has power again"}};
  // 100 s are notable, 50 s each side
  CHECK(shown_time(only(study)).low == doctest::Approx(350));
  CHECK(shown_time(only(study)).high == doctest::Approx(550));
  // failures at 900 s are notable too: 510 s are more than a small part of 1000
  std::vector<double> values(91, 1.0);
  values[90] = 0.5;
  study.pooled.series("users.availability", "1", series_of(values));
  CHECK(shown_time(only(study)).low == doctest::Approx(0));
  CHECK(shown_time(only(study)).high == doctest::Approx(1000));
}

TEST_CASE("report: without anything notable the run is shown without its warm-up") {
  StudyResult study = study_of_1000_s();
  study.warmup = 60s;
  // what fails during the warm-up does not count
  study.pooled.series("users.availability", "1", series_of({0, 0, 0, 1, 1}));
  CHECK(shown_time(only(study)).low == doctest::Approx(60));
  CHECK(shown_time(only(study)).high == doctest::Approx(1000));
}
