#include <fmt/format.h>

#include "tools/nephoscope/comparison_cells.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/report/sections.hpp"
#include "tools/report/tables.hpp"

namespace nephoscope::report {
namespace {

// What the column's numbers are; each carries its own unit, as 490s and 15.9m do.
std::string_view unit_words(MetricKind kind) {
  switch (kind) {
    case MetricKind::share:
      return "% of calls";
    case MetricKind::duration:
      return "time: ms, s, m (minutes), h";
    case MetricKind::rate:
      return "per second";
    case MetricKind::money:
      return "US dollars";
    case MetricKind::minutes:
      return "m (minutes)";
    case MetricKind::number:
      return "number";
  }
  return "";
}

MetricKind kind_in(const Comparison& comparison, const MetricKey& key) {
  const MetricResult* result = comparison.baseline().find(key);
  return kind_of(key.name, result == nullptr ? "" : result->metric.unit);
}

void write_value(Html& html, const StudyResult& study, const MetricKey& key) {
  const std::string interval = interval_text(study, key);
  html.text(value_text(study, key));
  html.element("small", interval.empty() ? "no interval" : interval);
}

void write_difference(Html& html, const MetricDifference* difference, Better better) {
  const DifferenceText text = difference_text(difference);
  if (text.value.empty()) return;
  html.open("span", {{"class", "less"}}).text(text.mark);
  if (!text.mark.empty()) {
    html.text(text.value);
  } else if (difference->value == 0) {
    html.text("no difference");
  } else {
    const bool good = (difference->value < 0) == (better == Better::kSmaller);
    html.element("span", text.value + (good ? " better" : " worse"), {{"class", good ? "better" : "worse"}});
  }
  html.close().element("small", text.interval);
}

void write_row(Html& html, const Comparison& comparison, std::size_t variant,
               const std::vector<HeadlineMetric>& metrics) {
  const StudyResult& study = comparison.studies[variant];
  html.open("tr").open("th", {{"scope", "row"}}).text(study.point);
  html.element("small", variant == 0 && comparison.studies.size() > 1 ? "baseline" : "").close();
  html.element("td", held_text(study), {{"class", exit_status(study, false) == kExitOk ? "pass" : ""}});
  for (const HeadlineMetric& metric : metrics) {
    html.open("td", {{"class", "n"}});
    write_value(html, study, metric.key);
    if (variant > 0) write_difference(html, comparison.find(variant, metric.key), metric.better);
    html.close();
  }
  html.close();
}

}  // namespace

void write_headline_table(Html& html, const Comparison& comparison) {
  const std::vector<HeadlineMetric> metrics = headline_metrics(comparison.baseline());
  const bool several = comparison.studies.size() > 1;
  open_table(html, several
                       ? fmt::format("Each cell: the value, its 95 % interval, the difference from {}, its "
                                     "interval. Differences of a column hold together with 95 %. ≈ cannot "
                                     "be told from no difference; ? no interval, too little varied.",
                                     comparison.baseline().point)
                       : "Values and their 95 % intervals.");
  html.open("thead").open("tr").element("th", several ? "variant" : "", {{"scope", "col"}});
  html.element("th", "expectations", {{"scope", "col"}});
  for (const HeadlineMetric& metric : metrics) {
    html.open("th", {{"scope", "col"}, {"class", "n"}}).text(label_of(metric.key, metrics));
    html.element("small", unit_words(kind_in(comparison, metric.key))).close();
  }
  html.close().close().open("tbody");
  for (std::size_t i = 0; i < comparison.studies.size(); ++i) write_row(html, comparison, i, metrics);
  html.close();
  close_table(html);
}

}  // namespace nephoscope::report
