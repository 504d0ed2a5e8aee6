#include "models/cloudwatch/alarm_rule.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace nephoscope::cloudwatch {
namespace {

bool holds(const char* text, const std::map<std::string, AlarmState>& states) {
  const auto parsed = AlarmRule::parse(text);
  INFO(parsed.problem);
  REQUIRE(parsed.value.has_value());
  std::vector<AlarmState> in_order;
  for (const std::string& name : parsed.value->alarms()) in_order.push_back(states.at(name));
  return parsed.value->holds(in_order);
}

constexpr AlarmState kOk = AlarmState::ok;
constexpr AlarmState kAlarm = AlarmState::alarm;
constexpr AlarmState kUnknown = AlarmState::insufficient_data;

TEST_CASE("alarm rule: a function is true in its own state only") {
  const AlarmState states[] = {kUnknown, kOk, kAlarm};
  for (const AlarmState state : states) {
    CHECK(holds("ALARM(a)", {{"a", state}}) == (state == kAlarm));
    CHECK(holds("OK(a)", {{"a", state}}) == (state == kOk));
    CHECK(holds("INSUFFICIENT_DATA(a)", {{"a", state}}) == (state == kUnknown));
  }
}

TEST_CASE("alarm rule: AND binds before OR, NOT before both, parentheses before all") {
  const std::map<std::string, AlarmState> states = {{"a", kAlarm}, {"b", kOk}, {"c", kOk}};
  CHECK(holds("ALARM(a) OR ALARM(b) AND ALARM(c)", states));          // a or (b and c)
  CHECK_FALSE(holds("(ALARM(a) OR ALARM(b)) AND ALARM(c)", states));  // (a or b) and c
  CHECK(holds("NOT ALARM(b) AND ALARM(a)", states));                  // (not b) and a
  CHECK_FALSE(holds("NOT (ALARM(b) OR ALARM(a))", states));
  CHECK(holds("ALARM(\"a\") AND TRUE AND NOT FALSE", states));
}

TEST_CASE("alarm rule: each alarm is listed once") {
  const auto parsed = AlarmRule::parse("ALARM(high-cpu) OR (OK(errors) AND NOT OK(high-cpu))");
  REQUIRE(parsed.value.has_value());
  CHECK(parsed.value->alarms() == std::vector<std::string>{"high-cpu", "errors"});
}

TEST_CASE("alarm rule: what is wrong is said") {
  const auto problem = [](const std::string& text) { return AlarmRule::parse(text).problem; };
  CHECK(problem("") == "ALARM(id), OK(id) or INSUFFICIENT_DATA(id) is missing at the end");
  CHECK(problem("ALARM(a) ALARM(b)") == "AND or OR is missing before 'ALARM(b)'");
  CHECK(problem("ALARM(a) XOR OK(b)") == "AND or OR is missing before 'XOR OK(b)'");
  CHECK(problem("ALARM a") == "'(' is missing at 'a'");
  CHECK(problem("ALARM()") == "an alarm's id in parentheses is missing at the end");
  CHECK(problem("(ALARM(a)") == "')' is missing at the end");
  CHECK(problem("TRUE") == "the rule names no alarm");
  CHECK(problem("high-cpu") == "ALARM(id), OK(id) or INSUFFICIENT_DATA(id) is missing at 'high-cpu'");
  CHECK(problem(std::string(60, '(') + "ALARM(a)" + std::string(60, ')')) == "the rule is nested too deeply");
}

}  // namespace
}  // namespace nephoscope::cloudwatch
