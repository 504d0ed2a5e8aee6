#include <doctest/doctest.h>

#include "engine/base/check.hpp"
#include "models/replication.hpp"
#include "models/station/station.hpp"

namespace nephoscope {
namespace {

const char* const kRanged = R"(nephoscope: 1
name: A station that fails for a share that nobody knows
run: {duration: 10m, warmup: 1m, seed: 7}
workloads:
  users: {target: web, arrivals: 10/s}
resources:
  web: {type: Nephoscope::Station, service: 20ms, assume: {error_rate: {low: 10%, high: 30%}}}
)";

struct Loaded {
  std::optional<Scenario> scenario;
  std::string problems;
};

Loaded load(const std::string& text, const LoadOptions& options = {}) {
  SourceSet sources;
  Diagnostics diagnostics;
  Loaded loaded{parse_scenario(sources, "shop.yaml", text, options, diagnostics), ""};
  for (const Diagnostic& each : diagnostics.sorted())
    loaded.problems += std::string(info(each.code).text) + " " + each.path + ": " + each.message + "\n";
  return loaded;
}

double error_rate(const Scenario& scenario) {
  const ResourceConfig& config = *scenario.document.resources.at(0).value.config;
  return dynamic_cast<const station::StationConfig&>(config).error_rate.value;
}

TEST_CASE("assumption ranges: a replication draws its own value, the same one each time") {
  const auto loaded = load(kRanged);
  REQUIRE(loaded.problems == "");
  const Scenario& scenario = *loaded.scenario;
  const double first = error_rate(draw_assumptions(scenario, 0));
  CHECK(first == error_rate(draw_assumptions(scenario, 0)));
  CHECK(first != error_rate(draw_assumptions(scenario, 1)));
  const double position = drawn_position(scenario, 0, "resources.web.assume.error_rate");
  CHECK(first == doctest::Approx(0.1 + (0.3 - 0.1) * position));
}

TEST_CASE("assumption ranges: the values are uniform between the ends") {
  const auto loaded = load(kRanged);
  double sum = 0, low = 1, high = 0;
  constexpr int n = 400;
  for (std::uint32_t i = 0; i < n; ++i) {
    const double value = error_rate(draw_assumptions(*loaded.scenario, i));
    sum += value;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  // Standard error: 0.2 / sqrt(12) / sqrt(400) = 0.0029; 3 of them.
  CHECK(sum / n == doctest::Approx(0.2).epsilon(0.0087 / 0.2));
  CHECK(low >= 0.1);
  CHECK(low < 0.11);
  CHECK(high <= 0.3);
  CHECK(high > 0.29);
}

TEST_CASE("assumption ranges: a replication runs with its value") {
  const auto loaded = load(kRanged);
  const Report drawn = run_replication(*loaded.scenario, 3);
  const double value = error_rate(draw_assumptions(*loaded.scenario, 3));
  LoadOptions options;
  options.overrides.push_back({"resources.web.assume.error_rate", show(Probability(value))});
  CHECK(drawn.fingerprint == run_replication(*load(kRanged, options).scenario, 3).fingerprint);
}

TEST_CASE("assumption ranges: a scenario that was given another seed draws with that") {
  auto changed = load(kRanged);
  changed.scenario->document.run.seed = 8;
  LoadOptions options;
  options.overrides.push_back({"run.seed", "8"});
  const auto read = load(kRanged, options);
  CHECK(run_replication(*changed.scenario, 2).fingerprint == run_replication(*read.scenario, 2).fingerprint);
}

TEST_CASE("assumption ranges: results name the range among the assumptions") {
  const auto loaded = load(kRanged);
  REQUIRE(loaded.scenario->assumptions.size() == 1);
  CHECK(loaded.scenario->assumptions[0].value == "{low: 10%, high: 30%}");
  CHECK(loaded.scenario->ranges.at(0).path == "resources.web.assume.error_rate");
}

TEST_CASE("assumption ranges: ends that contradict other values are reported before anything runs") {
  const auto loaded = load(
      "nephoscope: 1\nname: x\nrun: {duration: 10m, warmup: 1m}\n"
      "workloads: {users: {target: web, arrivals: 10/s}}\n"
      "applications: {shop: {memory: 1500MiB, handlers: {get: [{compute: 1ms}]},\n"
      "  assume: {base_memory: {low: 512MiB, high: 2GiB}}}}\n"
      "resources: {web: {type: Nephoscope::Hosts, application: shop}}\n");
  CHECK_FALSE(loaded.scenario.has_value());
  CHECK(loaded.problems.find("'memory' is used up by 'assume.base_memory'") != std::string::npos);
}

}  // namespace
}  // namespace nephoscope
