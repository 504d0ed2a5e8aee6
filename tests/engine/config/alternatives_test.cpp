#include "engine/config/alternatives.hpp"

#include <doctest/doctest.h>

#include "tests/engine/config/example_tables.hpp"
#include "tests/engine/config/support.hpp"

namespace nephoscope {
namespace {

std::optional<std::vector<Step>> read_steps(Loaded& loaded) {
  Context context(loaded.diagnostics);
  return FieldType<std::vector<Step>>::read(loaded.root(), context, {});
}

std::string problems_of_choice(std::string text) {
  Loaded loaded(std::move(text));
  CHECK_FALSE(read_steps(loaded).has_value());
  return loaded.problems();
}

TEST_CASE("alternatives: the key that is present picks the struct, and structs may nest") {
  Loaded loaded("[{compute: 18ms}, {timeout: 1s, call: a.B}, {parallel: [{compute: 1ms}], wait_for: 1}]");
  const auto steps = read_steps(loaded);
  CHECK(loaded.problems() == "");
  REQUIRE(steps);
  CHECK(std::get<ComputeStep>((*steps)[0].value).compute == 18ms);
  CHECK(std::get<CallStep>((*steps)[1].value).call == "a.B");
  CHECK(std::get<CallStep>((*steps)[1].value).timeout == 1s);
  const auto& parallel = std::get<ParallelStep>((*steps)[2].value);
  CHECK(std::get<ComputeStep>(parallel.parallel.at(0).value).compute == 1ms);
}

TEST_CASE("alternatives: a map without any known tag suggests the nearest") {
  Loaded loaded("[{cal: a.B, timeout: 1s}]");
  read_steps(loaded);
  CHECK(loaded.problems() == "E012 1:3 0: unknown step 'cal' (did you mean 'call'?)\n");
  CHECK(loaded.diagnostics.sorted()[0].help == "a step has one of: call, compute, parallel");
}

TEST_CASE("alternatives: the keys of another alternative are unknown keys") {
  CHECK(problems_of_choice("[{compute: 1ms, timeout: 1s}]") == "E012 1:17 0: unknown key 'timeout'\n");
  CHECK(problems_of_choice("[{call: a.B, compute: 1ms}]") == "E012 1:14 0: unknown key 'compute'\n");
}

TEST_CASE("alternatives: what is no map, or an empty one, is an error") {
  CHECK(problems_of_choice("[compute]") ==
        "E014 1:2 0: expected a map (step), found 'compute' (for example: {call: …})\n");
  CHECK(problems_of_choice("[{}]") == "E013 1:2 0: an empty map is no step\n");
}

TEST_CASE("alternatives: errors inside nested steps have their whole path") {
  CHECK(problems_of_choice("[{parallel: [{compute: 1ms}, {compute: 5}]}]") ==
        "E020 1:40 0.parallel.1.compute: '5' has no unit (5 what? write 5s)\n");
}

}  // namespace
}  // namespace nephoscope
