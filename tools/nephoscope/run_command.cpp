#include <unistd.h>

#include "models/study/results.hpp"
#include "tools/nephoscope/commands.hpp"
#include "tools/nephoscope/formats.hpp"
#include "tools/nephoscope/simulating.hpp"
#include "tools/nephoscope/summary.hpp"

namespace nephoscope {

std::string show_run(const StudyResult& result, const RunOptions& options, const std::string& path) {
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
                          .results_path = path,
                          .report_path = options.report.value_or("")});
}

int run_command(const RunOptions& options) {
  const Point point = {.name = "", .load = options.reading.load};
  auto scenarios = read_points({{options.scenario, point}}, options);
  if (!scenarios) return kExitInvalid;
  return run_and_show({.command = "run", .points = {point}, .scenarios = std::move(*scenarios)}, options);
}

}  // namespace nephoscope
