#include "tools/nephoscope/simulating.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "models/study/atomic_file.hpp"
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

}  // namespace

int complain(int status, const std::string& message) {
  fmt::print(stderr, "error: {}\n", message);
  return status;
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

std::vector<StudyResult> simulate(std::span<const Point> points, std::span<const Scenario> scenarios,
                                  const RunOptions& options) {
  Progress progress(stderr, progress_form(options.quiet, STDERR_FILENO));
  StudyOptions study;
  study.workers = options.workers;
  study.fork = options.fork;
  study.progress = [&](std::uint32_t finished, std::uint32_t total) { progress.update(finished, total); };
  study.trouble = [&](const std::string& message) {
    progress.clear();
    fmt::print(stderr, "error: {}\n", message);
  };
  return run_points(points, scenarios, study);
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

std::optional<std::string> write_results(const RunOptions& options, const std::string& json) {
  if (!options.directory) return "";
  const std::string path = (std::filesystem::path(*options.directory) / "results.json").string();
  if (const auto problem = write_atomically(path, json))
    return complain(kExitInternal, *problem), std::nullopt;
  return path;
}

bool write_report(const RunOptions& options, const Comparison& comparison) {
  if (!options.report) return true;
  const auto problem = write_atomically(*options.report, comparison_page(comparison, NEPHOSCOPE_VERSION));
  if (problem) complain(kExitInternal, *problem);
  return !problem;
}

}  // namespace nephoscope
