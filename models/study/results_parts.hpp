// What results of one study and of comparisons have in common, as JSON and CSV. Include <nlohmann/json.hpp>
// to use it.
#pragma once

#include <string>
#include <string_view>

#include "engine/config/json_schema.hpp"
#include "models/study/study_result.hpp"

namespace nephoscope::results {

// Null for what is not finite.
Json number(double value);
// [low, high], or null without bounds.
Json interval(const Interval& interval);

// format_version, scenario, version, seed and the like.
Json header(const StudyResult& result, std::string_view version);
// Adds everything that was found, from `summary` to `audits`.
void add_findings(const StudyResult& result, Json& out);

// "resources.web.CPUUtilization", as expectations name metrics; a window's "windows."10m..20m".availability".
std::string metric_path(const MetricKey& key);

// Pieces of a file in which each member or item down to `depth` has a line, the rest of it in that line:
// readable, and a thousand numbers of a series are one line.
void write(const Json& value, int depth, int indent, std::string& text);
// A whole file; members named `deep` are written two levels deeper.
std::string file_text(const Json& value, std::string_view deep = "");

std::string csv_header();
// The text as a cell, quoted where needed; empty for a number that is not finite.
std::string cell(std::string_view text);
std::string cell(double value);
// Two cells; empty without bounds.
std::string cells(const Interval& interval);
// All rows of one study. `run`: of the whole.
void add_rows(const StudyResult& result, const std::string& run, std::string& text);
// Three cells: component, metric and window.
std::string metric_cells(const MetricKey& key);

}  // namespace nephoscope::results
