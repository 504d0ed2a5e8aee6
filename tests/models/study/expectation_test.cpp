#include "models/study/expectation.hpp"

#include <doctest/doctest.h>

using namespace nephoscope;

namespace {

// Reads `expect:` of a scenario.
struct Reading {
  SourceSet sources;
  Diagnostics diagnostics;
  std::vector<ScenarioExpectation> items;

  explicit Reading(const std::string& items_text) {
    const Tree tree = parse_text(sources, "s.yaml", "expect:\n" + items_text, diagnostics);
    Context context(diagnostics);
    const Node* node = tree.root().find("expect");
    if (auto read = FieldType<std::vector<ScenarioExpectation>>::read(*node, context, {}))
      items = std::move(*read);
  }
  Diagnostic only() const {
    const auto all = diagnostics.sorted();
    REQUIRE(all.size() == 1);
    return all.front();
  }
};

const std::vector<MetricKey> kMeasured = {
    {Scope::workload, "shoppers", "availability"}, {Scope::workload, "shoppers", "errors.rate"},
    {Scope::resource, "web", "utilization"},       {Scope::resource, "web", "CPUUtilization"},
    {Scope::summary, "", "availability"},          {Scope::summary, "", "latency"},
    {Scope::window, "10m..20m", "availability"},   {Scope::window, "10m..20m/shoppers", "availability"}};

Diagnostic only_metric_problem(Reading& reading) {
  REQUIRE(reading.diagnostics.empty());
  check_metrics(reading.items, kMeasured, reading.diagnostics);
  return reading.only();
}

}  // namespace

TEST_CASE("expectation: the text form names metric, operator and bound") {
  const Reading reading("  - availability >= 99.9%\n");
  REQUIRE(reading.items.size() == 1);
  const auto& item = reading.items.front();
  CHECK(item.metric == MetricKey{Scope::summary, "", "availability"});
  CHECK(item.condition.relation == Relation::kGreaterEqual);
  CHECK(item.condition.bound == doctest::Approx(0.999));
  CHECK(item.text == "availability >= 99.9%");
}

TEST_CASE("expectation: the four operators are told apart, blanks or not") {
  const Reading reading(
      "  - latency.p99<1s\n  - latency.p99 <= 1s\n  - latency.p99>1s\n  - latency.p99 >= 1s\n");
  REQUIRE(reading.items.size() == 4);
  CHECK(reading.items[0].condition.relation == Relation::kLess);
  CHECK(reading.items[1].condition.relation == Relation::kLessEqual);
  CHECK(reading.items[2].condition.relation == Relation::kGreater);
  CHECK(reading.items[3].condition.relation == Relation::kGreaterEqual);
}

TEST_CASE("expectation: a resource's metric may be written as a path") {
  const Reading reading("  - resources.web.utilization < 80%\n");
  REQUIRE(reading.items.size() == 1);
  CHECK(reading.items[0].metric == MetricKey{Scope::resource, "web", "utilization"});
}

TEST_CASE("expectation: an id with a dot is quoted in a path") {
  const Reading reading("  - 'resources.\"api.example.com\".utilization < 80%'\n");
  REQUIRE(reading.items.size() == 1);
  CHECK(reading.items[0].metric.id == "api.example.com");
}

TEST_CASE("expectation: the map form says the same as the text form") {
  const Reading reading("  - {metric: errors.rate, workload: shoppers, at_most: 1%}\n");
  REQUIRE(reading.items.size() == 1);
  const auto& item = reading.items[0];
  CHECK(item.metric == MetricKey{Scope::workload, "shoppers", "errors.rate"});
  CHECK(item.condition.relation == Relation::kLessEqual);
  CHECK(item.text == "workloads.shoppers.errors.rate <= 1%");
}

TEST_CASE("expectation: a share of the replications is read from words") {
  const Reading reading("  - {metric: availability, above: 99%, in: 95% of replications}\n");
  REQUIRE(reading.items.size() == 1);
  REQUIRE(reading.items[0].share_of_replications);
  CHECK(reading.items[0].share_of_replications->value == doctest::Approx(0.95));
  CHECK(reading.items[0].text == "availability > 99% in 95% of replications");
}

TEST_CASE("expectation: from and to make a window that workloads measure") {
  Reading reading(
      "  - {metric: availability, at_least: 99%, from: 10m, to: 20m}\n"
      "  - {metric: latency.p99, below: 1s, from: 600s, to: 20m}\n");
  REQUIRE(reading.items.size() == 2);
  CHECK(reading.items[0].metric == MetricKey{Scope::window, "10m..20m", "availability"});
  const auto windows = expectation_windows(reading.items, 1h, reading.diagnostics);
  REQUIRE(windows.size() == 1);  // 600s is 10m: one window
  CHECK(windows[0].from == 10min);
  CHECK(windows[0].to == 20min);
}

TEST_CASE("expectation: a window of one workload is measured apart") {
  const Reading reading(
      "  - {metric: availability, workload: shoppers, at_least: 99%, from: 10m, to: 20m}\n");
  REQUIRE(reading.items.size() == 1);
  CHECK(reading.items[0].metric.id == "10m..20m/shoppers");
}

TEST_CASE("expectation: an unknown metric is reported where it stands, with the near one") {
  const Reading reading("  - availabilty >= 99.9%\n");
  const auto problem = reading.only();
  CHECK(problem.code == Code::unknown_name);
  CHECK(problem.message == "unknown metric 'availabilty'");
  CHECK(problem.hint == "did you mean 'availability'?");
  // "  - " takes columns 1 to 4
  CHECK(problem.place.line == 2);
  CHECK(problem.place.column == 5);
  CHECK(problem.place.length == 11);
  CHECK(problem.path == "expect.0");
}

TEST_CASE("expectation: a resource's metric without a resource is told where it belongs") {
  const Reading reading("  - utilization < 80%\n");
  CHECK(reading.only().hint == "did you mean 'resources.ID.utilization'?");
}

TEST_CASE("expectation: other operators are refused in their place") {
  const Reading reading("  - availability == 99%\n");
  const auto problem = reading.only();
  CHECK(problem.message == "unknown operator '=='");
  CHECK(problem.place.column == 18);
  CHECK(problem.place.length == 2);
}

TEST_CASE("expectation: a bound without its unit is refused in its place") {
  const Reading reading("  - latency.p99 < 400\n");
  const auto problem = reading.only();
  CHECK(problem.code == Code::missing_unit);
  CHECK(problem.place.column == 19);
  CHECK(problem.place.length == 3);
}

TEST_CASE("expectation: places inside quotes count the quote") {
  const Reading reading("  - \"latency.p99 < 400\"\n");
  CHECK(reading.only().place.column == 20);
}

TEST_CASE("expectation: a text without operator shows the form") {
  const Reading reading("  - availability 99%\n");
  CHECK(reading.only().message == "expected METRIC OPERATOR VALUE");
}

TEST_CASE("expectation: a map without a bound is incomplete") {
  const Reading reading("  - {metric: availability}\n");
  CHECK(reading.diagnostics.error_count() == 1);
}

TEST_CASE("expectation: a window needs both ends, in order") {
  const Reading half("  - {metric: availability, above: 99%, from: 10m}\n");
  CHECK(half.only().message == "'from' needs 'to'");
  const Reading reversed("  - {metric: availability, above: 99%, from: 10m, to: 5m}\n");
  CHECK(reversed.only().message == "the window ends before it starts");
}

TEST_CASE("expectation: a window that ends after the run is refused at its start") {
  Reading reading("  - {metric: availability, above: 99%, from: 1m, to: 2h}\n");
  REQUIRE(reading.diagnostics.empty());
  expectation_windows(reading.items, 1h, reading.diagnostics);
  const auto problem = reading.only();
  CHECK(problem.message == "the window ends after the run");
  CHECK(problem.hint == "calls arrive until 1h");
}

TEST_CASE("expectation: a window within the warm-up is refused") {
  Reading reading("  - {metric: availability, above: 99%, from: 1m, to: 20m}\n");
  expectation_windows(reading.items, 1h, reading.diagnostics, 5min);
  CHECK(reading.only().message == "the window begins within the warm-up");
}

TEST_CASE("expectation: a metric that only its model knows is checked against what is measured") {
  Reading reading("  - resources.web.CPUUtilization < 80%\n");
  check_metrics(reading.items, kMeasured, reading.diagnostics);
  CHECK(reading.diagnostics.empty());
  Reading misspelt("  - resources.web.CPUUtilisation < 80%\n");
  CHECK(only_metric_problem(misspelt).hint == "did you mean 'CPUUtilization'?");
}

TEST_CASE("expectation: a resource that does not exist is an unknown reference") {
  Reading reading("  - resources.wbe.utilization < 80%\n");
  const auto problem = only_metric_problem(reading);
  CHECK(problem.code == Code::unknown_reference);
  CHECK(problem.hint == "did you mean 'web'?");
}

TEST_CASE("expectation: bills need no measurement") {
  Reading reading("  - cost.total < $5\n  - resources.web.cost.total < $5\n");
  REQUIRE(reading.items.size() == 2);
  check_metrics(reading.items, kMeasured, reading.diagnostics);
  CHECK(reading.diagnostics.empty());
}

TEST_CASE("expectation: during something is from its start to its end, after it from its end to the run's") {
  Reading reading(
      "  - {metric: availability, above: 99%, during: az-loss}\n"
      "  - {metric: availability, workload: shoppers, above: 99%, after: az-loss}\n");
  const std::vector<Occasion> occasions = {{.id = "az-loss", .from = 10min, .to = 20min}};
  resolve_occasions(reading.items, occasions, 1h, reading.diagnostics);
  CHECK(reading.diagnostics.empty());
  CHECK(reading.items[0].metric == MetricKey{Scope::window, "10m..20m", "availability"});
  CHECK(reading.items[0].text == "availability > 99% during az-loss");
  CHECK(reading.items[1].metric == MetricKey{Scope::window, "20m..1h/shoppers", "availability"});
}

TEST_CASE("expectation: what ends when it ends has windows that say so") {
  Reading reading(
      "  - {metric: availability, above: 99%, during: ship}\n"
      "  - {metric: availability, workload: shoppers, above: 99%, after: ship}\n");
  const std::vector<Occasion> occasions = {{.id = "ship", .from = 10min, .to = 1h, .open = true}};
  resolve_occasions(reading.items, occasions, 1h, reading.diagnostics);
  CHECK(reading.diagnostics.empty());
  CHECK(reading.items[0].metric == MetricKey{Scope::window, "during ship", "availability"});
  CHECK(reading.items[1].metric == MetricKey{Scope::window, "after ship/shoppers", "availability"});
  CHECK(reading.items[1].window->occasion == "ship");
  CHECK(reading.items[1].window->after);
}

TEST_CASE("expectation: during an unknown fault is an unknown reference") {
  Reading reading("  - {metric: availability, above: 99%, during: az-los}\n");
  const std::vector<Occasion> occasions = {{.id = "az-loss", .from = 10min, .to = 20min}};
  resolve_occasions(reading.items, occasions, 1h, reading.diagnostics);
  CHECK(reading.only().code == Code::unknown_reference);
  CHECK(reading.only().hint == "did you mean 'az-loss'?");
}
