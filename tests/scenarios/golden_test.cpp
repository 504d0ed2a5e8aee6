// Every shipped scenario loads without a word, and its golden run gives the stored figures to the last bit:
// in Release and Debug, on any machine. NEPHOSCOPE_UPDATE=1 rewrites tests/golden/; a commit that changes a
// golden says why.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>

#include "models/replication.hpp"
#include "models/study/pooling.hpp"
#include "tests/scenarios/shipped.hpp"

namespace nephoscope::shipped {
namespace {

std::string name_of(const MetricKey& key) {
  constexpr const char* scopes[] = {"", "workloads.", "resources.", "windows."};
  const std::string id = key.id.empty() ? "" : path_segment(key.id) + ".";
  return scopes[static_cast<std::size_t>(key.scope)] + id + key.name;
}

// What a golden file holds. Doubles are written with all their digits.
Json figures_of(const Scenario& scenario) {
  Pooling pooling;
  Json fingerprints = Json::array();
  bool audits_ok = true;
  for (std::uint32_t i = 0; i < scenario.document.run.replications; ++i) {
    Report report = run_replication(scenario, i);
    fingerprints.push_back(fmt::format("{:016x}", report.fingerprint));
    for (const AuditLine& line : report.audits) audits_ok = audits_ok && line.ok;
    pooling.add(std::move(report));
  }
  Json metrics = Json::object();
  for (const PooledMetric& metric : pooling.metrics())
    metrics[name_of(metric.key)] = std::isfinite(metric.value) ? Json(metric.value) : Json();
  return {{"duration", show(scenario.document.run.duration)},
          {"requests", pooling.total().requests},
          {"events", pooling.total().events},
          {"audits_ok", audits_ok},
          {"fingerprints", std::move(fingerprints)},
          {"metrics", std::move(metrics)}};
}

fs::path golden_path(const std::string& name) {
  return (kRoot / "tests" / "golden" / name).replace_extension(".json");
}

void check_golden(const std::string& name, const Scenario& scenario) {
  const std::string figures = figures_of(scenario).dump(1) + "\n";
  if (updating()) {
    fs::create_directories(golden_path(name).parent_path());
    std::ofstream(golden_path(name), std::ios::binary) << figures;
  }
  CHECK(figures == read_text(golden_path(name)));
  CHECK(Json::parse(figures)["audits_ok"] == true);
}

// A sanitized debug build, some ten times slower, leaves out what differs from others in little.
bool left_out([[maybe_unused]] const std::string& name) {
#ifdef NDEBUG
  return false;
#else
  constexpr std::string_view kept[] = {"deployments/peak.yaml", "deployments/draining.yaml"};
  constexpr std::string_view alike[] = {"failures/cache-restart.yaml", "failures/spike-on-a-table.yaml",
                                        "failures/table-outgrows-partition.yaml",
                                        "incidents/dynamodb-2015.yaml", "services/dax.yaml"};
  if (std::find(std::begin(alike), std::end(alike), name) != std::end(alike)) return true;
  return name.starts_with("deployments/") &&
         std::find(std::begin(kept), std::end(kept), name) == std::end(kept);
#endif
}

TEST_CASE("scenarios: each loads without an error or a warning, with every variant") {
  for (const std::string& name : names()) {
    CAPTURE(name);
    const Loaded base = load(name, {});
    CHECK(base.diagnostics == "");
    REQUIRE(base.scenario.has_value());
    for (const std::string& variant : base.scenario->variant_names) {
      CAPTURE(variant);
      CHECK(load(name, {{}, variant, {}}).diagnostics == "");
    }
  }
}

TEST_CASE("scenarios: each says how the tests run it, and that run gives its golden figures") {
  for (const std::string& name : names()) {
    CAPTURE(name);
    const Loaded base = load(name, {});
    if (!base.scenario) continue;
    CHECK(base.scenario->document.golden.has_value());
    const Loaded golden = load(name, {golden_overrides(*base.scenario), "", {}});
    CHECK(golden.diagnostics == "");
    if (golden.scenario && !left_out(name)) check_golden(name, *golden.scenario);
  }
}

TEST_CASE("scenarios: no golden is left behind by one that is gone") {
  const auto known = names();
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "tests" / "golden")) {
    if (entry.path().extension() != ".json") continue;
    const auto name = fs::relative(entry.path(), kRoot / "tests" / "golden").replace_extension(".yaml");
    CHECK(std::find(known.begin(), known.end(), name.generic_string()) != known.end());
  }
}

}  // namespace
}  // namespace nephoscope::shipped
