#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/nephoscope/numbers.hpp"
#include "tools/report/sections.hpp"
#include "tools/report/svg.hpp"

namespace nephoscope::report {
namespace {

bool has_findings(const StudyResult& study) {
  return !study.pooled.findings.empty() || !study.pooled.heat_maps.empty();
}

void write_sentences(Html& html, const StudyResult& study) {
  std::vector<Finding> findings = study.pooled.findings;
  std::stable_sort(findings.begin(), findings.end(),
                   [](const Finding& a, const Finding& b) { return a.share > b.share; });
  html.open("ul");
  for (const Finding& finding : findings) {
    html.open("li").element("b", finding.resource + ": ").text(finding.text);
    if (!finding.remedy.empty()) html.element("div", "→ " + finding.remedy, {{"class", "dim"}});
    html.close();
  }
  html.close();
}

double highest(const HeatMap& map) {
  double most = 0;
  for (const auto& row : map.values)
    for (const double value : row)
      if (std::isfinite(value)) most = std::max(most, value);
  return most;
}

// What the darkest colour stands for, in all variants: the highest value of any.
double full_of(const Comparison& comparison, const std::string& name) {
  double most = 0;
  for (const StudyResult& study : comparison.studies)
    for (const HeatMap& map : study.pooled.heat_maps)
      if (map.name == name) most = std::max(most, highest(map));
  return most > 0 ? most : 1;
}

void write_scale(Html& html, MetricKind kind, double full) {
  html.open("div", {{"class", "legend"}}).open("span").text("0 ");
  html.open("svg", {{"width", "108"}, {"height", "10"}, {"aria-hidden", "true"}});
  for (std::size_t i = 0; i < kHeatClasses; ++i)
    html.leaf("rect", {{"class", fmt::format("h{}", i)},
                       {"x", std::to_string(i * 12)},
                       {"y", "0"},
                       {"width", "12"},
                       {"height", "10"}});
  html.close().text(" " + show_value(kind, full)).close().close();
}

void write_heat_map(Html& html, const StudyResult& study, const HeatMap& map, double full) {
  const MetricKind kind = kind_of(map.name, map.unit);
  HeatChart chart{.title = fmt::format("{}: {}", study.point, map.title),
                  .description = fmt::format("Highest: {}.", show_value(kind, highest(map))),
                  .step = to_seconds(map.step),
                  .full = full,
                  .rows = map.rows,
                  .values = map.values};
  html.open("div").element("h4", map.title);
  write_scale(html, kind, chart.full);
  write_chart(html, chart);
  html.close();
}

}  // namespace

bool has_findings(const Comparison& comparison) {
  return std::any_of(comparison.studies.begin(), comparison.studies.end(),
                     [](const StudyResult& study) { return has_findings(study); });
}

void write_findings(Html& html, const Comparison& comparison) {
  if (!has_findings(comparison)) return;
  open_section(html, "why", "Why");
  html.element("p", "What the models themselves say, of the first replication.", {{"class", "dim"}});
  for (const StudyResult& study : comparison.studies) {
    if (!has_findings(study)) continue;
    if (comparison.studies.size() > 1) html.element("h3", study.point);
    write_sentences(html, study);
    html.open("div", {{"class", "charts"}});
    for (const HeatMap& map : study.pooled.heat_maps)
      write_heat_map(html, study, map, full_of(comparison, map.name));
    html.close();
  }
  html.close();
}

}  // namespace nephoscope::report
