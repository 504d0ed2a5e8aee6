// The subcommands, as functions of their parsed flags. Each returns the exit status.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/scenario.hpp"
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
  std::optional<std::string> directory;  // for results.json
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
