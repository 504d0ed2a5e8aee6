#include "tools/nephoscope/numbers.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace nephoscope;

TEST_CASE("numbers: significant digits, no exponent, no needless zeros") {
  CHECK(significant(1234.5) == "1234");  // 4 digits; halves to even
  CHECK(significant(0.0123) == "0.0123");
  CHECK(significant(12.30) == "12.3");
  CHECK(significant(0) == "0");
  CHECK(significant(1e9) == "1000000000");
  CHECK(significant(-0.00001, 2) == "-0.00001");
}

TEST_CASE("numbers: what is not finite is n/a") {
  CHECK(significant(std::nan("")) == "n/a");
  CHECK(show_value(MetricKind::duration, std::numeric_limits<double>::infinity()) == "n/a");
}

TEST_CASE("numbers: a share keeps enough digits to tell nines apart") {
  CHECK(show_value(MetricKind::share, 1) == "100%");
  CHECK(show_value(MetricKind::share, 0.99993) == "99.993%");
  CHECK(show_value(MetricKind::share, 0.99999) == "99.999%");
  CHECK(show_value(MetricKind::share, 0.5) == "50%");
  CHECK(show_value(MetricKind::share, 0) == "0%");
  CHECK(show_value(MetricKind::share, 0.00012) == "0.012%");
  CHECK(show_value(MetricKind::share, 0.9) == "90%");
  CHECK(show_value(MetricKind::share, 0.92) == "92%");
}

TEST_CASE("numbers: a duration takes the unit that keeps it short") {
  CHECK(show_value(MetricKind::duration, 0.412) == "412ms");
  CHECK(show_value(MetricKind::duration, 1.5e-6) == "1.5us");
  CHECK(show_value(MetricKind::duration, 2e-9) == "2ns");
  CHECK(show_value(MetricKind::duration, 59.94) == "59.9s");
  CHECK(show_value(MetricKind::duration, 3600) == "60m");
  CHECK(show_value(MetricKind::duration, 36000) == "10h");
  CHECK(show_value(MetricKind::duration, 0) == "0s");
}

TEST_CASE("numbers: a duration that rounds up to the next unit is shown in it") {
  CHECK(show_value(MetricKind::duration, 0.99996) == "1s");
}

TEST_CASE("numbers: money to the cent, below a dollar to three digits") {
  CHECK(show_value(MetricKind::money, 1234.5) == "$1234.50");
  CHECK(show_value(MetricKind::money, 0.0012345) == "$0.00123");
  CHECK(show_value(MetricKind::money, 0) == "$0.00");
}

TEST_CASE("numbers: an interval without bounds is left out") {
  const double nan = std::nan("");
  CHECK(show_interval(MetricKind::duration, {1, nan, nan}).empty());
  CHECK(show_interval(MetricKind::duration, {1, 0.9, 1.1}) == "[900ms, 1.1s]");
}

TEST_CASE("numbers: large counts are shortened") {
  CHECK(show_count(9'999) == "9999");
  CHECK(show_count(123'456) == "123 k");
  CHECK(show_count(1'234'567) == "1.23 M");
  CHECK(show_count(12'345'678'901) == "12.3 G");
}

TEST_CASE("numbers: a metric's kind comes from its name, else from its unit") {
  CHECK(kind_of("resources.x", "s") == MetricKind::duration);
  CHECK(kind_of("utilization", "1") == MetricKind::share);
  CHECK(kind_of("CPUUtilization", "1") == MetricKind::share);
}

TEST_CASE("numbers: a difference shows its sign, and shares differ by percentage points") {
  CHECK(show_difference(MetricKind::duration, 0.012) == "+12ms");
  CHECK(show_difference(MetricKind::money, -0.5) == "-$0.5");
  // 99.98 % - 99.96 %
  CHECK(show_difference(MetricKind::share, 0.0002) == "+0.02pp");
  CHECK(show_difference(MetricKind::number, 0) == "0");
  CHECK(show_difference_interval(MetricKind::number, {1, -1, 3}) == "[-1, +3]");
  CHECK(show_difference_interval(MetricKind::money, {2, 2, 2}) == "exactly");
}
