#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "models/study/comparison_results.hpp"
#include "tools/nephoscope/commands.hpp"
#include "tools/nephoscope/comparison_summary.hpp"
#include "tools/nephoscope/simulating.hpp"

namespace nephoscope {
namespace {

constexpr const char* kBase = "base";

PointSource variant_of(const RunOptions& run, const std::string& name) {
  PointSource source{run.scenario, {.name = name, .load = run.reading.load}};
  if (name != kBase) source.point.load.variant = name;
  return source;
}

std::optional<std::vector<std::string>> complain_of(const std::string& message, const std::string& hint) {
  fmt::print(stderr, "error: {}\n", message);
  if (!hint.empty()) fmt::print(stderr, "  {}\n", hint);
  return std::nullopt;
}

// The names of what is to be compared, the baseline first.
std::optional<std::vector<std::string>> chosen_names(const CompareOptions& options,
                                                     const std::vector<std::string>& variants) {
  if (variants.empty())
    return complain_of(
        fmt::format("{} has no variants to compare", options.run.scenario),
        "for example: variants: {big: {resources.web.min_size: 9}}, or name a second scenario");
  std::vector<std::string> known = {kBase};
  known.insert(known.end(), variants.begin(), variants.end());
  if (std::count(known.begin(), known.end(), kBase) > 1)
    return complain_of("a variant cannot be named 'base', which is the scenario without variants", "");
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  std::vector<std::string> names = {options.baseline};
  const std::vector<std::string>& others = options.variants.empty() ? known : options.variants;
  for (const std::string& each : others)
    if (std::find(names.begin(), names.end(), each) == names.end()) names.push_back(each);
  for (const std::string& each : names)
    if (std::find(known.begin(), known.end(), each) == known.end())
      return complain_of(fmt::format("there is no variant '{}'", each), did_you_mean(each, candidates));
  return names;
}

// Everything that is compared, the baseline first. Nothing after an error, which was shown.
std::optional<ReadyStudy> read_variants(const CompareOptions& options) {
  // Which variants there are is known once the base has been read; its warnings come with the variants'.
  RunOptions silent = options.run;
  silent.quiet = true;
  const auto base = read_points({variant_of(options.run, kBase)}, silent);
  if (!base) return std::nullopt;
  const auto names = chosen_names(options, base->front().variant_names);
  if (!names) return std::nullopt;
  ReadyStudy study{.command = "compare", .points = {}, .scenarios = {}};
  std::vector<PointSource> sources;
  for (const std::string& name : *names) {
    sources.push_back(variant_of(options.run, name));
    study.points.push_back(sources.back().point);
  }
  auto scenarios = read_points(sources, options.run);
  if (!scenarios) return std::nullopt;
  study.scenarios = std::move(*scenarios);
  return study;
}

// Scenarios by the names of their files; by their paths where those are the same.
std::optional<ReadyStudy> read_scenarios(const CompareOptions& options) {
  const std::string &a = options.run.scenario, &b = *options.other;
  const std::string stem_a = std::filesystem::path(a).stem(), stem_b = std::filesystem::path(b).stem();
  const bool same = stem_a == stem_b;
  const LoadOptions& load = options.run.reading.load;
  const std::vector<PointSource> sources = {{a, {.name = same ? a : stem_a, .load = load}},
                                            {b, {.name = same ? b : stem_b, .load = load}}};
  auto scenarios = read_points(sources, options.run);
  if (!scenarios) return std::nullopt;
  return ReadyStudy{"compare", {sources[0].point, sources[1].point}, std::move(*scenarios)};
}

}  // namespace

std::string show_comparison(const Comparison& comparison, const RunOptions& options,
                            const std::string& path) {
  switch (options.format) {
    case ResultFormat::json:
      return results_json(comparison, NEPHOSCOPE_VERSION);
    case ResultFormat::csv:
      return results_csv(comparison);
    case ResultFormat::markdown:
      return comparison_markdown(comparison, NEPHOSCOPE_VERSION);
    case ResultFormat::table:
    case ResultFormat::junit:  // has no form for comparisons
      break;
  }
  return comparison_summary(comparison, {.version = NEPHOSCOPE_VERSION,
                                         .colour = wants_colour(options.reading.colour, STDOUT_FILENO),
                                         .results_path = path,
                                         .report_path = options.report.value_or("")});
}

int compare_command(const CompareOptions& options) {
  auto study = options.other ? read_scenarios(options) : read_variants(options);
  if (!study) return kExitInvalid;
  pair_scenarios(study->scenarios);
  return run_and_show(*study, options.run);
}

}  // namespace nephoscope
