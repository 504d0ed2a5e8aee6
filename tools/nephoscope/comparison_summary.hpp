// A comparison on one screen, and as Markdown.
#pragma once

#include <string>
#include <string_view>

#include "models/study/comparison.hpp"
#include "tools/nephoscope/summary.hpp"

namespace nephoscope {

// The widest line of comparison_summary(), and the most lines.
inline constexpr std::size_t kComparisonWidth = 112;
inline constexpr std::size_t kComparisonLines = 40;

// A row for each study: its expectations and headline metrics with intervals; for a variant also the
// differences from the baseline. Then rankings, the front of cost against availability, failed expectations.
// Metrics and variants that do not fit are counted. Ends in a newline.
std::string comparison_summary(const Comparison& comparison, const SummaryOptions& options);

std::string comparison_markdown(const Comparison& comparison, std::string_view version);

}  // namespace nephoscope
