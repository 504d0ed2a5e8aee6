#include "models/study/study.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "models/study/results.hpp"

using namespace nephoscope;

namespace {

// Utilisation 50/s x 5 ms = 25 %.
constexpr const char* kScenario = R"(
nephoscope: 1
name: one server
run: {duration: 60s, warmup: 5s, replications: 4, seed: 1}
workloads:
  users: {target: server, arrivals: {rate: 50/s}, timeout: 1s}
resources:
  server: {type: Nephoscope::Station, servers: 1, service: {dist: exponential, mean: 5ms}, price_per_hour: $3.60}
expect: [availability >= 99%]
)";

// All kinds of parts there are, with a window.
constexpr const char* kAllParts = R"(
nephoscope: 1
name: all parts
run: {duration: 30s, warmup: 5s, replications: 2, seed: 1}
workloads:
  users: {target: web, arrivals: {rate: 50/s}, timeout: 1s}
applications:
  shop: {handlers: {default: [{compute: 2ms}, {call: database.read}]}}
resources:
  web: {type: Nephoscope::Hosts, count: 2, vcpus: 2, application: shop}
  database: {type: Nephoscope::Station, servers: 2, service: 3ms}
  shared: {type: Nephoscope::Station, servers: 2, service: 3ms, discipline: processor_sharing}
expect: [{metric: availability, above: 90%, from: 10s, to: 20s}]
)";

// A fleet at a price of its own, on a run that stands for a day.
constexpr const char* kPriced = R"(
nephoscope: 1
name: priced
run: {duration: 60s, warmup: 5s, replications: 2, seed: 1, represents: 1d}
workloads:
  users: {target: web, arrivals: {rate: 50/s}, timeout: 1s}
applications:
  shop: {handlers: {default: [{compute: 2ms}]}}
resources:
  web: {type: Nephoscope::Hosts, count: 3, application: shop, priced_as: Rack}
pricing: {overrides: {Rack: {unit: Hrs, block: 3600, tiers: [{up_to: 1000, usd: 3.60}, {usd: 1}]}}}
)";

Scenario scenario(const char* text = kScenario) {
  SourceSet sources;
  Diagnostics diagnostics;
  auto read = parse_scenario(sources, "one.yaml", text, {}, diagnostics);
  REQUIRE_MESSAGE(read, diagnostics.render(sources));
  return std::move(*read);
}

std::string bytes(const StudyOptions& options) {
  StudyResult result = run_study(scenario(), {}, options);
  result.wall_seconds = 0;
  return results_json(result, "0");
}

}  // namespace

TEST_CASE("study: the results are the same bytes for any number of workers, and without forking") {
  const std::string one = bytes({.workers = 1});
  CHECK(one == bytes({.workers = 4}));
  CHECK(one == bytes({.fork = false}));
}

TEST_CASE("study: replications differ from each other") {
  const StudyResult result = run_study(scenario(), {}, {});
  const MetricResult* latency = result.find({Scope::summary, "", "latency.mean"});
  REQUIRE(latency != nullptr);
  REQUIRE(latency->metric.values.size() == 4);
  CHECK(latency->metric.values[0] != latency->metric.values[1]);
}

TEST_CASE("study: expectations are judged and the bill is made") {
  const StudyResult result = run_study(scenario(), {}, {});
  REQUIRE(result.expectations.size() == 1);
  CHECK(result.expectations[0].verdict == Verdict::kPass);
  // 60 s at $3.60 an hour
  CHECK(result.find({Scope::summary, "", "cost.total"})->metric.value == doctest::Approx(0.06));
  CHECK(exit_status(result, false) == kExitOk);
}

TEST_CASE("study: every metric that is reported has a row that explains it") {
  const StudyResult result = run_study(scenario(kAllParts), {}, {});
  for (const MetricResult& each : result.metrics) {
    const MetricInfo* info = find_metric(each.metric.key.name);
    REQUIRE_MESSAGE(info != nullptr, each.metric.key.name);
    CHECK_MESSAGE(info->scopes.has(each.metric.key.scope), each.metric.key.name);
    CHECK_MESSAGE(unit_of(info->kind) == each.metric.unit, each.metric.key.name);
  }
}

TEST_CASE("study: the scenario's hash is that of its text") {
  const StudyResult result = run_study(scenario(), {}, {});
  CHECK(result.sha256.size() == 64);
  CHECK(result.sha256 != "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");  // of no text
}

TEST_CASE("study: the scenario's own prices make the bill, and a run that stands for days makes a month") {
  const StudyResult result = run_study(scenario(kPriced), {}, {.fork = false});
  const auto value = [&](const std::string& name) {
    for (const MetricResult& each : result.metrics)
      if (each.metric.key == MetricKey{Scope::summary, "", name}) return each.metric.value;
    return -1.0;
  };
  // 3 hosts x 60 s = 0.05 h, at $3.60
  CHECK(value("cost.total") == doctest::Approx(0.18));
  // 3 x 730 h = 2190 h: 1000 x $3.60 + 1190 x $1
  CHECK(value("cost.monthly") == doctest::Approx(4790));
  CHECK(result.monthly_reason.empty());
  CHECK(result.price_book == "us-east-1, 2026-07-20, 1 overridden");
}
