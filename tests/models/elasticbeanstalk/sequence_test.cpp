// The steps of every policy, good and bad, are those that elasticbeanstalk.md lists.
#include <doctest/doctest.h>

#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/models/elasticbeanstalk/environment_run.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

// The cells of the page's row that begins with `name`.
std::vector<std::string> row_of_page(const std::string& name) {
  std::ifstream page(NEPHOSCOPE_SOURCE_DIR "/models/elasticbeanstalk/elasticbeanstalk.md");
  for (std::string line; std::getline(page, line);) {
    if (!line.starts_with("| " + name + " |")) continue;
    std::vector<std::string> cells;
    std::istringstream row(line.substr(1));
    for (std::string cell; std::getline(row, cell, '|');) cells.push_back(cell.substr(1, cell.size() - 2));
    return cells;
  }
  FAIL("the page has no row ", name);
  return {};
}

// "begin, (deploy, health)*, succeed" as an expression for "begin, deploy, health, succeed, ".
std::regex expression_of(const std::string& sequence) {
  std::string text = std::regex_replace(sequence, std::regex("[a-z ]*[a-z]"), "$&, ");
  text = std::regex_replace(text, std::regex(", , ?"), ", ");
  text = std::regex_replace(text, std::regex("\\)\\*, ?"), ")+");
  return std::regex(text);
}

void check_row(const std::string& name, EnvironmentRun run) {
  const auto cells = row_of_page(name);
  REQUIRE(cells.size() == 3);
  run.rate = "4/s";  // steps do not depend on it
  const std::string good = steps_of(run.run());
  CHECK_MESSAGE(std::regex_match(good, expression_of(cells[1])), name, ", good: ", good);
  run.v2 = "{fails_health_checks: true}";
  const std::string bad = steps_of(run.run());
  CHECK_MESSAGE(std::regex_match(bad, expression_of(cells[2])), name, ", bad: ", bad);
}

TEST_CASE("sequence: an expression is made of the page's words") {
  const std::regex expression = expression_of("begin, (detach, health)*, roll back");
  CHECK(std::regex_match("begin, detach, health, detach, health, roll back, ", expression));
  CHECK_FALSE(std::regex_match("begin, detach, health, detach, roll back, ", expression));
  CHECK_FALSE(std::regex_match("begin, roll back, ", expression));
}

TEST_CASE("sequence: AllAtOnce") { check_row("AllAtOnce", {.policy = "AllAtOnce"}); }
TEST_CASE("sequence: Rolling") { check_row("Rolling", {.policy = "Rolling"}); }
TEST_CASE("sequence: RollingWithAdditionalBatch") {
  check_row("RollingWithAdditionalBatch", {.policy = "RollingWithAdditionalBatch"});
}
TEST_CASE("sequence: Immutable") { check_row("Immutable", {.policy = "Immutable"}); }
TEST_CASE("sequence: TrafficSplitting") { check_row("TrafficSplitting", {.policy = "TrafficSplitting"}); }
TEST_CASE("sequence: blue/green") {
  check_row("blue/green", {.keys = "    blue_green: {keep_old: 30m}\n", .duration = "2h"});
}

}  // namespace
}  // namespace nephoscope::elasticbeanstalk
