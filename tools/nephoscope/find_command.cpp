#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "models/study/find.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/simulating.hpp"
#include "tools/nephoscope/variations.hpp"

namespace nephoscope {
namespace {

// What to look for: the section, and flags over it.
FindConfig config_of(const Scenario& scenario, const FindFlags& flags) {
  FindConfig config;
  const auto& section = scenario.document.find;
  if (section && (!flags.path || *flags.path == section->path)) config = *section;
  if (flags.path) config.path = *flags.path;
  if (flags.from) config.from = *flags.from;
  if (flags.to) config.to = *flags.to;
  if (flags.step) config.step = *flags.step;
  if (flags.max_replications) config.max_replications = flags.max_replications;
  return config;
}

// The results of all runs, with what was searched.
struct FindRun {
  FindConfig config;
  ValueRange values;
  FindOutcome outcome;
  std::vector<StudyResult> results;  // as outcome.trials
  int status = kExitOk;              // of the runs

  std::string value(std::size_t index) const { return values.text(index); }
};

FindOptions search_options(const Scenario& scenario, const FindRun& finding) {
  constexpr std::int64_t times = 8;
  const std::int64_t replications = scenario.document.run.replications;
  const std::int64_t most =
      finding.config.max_replications ? *finding.config.max_replications : times * replications;
  return {.values = finding.values.count(),
          .replications = static_cast<std::uint32_t>(replications),
          .max_replications = static_cast<std::uint32_t>(std::max(most, replications))};
}

Variation variation_of(const FindRun& finding, std::size_t index) {
  const std::string value = finding.value(index);
  return {fmt::format("{}={}", finding.config.path, value), {{finding.config.path, value}}};
}

void search(const FindFlags& flags, const Scenario& scenario, FindRun& finding) {
  const FindEvaluator evaluate = [&](std::size_t index,
                                     std::uint32_t replications) -> std::optional<Verdict> {
    Variation variation = variation_of(finding, index);
    if (!flags.run.quiet) fmt::print(stderr, "{}\n", variation.name);
    variation.changes.push_back({"run.replications", std::to_string(replications)});
    VariationResults run = run_variations(flags.run, {&variation, 1});
    finding.status = run.status;
    if (run.status != kExitOk) return std::nullopt;
    finding.results.push_back(std::move(run.results.front()));
    return verdict_of(finding.results.back());
  };
  finding.outcome = find_smallest(search_options(scenario, finding), evaluate);
}

// The expectation that decides a verdict: the first that fails, else the first that is inconclusive.
const ExpectationResult& deciding(const StudyResult& result) {
  const Verdict verdict = verdict_of(result);
  for (const ExpectationResult& each : result.expectations)
    if (each.verdict == verdict || (verdict == Verdict::kFail && each.verdict == Verdict::kNoData))
      return each;
  return result.expectations.front();
}

std::string answer(const FindRun& finding) {
  const FindOutcome& outcome = finding.outcome;
  const std::string& path = finding.config.path;
  const std::string first = finding.value(0), last = finding.value(finding.values.count() - 1);
  switch (outcome.end) {
    case FindEnd::found:
      return fmt::format("FOUND  {} = {} is the smallest of {} to {} that meets the expectations{}", path,
                         finding.value(outcome.index), first, last,
                         outcome.index > 0 ? fmt::format("; {} fails", finding.value(outcome.index - 1))
                                           : "; no smaller value was asked for");
    case FindEnd::none:
      return fmt::format("NONE  {} = {} fails: no value from {} on meets the expectations, if more helps",
                         path, last, first);
    case FindEnd::inconclusive:
      return fmt::format("INCONCLUSIVE  between {} = {} and {}{}", path, finding.value(outcome.low),
                         finding.value(outcome.high),
                         outcome.high_passes ? fmt::format("; {} passes", finding.value(outcome.high)) : "");
    case FindEnd::stopped:
      break;
  }
  return "";
}

std::string warning(const FindRun& finding) {
  if (!finding.outcome.fails_above) return "";
  return fmt::format("not monotone: {} = {} fails, although {} passes; larger values are no safer\n",
                     finding.config.path, finding.value(*finding.outcome.fails_above),
                     finding.value(finding.outcome.index));
}

std::string table_of(const FindRun& finding) {
  Table table("rrl");
  table.row(
      {printable(split_path(finding.config.path).back()), "replications", "verdict", "decided by", "value"});
  for (std::size_t i = 0; i < finding.outcome.trials.size(); ++i) {
    const FindTrial& trial = finding.outcome.trials[i];
    const ExpectationResult& each = deciding(finding.results[i]);
    table.row({finding.value(trial.index), std::to_string(trial.replications),
               std::string(to_string(trial.verdict)), printable(each.text),
               show_value(each.kind, each.value) + "  " + show_interval(each.kind, each.interval)});
  }
  std::string text = printable(finding.results.front().name) + "\n";
  for (const std::string& line : table.lines(2)) text += line + "\n";
  return text + answer(finding) + "\n" + warning(finding);
}

constexpr std::string_view name_of(FindEnd end) {
  return end == FindEnd::found ? "found" : end == FindEnd::none ? "none" : "inconclusive";
}

Json json_of(const FindRun& finding) {
  const FindOutcome& outcome = finding.outcome;
  Json out = results_header(finding.results.front());
  out["path"] = finding.config.path;
  out["outcome"] = name_of(outcome.end);
  out["value"] = outcome.end == FindEnd::found ? Json(finding.value(outcome.index)) : Json(nullptr);
  if (outcome.end == FindEnd::inconclusive)
    out["between"] = Json::array({finding.value(outcome.low), finding.value(outcome.high)});
  out["fails_above"] = outcome.fails_above ? Json(finding.value(*outcome.fails_above)) : Json(nullptr);
  out["tried"] = Json::array();
  for (std::size_t i = 0; i < outcome.trials.size(); ++i) {
    Json expectations = Json::array();
    for (const ExpectationResult& each : finding.results[i].expectations)
      expectations.push_back({{"text", each.text},
                              {"verdict", to_string(each.verdict)},
                              {"value", number_json(each.value)},
                              {"ci95", interval_json(each.interval.low, each.interval.high)}});
    out["tried"].push_back({{"value", finding.value(outcome.trials[i].index)},
                            {"replications", outcome.trials[i].replications},
                            {"verdict", to_string(outcome.trials[i].verdict)},
                            {"expectations", std::move(expectations)}});
  }
  return out;
}

std::string csv_of(const FindRun& finding) {
  std::string text = "path,value,replications,verdict,expectation,expectation_verdict,metric_value\n";
  for (std::size_t i = 0; i < finding.outcome.trials.size(); ++i) {
    const FindTrial& trial = finding.outcome.trials[i];
    for (const ExpectationResult& each : finding.results[i].expectations)
      text += fmt::format("{},{},{},{},{},{},{}\n", csv_cell(finding.config.path),
                          csv_cell(finding.value(trial.index)), trial.replications, to_string(trial.verdict),
                          csv_cell(each.text), to_string(each.verdict), csv_cell(each.value));
  }
  return text;
}

std::string formatted(ResultFormat format, const FindRun& finding) {
  if (format == ResultFormat::json) return json_text(json_of(finding));
  if (format == ResultFormat::csv) return csv_of(finding);
  return table_of(finding);
}

int status_of(FindEnd end) {
  if (end == FindEnd::found) return kExitOk;
  return end == FindEnd::none ? kExitExpectationFailed : kExitInconclusive;
}

}  // namespace

int find_command(const FindFlags& flags) {
  const auto scenario = read_variation(flags.run, {});
  if (!scenario) return kExitInvalid;
  if (scenario->document.expect.empty())
    return usage_error("the scenario expects nothing, so any value would do", "add a section 'expect'");
  FindRun finding;
  finding.config = config_of(*scenario, flags);
  const FindConfig& config = finding.config;
  if (config.path.empty() || config.from.empty() || config.to.empty())
    return usage_error("what to find is not known",
                       "give --path, --from and --to, or a section 'find' in the scenario");
  const auto values = config.values();
  if (!values) return usage_error(values.problem.message, values.problem.hint);
  finding.values = *values.value;
  for (const std::size_t end : {std::size_t{0}, finding.values.count() - 1})
    if (!read_variation(flags.run, variation_of(finding, end))) return kExitInvalid;
  search(flags, *scenario, finding);
  if (finding.outcome.end == FindEnd::stopped) return finding.status;
  fmt::print("{}", formatted(flags.run.format, finding));
  return finish_output(status_of(finding.outcome.end));
}

}  // namespace nephoscope
