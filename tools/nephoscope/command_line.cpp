#include "tools/nephoscope/command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <map>
#include <sstream>

#include "models/study/study_result.hpp"
#include "tools/nephoscope/commands.hpp"

namespace nephoscope {
namespace {

// What the flags of all subcommands fill in.
struct Flags {
  RunOptions run;
  ValidateOptions validate;
  CompareOptions compare;  // its `run` is taken from above
  MergeOptions merge;      // so is this one's
  std::string shard;       // "2/4"
  std::string other;
  std::string variants;  // names, comma-separated
  SweepOptions sweep;    // their `run` is taken from above
  FindFlags find;
  SensitivityOptions sensitivity;
  std::string subject;
  std::string list_kind;
  std::vector<std::string> settings;  // path=value
  std::string seed, replications, duration;
  std::string data_dir;
  std::string directory;
  std::string report;
  std::vector<std::string> ignored;
  ColourChoice colour = ColourChoice::automatic;
  bool json = false;
  bool no_fork = false;
};

const std::map<std::string, ResultFormat> kResultFormats = {{"table", ResultFormat::table},
                                                            {"json", ResultFormat::json},
                                                            {"csv", ResultFormat::csv},
                                                            {"markdown", ResultFormat::markdown},
                                                            {"junit", ResultFormat::junit}};
const std::map<std::string, ResultFormat> kComparisonFormats = {{"table", ResultFormat::table},
                                                                {"json", ResultFormat::json},
                                                                {"csv", ResultFormat::csv},
                                                                {"markdown", ResultFormat::markdown}};
const std::map<std::string, ResultFormat> kPlainFormats = {
    {"table", ResultFormat::table}, {"json", ResultFormat::json}, {"csv", ResultFormat::csv}};
const std::map<std::string, DiagnosticFormat> kDiagnosticFormats = {{"text", DiagnosticFormat::text},
                                                                    {"json", DiagnosticFormat::json}};
const std::map<std::string, ColourChoice> kColours = {
    {"auto", ColourChoice::automatic}, {"always", ColourChoice::always}, {"never", ColourChoice::never}};

template <class T>
void add_choice(CLI::App& app, const std::string& name, T& target, const std::map<std::string, T>& choices,
                const std::string& doc) {
  std::string names;
  for (const auto& [choice, value] : choices) names += (names.empty() ? "" : "|") + choice;
  const auto parse = [&target, &choices, name, names](const std::string& text) {
    const auto place = choices.find(text);
    if (place == choices.end())
      throw CLI::ValidationError(name, fmt::format("'{}' is none of {}", text, names));
    target = place->second;
  };
  app.add_option_function<std::string>(name, parse, doc)->option_text(names);
}

void add_colour(CLI::App& app, Flags& flags) {
  add_choice(app, "--color", flags.colour, kColours,
             "colour; auto: on a terminal, unless NO_COLOR or TERM=dumb");
}

// Flags of every subcommand that reads scenarios. Lists take one value each time: `--set a=1 FILE` keeps
// FILE.
void add_reading(CLI::App& app, Flags& flags) {
  app.add_option("--set", flags.settings, "change a value of the scenario (repeatable)")
      ->option_text("PATH=VALUE")
      ->allow_extra_args(false);
  app.add_option("--data", flags.data_dir, "a further folder for files that the scenario names")
      ->option_text("DIR");
  app.add_option("--no-warn", flags.ignored, "drop warnings of this code, such as W001 (repeatable)")
      ->option_text("CODE")
      ->allow_extra_args(false);
  add_colour(app, flags);
}

void add_choosing(CLI::App& app, Flags& flags) {
  app.add_option("--variant", flags.run.reading.load.variant, "apply a variant of the scenario")
      ->option_text("NAME");
  app.add_flag("--without", flags.run.reading.load.without,
               "apply the changes under which the scenario's expectations fail");
}

// Flags of every subcommand that simulates.
void add_simulating(CLI::App& app, const std::map<std::string, ResultFormat>& formats, Flags& flags) {
  add_choice(app, "--format", flags.run.format, formats, "what goes to stdout");
  app.add_flag("--json", flags.json, "same as --format json");
  app.add_option("--seed", flags.seed, "instead of run.seed")->option_text("N");
  app.add_option("--replications", flags.replications, "instead of run.replications")->option_text("N");
  app.add_option("--duration", flags.duration, "instead of run.duration")->option_text("TIME");
  app.add_option("--workers", flags.run.workers, "replications at a time (default: one per core)")
      ->option_text("N")
      ->check(CLI::Range(1, 1024));
  app.add_flag("--no-fork", flags.no_fork, "run in this process, one after the other (for debuggers)");
  app.add_flag("--quiet", flags.run.quiet, "no progress and no warnings");
  add_reading(app, flags);
}

// For commands that keep what they have finished.
void add_keeping(CLI::App& app, Flags& flags) {
  app.add_option(
         "-o,--output", flags.directory,
         "write results.json there, and each replication as it finishes: the same command goes on where "
         "it was stopped")
      ->option_text("DIR");
  app.add_flag("--fresh", flags.run.fresh, "do not use replications that are there");
}

void add_storing(CLI::App& app, Flags& flags) {
  add_keeping(app, flags);
  app.add_option("--report", flags.report, "write the results as one HTML page, for any browser")
      ->option_text("FILE");
  app.add_option("--shard", flags.shard, "only part I of N, into DIR; `nephoscope merge` makes the whole")
      ->option_text("I/N");
  app.add_flag("--allow-inconclusive", flags.run.allow_inconclusive,
               "exit 0 where expectations are inconclusive");
}

void add_run(CLI::App& root, Flags& flags) {
  CLI::App& app = *root.add_subcommand("run", "Simulate a scenario and show what its users would get");
  app.add_option("scenario", flags.run.scenario, "the scenario's file")->required()->option_text("SCENARIO");
  add_storing(app, flags);
  add_choosing(app, flags);
  add_simulating(app, kResultFormats, flags);
}

// A subcommand that runs a scenario with changes of its own.
CLI::App& add_varying(CLI::App& root, Flags& flags, const std::string& name, const std::string& doc) {
  CLI::App& app = *root.add_subcommand(name, doc);
  app.add_option("scenario", flags.run.scenario, "the scenario's file")->required()->option_text("SCENARIO");
  add_choosing(app, flags);
  add_simulating(app, kPlainFormats, flags);
  return app;
}

void add_list(CLI::App& app, const std::string& name, std::vector<std::string>& target,
              const std::string& text, const std::string& doc) {
  app.add_option(name, target, doc + " (repeatable)")->option_text(text)->allow_extra_args(false);
}

void add_sweep(CLI::App& root, Flags& flags) {
  SweepOptions& sweep = flags.sweep;
  CLI::App& app =
      add_varying(root, flags, "sweep", "Simulate a scenario at many points and list the results");
  add_list(app, "--matrix", sweep.matrix, "PATH=VALUES",
           "every combination of values: 2,4,8 or 10ms..50ms:10ms");
  add_list(app, "--zip", sweep.zip, "PATH=VALUES", "values that advance together");
  add_list(app, "--include", sweep.include, "PATH=VALUE;...", "add values to points that agree, or a point");
  add_list(app, "--exclude", sweep.exclude, "PATH=VALUE;...", "leave out the points that agree");
  add_list(app, "--metric", sweep.metrics, "METRIC", "a column of the result");
  add_keeping(app, flags);
  app.add_option("--max-points", sweep.max_points, "more points are an error (default 1000)")
      ->option_text("N")
      ->check(CLI::Range(1, 100'000));
  app.add_flag("--dry-run", sweep.dry_run, "show the points and run nothing");
}

void add_find(CLI::App& root, Flags& flags) {
  FindFlags& find = flags.find;
  CLI::App& app = add_varying(root, flags, "find",
                              "Find the smallest value of a path that meets the scenario's expectations");
  app.add_option("--path", find.path, "the value's dotted path")->option_text("PATH");
  app.add_option("--from", find.from, "smallest value")->option_text("VALUE");
  app.add_option("--to", find.to, "largest value")->option_text("VALUE");
  app.add_option("--step", find.step, "distance of neighbours (whole numbers: 1)")->option_text("VALUE");
  app.add_option("--max-replications", find.max_replications,
                 "where inconclusive values are given up (default: 8 times the replications)")
      ->option_text("N")
      ->check(CLI::Range(2, 100'000));
}

void add_sensitivity(CLI::App& root, Flags& flags) {
  CLI::App& app = add_varying(root, flags, "sensitivity",
                              "Rank the assumptions that are ranges by their effect on the results");
  add_list(app, "--metric", flags.sensitivity.metrics, "METRIC", "a metric to rank for");
  app.add_option("--assume-range", flags.sensitivity.assume_range,
                 "vary assumptions that have one value too, by +- this share of it")
      ->option_text("SHARE");
}

void add_compare(CLI::App& root, Flags& flags) {
  CLI::App& app = *root.add_subcommand("compare",
                                       "Simulate the variants of a scenario, or two scenarios, with the same "
                                       "random numbers and show what differs");
  app.add_option("scenario", flags.run.scenario, "the scenario whose variants are compared with its base")
      ->required()
      ->option_text("SCENARIO");
  app.add_option("other", flags.other, "a second scenario: compare it with the first, without variants")
      ->option_text("OTHER");
  app.add_option("--variants", flags.variants, "only these variants (default: all)")->option_text("NAME,...");
  app.add_option("--baseline", flags.compare.baseline,
                 "what the others are compared with (default: base, the scenario without variant)")
      ->option_text("NAME");
  add_storing(app, flags);
  add_simulating(app, kComparisonFormats, flags);
}

void add_merge(CLI::App& root, Flags& flags) {
  CLI::App& app = *root.add_subcommand("merge", "Make results of the parts that --shard ran");
  app.add_option("directories", flags.merge.directories, "where the parts are")
      ->required()
      ->option_text("DIR...");
  app.add_option("-o,--output", flags.directory, "write results.json and all replications there")
      ->required()
      ->option_text("DIR");
  add_choice(app, "--format", flags.run.format, kResultFormats, "what goes to stdout");
  app.add_flag("--json", flags.json, "same as --format json");
  app.add_flag("--allow-inconclusive", flags.run.allow_inconclusive,
               "exit 0 where expectations are inconclusive");
  add_colour(app, flags);
}

void add_others(CLI::App& root, Flags& flags) {
  CLI::App& validate = *root.add_subcommand("validate", "Check scenarios without running them");
  validate.add_option("files", flags.validate.files, "scenario files")->required()->option_text("FILE...");
  add_choice(validate, "--format", flags.validate.format, kDiagnosticFormats, "json: for editors");
  add_choosing(validate, flags);
  add_reading(validate, flags);
  CLI::App& explain = *root.add_subcommand("explain", "Say what a type, section, step, metric or code means");
  explain.add_option("subject", flags.subject, "such as Nephoscope::Station, latency.p99, E012")
      ->required()
      ->option_text("SUBJECT");
  add_colour(explain, flags);
  CLI::App& list = *root.add_subcommand("list", "List what can be named and explained");
  list.add_option("kind", flags.list_kind, "only one kind")
      ->option_text(fmt::format("{}", fmt::join(list_kinds(), "|")))
      ->check(CLI::IsMember(list_kinds()));
  add_colour(list, flags);
  root.add_subcommand("schema", "Print the JSON Schema (draft-07) of scenarios");
}

int usage_error(const std::string& message, const std::string& hint, const CLI::App& app) {
  fmt::print(stderr, "error: {}\n", message);
  if (!hint.empty()) fmt::print(stderr, "  {}\n", hint);
  const auto chosen = app.get_subcommands();
  fmt::print(stderr, "see: nephoscope {}--help\n", chosen.empty() ? "" : chosen.front()->get_name() + " ");
  return kExitInvalid;
}

// Words that no option or subcommand took: most likely one of them is misspelt.
int unknown_words(const CLI::App& app) {
  const auto words = app.remaining(true);
  const std::string word = words.empty() ? "" : words.front();
  const auto chosen = app.get_subcommands();
  const bool is_flag = word.starts_with('-');
  std::vector<std::string> names;
  if (is_flag)
    for (const CLI::App* part : chosen.empty() ? std::vector<const CLI::App*>{&app}
                                               : std::vector<const CLI::App*>{chosen.front(), &app})
      for (const CLI::Option* option : part->get_options())
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  else if (chosen.empty())
    for (const CLI::App* part : app.get_subcommands(nullptr)) names.push_back(part->get_name());
  const std::vector<std::string_view> candidates(names.begin(), names.end());
  const std::string given = word.substr(0, word.find('='));
  const std::string what = is_flag ? "flag" : chosen.empty() ? "subcommand" : "argument";
  return usage_error(fmt::format("unknown {} '{}'", what, given), did_you_mean(given, candidates), app);
}

// The changes that flags make to the scenario, in order. Nothing after a usage error.
std::optional<std::vector<PathValue>> overrides_of(const Flags& flags, const CLI::App& app) {
  std::vector<PathValue> overrides;
  for (const std::string& setting : flags.settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0) {
      usage_error(fmt::format("--set takes PATH=VALUE, not '{}'", setting), "for example: --set run.seed=7",
                  app);
      return std::nullopt;
    }
    overrides.push_back({setting.substr(0, equals), setting.substr(equals + 1)});
  }
  if (!flags.seed.empty()) overrides.push_back({"run.seed", flags.seed});
  if (!flags.replications.empty()) overrides.push_back({"run.replications", flags.replications});
  if (!flags.duration.empty()) overrides.push_back({"run.duration", flags.duration});
  return overrides;
}

// False after a usage error.
bool read_codes(const Flags& flags, ReadingOptions& reading, const CLI::App& app) {
  for (const std::string& text : flags.ignored) {
    const auto code = code_from_text(text);
    if (code && info(*code).severity == Severity::warning) {
      reading.ignored_warnings.push_back(*code);
      continue;
    }
    usage_error(code ? fmt::format("{} is an error and cannot be ignored", text)
                     : fmt::format("there is no warning '{}'", text),
                "see: nephoscope list codes", app);
    return false;
  }
  return true;
}

// False after a usage error.
bool read_shard(Flags& flags, const CLI::App& app) {
  if (flags.shard.empty()) return true;
  Shard& shard = flags.run.shard;
  char rest = 0;
  const bool plain = flags.shard.find_first_not_of("0123456789/") == std::string::npos;
  const bool read =
      plain && std::sscanf(flags.shard.c_str(), "%u/%u%c", &shard.index, &shard.count, &rest) == 2;
  if (!read || shard.index < 1 || shard.index > shard.count)
    usage_error(fmt::format("--shard takes I/N with 1 <= I <= N, not '{}'", flags.shard),
                "for example: --shard 2/4", app);
  else if (flags.directory.empty())
    usage_error("--shard needs a directory for what it finishes", "for example: -o part-2", app);
  else
    return true;
  return false;
}

int compare(Flags& flags, const CLI::App& app) {
  CompareOptions& options = flags.compare;
  options.run = flags.run;
  if (!flags.other.empty()) options.other = flags.other;
  std::istringstream names(flags.variants);
  for (std::string name; std::getline(names, name, ',');) options.variants.push_back(name);
  if (options.other && (!options.variants.empty() || options.baseline != "base"))
    return usage_error("two scenarios are compared without --variants and --baseline", "", app);
  return compare_command(options);
}

int simulate(const std::string& name, Flags& flags) {
  flags.sweep.run = flags.find.run = flags.sensitivity.run = flags.run;
  if (name == "sweep") return sweep_command(flags.sweep);
  if (name == "find") return find_command(flags.find);
  if (name == "sensitivity") return sensitivity_command(flags.sensitivity);
  return run_command(flags.run);
}

int dispatch(Flags& flags, const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) return fmt::print("{}", app.help()), finish_output(kExitInvalid);
  const std::string name = chosen.front()->get_name();
  if (name == "explain") return explain_command(flags.subject, flags.colour);
  if (name == "list") return list_command(flags.list_kind, flags.colour);
  if (name == "schema") return schema_command();
  ReadingOptions& reading = flags.run.reading;
  auto overrides = overrides_of(flags, app);
  if (!overrides || !read_codes(flags, reading, app)) return kExitInvalid;
  reading.load.overrides = std::move(*overrides);
  if (!flags.data_dir.empty()) reading.load.data_dir = flags.data_dir;
  reading.colour = flags.colour;
  if (name == "validate") {
    flags.validate.reading = reading;
    return validate_command(flags.validate);
  }
  if (!flags.directory.empty()) flags.run.directory = flags.directory;
  if (!flags.report.empty()) flags.run.report = flags.report;
  if (flags.json) flags.run.format = ResultFormat::json;
  flags.run.fork = !flags.no_fork;
  if (!read_shard(flags, app)) return kExitInvalid;
  if (name == "compare") return compare(flags, app);
  if (name == "merge") {
    flags.merge.run = flags.run;
    return merge_command(flags.merge);
  }
  return simulate(name, flags);
}

}  // namespace

int finish_output(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  fmt::print(stderr, "error: cannot write to standard output\n");
  return kExitInternal;
}

int run_command_line(int argc, char** argv) {
  Flags flags;
  CLI::App app("Simulates AWS architectures: availability, latency and cost, with error bars.", "nephoscope");
  app.set_version_flag("--version", "nephoscope " NEPHOSCOPE_VERSION);
  app.require_subcommand(0, 1);
  app.fallthrough();
  add_run(app, flags);
  add_compare(app, flags);
  add_merge(app, flags);
  add_sweep(app, flags);
  add_find(app, flags);
  add_sensitivity(app, flags);
  add_others(app, flags);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ExtrasError&) {
    return unknown_words(app);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success))
      return finish_output(app.exit(error));
    return usage_error(error.what(), "", app);
  }
  return dispatch(flags, app);
}

}  // namespace nephoscope
