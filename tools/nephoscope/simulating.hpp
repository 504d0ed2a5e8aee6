// What the commands that simulate share: reading scenarios, running them with progress, exit messages.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/study/comparison.hpp"
#include "models/study/points.hpp"
#include "tools/nephoscope/commands.hpp"

namespace nephoscope {

// Prints an error and returns `status`.
int complain(int status, const std::string& message);

// What there is to read: a point, and the file that it is a variant of.
struct PointSource {
  std::string path;
  Point point;
};
// Reads the scenarios of all points, the first one's diagnostics first; of the others only those that are
// new. Warnings are shown unless quiet. Nothing after an error.
std::optional<std::vector<Scenario>> read_points(const std::vector<PointSource>& sources,
                                                 const RunOptions& options);

// Runs the points with progress on stderr.
std::vector<StudyResult> simulate(std::span<const Point> points, std::span<const Scenario> scenarios,
                                  const RunOptions& options);

// Makes the folders of what is to be written, so that a long run does not end with nowhere to write to. What
// went wrong, if anything.
std::optional<std::string> prepare_output(const RunOptions& options);

// Writes results.json into the directory, if there is one; the path, or "" without a directory. Nothing after
// an error, which was shown.
std::optional<std::string> write_results(const RunOptions& options, const std::string& json);

// Writes the HTML page, if one is asked for. False after an error, which was shown.
bool write_report(const RunOptions& options, const Comparison& comparison);

}  // namespace nephoscope
