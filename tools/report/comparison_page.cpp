#include "tools/report/comparison_page.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/config/units.hpp"
#include "tools/nephoscope/comparison_cells.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/summary.hpp"
#include "tools/report/answer.hpp"
#include "tools/report/sections.hpp"
#include "tools/report/style.hpp"

namespace nephoscope {
namespace {

void write_head(Html& html, const std::string& name) {
  html.open("head").leaf("meta", {{"charset", "utf-8"}});
  html.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  html.leaf("meta", {{"http-equiv", "Content-Security-Policy"},
                     {"content", "default-src 'none'; style-src 'unsafe-inline'"}});
  html.element("title", name + " - Nephoscope");
  html.open("style").verbatim(page_style()).close();
  html.close();
}

// What the studies have, each once.
template <class Text>
std::vector<std::string> distinct(const Comparison& comparison, Text text) {
  std::vector<std::string> texts;
  for (const StudyResult& study : comparison.studies)
    if (std::find(texts.begin(), texts.end(), text(study)) == texts.end()) texts.push_back(text(study));
  return texts;
}

std::string name_of(const Comparison& comparison) {
  return enumerated(distinct(comparison, [](const StudyResult& study) { return study.name; }));
}

std::string file_of(const StudyResult& study) {
  return fmt::format("{}, {}", study.path, study.sha256.substr(0, 12));
}

std::string changes_of(const StudyResult& study) {
  std::vector<std::string> changes = study.overrides;
  if (study.without) changes.insert(changes.begin(), "without:");
  return fmt::format("{}", fmt::join(changes, ", "));
}

void write_fact(Html& html, std::string_view name, const std::string& value) {
  if (!value.empty()) html.open("div").element("dt", name).element("dd", value).close();
}

std::string replications_of(const StudyResult& study) {
  return study.partial() ? fmt::format("{} of {}", study.replications, study.requested)
                         : std::to_string(study.replications);
}

std::string expectations_of(const Comparison& comparison) {
  const std::vector<StudyResult>& studies = comparison.studies;
  const auto met = std::count_if(studies.begin(), studies.end(),
                                 [](const StudyResult& each) { return exit_status(each, false) == kExitOk; });
  return studies.size() == 1 ? held_text(studies.front())
                             : fmt::format("{} of {} variants meet theirs", met, studies.size());
}

void write_facts(Html& html, const Comparison& comparison, std::string_view version) {
  const StudyResult& baseline = comparison.baseline();
  html.open("dl", {{"class", "facts"}});
  write_fact(html, "expectations", expectations_of(comparison));
  write_fact(html, "scenario", enumerated(distinct(comparison, file_of)));
  write_fact(html, "changed", changes_of(baseline));
  write_fact(html, "simulated",
             fmt::format("{}, the first {} not measured", show(baseline.duration), show(baseline.warmup)));
  write_fact(html, "seed", std::to_string(baseline.seed));
  write_fact(html, "replications", replications_of(baseline));
  write_fact(html, "assumptions in force", std::to_string(baseline.assumptions.size()));
  write_fact(html, "prices", baseline.price_book);
  write_fact(html, "nephoscope", std::string(version));
  html.close();
}

// What makes the page's figures doubtful.
void write_warnings(Html& html, const Comparison& comparison) {
  for (const StudyResult& study : comparison.studies) {
    if (study.partial())
      html.element("p",
                   fmt::format("{}: interrupted after {} replications; results are partial.", study.point,
                               replications_of(study)),
                   {{"class", "warning"}});
    for (const StudyAudit& audit : study.audits)
      if (!audit.line.ok)
        html.element("p",
                     fmt::format("{}: the audit \"{}\" failed: the results contradict themselves.",
                                 study.point, audit.line.name),
                     {{"class", "warning"}});
  }
}

void write_links(Html& html, const Comparison& comparison) {
  html.open("nav", {{"aria-label", "Sections"}});
  const auto link = [&](const std::string& id, std::string_view text) {
    html.element("a", text, {{"href", "#" + id}});
  };
  link("figures", "Figures");
  if (!comparison.front.empty() && comparison.studies.size() > 1) link("front", "Cost and availability");
  if (report::has_findings(comparison)) link("why", "Why");
  link("time", "Over time");
  link("expectations", "Expectations");
  link("events", "Events");
  link("bills", "Bills");
  link("assumptions", "Assumptions");
  link("audits", "Audits");
  html.close();
}

void write_rankings(Html& html, const Comparison& comparison) {
  if (comparison.studies.size() < 2) return;
  const std::vector<HeadlineMetric> metrics = headline_metrics(comparison.baseline());
  html.open("ul");
  for (const MetricRanking& ranking : comparison.rankings)
    html.element("li", fmt::format("Best {} first: {}", label_of(ranking.metric.key, metrics),
                                   ranking_text(comparison, ranking)));
  html.close();
}

void write_body(Html& html, const Comparison& comparison, std::string_view version) {
  html.open("body").open("header").element("h1", name_of(comparison));
  for (const std::string& text :
       distinct(comparison, [](const StudyResult& study) { return study.description; }))
    if (!text.empty()) html.element("p", text);
  html.element("p", answer_of(comparison), {{"class", "answer"}});
  write_warnings(html, comparison);
  write_facts(html, comparison, version);
  write_links(html, comparison);
  html.close().open("main");
  report::open_section(html, "figures", "Figures");
  report::write_headline_table(html, comparison);
  write_rankings(html, comparison);
  report::write_forest_plots(html, comparison);
  html.close();
  report::write_front(html, comparison);
  report::write_findings(html, comparison);
  report::write_series(html, comparison);
  report::write_expectations(html, comparison);
  report::write_events(html, comparison);
  report::write_bills(html, comparison);
  report::write_assumptions(html, comparison);
  report::write_audits(html, comparison);
  html.close();
  html.open("footer").element("small",
                              "Intervals are simulation error with 95 % confidence, given the assumptions; "
                              "they do not say how well the model fits a real system.");
  html.close().close();
}

}  // namespace

std::string comparison_page(const Comparison& comparison, std::string_view version) {
  Html html;
  html.verbatim("<!DOCTYPE html>\n").open("html", {{"lang", "en"}});
  write_head(html, name_of(comparison));
  write_body(html, comparison, version);
  html.close();
  return std::move(html).take();
}

}  // namespace nephoscope
