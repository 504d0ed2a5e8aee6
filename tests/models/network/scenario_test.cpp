// What a scenario's results show of the network.
#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "models/common/region.hpp"
#include "models/common/report.hpp"
#include "models/replication.hpp"
#include "models/scenario.hpp"

namespace nephoscope {
namespace {

struct Loaded {
  std::optional<Scenario> scenario;
  std::string problems;  // "PATH: MESSAGE", one a line
};

Loaded load(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  Loaded loaded{parse_scenario(sources, "test.yaml", text, {}, diagnostics), ""};
  for (const Diagnostic& each : diagnostics.sorted())
    loaded.problems += each.path + ": " + each.message + "\n";
  return loaded;
}

Scenario shipped(const LoadOptions& options = {}) {
  SourceSet sources;
  Diagnostics diagnostics;
  auto scenario = load_scenario(
      sources, std::string(NEPHOSCOPE_SOURCE_DIR) + "/scenarios/services/network.yaml", options, diagnostics);
  REQUIRE_MESSAGE(scenario.has_value(), diagnostics.render(sources));
  return std::move(*scenario);
}

const QuantileSketch& latencies(const Report& report, const std::string& workload) {
  const Measure* found = report.find({Scope::workload, workload, "latency"});
  INFO(workload);
  REQUIRE(found != nullptr);
  return std::get<QuantileSketch>(found->value);
}

double median(const Report& report, const std::string& workload) {
  return latencies(report, workload).quantile(0.5);
}

TEST_CASE("network: workloads measure the matrix of Regions") {
  const Scenario scenario = shipped();
  const Report report = run_replication(scenario, 0);
  const RegionTable regions("us-east-1", {});
  std::size_t compared = 0;
  for (const auto& workload : scenario.document.workloads) {
    if (!workload.value.from || workload.value.from->id == "us-east-1") continue;
    CAPTURE(workload.id);
    const auto known = regions.round_trip(*regions.find("us-east-1"), *regions.find(workload.value.from->id));
    REQUIRE(known.has_value());
    CHECK(median(report, workload.id) == doctest::Approx(to_seconds(*known)).epsilon(0.01));
    ++compared;
  }
  CHECK(compared == 13);
}

TEST_CASE("network: an instance measures 0.12 ms inside its zone, and its own constant to each other zone") {
  const Scenario scenario = shipped();
  std::map<std::string, double> before;
  for (std::uint32_t replication = 0; replication < 2; ++replication) {
    const Report report = run_replication(scenario, replication);
    CHECK(median(report, "to-same-zone") == doctest::Approx(0.12e-3).epsilon(0.03));
    CHECK(median(report, "to-ireland") == doctest::Approx(71e-3).epsilon(0.01));
    for (const char* workload : {"to-zone-b", "to-zone-c", "from-us-east-1"}) {
      const double now = median(report, workload);
      CHECK(now > 0.29e-3);
      CHECK(now < 1.53e-3);
      CHECK(now != doctest::Approx(before[workload]).epsilon(0.02));
      before[workload] = now;
    }
    CHECK(before["to-zone-b"] != doctest::Approx(before["to-zone-c"]).epsilon(0.02));
  }
}

TEST_CASE("network: without latencies all these calls take no time") {
  LoadOptions off;
  off.overrides = {{"network.latencies", "false"}};
  const Report report = run_replication(shipped(off), 0);
  for (const char* workload : {"from-af-south-1", "to-zone-b", "to-ireland"})
    CHECK(median(report, workload) == 0);
}

const std::string kCaller = R"(nephoscope: 1
name: A caller
run: {duration: 10m, warmup: 1m}
)";

TEST_CASE("network: unknown zones and Regions are reported where they stand") {
  const auto [scenario, problems] = load(kCaller + R"(workloads:
  users: {target: far, from: us-east-9, arrivals: 10/s}
resources:
  far: {type: Nephoscope::Station, region: eu-west-9, service: 20ms}
  near: {type: Nephoscope::Station, availability_zone: us-east-1x, service: 20ms}
)");
  CHECK(problems ==
        "workloads.users.from: there is no Region 'us-east-9'\n"
        "resources.far.region: there is no Region 'eu-west-9'\n"
        "resources.near.availability_zone: there is no Availability Zone 'us-east-1x'\n");
}

TEST_CASE("network: Regions without a known round trip have to state it") {
  const std::string rest = R"(workloads:
  users: {target: far, from: us-west-1, arrivals: 10/s}
resources:
  far: {type: Nephoscope::Station, region: ap-south-1, service: 20ms}
)";
  CHECK(load(kCaller + rest).problems ==
        "workloads.users.from: nobody has measured the round trip between us-west-1 and ap-south-1\n");
  const auto [scenario, problems] =
      load(kCaller + rest + "network: {assume: {round_trips: {us-west-1: {ap-south-1: 230ms}}}}\n");
  REQUIRE(problems == "");
  // 230 ms and 20 ms of service.
  CHECK(median(run_replication(*scenario, 0), "users") == doctest::Approx(0.25).epsilon(0.01));
}

TEST_CASE("network: stated round trips name Regions") {
  CHECK(load(kCaller + "network: {assume: {round_trips: {us-west-1: {ap-sauth-1: 230ms}}}}\n"
                       "workloads: {users: {target: far, arrivals: 10/s}}\n"
                       "resources: {far: {type: Nephoscope::Station, service: 20ms}}\n")
            .problems == "network.assume.round_trips.us-west-1.ap-sauth-1: unknown Region 'ap-sauth-1'\n");
}

TEST_CASE("network: scenarios in which nothing stands anywhere assume nothing of it") {
  const auto assumes = [](const std::string& station) {
    const auto [scenario, problems] = load(kCaller +
                                           "workloads: {users: {target: far, arrivals: 10/s}}\n"
                                           "resources: {far: {type: Nephoscope::Station, " +
                                           station + "service: 20ms}}\n");
    REQUIRE(problems == "");
    for (const AssumptionInForce& each : scenario->assumptions)
      if (each.path.starts_with("network.")) return true;
    return false;
  };
  CHECK_FALSE(assumes(""));
  CHECK(assumes("region: eu-west-1, "));
}

}  // namespace
}  // namespace nephoscope
