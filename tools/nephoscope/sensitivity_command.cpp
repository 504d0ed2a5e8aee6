#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "models/study/sensitivity.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/simulating.hpp"
#include "tools/nephoscope/variations.hpp"

namespace nephoscope {
namespace {

constexpr std::size_t kBarWidth = 20;

// Ranges for the assumptions that have one value. Those that cannot have one are told, unless quiet.
std::vector<PathValue> added_ranges(const RunOptions& options, const Scenario& scenario, Probability share) {
  std::vector<PathValue> changes;
  std::vector<std::string> left;
  for (const AssumptionInForce& assumption : scenario.assumptions) {
    const auto is_this = [&](const auto& range) { return range.path == assumption.path; };
    if (std::ranges::any_of(scenario.ranges, is_this)) continue;
    const auto candidates = ranges_around(assumption.value, share);
    const auto valid = std::ranges::find_if(candidates, [&](const std::string& range) {
      return is_valid(options, {"", {{assumption.path, range}}});
    });
    if (valid == candidates.end())
      left.push_back(assumption.path);
    else
      changes.push_back({assumption.path, *valid});
  }
  if (!left.empty() && !options.quiet)
    fmt::print(stderr, "not varied, since zero, no single quantity, or nothing else is allowed: {}\n",
               fmt::join(left, ", "));
  return changes;
}

// What was run, and what came of it.
struct Sensitivity {
  std::vector<AssumptionRange> ranges;
  std::vector<MetricKey> metrics;
  std::vector<StudyResult> results;  // all drawn; then each assumption low, high
  std::vector<std::vector<double>> positions;

  const StudyResult& sampled() const { return results.front(); }
  MetricKind kind(const MetricKey& key) const {
    const MetricResult* metric = sampled().find(key);
    return metric == nullptr ? MetricKind::number : kind_of(key.name, metric->metric.unit);
  }
  std::vector<AssumptionEffect> effects(const MetricKey& key) const;
};

std::vector<double> values_of(const StudyResult& result, const MetricKey& key) {
  const MetricResult* metric = result.find(key);
  const auto replications = static_cast<std::size_t>(result.replications);
  return metric == nullptr ? std::vector<double>(replications, std::nan("")) : metric->metric.values;
}

std::vector<AssumptionEffect> Sensitivity::effects(const MetricKey& key) const {
  std::vector<ValuesAtEnds> ends;
  for (std::size_t i = 0; i < ranges.size(); ++i)
    ends.push_back({values_of(results[2 * i + 1], key), values_of(results[2 * i + 2], key)});
  return rank_effects(ends, {positions, values_of(sampled(), key)});
}

std::vector<Variation> variations_of(const std::vector<PathValue>& added,
                                     const std::vector<AssumptionRange>& ranges) {
  std::vector<Variation> variations = {{"", added}};
  for (const AssumptionRange& range : ranges)
    for (const std::string& end : {range.low, range.high}) {
      variations.push_back({fmt::format("{}={}", range.path, end), added});
      variations.back().changes.push_back({range.path, end});
    }
  return variations;
}

std::vector<std::vector<double>> positions_of(const Scenario& scenario) {
  std::vector<std::vector<double>> positions;
  for (const AssumptionRange& range : scenario.ranges) {
    positions.emplace_back();
    for (std::uint32_t r = 0; r < scenario.document.run.replications; ++r)
      positions.back().push_back(drawn_position(scenario, r, range.path));
  }
  return positions;
}

// --- output ----------------------------------------------------------------------------------------------

std::string bar(const AssumptionEffect& effect, double greatest) {
  const double part = greatest > 0 ? std::abs(effect.difference.mean) / greatest : 0;
  const auto length = static_cast<std::size_t>(std::isfinite(part) ? part * kBarWidth + 0.5 : 0);
  std::string text;
  for (std::size_t i = 0; i < length; ++i) text += effect.distinguishable ? "█" : "░";
  return text + (effect.distinguishable ? "" : " indistinguishable from zero");
}

void add_table(const Sensitivity& found, const MetricKey& key, std::string& text) {
  const MetricKind kind = found.kind(key);
  const auto effects = found.effects(key);
  const double greatest = effects.empty() ? 0 : std::abs(effects.front().difference.mean);
  Table table("lrrrrrl");
  table.row({show(key), "range", "at low", "at high", "difference", "rank corr.", ""});
  std::vector<std::string> idle;
  for (const AssumptionEffect& effect : effects) {
    const AssumptionRange& range = found.ranges[effect.assumption];
    const Interval& difference = effect.difference;
    if (difference.mean == 0 && difference.low == 0 && difference.high == 0) {
      idle.push_back(printable(range.path));
      continue;
    }
    table.row({printable(range.path), range.low + " .. " + range.high, show_value(kind, effect.at_low),
               show_value(kind, effect.at_high),
               show_value(kind, effect.difference.mean) + "  " + show_interval(kind, effect.difference),
               significant(effect.rank_correlation, 2), bar(effect, greatest)});
  }
  for (const std::string& line : table.lines()) text += line + "\n";
  constexpr std::size_t shown = 3;  // of long lists nobody reads more; --format json names all
  const std::size_t more = idle.size() > shown ? idle.size() - shown : 0;
  idle.resize(idle.size() - more);
  if (!idle.empty())
    text += fmt::format("no effect in any replication: {}{}\n", fmt::join(idle, ", "),
                        more > 0 ? fmt::format(" and {} more", more) : "");
  text += "\n";
}

std::string table_of(const Sensitivity& found) {
  std::string text = printable(found.sampled().name) + "\n\n";
  for (const MetricKey& key : found.metrics) add_table(found, key, text);
  return text + fmt::format(
                    "{} assumptions, one at a time, {} replications each, seed {}; intervals hold "
                    "together with 95%\n",
                    found.ranges.size(), found.sampled().replications, found.sampled().seed);
}

Json effect_json(const Sensitivity& found, const AssumptionEffect& effect) {
  const AssumptionRange& range = found.ranges[effect.assumption];
  return {{"path", range.path},
          {"low", range.low},
          {"high", range.high},
          {"at_low", number_json(effect.at_low)},
          {"at_high", number_json(effect.at_high)},
          {"difference",
           {{"mean", number_json(effect.difference.mean)},
            {"ci95", interval_json(effect.difference.low, effect.difference.high)}}},
          {"distinguishable", effect.distinguishable},
          {"rank_correlation", number_json(effect.rank_correlation)},
          {"standardized_coefficient", number_json(effect.standardized)}};
}

std::string json_of(const Sensitivity& found) {
  Json out = results_header(found.sampled());
  out["summary"] = metrics_json(found.sampled(), found.metrics);
  out["effects"] = Json::object();
  for (const MetricKey& key : found.metrics) {
    Json& effects = out["effects"][show(key)] = Json::array();
    for (const AssumptionEffect& effect : found.effects(key)) effects.push_back(effect_json(found, effect));
  }
  return json_text(out);
}

std::string csv_of(const Sensitivity& found) {
  std::string text =
      "metric,path,low,high,at_low,at_high,difference,ci95_low,ci95_high,distinguishable,rank_correlation,"
      "standardized_coefficient\n";
  for (const MetricKey& key : found.metrics)
    for (const AssumptionEffect& effect : found.effects(key)) {
      const AssumptionRange& range = found.ranges[effect.assumption];
      text += fmt::format(
          "{},{},{},{},{},{},{},{},{},{},{},{}\n", csv_cell(show(key)), csv_cell(range.path),
          csv_cell(range.low), csv_cell(range.high), csv_cell(effect.at_low), csv_cell(effect.at_high),
          csv_cell(effect.difference.mean), csv_cell(effect.difference.low), csv_cell(effect.difference.high),
          effect.distinguishable, csv_cell(effect.rank_correlation), csv_cell(effect.standardized));
    }
  return text;
}

std::string formatted(ResultFormat format, const Sensitivity& found) {
  if (format == ResultFormat::json) return json_of(found);
  if (format == ResultFormat::csv) return csv_of(found);
  return table_of(found);
}

}  // namespace

int sensitivity_command(const SensitivityOptions& options) {
  const RunOptions& run = options.run;
  auto scenario = read_variation(run, {});
  if (!scenario) return kExitInvalid;
  std::vector<PathValue> added;
  if (options.assume_range) {
    const auto share = parse_probability(*options.assume_range);
    if (!share) return usage_error("--assume-range: " + share.problem.message, "for example: 20%");
    added = added_ranges(run, *scenario, *share.value);
    scenario = read_variation(run, {"with --assume-range", added});
    if (!scenario) return kExitInvalid;
  }
  if (scenario->ranges.empty())
    return usage_error("no assumption of the scenario is a range",
                       "write {low: 30s, high: 60s} for one, or try --assume-range 20%");
  Sensitivity found;
  found.ranges = scenario->ranges;
  found.positions = positions_of(*scenario);
  auto metrics = shown_metrics(run, *scenario, options.metrics);
  if (!metrics) return kExitInvalid;
  found.metrics = std::move(*metrics);
  VariationResults results = run_variations(run, variations_of(added, found.ranges));
  if (results.status != kExitOk) return results.status;
  found.results = std::move(results.results);
  fmt::print("{}", formatted(run.format, found));
  return finish_output(kExitOk);
}

}  // namespace nephoscope
