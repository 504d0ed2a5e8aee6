#include "tools/nephoscope/variations.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "models/study/chosen_metrics.hpp"
#include "models/study/results.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/simulating.hpp"

namespace nephoscope {
namespace {

LoadOptions load_options(const RunOptions& options, const Variation& variation) {
  LoadOptions load = options.reading.load;
  load.overrides.insert(load.overrides.end(), variation.changes.begin(), variation.changes.end());
  return load;
}

void show_diagnostics(const RunOptions& options, const Diagnostics& diagnostics, const SourceSet& sources) {
  const bool colour = wants_colour(options.reading.colour, STDERR_FILENO);
  fmt::print(stderr, "{}", diagnostics.render(sources, {.colour = colour}));
}

// The exit status of a result that cannot be used, after saying why; kExitOk for others.
int unusable(const StudyResult& result, const std::string& name) {
  const std::string of = name.empty() ? "" : " of " + name;
  if (result.status == StudyStatus::failed)
    return fmt::print(stderr, "error: the run{} failed; there are no results\n", of), kExitInternal;
  if (result.status == StudyStatus::interrupted)
    return fmt::print(stderr, "error: interrupted; there are no results\n"), kExitInterrupted;
  if (!result.audits_ok())
    return fmt::print(stderr, "error: an audit{} failed: the results contradict themselves\n", of),
           kExitInternal;
  return kExitOk;
}

}  // namespace

std::optional<Scenario> read_variation(const RunOptions& options, const Variation& variation) {
  SourceSet sources;
  Diagnostics diagnostics;
  for (const Code code : options.reading.ignored_warnings) diagnostics.ignore(code);
  auto scenario = load_scenario(sources, options.scenario, load_options(options, variation), diagnostics);
  const bool is_warning = scenario.has_value();
  if (is_warning && (options.quiet || !variation.name.empty())) return scenario;
  if (!variation.name.empty()) fmt::print(stderr, "at the point {}:\n", variation.name);
  show_diagnostics(options, diagnostics, sources);
  return scenario;
}

bool is_valid(const RunOptions& options, const Variation& variation) {
  SourceSet sources;
  Diagnostics diagnostics;
  return load_scenario(sources, options.scenario, load_options(options, variation), diagnostics).has_value();
}

std::optional<std::vector<MetricKey>> shown_metrics(const RunOptions& options, const Scenario& scenario,
                                                    const std::vector<std::string>& names) {
  SourceSet sources;
  Diagnostics diagnostics;
  auto keys = choose_metrics(scenario, names, sources, diagnostics);
  show_diagnostics(options, diagnostics, sources);
  return keys;
}

VariationResults run_variations(const RunOptions& options, std::span<const Variation> variations) {
  ReadyStudy study{.command = "sweep", .points = {}, .scenarios = {}};
  for (const Variation& each : variations) {
    auto scenario = read_variation(options, each);
    if (!scenario) return {kExitInvalid, {}};
    study.points.push_back({each.name, load_options(options, each)});
    study.scenarios.push_back(std::move(*scenario));
  }
  pair_scenarios(study.scenarios);
  RanStudy ran = run_ready(study, options);
  for (std::size_t i = 0; i < ran.results.size() && ran.status == kExitOk; ++i)
    ran.status = unusable(ran.results[i], variations[i].name);
  return {ran.status, std::move(ran.results)};
}

Verdict verdict_of(const StudyResult& result) {
  Verdict verdict = Verdict::kPass;
  for (const ExpectationResult& each : result.expectations) {
    if (each.verdict == Verdict::kFail || each.verdict == Verdict::kNoData) return Verdict::kFail;
    if (each.verdict == Verdict::kInconclusive) verdict = Verdict::kInconclusive;
  }
  return verdict;
}

std::string show_metric(const StudyResult& result, const MetricKey& key) {
  const MetricResult* metric = result.find(key);
  if (metric == nullptr) return "n/a";
  const MetricKind kind = kind_of(key.name, metric->metric.unit);
  const std::string interval = show_interval(kind, metric->interval);
  return show_value(kind, metric->metric.value) + (interval.empty() ? "" : "  " + interval);
}

Json results_header(const StudyResult& result) {
  return {{"format_version", kResultsFormat},
          {"scenario", {{"name", result.name}, {"path", result.path}, {"sha256", result.sha256}}},
          {"version", NEPHOSCOPE_VERSION},
          {"seed", result.seed},
          {"replications", result.replications}};
}

Json number_json(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json interval_json(double low, double high) { return low <= high ? Json::array({low, high}) : Json(nullptr); }

Json metrics_json(const StudyResult& result, std::span<const MetricKey> metrics) {
  Json out = Json::object();
  for (const MetricKey& key : metrics) {
    const MetricResult* metric = result.find(key);
    if (metric == nullptr) continue;
    out[show(key)] = {{"mean", number_json(metric->metric.value)},
                      {"ci95", interval_json(metric->interval.low, metric->interval.high)},
                      {"unit", metric->metric.unit}};
  }
  return out;
}

std::string json_text(const Json& value) {
  return value.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string csv_cell(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + '"';
}

std::string csv_cell(double value) { return std::isfinite(value) ? fmt::format("{}", value) : ""; }

}  // namespace nephoscope
