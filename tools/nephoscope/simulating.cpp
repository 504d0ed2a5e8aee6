#include "tools/nephoscope/simulating.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "models/study/atomic_file.hpp"
#include "models/study/comparison_results.hpp"
#include "models/study/results.hpp"
#include "tools/nephoscope/progress.hpp"
#include "tools/nephoscope/terminal.hpp"
#include "tools/report/comparison_page.hpp"

namespace nephoscope {
namespace {

// Those of `found` that are not among `seen`, which then has them too.
Diagnostics news(const Diagnostics& found, std::vector<Diagnostic>& seen) {
  Diagnostics fresh;
  for (const Diagnostic& each : found.sorted()) {
    if (std::find(seen.begin(), seen.end(), each) != seen.end()) continue;
    fresh.add(each);
    seen.push_back(each);
  }
  return fresh;
}

std::optional<Scenario> read(const PointSource& source, const RunOptions& options,
                             std::vector<Diagnostic>& seen) {
  SourceSet sources;
  Diagnostics diagnostics;
  for (const Code code : options.reading.ignored_warnings) diagnostics.ignore(code);
  auto scenario = load_scenario(sources, source.path, source.point.load, diagnostics);
  const Diagnostics fresh = news(diagnostics, seen);
  if ((scenario && options.quiet) || fresh.empty()) return scenario;
  if (!source.point.load.variant.empty()) fmt::print(stderr, "in variant {}:\n", source.point.load.variant);
  const bool colour = wants_colour(options.reading.colour, STDERR_FILENO);
  fmt::print(stderr, "{}", fresh.render(sources, {.colour = colour}));
  return scenario;
}

// Tells builds apart: a rebuilt program must not go on with what another one left.
std::string this_program() {
  struct stat file {};
  if (::stat("/proc/self/exe", &file) != 0) return "";
  return fmt::format("{} {}.{:09}", file.st_size, file.st_mtim.tv_sec, file.st_mtim.tv_nsec);
}

// Opens the study's store; says what was found there. Returns what went wrong.
std::optional<std::string> open_store(const ReadyStudy& study, const RunOptions& options,
                                      ReplicationStore& store) {
  const std::filesystem::path path = store_path(*options.directory, options.shard);
  if (const auto problem = store.open(path, study.identity(options.shard).text(), options.fresh))
    return problem;
  if (!options.quiet && store.size() > 0)
    fmt::print(stderr, "{} replications are taken from {}\n", store.size(), path.string());
  if (!options.quiet && store.dropped())
    fmt::print(stderr, "{} was of another scenario or program: starting afresh\n", path.string());
  return std::nullopt;
}

StudyOptions study_options(const RunOptions& options, ReplicationStore* store, Progress& progress) {
  StudyOptions study;
  study.workers = options.workers;
  study.fork = options.fork;
  study.store = store;
  study.progress = [&](std::uint32_t finished, std::uint32_t total) { progress.update(finished, total); };
  study.trouble = [&](const std::string& message) {
    progress.clear();
    fmt::print(stderr, "error: {}\n", message);
  };
  return study;
}

// Runs one part, which has no results of its own.
int run_part(const ReadyStudy& study, const RunOptions& options, const StudyOptions& how) {
  if (!study.scenarios.front().document.run.precision.empty())
    return complain(kExitInvalid,
                    "a part cannot judge the precision of the whole: fix the number with "
                    "--set run.precision={} --replications N");
  const StudyStatus status = run_shard(study.points, study.scenarios, how, options.shard);
  if (status == StudyStatus::failed) return complain(kExitInternal, "the part failed");
  if (status == StudyStatus::interrupted)
    return complain(kExitInterrupted, "interrupted; the same command goes on");
  fmt::print(
      "part {} of {} is complete: {} replications in {}\nwhen all are: nephoscope merge DIR... -o OUT\n",
      options.shard.index, options.shard.count, how.store->size(),
      store_path(*options.directory, options.shard).string());
  return finish_output(kExitOk);
}

// The exit status where nothing came of the study.
std::optional<int> nothing_to_show(const std::vector<StudyResult>& results) {
  if (results.front().status == StudyStatus::failed)
    return complain(kExitInternal, "the run failed; there are no results");
  for (const StudyResult& result : results)
    if (result.replications == 0)
      return complain(kExitInterrupted, "interrupted before any replication had finished");
  return std::nullopt;
}

// The path; "" without a directory. Nothing after an error, which was shown.
std::optional<std::string> write_results(const RunOptions& options, const std::string& json) {
  if (!options.directory) return "";
  const std::string path = (std::filesystem::path(*options.directory) / "results.json").string();
  if (const auto problem = write_atomically(path, json))
    return complain(kExitInternal, *problem), std::nullopt;
  return path;
}

int show(const ReadyStudy& study, std::vector<StudyResult> results, const RunOptions& options) {
  const bool audits_ok =
      std::all_of(results.begin(), results.end(), [](const auto& each) { return each.audits_ok(); });
  const bool single = study.command == "run";
  Comparison comparison = compare_studies(std::move(results));
  const StudyResult& first = comparison.baseline();
  const auto path = write_results(options, single ? results_json(first, NEPHOSCOPE_VERSION)
                                                  : results_json(comparison, NEPHOSCOPE_VERSION));
  if (!path) return kExitInternal;
  const std::string text =
      single ? show_run(first, options, *path) : show_comparison(comparison, options, *path);
  // On a page a study has a name, even if it is the only one.
  if (single) comparison.studies.front().point = first.variant.empty() ? "base" : first.variant;
  if (!write_report(options, comparison)) return kExitInternal;
  fmt::print("{}", text);
  if (!audits_ok) complain(kExitInternal, "an audit failed: the results contradict themselves");
  return finish_output(exit_status(comparison, options.allow_inconclusive));
}

}  // namespace

int complain(int status, const std::string& message) {
  fmt::print(stderr, "error: {}\n", message);
  return status;
}

int usage_error(const std::string& message, const std::string& hint) {
  complain(kExitInvalid, message);
  if (!hint.empty()) fmt::print(stderr, "  {}\n", hint);
  return kExitInvalid;
}

std::optional<std::vector<Scenario>> read_points(const std::vector<PointSource>& sources,
                                                 const RunOptions& options) {
  std::vector<Scenario> scenarios;
  std::vector<Diagnostic> seen;
  for (const PointSource& source : sources) {
    auto scenario = read(source, options, seen);
    if (!scenario) return std::nullopt;
    scenarios.push_back(std::move(*scenario));
  }
  return scenarios;
}

StudyIdentity ReadyStudy::identity(const Shard& shard) const {
  StudyIdentity identity = identity_of(command, points, scenarios);
  identity.version = NEPHOSCOPE_VERSION;
  identity.program = this_program();
  identity.shard = shard;
  return identity;
}

std::filesystem::path store_path(const std::string& directory, const Shard& shard) {
  const std::string part = shard.whole() ? "" : fmt::format("-{}of{}", shard.index, shard.count);
  return std::filesystem::path(directory) / fmt::format("replications{}.store", part);
}

RanStudy run_ready(const ReadyStudy& study, const RunOptions& options) {
  ReplicationStore store;
  if (const auto problem = prepare_output(options)) return {complain(kExitInvalid, *problem), {}};
  if (options.directory)
    if (const auto problem = open_store(study, options, store)) return {complain(kExitInvalid, *problem), {}};
  Progress progress(stderr, progress_form(options.quiet, STDERR_FILENO));
  const StudyOptions how = study_options(options, options.directory ? &store : nullptr, progress);
  if (!options.shard.whole()) return {run_part(study, options, how), {}};
  std::vector<StudyResult> results = run_points(study.points, study.scenarios, how);
  progress.clear();
  if (const auto status = nothing_to_show(results)) return {*status, {}};
  return {kExitOk, std::move(results)};
}

int run_and_show(const ReadyStudy& study, const RunOptions& options) {
  RanStudy ran = run_ready(study, options);
  return ran.results.empty() ? ran.status : show(study, std::move(ran.results), options);
}

std::optional<std::string> prepare_output(const RunOptions& options) {
  if (options.directory)
    if (auto problem = make_writable_directory(*options.directory)) return problem;
  if (!options.report) return std::nullopt;
  const std::filesystem::path file = *options.report;
  if (std::filesystem::is_directory(file))
    return fmt::format("--report needs a file, and {} is a folder", file.string());
  return make_writable_directory(file.has_parent_path() ? file.parent_path() : ".");
}

bool write_report(const RunOptions& options, const Comparison& comparison) {
  if (!options.report) return true;
  const auto problem = write_atomically(*options.report, comparison_page(comparison, NEPHOSCOPE_VERSION));
  if (problem) complain(kExitInternal, *problem);
  return !problem;
}

}  // namespace nephoscope
