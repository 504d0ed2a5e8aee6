// A scenario: the YAML file as checked, immutable configuration, ready to be run any number of times.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/config/field_table.hpp"
#include "models/application/application.hpp"
#include "models/client/client.hpp"
#include "models/cloudwatch/config.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"
#include "models/deployments/deployments.hpp"
#include "models/ec2/ec2.hpp"
#include "models/faults/faults.hpp"
#include "models/network/network.hpp"
#include "models/pricing_config.hpp"
#include "models/study/expectation.hpp"
#include "models/study/find.hpp"
#include "models/study/sweep.hpp"

namespace nephoscope {

// The `run:` section.
struct RunConfig {
  std::string region = "us-east-1";
  std::vector<std::string> zones = {"a", "b", "c"};
  UtcTime start{1'767'225'600};  // 2026-01-01T00:00Z
  Duration duration{};
  Duration warmup{};
  Duration drain_limit = 1h;
  std::optional<Duration> represents;  // whole days, at least `duration`
  std::int64_t replications = 10;
  std::int64_t seed = 42;
  std::vector<Named<Probability>> precision;  // metric -> relative half-width; see models/study/precision.hpp
  std::optional<std::int64_t> max_replications;  // with precision
  static const FieldTable<RunConfig>& fields();
};

// How the test suite runs this scenario; the command ignores it.
struct GoldenConfig {
  Duration duration{};
  std::int64_t replications = 1;
  static const FieldTable<GoldenConfig>& fields();
};

// One entry of `resources:`; `type` picks its table.
struct ResourceEntry {
  std::string type;
  std::unique_ptr<ResourceConfig> config;
};

template <>
struct FieldType<ResourceEntry> {
  static std::optional<ResourceEntry> read(const Node& node, Context& context, const FieldRules& rules);
  static std::string show(const ResourceEntry& entry) { return entry.type; }
  static std::string type_name() { return "resource"; }
  static void schema(Json& out, SchemaBook& book, const FieldRules& rules);
};

// The whole file.
struct ScenarioDocument {
  std::int64_t nephoscope = 1;
  std::string name;
  std::string description;
  RunConfig run;
  PricingConfig pricing;
  ec2::Ec2Config ec2;
  cloudwatch::CloudWatchConfig cloudwatch;
  network::NetworkConfig network;
  std::vector<Named<client::WorkloadConfig>> workloads;
  std::vector<Named<application::ApplicationConfig>> applications;
  std::vector<Named<ResourceEntry>> resources;
  std::vector<Named<deployments::DeploymentConfig>> deployments;
  std::vector<Named<faults::FaultConfig>> faults;
  std::vector<ScenarioExpectation> expect;
  const Node* without = nullptr;     // {path: value}; see LoadOptions
  const Node* variants = nullptr;    // name -> {path: value}; applied before the document is read
  std::optional<SweepConfig> sweep;  // of `sweep`; other commands ignore it
  std::optional<FindConfig> find;    // of `find`; likewise
  std::optional<GoldenConfig> golden;
  static const FieldTable<ScenarioDocument>& fields();
};

struct Scenario {
  std::string path;         // as given
  std::string text;         // of the file
  std::string data_sha256;  // of the files that it names; empty if it names none
  ScenarioDocument document;
  std::vector<TimeWindow> windows;  // that expectations speak of
  std::vector<AssumptionInForce> assumptions;
  std::vector<AssumptionRange> ranges;  // assumptions that are drawn once a replication
  std::vector<std::string> variant_names;
  bool has_without = false;

  Tree tree;  // what was read, changes applied; `document` points into it
  std::vector<std::string> data_folders;
};

struct LoadOptions {
  std::vector<PathValue> overrides;     // --set, in order, after the variant
  std::string variant;                  // applied first; empty for the base
  std::optional<std::string> data_dir;  // where files may lie beside the scenario's own folder
  bool without = false;  // after the variant: the changes of `without:`, under which `expect` should fail
};

// Reads and checks a scenario. Nothing after an error; all diagnostics are in `diagnostics`, warnings too.
std::optional<Scenario> load_scenario(SourceSet& sources, const std::string& path, const LoadOptions& options,
                                      Diagnostics& diagnostics);
// The same from text; `path` is the name shown and the folder of data files.
std::optional<Scenario> parse_scenario(SourceSet& sources, const std::string& path, std::string text,
                                       const LoadOptions& options, Diagnostics& diagnostics);

// The scenario of one replication: each assumption that is a range has a value drawn uniformly between its
// ends, a pure function of (seed, replication, path). Without `text`, `tree`, and the names of variants.
// Throws CheckFailure if the drawn values contradict each other.
Scenario draw_assumptions(const Scenario& scenario, std::uint32_t replication);
// Where in its range that value lies, within (0, 1).
double drawn_position(const Scenario& scenario, std::uint32_t replication, const std::string& path);

// The JSON Schema (draft-07) of the scenario language. Include <nlohmann/json.hpp> to use it.
Json scenario_schema();

}  // namespace nephoscope
