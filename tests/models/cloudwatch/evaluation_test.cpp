#include "models/cloudwatch/evaluation.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.hpp"

namespace nephoscope::cloudwatch {
namespace {

std::vector<Datapoint> points(std::string_view text) {
  std::vector<Datapoint> result;
  for (const char letter : text)
    if (letter != ' ')
      result.push_back(letter == '-'   ? Datapoint::missing
                       : letter == 'X' ? Datapoint::breaching
                                       : Datapoint::within);
  return result;
}

AlarmState state(std::string_view text, int m, int n, MissingData missing, AlarmState before) {
  return evaluate(points(text), {n, m, missing}, before).state;
}

// "" = the state before is retained.
std::optional<AlarmState> named(std::string_view name) {
  if (name == "OK") return AlarmState::ok;
  if (name == "ALARM") return AlarmState::alarm;
  if (name == "INSUFFICIENT_DATA") return AlarmState::insufficient_data;
  CHECK(name == "retain");
  return std::nullopt;
}

struct Row {
  const char* points;
  const char* missing;
  const char* ignore;
  const char* breaching;
  const char* not_breaching;
};

constexpr AlarmState kStatesBefore[] = {AlarmState::insufficient_data, AlarmState::ok, AlarmState::alarm};

void check_rows(std::span<const Row> rows, int m, int n) {
  for (const Row& row : rows) {
    const std::pair<MissingData, const char*> columns[] = {{MissingData::missing, row.missing},
                                                           {MissingData::ignore, row.ignore},
                                                           {MissingData::breaching, row.breaching},
                                                           {MissingData::not_breaching, row.not_breaching}};
    for (const auto& [treatment, expected] : columns)
      for (const AlarmState before : kStatesBefore) {
        CAPTURE(row.points);
        CAPTURE(static_cast<int>(treatment));
        CHECK(state(row.points, m, n, treatment, before) == named(expected).value_or(before));
      }
  }
}

TEST_CASE("cloudwatch: an alarm of 3 of 3 treats missing data as the User Guide's first table says") {
  // CloudWatch User Guide, AlarmThatSendsEmail (17 May 2023), evaluation range 5, newest on the right.
  constexpr Row table[] = {
      {"0 - X - X", "OK", "OK", "OK", "OK"},
      {"0 - - - -", "OK", "OK", "OK", "OK"},
      {"- - - - -", "INSUFFICIENT_DATA", "retain", "ALARM", "OK"},
      {"0 X X - X", "ALARM", "ALARM", "ALARM", "ALARM"},
      {"- - X - -", "ALARM", "retain", "ALARM", "OK"},
  };
  check_rows(table, 3, 3);
}

TEST_CASE("cloudwatch: an alarm of 2 of 3 treats missing data as the User Guide's second table says") {
  constexpr Row table[] = {
      {"0 - X - X", "ALARM", "ALARM", "ALARM", "ALARM"}, {"0 0 X 0 X", "ALARM", "ALARM", "ALARM", "ALARM"},
      {"0 - X - -", "OK", "OK", "ALARM", "OK"},          {"- - - - 0", "OK", "OK", "ALARM", "OK"},
      {"- - - X -", "ALARM", "retain", "ALARM", "OK"},
  };
  check_rows(table, 2, 3);
}

TEST_CASE("cloudwatch: intermittent data do not alarm before M periods have passed") {
  // The section on premature transitions: neither of these is an ALARM yet when M = N = 3 ...
  for (const AlarmState before : kStatesBefore) {
    CHECK(state("- - - - X", 3, 3, MissingData::missing, before) == AlarmState::ok);
    CHECK(state("- - - X -", 3, 3, MissingData::missing, before) == AlarmState::ok);
    // ... and a datapoint within the threshold that follows keeps it from becoming one.
    CHECK(state("- - - X 0", 3, 3, MissingData::missing, before) == AlarmState::ok);
    CHECK(state("- - X - 0", 3, 3, MissingData::missing, before) == AlarmState::ok);
    // The first one in the range, and only breaching ones since: ALARM (the guide of 2020, row 6).
    CHECK(state("X - - - -", 3, 3, MissingData::missing, before) == AlarmState::alarm);
    CHECK(state("X - - - -", 3, 3, MissingData::ignore, before) == before);
  }
}

TEST_CASE("cloudwatch: where enough breaching datapoints are real, no treatment matters") {
  for (const MissingData treatment :
       {MissingData::missing, MissingData::ignore, MissingData::breaching, MissingData::not_breaching})
    CHECK(state("- - - X X", 2, 3, treatment, AlarmState::ok) == AlarmState::alarm);
}

TEST_CASE("cloudwatch: a verdict names its grounds") {
  const EvaluationRule rule{3, 3, MissingData::missing};
  const auto grounds = [&](std::string_view text, MissingData treatment = MissingData::missing) {
    return evaluate(points(text), {3, 3, treatment}, AlarmState::ok).grounds;
  };
  CHECK(grounds("0 X X - X") == Grounds::real);
  CHECK(grounds("0 - - - -") == Grounds::filled);
  CHECK(grounds("- - X - -") == Grounds::premature);
  CHECK(grounds("- - X - -", MissingData::ignore) == Grounds::retained);
  CHECK(grounds("- - - - -") == Grounds::no_data);
  CHECK_THROWS_AS(evaluate(points("X X"), rule, AlarmState::ok), CheckFailure);
}

TEST_CASE("cloudwatch: the four comparisons differ at the threshold and around it") {
  const auto row = [](ComparisonOperator comparison) {
    return std::string(breaches(59, comparison, 60) ? "1" : "0") +
           (breaches(60, comparison, 60) ? "1" : "0") + (breaches(61, comparison, 60) ? "1" : "0");
  };
  CHECK(row(ComparisonOperator::greater_than) == "001");
  CHECK(row(ComparisonOperator::greater_than_or_equal) == "011");
  CHECK(row(ComparisonOperator::less_than) == "100");
  CHECK(row(ComparisonOperator::less_than_or_equal) == "110");
}

TEST_CASE("cloudwatch: the statistics of 2, 3 and 7") {
  StatisticSet set = StatisticSet::of(2);
  set += StatisticSet::of(7);
  set += StatisticSet::of(3);
  CHECK(value_of(set, Statistic::sample_count) == 3);
  CHECK(value_of(set, Statistic::sum) == 12);
  CHECK(value_of(set, Statistic::average) == 4);  // 12 / 3
  CHECK(value_of(set, Statistic::minimum) == 2);
  CHECK(value_of(set, Statistic::maximum) == 7);
  CHECK_FALSE(value_of({}, Statistic::sum).has_value());
}

}  // namespace
}  // namespace nephoscope::cloudwatch
