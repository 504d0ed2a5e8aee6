// The sections of a comparison's page, in the order in which it shows them.
#pragma once

#include <string>
#include <string_view>

#include "models/study/comparison.hpp"
#include "tools/report/html.hpp"

namespace nephoscope::report {

// A section with a heading that links can name; close() ends it.
void open_section(Html& html, std::string_view id, std::string_view heading);

// Variants x headline metrics: value, interval, difference from the baseline.
void write_headline_table(Html& html, const Comparison& comparison);
// For each headline metric, values and differences with their intervals; nothing of one study by itself.
void write_forest_plots(Html& html, const Comparison& comparison);
// Cost against unavailability; nothing if either is missing, or of one study by itself.
void write_front(Html& html, const Comparison& comparison);
// What models found, and heat maps; nothing if there is neither.
void write_findings(Html& html, const Comparison& comparison);
bool has_findings(const Comparison& comparison);
// Availability, latency and instances over time, a small chart for each variant.
void write_series(Html& html, const Comparison& comparison);
void write_expectations(Html& html, const Comparison& comparison);
// The control plane's log of the first replication, folded, for each variant.
void write_events(Html& html, const Comparison& comparison);
void write_bills(Html& html, const Comparison& comparison);
void write_assumptions(Html& html, const Comparison& comparison);
void write_audits(Html& html, const Comparison& comparison);

}  // namespace nephoscope::report
