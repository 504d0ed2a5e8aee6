#include "models/common/metric_math.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace nephoscope {
namespace {

using Inputs = std::vector<std::optional<double>>;

std::optional<double> value(const char* text, const Inputs& inputs) {
  const std::vector<std::string> ids = {"m1", "m2"};
  const auto parsed = MetricMath::parse(text, ids);
  INFO(parsed.problem);
  REQUIRE(parsed.value.has_value());
  return parsed.value->value(inputs);
}

std::string problem(const char* text) {
  const std::vector<std::string> ids = {"m1", "m2"};
  return MetricMath::parse(text, ids).problem;
}

TEST_CASE("metric math: arithmetic binds and associates as usual") {
  CHECK(value("m1 + 2 * m2", {{1}, {3}}) == 7);    // 1 + 6
  CHECK(value("(m1 + 2) * m2", {{1}, {3}}) == 9);  // 3 * 3
  CHECK(value("m1 - 2 - m2", {{10}, {3}}) == 5);   // (10 - 2) - 3
  CHECK(value("100*m1/m2", {{1}, {4}}) == 25);     // (100 * 1) / 4
  CHECK(value("-m1 + 0.5", {{1}, {}}) == -0.5);
  CHECK(value("ABS(m1 - m2)", {{1}, {3}}) == 2);
}

TEST_CASE("metric math: a missing value is 0 beside a series that is there, and missing beside a number") {
  CHECK(value("m1 + m2", {{1}, {}}) == 1);
  CHECK(value("m2 - m1", {{1}, {}}) == -1);
  CHECK_FALSE(value("m1 + m2", {{}, {}}).has_value());
  CHECK_FALSE(value("m2 * 100", {{1}, {}}).has_value());
}

TEST_CASE("metric math: a division by zero drops the datapoint") {
  CHECK_FALSE(value("m1 / m2", {{5}, {0}}).has_value());
  CHECK_FALSE(value("m1 / m2", {{5}, {}}).has_value());  // the missing divisor counts as 0
}

TEST_CASE("metric math: comparisons and logic give 1 or 0") {
  CHECK(value("m1 > m2", {{5}, {4}}) == 1);
  CHECK(value("m1 <= m2", {{5}, {4}}) == 0);
  CHECK(value("m1 >= 5 AND m2 != 4", {{5}, {4}}) == 0);
  CHECK(value("m1 == 5 || m2 < 4", {{5}, {4}}) == 1);
}

TEST_CASE("metric math: FILL replaces what is missing, IF picks one of two") {
  CHECK(value("FILL(m1, 7)", {{}, {}}) == 7);
  CHECK(value("FILL(m1, m2)", {{3}, {9}}) == 3);
  CHECK(value("m1 / FILL(m2, 2)", {{8}, {}}) == 4);  // 8 / 2
  CHECK(value("IF(m1 > 100, m2, 0)", {{101}, {6}}) == 6);
  CHECK(value("IF(m1 > 100, m2, 0)", {{99}, {6}}) == 0);
  CHECK_FALSE(value("IF(m1 > 100, m2)", {{99}, {6}}).has_value());
  CHECK_FALSE(value("IF(m1 > 100, m2, 0)", {{}, {6}}).has_value());
}

TEST_CASE("metric math: lists add up, with missing values as 0 in sums and averages") {
  CHECK(value("SUM([m1, m2])", {{4}, {}}) == 4);
  CHECK(value("AVG([m1, m2])", {{4}, {}}) == 2);  // (4 + 0) / 2
  CHECK(value("MAX([m1, m2, 3])", {{1}, {2}}) == 3);
  CHECK(value("MIN([m1, m2])", {{4}, {}}) == 4);
  CHECK_FALSE(value("SUM([m1, m2])", {{}, {}}).has_value());
}

TEST_CASE("metric math: what is wrong is said") {
  CHECK(problem("m1 +") == "a metric or number is missing at the end");
  CHECK(problem("m1 m2") == "an operator is missing before 'm2'");
  CHECK(problem("m3 * 2") == "there is no metric 'm3' before it");
  CHECK(problem("(m1") == "')' is missing");
  CHECK(problem("SUM([m1, m2)") == "']' is missing");
  CHECK(problem("SUM(m1)") == "SUM takes a list: ([m1, m2])");
  CHECK(problem("RATE(m1)") == "there is no function 'RATE'");
  CHECK(problem("FILL(m1)") == "FILL does not take 1 arguments");
  CHECK(problem("1 + 1") == "'1 + 1' names no metric");
  CHECK(problem((std::string(60, '(') + "m1" + std::string(60, ')')).c_str()) ==
        "the expression is nested too deeply");
  CHECK(problem("1.2.3 + m1") != "");
}

}  // namespace
}  // namespace nephoscope
