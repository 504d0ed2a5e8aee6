// What the commands share that run a scenario several times with changes: sweep, find, sensitivity.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "models/study/study_result.hpp"
#include "tools/nephoscope/commands.hpp"

namespace nephoscope {

// The scenario with changes after those of the command line.
struct Variation {
  std::string name;  // for messages; empty for the scenario as it is
  std::vector<PathValue> changes;
};

// Reads it and shows diagnostics, under its name. Warnings are shown of an unnamed one only, unless quiet.
// Nothing after an error.
std::optional<Scenario> read_variation(const RunOptions& options, const Variation& variation);

// The same without a word: whether it is valid.
bool is_valid(const RunOptions& options, const Variation& variation);

// The metrics that the result is to show (see choose_metrics); nothing after an error, which was shown.
std::optional<std::vector<MetricKey>> shown_metrics(const RunOptions& options, const Scenario& scenario,
                                                    const std::vector<std::string>& names);

// `status` is an exit status; unless it is kExitOk it was told why, and `results` lacks variations.
struct VariationResults {
  int status = 0;
  std::vector<StudyResult> results;
};
// Runs all as one study (see run_ready), with the first one's seed and number of replications.
VariationResults run_variations(const RunOptions& options, std::span<const Variation> variations);

// All expectations together: fail if one fails or has no data, else inconclusive if one is, else pass.
Verdict verdict_of(const StudyResult& result);

// "99.9%  [99.8%, 100%]"; "n/a" without a value.
std::string show_metric(const StudyResult& result, const MetricKey& key);

// format_version, scenario, version, seed, and how often each variation ran.
Json results_header(const StudyResult& result);
// {"METRIC": {"mean", "ci95", "unit"}} of these metrics.
Json metrics_json(const StudyResult& result, std::span<const MetricKey> metrics);
Json number_json(double value);
Json interval_json(double low, double high);
// Indented, with what is no UTF-8 replaced.
std::string json_text(const Json& value);
// A cell of a CSV file.
std::string csv_cell(std::string_view text);
std::string csv_cell(double value);

}  // namespace nephoscope
