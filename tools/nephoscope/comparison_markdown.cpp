#include <fmt/format.h>

#include "tools/nephoscope/comparison_cells.hpp"
#include "tools/nephoscope/comparison_summary.hpp"
#include "tools/nephoscope/formats.hpp"

namespace nephoscope {
namespace {

std::string value_cell(const StudyResult& study, const MetricKey& key) {
  const std::string interval = interval_text(study, key);
  return value_text(study, key) + (interval.empty() ? "" : " " + interval);
}

std::string difference_cell(const MetricDifference* difference) {
  const DifferenceText text = difference_text(difference);
  if (text.value.empty()) return "";
  return fmt::format("{}{} {}", text.mark, text.value, text.interval);
}

// "| " and " |" around and between.
std::string markdown_row(const std::vector<std::string>& cells) {
  std::vector<std::string> escaped;
  for (const std::string& cell : cells) escaped.push_back(markdown_cell(cell));
  return fmt::format("| {} |\n", fmt::join(escaped, " | "));
}

}  // namespace

std::string comparison_markdown(const Comparison& comparison, std::string_view version) {
  const StudyResult& baseline = comparison.baseline();
  const std::vector<HeadlineMetric> metrics = headline_metrics(baseline);
  std::string text = fmt::format("## {}\n\n", markdown_cell(baseline.name));
  std::vector<std::string> head = {"", "expectations"};
  for (const HeadlineMetric& metric : metrics) head.push_back(label_of(metric.key, metrics));
  text += markdown_row(head);
  text += "|---|---|";
  for (std::size_t i = 0; i < metrics.size(); ++i) text += "---|";
  text += "\n";
  for (std::size_t i = 0; i < comparison.studies.size(); ++i) {
    const StudyResult& study = comparison.studies[i];
    std::vector<std::string> row = {study.point, held_text(study)}, less = {"less " + baseline.point, ""};
    for (const HeadlineMetric& metric : metrics) {
      row.push_back(value_cell(study, metric.key));
      less.push_back(difference_cell(comparison.find(i, metric.key)));
    }
    text += markdown_row(row);
    if (i > 0) text += markdown_row(less);
  }
  text += "\n";
  for (const MetricRanking& ranking : comparison.rankings)
    text += fmt::format("- best {}: {}\n", label_of(ranking.metric.key, metrics),
                        markdown_cell(ranking_text(comparison, ranking)));
  for (const std::string& sentence : front_texts(comparison))
    text += fmt::format("- {}\n", markdown_cell(sentence));
  text += fmt::format(
      "\n≈ cannot be told from no difference; ? no interval. Differences of a metric hold together with 95 "
      "%: "
      "simulation error, given the assumptions ({} in force). nephoscope {}, scenario {}, seed {}, {} "
      "replications{}.\n",
      baseline.assumptions.size(), version, baseline.sha256.substr(0, 12), baseline.seed,
      baseline.replications, baseline.partial() ? ", **partial**" : "");
  return text;
}

}  // namespace nephoscope
