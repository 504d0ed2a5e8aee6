// A study's results in formats for other tools: Markdown for pull requests, JUnit for build servers.
#pragma once

#include <string>
#include <string_view>

#include "models/study/study_result.hpp"

namespace nephoscope {

// User text as a cell of a Markdown table.
std::string markdown_cell(std::string_view text);

std::string results_markdown(const StudyResult& result, std::string_view version);

// One test case an expectation: failures for `fail` and `no_data`, skipped for `inconclusive`; one more for
// the audits.
std::string results_junit(const StudyResult& result);

}  // namespace nephoscope
