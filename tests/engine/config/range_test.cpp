#include "engine/config/range.hpp"

#include <doctest/doctest.h>

#include "tests/engine/config/example_tables.hpp"
#include "tests/engine/config/support.hpp"

namespace nephoscope {
namespace {

struct Read {
  std::optional<StationConfig> config;
  std::vector<AssumptionRange> ranges;
  std::string problems;
};

Read read_at(double position, const std::string& assume) {
  Loaded loaded(fmt::format("{{type: Example::Station, service: 1s, assume: {}}}", assume));
  Context context(loaded.diagnostics);
  context.set_range_position([&](const std::string&) { return position; });
  Read read;
  read.config = StationConfig::fields().read(loaded.root(), context);
  read.ranges = context.ranges();
  read.problems = loaded.problems();
  return read;
}

TEST_CASE("range: a value is read between the ends, and the range is recorded in base units") {
  const Read read = read_at(0.25, "{boot_time: {low: 2s, high: 1m}, failure: {low: 10%, high: 0.5}}");
  CHECK(read.problems == "");
  CHECK(read.config->boot_time == 16'500ms);                  // 2 + (60 - 2) / 4
  CHECK(read.config->failure.value == doctest::Approx(0.2));  // 0.1 + 0.4 / 4
  REQUIRE(read.ranges.size() == 2);
  CHECK(read.ranges[0].path == "assume.boot_time");
  CHECK(read.ranges[0].low == "2s");
  CHECK(read.ranges[0].high_value == doctest::Approx(60));
  CHECK(read.ranges[1].path == "assume.failure");
  CHECK(read.ranges[1].low_value == 0.1);
  CHECK(read.ranges[1].high == "0.5");
}

TEST_CASE("range: the ends themselves are read exactly") {
  CHECK(read_at(0, "{failure: {low: 10%, high: 70%}}").config->failure == Probability(0.1));
  CHECK(read_at(1, "{failure: {low: 10%, high: 70%}}").config->failure == Probability(0.7));
  CHECK(read_at(0.5, "{failure: {low: 10%, high: 10%}}").config->failure == Probability(0.1));
}

TEST_CASE("range: whole numbers from low to high have equal parts of the positions") {
  using range_detail::between_whole;
  CHECK(between_whole(1, 4, 0.0) == 1);  // 1 + floor(4 x 0)
  CHECK(between_whole(1, 4, 0.249) == 1);
  CHECK(between_whole(1, 4, 0.25) == 2);
  CHECK(between_whole(1, 4, 0.999) == 4);
  CHECK(between_whole(-2, 2, 0.5) == 0);
}

TEST_CASE("range: each end obeys the field's type and limits") {
  CHECK(read_at(0.5, "{failure: {low: 10%, high: 110%}}").problems ==
        "E023 1:74 assume.failure.high: '110%' is not within 0% to 100%\n");
  CHECK(read_at(0.5, "{boot_time: {low: 5s, high: 80%}}").problems.find("E021") == 0);
  CHECK(read_at(0.5, "{boot_time: {low: 5s, hihg: 7s}}").problems.find("E014") == 0);
  CHECK(read_at(0.5, "{boot_time: {low: 5s, high: 7s, dist: uniform}}").problems.find("E014") == 0);
}

TEST_CASE("range: only assumptions may be ranges") {
  Loaded loaded("{type: Example::Station, service: {low: 1s, high: 2s}}");
  Context context(loaded.diagnostics);
  CHECK_FALSE(StationConfig::fields().read(loaded.root(), context).has_value());
  CHECK(loaded.problems() == "E014 1:35 service: expected a duration, found a map (for example: 30s)\n");
}

}  // namespace
}  // namespace nephoscope
