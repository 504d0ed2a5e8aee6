#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "engine/config/units.hpp"
#include "tools/nephoscope/comparison_cells.hpp"
#include "tools/nephoscope/numbers.hpp"
#include "tools/report/answer.hpp"
#include "tools/report/sections.hpp"
#include "tools/report/svg.hpp"

namespace nephoscope::report {
namespace {

const MetricKey kCost{Scope::summary, "", "cost.total"};
const MetricKey kAvailability{Scope::summary, "", "availability"};

ForestChart values_chart(const Comparison& comparison, const MetricKey& key, const std::string& label) {
  ForestChart chart{.title = label + ": values", .kind = MetricKind::number, .rows = {}};
  for (const StudyResult& study : comparison.studies) {
    const MetricResult* result = study.find(key);
    if (result == nullptr) continue;
    chart.kind = kind_of(key.name, result->metric.unit);
    chart.rows.push_back({study.point, result->metric.value, result->interval, result->interval.bounded(),
                          value_and_interval(study, key)});
  }
  return chart;
}

ForestChart differences_chart(const Comparison& comparison, const MetricKey& key, const std::string& label) {
  ForestChart chart{.title = fmt::format("{}: differences from {}", label, comparison.baseline().point),
                    .kind = MetricKind::number,
                    .differences = true,
                    .rows = {}};
  for (std::size_t i = 1; i < comparison.studies.size(); ++i) {
    const MetricDifference* difference = comparison.find(i, key);
    if (difference == nullptr) continue;
    const DifferenceText text = difference_text(difference);
    chart.kind = kind_of(key.name, difference->unit);
    chart.rows.push_back({comparison.studies[i].point, difference->value, difference->joint,
                          text.mark.empty(), text.mark + text.value + " " + text.interval});
  }
  return chart;
}

void write_panel(Html& html, std::string_view heading, const ForestChart& chart) {
  if (chart.rows.empty()) return;
  html.open("div").element("h4", heading);
  write_chart(html, chart);
  html.close();
}

void write_forest_plot(Html& html, const Comparison& comparison, const MetricKey& key,
                       const std::string& label) {
  html.element("h3", label).open("figure").open("div", {{"class", "charts"}});
  write_panel(html, "values", values_chart(comparison, key, label));
  write_panel(html, "differences from " + comparison.baseline().point,
              differences_chart(comparison, key, label));
  html.close().close();
}

Interval with_value(const MetricResult& result) {
  return {result.metric.value, result.interval.low, result.interval.high};
}

ScatterChart front_chart(const Comparison& comparison) {
  ScatterChart chart{.title = "Cost against unavailability",
                     .x_label = "cost of the run",
                     .y_label = "unavailability",
                     .x_kind = MetricKind::money,
                     .y_kind = MetricKind::share,
                     .places = {}};
  for (const FrontPlace& place : comparison.front) {
    const StudyResult& study = comparison.studies[place.study];
    const MetricResult *cost = study.find(kCost), *available = study.find(kAvailability);
    if (cost == nullptr || available == nullptr) continue;
    const Interval y = with_value(*available);
    chart.places.push_back(
        {study.point, with_value(*cost), {1 - y.mean, 1 - y.high, 1 - y.low}, !place.beaten_by});
  }
  return chart;
}

}  // namespace

void write_forest_plots(Html& html, const Comparison& comparison) {
  if (comparison.studies.size() < 2) return;
  html.element(
      "p",
      "Dots with 95 % intervals. A hollow dot has no interval or, as a difference, cannot be told from "
      "none; the dashed line is no difference.",
      {{"class", "dim"}});
  const std::vector<HeadlineMetric> metrics = headline_metrics(comparison.baseline());
  for (const HeadlineMetric& metric : metrics)
    write_forest_plot(html, comparison, metric.key, label_of(metric.key, metrics));
}

void write_front(Html& html, const Comparison& comparison) {
  if (comparison.front.empty() || comparison.studies.size() < 2) return;
  open_section(html, "front", "Cost against availability");
  html.open("figure");
  write_chart(html, front_chart(comparison));
  html.open("figcaption");
  for (const std::string& sentence : front_texts(comparison)) html.element("p", sentence + ".");
  html.element("p",
               "Full dots are on the front: nothing is shown to be cheaper without being less available, or "
               "more available without being dearer. Bars are 95 % intervals.");
  html.close().close().close();
}

}  // namespace nephoscope::report
