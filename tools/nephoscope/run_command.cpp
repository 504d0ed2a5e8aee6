#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "models/study/atomic_file.hpp"
#include "models/study/results.hpp"
#include "models/study/study.hpp"
#include "tools/nephoscope/commands.hpp"
#include "tools/nephoscope/formats.hpp"
#include "tools/nephoscope/progress.hpp"
#include "tools/nephoscope/summary.hpp"

namespace nephoscope {
namespace {

int complain(int status, const std::string& message) {
  fmt::print(stderr, "error: {}\n", message);
  return status;
}

std::optional<Scenario> load(const RunOptions& options) {
  SourceSet sources;
  Diagnostics diagnostics;
  for (const Code code : options.reading.ignored_warnings) diagnostics.ignore(code);
  auto scenario = load_scenario(sources, options.scenario, options.reading.load, diagnostics);
  const bool colour = wants_colour(options.reading.colour, STDERR_FILENO);
  if (!scenario || !options.quiet) fmt::print(stderr, "{}", diagnostics.render(sources, {.colour = colour}));
  return scenario;
}

StudyResult simulate(const Scenario& scenario, const RunOptions& options) {
  Progress progress(stderr, progress_form(options.quiet, STDERR_FILENO));
  progress.update(0, static_cast<std::uint32_t>(scenario.document.run.replications));
  StudyOptions study;
  study.workers = options.workers;
  study.fork = options.fork;
  study.progress = [&](std::uint32_t finished, std::uint32_t total) { progress.update(finished, total); };
  study.trouble = [&](const std::string& message) {
    progress.clear();
    fmt::print(stderr, "error: {}\n", message);
  };
  return run_study(scenario, options.reading.load, study);
}

std::string formatted(const StudyResult& result, const RunOptions& options, const std::string& results_path) {
  switch (options.format) {
    case ResultFormat::json:
      return results_json(result, NEPHOSCOPE_VERSION);
    case ResultFormat::csv:
      return results_csv(result);
    case ResultFormat::markdown:
      return results_markdown(result, NEPHOSCOPE_VERSION);
    case ResultFormat::junit:
      return results_junit(result);
    case ResultFormat::table:
      break;
  }
  return summary(result, {.version = NEPHOSCOPE_VERSION,
                          .colour = wants_colour(options.reading.colour, STDOUT_FILENO),
                          .results_path = results_path});
}

}  // namespace

int run_command(const RunOptions& options) {
  const auto scenario = load(options);
  if (!scenario) return kExitInvalid;
  if (options.directory)
    if (const auto problem = make_writable_directory(*options.directory))
      return complain(kExitInvalid, *problem);
  const StudyResult result = simulate(*scenario, options);
  if (result.status == StudyStatus::failed)
    return complain(kExitInternal, "the run failed; there are no results");
  if (result.replications == 0)
    return complain(kExitInterrupted, "interrupted before any replication had finished");
  std::string path;
  if (options.directory) {
    path = (std::filesystem::path(*options.directory) / "results.json").string();
    if (const auto problem = write_atomically(path, results_json(result, NEPHOSCOPE_VERSION)))
      return complain(kExitInternal, *problem);
  }
  fmt::print("{}", formatted(result, options, path));
  if (!result.audits_ok()) complain(kExitInternal, "an audit failed: the results contradict themselves");
  return finish_output(exit_status(result, options.allow_inconclusive));
}

}  // namespace nephoscope
