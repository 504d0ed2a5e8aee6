// The subcommands, as functions of their parsed flags. Each returns the exit status.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "models/scenario.hpp"
#include "models/study/points.hpp"
#include "tools/nephoscope/terminal.hpp"

namespace nephoscope {

enum class ResultFormat { table, json, csv, markdown, junit };
enum class DiagnosticFormat { text, json };

// How a scenario is read, and how diagnostics of it are shown.
struct ReadingOptions {
  LoadOptions load;
  std::vector<Code> ignored_warnings;
  ColourChoice colour = ColourChoice::automatic;
};

struct RunOptions {
  std::string scenario;
  ReadingOptions reading;
  std::optional<std::string> directory;  // for results.json and for replications as they finish
  bool fresh = false;                    // not to use replications that are there
  Shard shard;                           // only this part, into the directory
  std::optional<std::string> report;     // an HTML file
  ResultFormat format = ResultFormat::table;
  unsigned workers = 0;
  bool fork = true;
  bool quiet = false;
  bool allow_inconclusive = false;
};
int run_command(const RunOptions& options);

struct CompareOptions {
  RunOptions run;                     // of run.scenario
  std::optional<std::string> other;   // a second scenario, against the first; then there are no variants
  std::vector<std::string> variants;  // empty: all
  std::string baseline = "base";
};
int compare_command(const CompareOptions& options);

struct MergeOptions {
  std::vector<std::string> directories;  // that shards were run into
  RunOptions run;                        // run.directory: where the whole goes
};
int merge_command(const MergeOptions& options);
// Of their `run`, these take the formats table, json and csv; only sweep a directory.
struct SweepOptions {
  RunOptions run;
  std::vector<std::string> matrix;   // PATH=VALUES, as the section `sweep` has them, or PATH=a,b,c
  std::vector<std::string> zip;      // likewise
  std::vector<std::string> include;  // PATH=VALUE;PATH=VALUE
  std::vector<std::string> exclude;
  std::vector<std::string> metrics;
  std::optional<std::int64_t> max_points;
  bool dry_run = false;
};
int sweep_command(const SweepOptions& options);

// What is given here stands instead of the section `find`.
struct FindFlags {
  RunOptions run;
  std::optional<std::string> path, from, to, step;
  std::optional<std::int64_t> max_replications;
};
int find_command(const FindFlags& options);

struct SensitivityOptions {
  RunOptions run;
  std::vector<std::string> metrics;
  std::optional<std::string> assume_range;  // "20%": varies assumptions that have one value, too
};
int sensitivity_command(const SensitivityOptions& options);

struct ValidateOptions {
  std::vector<std::string> files;
  ReadingOptions reading;
  DiagnosticFormat format = DiagnosticFormat::text;
};
int validate_command(const ValidateOptions& options);

// `subject`: a resource type, a section of scenarios, a step, a metric, or the code of a diagnostic.
int explain_command(const std::string& subject, ColourChoice colour);

// `kind`: one of list_kinds(), or empty for all.
int list_command(const std::string& kind, ColourChoice colour);
std::vector<std::string> list_kinds();

int schema_command();

// Flushes stdout; kExitInternal after a message if writing to it failed (a full disk), else `status`.
int finish_output(int status);

}  // namespace nephoscope
