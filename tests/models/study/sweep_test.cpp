#include "models/study/sweep.hpp"

#include <doctest/doctest.h>

using namespace nephoscope;

namespace {

struct Read {
  std::optional<std::vector<SweepPoint>> points;
  std::string problems;  // one a line
};

Read read(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "s.yaml", yaml, diagnostics);
  Context context(diagnostics);
  Read result;
  if (const auto sweep = SweepConfig::fields().read(tree.root(), context))
    result.points = sweep_points(*sweep, {}, diagnostics);
  for (const Diagnostic& each : diagnostics.sorted()) result.problems += each.message + "\n";
  return result;
}

// The names of the points, one a line, or the problems.
std::string names(const std::string& yaml) {
  const Read result = read(yaml);
  if (!result.points) return result.problems;
  std::string text;
  for (const SweepPoint& point : *result.points) text += point.name + "\n";
  return text;
}

}  // namespace

TEST_CASE("sweep: a matrix gives every combination, the first path slowest") {
  CHECK(names("matrix: {a.servers: [1, 2], a.service: 10ms..30ms:20ms}") ==
        "servers=1, service=10ms\nservers=1, service=30ms\n"
        "servers=2, service=10ms\nservers=2, service=30ms\n");
}

TEST_CASE("sweep: a point carries its changes as paths and YAML") {
  const auto result = read(R"(matrix: {resources.a.service: [{dist: exponential, mean: "5ms"}, 7ms]})");
  REQUIRE(result.points->size() == 2);
  CHECK(result.points->at(0).changes.at(0).path == "resources.a.service");
  CHECK(result.points->at(0).changes.at(0).value == R"({"dist": exponential, "mean": "5ms"})");
  CHECK(result.points->at(1).changes.at(0).value == "7ms");
}

TEST_CASE("sweep: lists under zip advance together, within each point of the matrix") {
  CHECK(names("{matrix: {a.x: [1, 2]}, zip: {a.y: [3, 4], a.z: [5, 6]}}") ==
        "x=1, y=3, z=5\nx=1, y=4, z=6\nx=2, y=3, z=5\nx=2, y=4, z=6\n");
  CHECK(names("{zip: {a.y: [3, 4], a.z: [5]}}") == "'a.z' has 1 values and 'a.y' 2\n");
}

TEST_CASE("sweep: exclude takes away the points that agree in all its values") {
  CHECK(names("{matrix: {a.x: [1, 2], a.y: [3, 4]}, exclude: [{a.x: 1}, {a.x: 2, a.y: 3}]}") == "x=2, y=4\n");
  CHECK(names("{matrix: {a.x: [1, 2]}, exclude: [{a.x: 3}]}") == "no point has these values\n");
  CHECK(names("{matrix: {a.x: [1, 2]}, exclude: [{a.z: 1}]}") == "'a.z' is not swept\n");
}

TEST_CASE("sweep: include adds values to the points that agree, and else a point") {
  CHECK(names("{matrix: {a.x: [1, 2]}, include: [{a.x: 2, a.y: 9}, {a.x: 5}]}") == "x=1\nx=2, y=9\nx=5\n");
  CHECK(names("{matrix: {a.x: [1, 2]}, include: [{a.y: 9}]}") == "x=1, y=9\nx=2, y=9\n");
  CHECK(names("{include: [{a.x: 5}, {a.x: 6}]}") == "x=5\nx=6\n");
}

TEST_CASE("sweep: an excluded point that is included comes back") {
  CHECK(names("{matrix: {a.x: [1, 2]}, exclude: [{a.x: 1}], include: [{a.x: 1, a.y: 7}]}") ==
        "x=2\nx=1, y=7\n");
}

TEST_CASE("sweep: paths that end alike are told apart by more of them") {
  CHECK(names("matrix: {resources.a.servers: [1], resources.b.servers: [2], expect.0: [x]}") ==
        "a.servers=1, b.servers=2, expect.0=x\n");
}

TEST_CASE("sweep: too many points are an error before they are made") {
  CHECK(names("{matrix: {a.x: 1..100, a.y: 1..100}, max_points: 9999}") ==
        "the sweep has 10000 points or more\n");
  CHECK(names("{matrix: {a.x: 1..1001}}") == "the sweep has 1001 points or more\n");
  CHECK(names("{matrix: {a.x: 0..8000000000}}").find("a range of") == 0);
  CHECK(read("{matrix: {a.x: 1..1000}}").points->size() == 1000);
}

TEST_CASE("sweep: a point that occurs twice is an error") {
  CHECK(names("matrix: {a.x: [1, 2, 1]}") == "the point 'x=1' occurs twice\n");
  CHECK(names("{matrix: {a.x: [1]}, zip: {a.x: [2]}}") == "'a.x' is swept twice\n");
}

TEST_CASE("sweep: values that are neither a list nor a range say what to write") {
  CHECK(names("matrix: {a.x: 5}") == "expected a list of values or a range, found '5'\n");
  CHECK(names("matrix: {a.x: 1..y}") == "'y' is no quantity\n");
  CHECK(names("matrix: {a.x: []}") != "");
}
