// What the commands that simulate share: reading scenarios, running them with progress, keeping replications.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "models/study/comparison.hpp"
#include "models/study/identity.hpp"
#include "models/study/points.hpp"
#include "tools/nephoscope/commands.hpp"

namespace nephoscope {

// Prints an error and returns `status`.
int complain(int status, const std::string& message);
// The same for what cannot be run as it was asked for, with a hint if there is one.
int usage_error(const std::string& message, const std::string& hint);

// What there is to read: a point, and the file that it is a variant of.
struct PointSource {
  std::string path;
  Point point;
};
// Reads the scenarios of all points, the first one's diagnostics first; of the others only those that are
// new. Warnings are shown unless quiet. Nothing after an error.
std::optional<std::vector<Scenario>> read_points(const std::vector<PointSource>& sources,
                                                 const RunOptions& options);

// A study that is ready to run. REQUIRES: scenarios are paired.
struct ReadyStudy {
  std::string command;  // "run", "compare": how its results are shown
  std::vector<Point> points;
  std::vector<Scenario> scenarios;

  // With this program's version.
  StudyIdentity identity(const Shard& shard = {}) const;
};

// What came of a study: its results, or none and an exit status, whose reason was told.
struct RanStudy {
  int status = 0;
  std::vector<StudyResult> results;
};
// Runs the study, or options.shard of it, with progress on stderr. With a directory, replications are kept
// there as they finish, and those that are there are not run again.
RanStudy run_ready(const ReadyStudy& study, const RunOptions& options);
// The same, and shows and writes the results. Returns the exit status.
int run_and_show(const ReadyStudy& study, const RunOptions& options);

// The file in a directory that holds a study's finished replications, or those of a part of it.
std::filesystem::path store_path(const std::string& directory, const Shard& shard = {});

// How results of each command are shown, once results.json has been written to `path` ("": it was not).
std::string show_run(const StudyResult& result, const RunOptions& options, const std::string& path);
std::string show_comparison(const Comparison& comparison, const RunOptions& options, const std::string& path);

// Makes the folders of what is to be written, so that a long run does not end with nowhere to write to. What
// went wrong, if anything.
std::optional<std::string> prepare_output(const RunOptions& options);

// Writes the HTML page, if one is asked for. False after an error, which was shown.
bool write_report(const RunOptions& options, const Comparison& comparison);

}  // namespace nephoscope
