#include <fmt/format.h>
#include <unistd.h>

#include "models/study/results.hpp"
#include "tools/nephoscope/commands.hpp"
#include "tools/nephoscope/formats.hpp"
#include "tools/nephoscope/simulating.hpp"
#include "tools/nephoscope/summary.hpp"

namespace nephoscope {
namespace {

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
                          .results_path = results_path,
                          .report_path = options.report.value_or("")});
}

// A comparison with nothing, which pages show as they show others.
Comparison alone(StudyResult result) {
  result.point = result.variant.empty() ? "base" : result.variant;
  return compare_studies({std::move(result)});
}

}  // namespace

int run_command(const RunOptions& options) {
  const Point point = {.name = "", .load = options.reading.load};
  const auto scenarios = read_points({{options.scenario, point}}, options);
  if (!scenarios) return kExitInvalid;
  if (const auto problem = prepare_output(options)) return complain(kExitInvalid, *problem);
  const StudyResult result = simulate({&point, 1}, *scenarios, options).front();
  if (result.status == StudyStatus::failed)
    return complain(kExitInternal, "the run failed; there are no results");
  if (result.replications == 0)
    return complain(kExitInterrupted, "interrupted before any replication had finished");
  const auto path = write_results(options, results_json(result, NEPHOSCOPE_VERSION));
  if (!path || !write_report(options, alone(result))) return kExitInternal;
  fmt::print("{}", formatted(result, options, *path));
  if (!result.audits_ok()) complain(kExitInternal, "an audit failed: the results contradict themselves");
  return finish_output(exit_status(result, options.allow_inconclusive));
}

}  // namespace nephoscope
