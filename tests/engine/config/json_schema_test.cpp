#include "engine/config/json_schema.hpp"

#include <doctest/doctest.h>

#include <regex>

#include "tests/engine/config/example_tables.hpp"

namespace nephoscope {
namespace {

Json station() { return json_schema(ScenarioConfig::fields())["definitions"]["Example::Station"]; }

TEST_CASE("json schema: a small table as a whole document") {
  const Json expected = Json::parse(R"({
    "$schema": "http://json-schema.org/draft-07/schema#",
    "title": "compute",
    "type": "object",
    "additionalProperties": false,
    "patternProperties": {"^x-": {}},
    "description": "Works on a CPU.",
    "properties": {"compute": {
      "type": "string",
      "pattern": "^(\\+?((0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?(ns|us|µs|ms|s|m|min|h|d|w))+|P[0-9.WDTHMS]+)$",
      "examples": ["1h30m"],
      "description": "CPU time"}},
    "required": ["compute"]})");
  CHECK(json_schema(ComputeStep::fields()).dump(1) == expected.dump(1));
}

TEST_CASE("json schema: a typed table requires its type, and assumptions stand under 'assume'") {
  const Json schema = station();
  CHECK(schema["properties"]["type"].dump() == R"({"const":"Example::Station"})");
  CHECK(schema["required"].dump() == R"(["service","type"])");
  const Json assume = schema["properties"]["assume"];
  CHECK(assume["additionalProperties"] == false);
  CHECK(assume["properties"]["boot_time"]["anyOf"].size() == 2);
  CHECK(assume["properties"]["boot_time"]["anyOf"][1]["required"].dump() == R"(["low","high"])");
  CHECK(assume["properties"]["boot_time"]["description"] == "until ready (default: 40s) [a paper, p. 3]");
}

TEST_CASE("json schema: ranges, names, lists and maps are described") {
  const Json properties = station()["properties"];
  CHECK(properties["servers"].dump() ==
        R"-({"type":"integer","minimum":1,"maximum":1000000,"x-min":"1","x-max":"1000000",)-"
        R"-("description":"parallel servers (default: 1)"})-");
  CHECK(properties["discipline"]["enum"].dump() == R"(["fifo","priority","processor_sharing"])");
  CHECK(properties["queue_limit"]["anyOf"].dump() == R"([{"type":"integer","minimum":0},{"type":"null"}])");
  CHECK(properties["rates"]["minItems"] == 1);
  CHECK(properties["rates"]["maxItems"] == 3);
  CHECK(properties["mix"]["additionalProperties"]["maximum"] == 1);
  CHECK(properties["mix"]["patternProperties"].dump() == R"({"^x-":{}})");
}

TEST_CASE("json schema: keys that exclude each other are described") {
  const Json rule = station()["allOf"][0]["oneOf"];
  REQUIRE(rule.size() == 3);
  CHECK(rule[0].dump() == R"({"required":["rates"]})");
  CHECK(rule[1].dump() == R"({"required":["count"]})");
  CHECK(rule[2].dump() == R"({"not":{"anyOf":[{"required":["rates"]},{"required":["count"]}]}})");
}

TEST_CASE("json schema: nested tables are definitions, so that steps may contain steps") {
  const Json definitions = json_schema(ScenarioConfig::fields())["definitions"];
  CHECK(
      definitions["step"]["anyOf"].dump() ==
      R"([{"$ref":"#/definitions/call"},{"$ref":"#/definitions/compute"},{"$ref":"#/definitions/parallel"}])");
  CHECK(definitions["parallel"]["properties"]["parallel"]["items"].dump() ==
        R"({"$ref":"#/definitions/step"})");
  CHECK(definitions["retry policy"]["anyOf"].size() == 2);  // the shorthand or the map
}

TEST_CASE("json schema: the patterns accept what the parsers accept, and reject what they reject") {
  const Json properties = station()["properties"];
  const auto matches = [&](const char* key, const char* text) {
    const Json field = properties[key].contains("anyOf") ? properties[key]["anyOf"][0] : properties[key];
    return std::regex_search(text, std::regex(field["pattern"].get<std::string>()));
  };
  for (const char* text : {"30s", "1h30m", "0.5ms", "PT5M", "1e3s"}) CHECK(matches("service", text));
  for (const char* text : {"30", "-5s", "30 s", "017s", "s", "", "30sec"})
    CHECK_FALSE(matches("service", text));
  for (const char* text : {"256KiB", "5MB", "1kB", "0B"}) CHECK(matches("message_size", text));
  for (const char* text : {"256", "1K", "1kiB", "1 KB"}) CHECK_FALSE(matches("message_size", text));
  for (const char* text : {"$5", "$0.0104"}) CHECK(matches("price", text));
  for (const char* text : {"5", "$", "5$"}) CHECK_FALSE(matches("price", text));
  for (const char* text : {"1MiB/s", "10Gbps", "60KB/min"}) CHECK(matches("bandwidth", text));
  for (const char* text : {"1MiB", "10G", "5/s"}) CHECK_FALSE(matches("bandwidth", text));
  CHECK(matches("start", "2026-03-02T17:00Z"));
  CHECK_FALSE(matches("start", "2026-03-02"));
}

}  // namespace
}  // namespace nephoscope
