#include "tests/models/applicationautoscaling/fixture.hpp"

namespace nephoscope::applicationautoscaling {
namespace {

std::string problems(const std::string& yaml) {
  SourceSet sources;
  Diagnostics diagnostics;
  const Tree tree = parse_text(sources, "test", yaml, diagnostics);
  Context context(diagnostics, &sources);
  ScalableTargetConfig::fields().read(tree.root(), context);
  return diagnostics.render(sources);
}

std::string of(const std::string& resource, const std::string& dimension, const std::string& more = "") {
  return "{type: AWS::ApplicationAutoScaling::ScalableTarget, resource_id: " + resource +
         ", scalable_dimension: '" + dimension + "', min_capacity: 1, max_capacity: 10" + more + "}";
}

std::string wiring_problems(const std::string& yaml, const Defined& defined) {
  Diagnostics diagnostics;
  SourceSet sources;
  read_config<ScalableTargetConfig>(yaml).check(defined, diagnostics);
  return diagnostics.render(sources);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("applicationautoscaling: an index is named behind its table") {
  const auto config =
      read_config<ScalableTargetConfig>(of("orders/index/by-status", "dynamodb:index:ReadCapacityUnits"));
  CHECK(config.resource() == "orders");
  CHECK(config.part() == "index/by-status");
}

TEST_CASE("applicationautoscaling: what contradicts itself is refused") {
  CHECK(has(problems(of("orders", "dynamodb:index:ReadCapacityUnits")), "belongs to an index"));
  CHECK(has(problems(of("orders/index/a", "dynamodb:table:ReadCapacityUnits")), "belongs to a table"));
  CHECK(has(problems(target_yaml("min_capacity: 11, max_capacity: 10")), "'min_capacity' 11 is above"));
  CHECK(has(problems(of("orders", "dynamodb:table:ReadCapacityUnits", ", " + tracking())),
            "says nothing about dynamodb:table:ReadCapacityUnits"));
  CHECK(
      has(problems(target_yaml("min_capacity: 1, max_capacity: 9, " + tracking("target_value: 91"))), "90"));
  CHECK(has(
      problems(target_yaml("min_capacity: 1, max_capacity: 9, scheduled_actions: {a: {min_capacity: 2}}")),
      "missing key 'start_time' or 'schedule'"));
}

TEST_CASE("applicationautoscaling: only what can be scaled is scaled") {
  Defined defined;
  defined.resources = {{"orders", "AWS::DynamoDB::Table"}, {"db", "Nephoscope::Station"}};
  defined.scalable["orders"] = {{"", "dynamodb:table:ReadCapacityUnits"},
                                {"index/by-status", "dynamodb:index:ReadCapacityUnits"}};
  CHECK(wiring_problems(of("orders", "dynamodb:table:ReadCapacityUnits"), defined).empty());
  CHECK(has(wiring_problems(of("orders", "dynamodb:table:WriteCapacityUnits"), defined),
            "'orders' has no dynamodb:table:WriteCapacityUnits to scale"));
  CHECK(has(wiring_problems(of("orders/index/x", "dynamodb:index:ReadCapacityUnits"), defined),
            "orders/index/by-status"));
  CHECK(has(wiring_problems(of("db", "dynamodb:table:ReadCapacityUnits"), defined), "Nephoscope::Station"));
  CHECK(has(wiring_problems(of("order", "dynamodb:table:ReadCapacityUnits"), defined), "orders"));
}

}  // namespace nephoscope::applicationautoscaling
