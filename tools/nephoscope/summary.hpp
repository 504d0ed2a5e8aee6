// A study's results on one screen.
#pragma once

#include <string>
#include <string_view>

#include "models/study/study_result.hpp"
#include "tools/nephoscope/terminal.hpp"

namespace nephoscope {

struct SummaryOptions {
  std::string_view version = {};
  bool colour = false;
  std::string results_path = {};  // empty if no file was written
  std::string report_path = {};   // likewise
};

// The most lines that summary() makes, whatever the scenario's size; what does not fit is counted.
inline constexpr std::size_t kSummaryLines = 46;

// Verdict and expectations; headline figures with intervals; why calls failed; what models found; resources;
// the bill; audits; where the results come from. Ends in a newline.
std::string summary(const StudyResult& result, const SummaryOptions& options);

// Where the files are: ", results in results/results.json, report in shop.html".
std::string files_text(const SummaryOptions& options);

// What the whole run came to: "pass", "fail", "inconclusive", "interrupted", "audit failed".
std::string_view overall_verdict(const StudyResult& result);

// What intervals stand for: simulation error alone, or also the ranges that assumptions are drawn from.
std::string meaning_of_intervals(const StudyResult& result);

// A headline metric's row in tables of every format.
struct Headline {
  std::string_view label;  // "latency p99"
  std::string_view metric;
};
std::span<const Headline> headlines();

// Why calls failed, worst first: "orders: ThrottlingException".
struct RankedCause {
  std::string text;
  std::uint64_t count = 0;
  bool final = false;
};
std::vector<RankedCause> ranked_causes(const Report& report);

}  // namespace nephoscope
