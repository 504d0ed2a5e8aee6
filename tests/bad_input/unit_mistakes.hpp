// What can be wrong with a quantity, for every type of value that the scenario language has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/bad_input/examples.hpp"

namespace nephoscope::bad_input {

struct Mistake {
  std::string_view name;
  std::string_view value;  // YAML
  std::string_view code;
};

// A type of value as it shows in the JSON Schema (by its example, else by its type), and where it may stand.
struct UnitType {
  std::string_view name;
  std::string_view mark;
  std::string_view table;
  std::string_view key;
  std::vector<Mistake> mistakes;
};

inline const std::vector<UnitType> kUnitTypes = {
    {"duration",
     "1h30m",
     "workload",
     "timeout",
     {{"no_unit", "30", "E020"},
      {"unknown_unit", "30sec", "E021"},
      {"blank", "30 s", "E021"},
      {"negative", "-5s", "E023"},
      {"too_precise", "0.5ns", "E025"},
      {"overflow", "200000d", "E026"},
      {"huge_exponent", "1e9999999s", "E026"},
      {"not_a_number", "soon", "E022"},
      {"leading_zero", "017s", "E022"},
      {"order", "30m1h", "E022"},
      {"iso", "P1Y", "E022"},
      {"not_finite", ".inf", "E024"},
      {"wrong_kind", "[30s]", "E014"},
      {"nothing", "", "E014"}}},
    {"size",
     "256KiB",
     "application",
     "memory",
     {{"no_unit", "256", "E020"},
      {"unknown_unit", "256K", "E021"},
      {"blank", "256 KiB", "E021"},
      {"negative", "-1KiB", "E023"},
      {"too_precise", "0.5B", "E025"},
      {"overflow", "9000PiB", "E026"},
      {"not_a_number", "big", "E022"},
      {"hexadecimal", "0x100B", "E022"},
      {"not_finite", ".nan", "E024"},
      {"wrong_kind", "{size: 256KiB}", "E014"}}},
    {"rate",
     "200/s",
     "arrivals",
     "rate",
     {{"no_unit", "200", "E020"},
      {"unknown_unit", "200rps", "E021"},
      {"blank", "200 /s", "E021"},
      {"negative", "-200/s", "E023"},
      {"overflow", "1e400/s", "E026"},
      {"not_a_number", "many/s", "E022"},
      {"underscore", "1_000/s", "E022"},
      {"not_finite", ".inf", "E024"},
      {"wrong_kind", "[200/s]", "E014"}}},
    {"bandwidth",
     "1MiB/s",
     "network bandwidth",
     "assume.rack",
     {{"no_unit", "10", "E020"},
      {"unknown_unit", "10MB", "E021"},
      {"negative", "-1Mbps", "E023"},
      {"overflow", "1e400Gbps", "E026"},
      {"not_a_number", "fast", "E022"},
      {"wrong_kind", "[1Gbps]", "E014"}}},
    {"recurrence",
     "0 9 * * MON-FRI",
     "scheduled action",
     "recurrence",
     {{"four_fields", "0 9 * *", "E027"},
      {"past_the_hour", "60 9 * * *", "E027"},
      {"unknown_day", "0 9 * * MOO", "E027"},
      {"wrong_kind", "[0]", "E014"}}},
    {"selection",
     "PERCENT(33)",
     "fault",
     "selection",
     {{"no_form", "33", "E030"},
      {"none", "COUNT(0)", "E030"},
      {"too_many", "PERCENT(101)", "E030"},
      {"not_a_number", "COUNT(x)", "E030"},
      {"lower_case", "all", "E030"},
      {"wrong_kind", "[ALL]", "E014"}}},
    {"share",
     "80%",
     "workload",
     "objective",
     {{"unknown_unit", "80percent", "E021"},
      {"blank", "80 %", "E021"},
      {"negative", "-1%", "E023"},
      {"above_one", "80", "E023"},
      {"above_hundred", "101%", "E023"},
      {"not_a_number", "most", "E022"},
      {"not_finite", ".nan", "E024"},
      {"wrong_kind", "[80%]", "E014"}}},
    {"money",
     "$0.0104",
     "Nephoscope::Station",
     "price_per_hour",
     {{"no_unit", "5", "E020"},
      {"unknown_unit", "$5USD", "E021"},
      {"behind", "5$", "E021"},
      {"negative", "$-5", "E023"},
      {"too_precise", "$0.0000000001", "E025"},
      {"overflow", "$10000000000", "E026"},
      {"not_a_number", "cheap", "E022"},
      {"not_finite", "$inf", "E024"},
      {"wrong_kind", "[$5]", "E014"}}},
    {"price",
     "$0.0000002",
     "price",
     "usd",
     {{"negative", "-1", "E023"},
      {"too_precise", "0.0000000000001", "E025"},
      {"overflow", "99999999", "E026"},
      {"not_a_number", "cheap", "E022"},
      {"leading_zero", "01.5", "E022"},
      {"no_digits", "1.", "E022"},
      {"wrong_kind", "[1]", "E014"}}},
    {"utc_time",
     "2026-03-02T17:00Z",
     "run",
     "start",
     {{"no_zone", "2026-03-02T17:00", "E027"},
      {"date_only", "2026-03-02", "E027"},
      {"no_such_day", "2026-02-30T17:00Z", "E027"},
      {"no_such_hour", "2026-03-02T25:00Z", "E027"},
      {"not_a_time", "tomorrow", "E027"},
      {"wrong_kind", "[2026-03-02T17:00Z]", "E014"}}},
    {"integer",
     "integer",
     "Nephoscope::Station",
     "servers",
     {{"fraction", "2.5", "E022"},
      {"with_unit", "2x", "E022"},
      {"quoted", "\"2\"", "E014"},
      {"negative", "-2", "E023"},
      {"octal", "017", "E022"},
      {"hexadecimal", "0x10", "E022"},
      {"underscore", "1_000", "E022"},
      {"not_a_number", "two", "E022"},
      {"not_finite", ".inf", "E024"},
      {"overflow", "99999999999999999999", "E026"},
      {"wrong_kind", "[2]", "E014"}}},
    {"number",
     "number",
     "arrivals",
     "scale",
     {{"with_unit", "2x", "E022"},
      {"quoted", "\"2\"", "E014"},
      {"bare_point", ".5", "E022"},
      {"point_last", "2.", "E022"},
      {"not_a_number", "double", "E022"},
      {"not_finite", ".nan", "E024"},
      {"overflow", "1e999", "E026"},
      {"wrong_kind", "[2]", "E014"}}},
    {"boolean",
     "boolean",
     "arrival profile",
     "repeat",
     {{"yes", "yes", "E014"},
      {"capital", "True", "E014"},
      {"number", "1", "E014"},
      {"quoted", "\"true\"", "E014"},
      {"wrong_kind", "[true]", "E014"}}},
    {"text",
     "text",
     "scenario",
     "description",
     {{"wrong_kind", "[a shop]", "E014"}, {"nothing", "{}", "E014"}}},
    {"call_target",
     "orders.GetItem",
     "call",
     "call",
     {{"no_operation", "orders", "E014"},
      {"empty_operation", "orders.", "E014"},
      {"wrong_kind", "[orders.GetItem]", "E014"}}},
    {"expectation",
     "latency.p99 < 400ms",
     "scenario",
     "expect",
     {{"no_operator", "[availability]", "E014"},
      {"unknown_operator", "[availability == 99%]", "E030"},
      {"no_value", "[availability >=]", "E014"},
      {"no_metric", "[\">= 99%\"]", "E014"},
      {"wrong_unit", "[latency.p99 < 5%]", "E021"},
      {"no_unit", "[latency.p99 < 400]", "E020"},
      {"unknown_metric", "[latenzy.p99 < 400ms]", "E030"},
      {"wrong_kind", "[[availability, 99%]]", "E014"}}},
    {"range",
     "2..10",
     "sweep",
     "matrix",
     {{"not_a_number", "{resources.web.servers: 2..x}", "E022"},
      {"no_step", "{resources.web.service: 10ms..50ms}", "E022"},
      {"mixed_units", "{resources.web.service: 10ms..50:1ms}", "E044"},
      {"reversed", "{resources.web.servers: 10..2}", "E042"},
      {"wrong_kind", "{resources.web.servers: 2}", "E014"}}},
};

// The marks of all types of values in a schema.
inline void collect_marks(const Json& schema, std::set<std::string>& marks) {
  if (schema.is_object() && schema.contains("examples")) {
    marks.insert(schema["examples"][0].get<std::string>());
  } else if (schema.is_object() && schema.contains("type") && !schema["type"].is_object()) {
    const Json& type = schema["type"];
    if (type == "integer" || type == "number" || type == "boolean") marks.insert(type.get<std::string>());
    if (type.is_array() && type.size() == 3) marks.insert("text");
  }
  if (schema.is_structured())
    for (const Json& child : schema) collect_marks(child, marks);
}

// A value that is YAML already: printed as it is.
inline std::string unit_document(const Examples& examples, const UnitType& type, const Mistake& mistake) {
  constexpr std::string_view place = "PLACE";
  std::string text = block_yaml(
      examples.with_value(std::string(type.table), std::string(type.key), Json(std::string(place))));
  text.replace(text.find(place), place.size(), mistake.value);
  return text;
}

}  // namespace nephoscope::bad_input
