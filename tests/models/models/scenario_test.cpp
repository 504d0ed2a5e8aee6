#include "models/scenario.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/registry.hpp"
#include "models/replication.hpp"
#include "models/station/station.hpp"
#include "tests/models/study/temporary_folder.hpp"

namespace nephoscope {
namespace {

const char* const kScenario = R"(nephoscope: 1
name: Two stations
run: {duration: 10m, warmup: 1m, seed: 7}
workloads:
  users: {target: web, arrivals: 10/s}
resources:
  web: {type: Nephoscope::Station, service: 20ms}
  db: {type: Nephoscope::Station, service: 5ms, assume: {error_rate: 1%}}
variants:
  big: {resources.web.servers: 9, run.seed: 8}
  slow: {resources.web.service: {dist: exponential, mean: 1s}}
)";

struct Loaded {
  std::optional<Scenario> scenario;
  std::string problems;  // "E012 6:9 workloads.users: unknown key 'x'", one a line
};

Loaded load(const std::string& text, const LoadOptions& options = {}) {
  SourceSet sources;
  Diagnostics diagnostics;
  Loaded loaded{parse_scenario(sources, "shop.yaml", text, options, diagnostics), ""};
  for (const Diagnostic& each : diagnostics.sorted())
    loaded.problems += std::string(info(each.code).text) + " " + std::to_string(each.place.line) + " " +
                       each.path + ": " + each.message + "\n";
  return loaded;
}

// The scenario with `more` lines.
Loaded load_with(const std::string& more) { return load(kScenario + more); }

const station::StationConfig& station_of(const Scenario& scenario, std::size_t index) {
  return dynamic_cast<const station::StationConfig&>(*scenario.document.resources.at(index).value.config);
}

TEST_CASE("scenario: a file is read into its parts, in the order of the file") {
  const auto [scenario, problems] = load(kScenario);
  REQUIRE(problems == "");
  CHECK(scenario->document.name == "Two stations");
  CHECK(scenario->document.run.duration == 10min);
  CHECK(scenario->document.run.replications == 10);
  CHECK(scenario->document.resources.at(0).id == "web");
  CHECK(scenario->document.resources.at(1).id == "db");
  CHECK(scenario->document.workloads.at(0).value.target.id == "web");
  CHECK(scenario->path == "shop.yaml");
  CHECK(scenario->text == kScenario);
  CHECK(scenario->variant_names == std::vector<std::string>{"big", "slow"});
}

TEST_CASE("scenario: a variant changes what it names and nothing else") {
  const auto scenario = load(kScenario, {{}, "big", {}}).scenario;
  REQUIRE(scenario.has_value());
  CHECK(station_of(*scenario, 0).servers == 9);
  CHECK(station_of(*scenario, 1).servers == 1);
  CHECK(scenario->document.run.seed == 8);
}

TEST_CASE("scenario: overrides apply after the variant, in order") {
  const auto scenario =
      load(kScenario, {{{"run.seed", "1"}, {"run.seed", "2"}, {"run.replications", "3"}}, "big", {}})
          .scenario;
  REQUIRE(scenario.has_value());
  CHECK(scenario->document.run.seed == 2);
  CHECK(scenario->document.run.replications == 3);
  CHECK(station_of(*scenario, 0).servers == 9);
}

TEST_CASE(
    "scenario: a variant's mistake is reported where the variant states it, and only if it is applied") {
  const std::string text = std::string(kScenario) + "  bad: {resources.web.servers: 0}\n";
  CHECK(load(text).problems == "");
  CHECK(load(text, {{}, "bad", {}}).problems == "E023 12 resources.web.servers: '0' is out of range\n");
  CHECK(load(text, {{}, "none", {}}).problems == "E030 10 variants: unknown variant 'none'\n");
}

TEST_CASE("scenario: an id that two workloads or resources share is a duplicate key") {
  CHECK(load_with("x-other: 1\nname: Again\n").problems == "E006 13 : duplicate key 'name'\n");
  std::string text = kScenario;
  text.insert(text.find("  db:"), "  web: {type: Nephoscope::Station, service: 1ms}\n");
  CHECK(load(text).problems == "E006 8 resources: duplicate key 'web'\n");
}

TEST_CASE("scenario: a workload and a resource may not have one id, for their metrics would be mixed up") {
  std::string text = kScenario;
  text.insert(text.find("resources:"), "  db: {target: db, arrivals: 1/s}\n");
  CHECK(load(text).problems == "E044 6 workloads.db: 'db' names a workload and a resource\n");
}

TEST_CASE("scenario: an expectation's metric is known to the run, or it is reported") {
  CHECK(load_with("expect: [latency.p99 < 1s, workloads.users.availability > 99%]\n").problems == "");
  CHECK(load_with("expect: [{metric: queue.mean, below: 5, resource: db}]\n").problems == "");
  CHECK(load_with("expect: [resources.db.CPUUtilization < 60%]\n").problems ==
        "E030 12 expect.0: 'db' has no metric 'CPUUtilization'\n");
  CHECK(load_with("expect: [workloads.buyers.availability > 99%]\n").problems ==
        "E031 12 expect.0: no workload is named 'buyers'\n");
}

TEST_CASE(
    "scenario: the windows of expectations are collected once, and lie in the measured part of the run") {
  const std::string window = "above: 99%, from: 2m, to: 3m";
  const auto twice = load_with("expect: [{metric: availability, " + window +
                               "}, {metric: throughput, above: 1/s, from: 2m, to: 3m}]\n");
  REQUIRE(twice.problems == "");
  REQUIRE(twice.scenario->windows.size() == 1);
  CHECK(twice.scenario->windows[0].from == 2min);
  CHECK(twice.scenario->windows[0].to == 3min);
  CHECK(load_with("expect: [{metric: availability, above: 99%, from: 30s, to: 3m}]\n").problems ==
        "E044 12 expect.0: the window begins within the warm-up\n");
}

TEST_CASE("scenario: without a warm-up there is a warning, unless the scenario says that it means none") {
  std::string text = kScenario;
  text.replace(text.find("warmup: 1m, "), 12, "");
  const auto loaded = load(text);
  CHECK(loaded.problems == "W001 3 run: no warm-up: the empty start is measured too\n");
  CHECK(loaded.scenario.has_value());
  CHECK(load(kScenario, {{{"run.warmup", "0s"}}, "", {}}).problems == "");
}

TEST_CASE("scenario: assumptions in force say whether the scenario or a source states them") {
  const auto scenario = load(kScenario).scenario;
  REQUIRE(scenario.has_value());
  const auto find = [&](const std::string& path) {
    for (const auto& each : scenario->assumptions)
      if (each.path == path) return each;
    return AssumptionInForce{};
  };
  CHECK(find("resources.db.assume.error_rate") ==
        AssumptionInForce{"resources.db.assume.error_rate", "1%", "scenario", true});
  CHECK(find("resources.web.assume.error_rate").value == "0%");
  CHECK_FALSE(find("resources.web.assume.error_rate").is_set);
}

TEST_CASE("scenario: files are looked for beside the scenario, then in the data folder") {
  const TemporaryFolder own, data;
  std::filesystem::create_directory(own.path() / "traces");
  const std::string rows = "time_s,requests\n0,10\n60,20\n";
  std::ofstream(own.path() / "traces" / "own.csv") << rows;
  std::ofstream(data.path() / "far.csv") << rows;
  const auto problems = [&](const std::string& file, const LoadOptions& options) {
    std::string text = kScenario;
    text.replace(text.find("10/s"), 4, "{trace: " + file + "}");
    std::ofstream(own.path() / "scenario.yaml") << text;
    SourceSet sources;
    Diagnostics diagnostics;
    load_scenario(sources, (own.path() / "scenario.yaml").string(), options, diagnostics);
    return diagnostics.empty() ? "" : std::string(info(diagnostics.sorted()[0].code).text);
  };
  CHECK(problems("traces/own.csv", {}) == "");
  CHECK(problems("far.csv", {}) == "E050");
  CHECK(problems("far.csv", {{}, "", data.path().string()}) == "");
  CHECK(problems("../far.csv", {{}, "", data.path().string()}) == "E051");
}

TEST_CASE("scenario: a file that does not exist is a diagnostic") {
  SourceSet sources;
  Diagnostics diagnostics;
  CHECK_FALSE(load_scenario(sources, "no/such/file.yaml", {}, diagnostics).has_value());
  REQUIRE(diagnostics.error_count() == 1);
  CHECK(diagnostics.sorted()[0].code == Code::file_missing);
}

TEST_CASE("scenario: one that was loaded can be run again and again") {
  const auto scenario = load(kScenario, {{{"run.duration", "2m"}}, "", {}}).scenario;
  REQUIRE(scenario.has_value());
  const Report first = run_replication(*scenario, 0), again = run_replication(*scenario, 0);
  CHECK(first.fingerprint == again.fingerprint);
  CHECK(first.requests == again.requests);
  CHECK(run_replication(*scenario, 1).fingerprint != first.fingerprint);
}

TEST_CASE("scenario: what a run is said to measure is what it reports") {
  const auto scenario = load(kScenario, {{{"run.duration", "2m"}}, "", {}}).scenario;
  REQUIRE(scenario.has_value());
  std::vector<MetricKey> reported;
  const Report report = run_replication(*scenario, 0);
  for (const Measure& measure : report.measures()) reported.push_back(measure.key);
  CHECK((measured_metrics(*scenario) == reported));
}

const char* const kFleet = R"(nephoscope: 1
name: A priced fleet
run: {duration: 2h, warmup: 1m, replications: 2}
workloads:
  users: {target: web, arrivals: 1/s}
applications:
  shop: {handlers: {browse: [{compute: 1ms}]}}
resources:
  web: {type: Nephoscope::Hosts, count: 3, application: shop, priced_as: "BoxUsage:m6i.large"}
)";

TEST_CASE("scenario: an override replaces a price of the book") {
  const auto loaded =
      load(std::string(kFleet) +
           "pricing: {overrides: {'BoxUsage:m6i.large': {unit: Hrs, block: 3600, usd: 0.05}}}\n");
  REQUIRE(loaded.problems == "");
  const PriceBook prices = loaded.scenario->document.pricing.prices();
  // 3 hosts x 2 h x $0.05
  CHECK(cost_of(*prices.find("BoxUsage:m6i.large"), 3 * 2 * 3600) == Usd(300'000'000));
  CHECK(prices.prices.size() == load_price_book("us-east-1").prices.size());
}

TEST_CASE("scenario: an override adds a price, with tiers, to what the book knows") {
  const auto loaded = load(kFleet + std::string("pricing: {overrides: {Rack: {unit: Hrs, block: 3600, tiers: "
                                                "[{up_to: 100, usd: 1}, {usd: 0.5}]}}}\n"),
                           {{{"resources.web.priced_as", "Rack"}}, "", {}});
  REQUIRE(loaded.problems == "");
  const PriceBook prices = loaded.scenario->document.pricing.prices();
  REQUIRE(prices.find("Rack") != nullptr);
  // 250 h: 100 x $1 + 150 x $0.50
  CHECK(cost_of(*prices.find("Rack"), 250 * 3600) == Usd(175'000'000'000));
  CHECK(prices.prices.size() == load_price_book("us-east-1").prices.size() + 1);
}

TEST_CASE("scenario: usage without a price, and a price without usage, are pointed at") {
  CHECK(load(kFleet, {{{"resources.web.priced_as", "Rack"}}, "", {}}).problems ==
        "E030 1 resources.web.priced_as: 'web' is billed as 'Rack', which has no price\n");
  CHECK(load(kFleet + std::string("pricing: {overrides: {Rack: {unit: Hrs, usd: 1}}}\n")).problems ==
        "W004 10 pricing.overrides.Rack: nothing is known to be billed as 'Rack'\n");
}

TEST_CASE("scenario: an override of an hour's price must be for an hour") {
  CHECK(
      load(kFleet + std::string("pricing: {overrides: {'BoxUsage:m6i.large': {unit: Hrs, usd: 0.05}}}\n"))
          .problems ==
      "E044 10 pricing.overrides.\"BoxUsage:m6i.large\": one of the book's Hrs is 3600 base units, not 1\n");
}

TEST_CASE(
    "scenario: a run stands for whole days that are not shorter than itself, and that is an assumption") {
  const auto problems = [](const std::string& represents) {
    return load(kFleet, {{{"run.represents", represents}}, "", {}}).problems;
  };
  CHECK(problems("36h") == "E023 1 run.represents: 1d12h is not a whole number of days\n");
  CHECK(problems("1h") == "E023 1 run.represents: '1h' is out of range\n");
  const auto long_run = load(kFleet, {{{"run.duration", "50h"}, {"run.represents", "2d"}}, "", {}});
  CHECK(long_run.problems == "E044 1 run.represents: a run of 2d2h cannot stand for 2d\n");
  const auto day = load(kFleet, {{{"run.represents", "1d"}}, "", {}});
  REQUIRE(day.problems == "");
  CHECK(day.scenario->assumptions.back() == AssumptionInForce{"run.represents", "1d", "scenario", true});
}

TEST_CASE(
    "scenario: what a composite expands into stands in front of it, and its assumptions are listed once") {
  const auto [scenario, problems] = load(R"(nephoscope: 1
name: An environment
run: {duration: 10m, warmup: 1m}
workloads: {users: {target: shop, arrivals: 1/s}}
applications: {store: {handlers: {get: [{compute: 1ms}]}}}
resources: {shop: {type: AWS::ElasticBeanstalk::Environment, application: store, assume: {boot_time: 50s}}}
)");
  REQUIRE(problems == "");
  CHECK(scenario->document.resources.back().id == "shop");
  CHECK(scenario->document.resources.front().id.starts_with("shop/"));
  const auto listed = [&](const std::string& path) {
    return std::count_if(scenario->assumptions.begin(), scenario->assumptions.end(),
                         [&](const AssumptionInForce& each) { return each.path == path; });
  };
  CHECK(listed("resources.shop.assume.boot_time") == 1);
  CHECK(listed("resources.shop/AutoScalingGroup.assume.boot_time") == 0);
  CHECK(listed("resources.shop/AutoScalingGroup.assume.health_check_period") == 1);
}

TEST_CASE("registry: each type has a name, a sentence, fields and a schema of its own") {
  for (const ResourceType& type : resource_types()) {
    CAPTURE(type.name);
    CHECK(find_resource_type(type.name) == &type);
    CHECK(type.doc.ends_with('.'));
    CHECK_FALSE(type.rows().empty());
    CHECK(scenario_schema()["definitions"].contains(std::string(type.name)));
  }
  CHECK(find_resource_type("Nephoscope::Nothing") == nullptr);
}

TEST_CASE("scenario schema: a resource is one of the registered types") {
  const Json options = scenario_schema()["properties"]["resources"]["additionalProperties"]["oneOf"];
  CHECK(options.size() == resource_types().size());
}

}  // namespace
}  // namespace nephoscope
