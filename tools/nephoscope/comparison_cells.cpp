#include "tools/nephoscope/comparison_cells.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/nephoscope/numbers.hpp"
#include "tools/nephoscope/summary.hpp"

namespace nephoscope {
namespace {

std::string joined(const std::vector<std::string>& texts) {
  return fmt::format("{}", fmt::join(texts, ", "));
}

}  // namespace

std::string label_of(const MetricKey& key, std::span<const HeadlineMetric> all) {
  for (const Headline& headline : headlines())
    if (headline.metric == key.name) return std::string(headline.label);
  std::string label = key.name;
  std::replace_if(
      label.begin(), label.end(), [](char c) { return c == '_' || c == '.'; }, ' ');
  const auto namesakes = std::count_if(all.begin(), all.end(),
                                       [&](const HeadlineMetric& each) { return each.key.name == key.name; });
  return namesakes > 1 ? fmt::format("{} of {}", label, printable(key.id)) : label;
}

std::string held_text(const StudyResult& study) {
  if (study.expectations.empty()) return "";
  const auto held = std::count_if(study.expectations.begin(), study.expectations.end(),
                                  [](const auto& each) { return each.verdict == Verdict::kPass; });
  const int status = exit_status(study, false);
  const char* mark = status == kExitOk ? "✓" : status == kExitInconclusive ? "?" : "✗";
  return fmt::format("{} {} of {} hold", mark, held, study.expectations.size());
}

std::string value_text(const StudyResult& study, const MetricKey& key) {
  const MetricResult* result = study.find(key);
  if (result == nullptr) return "n/a";
  return show_value(kind_of(key.name, result->metric.unit), result->metric.value);
}

std::string interval_text(const StudyResult& study, const MetricKey& key) {
  const MetricResult* result = study.find(key);
  if (result == nullptr) return "";
  return show_interval(kind_of(key.name, result->metric.unit), result->interval);
}

DifferenceText difference_text(const MetricDifference* difference) {
  if (difference == nullptr) return {};
  const MetricKind kind = kind_of(difference->key.name, difference->unit);
  DifferenceText text{"", show_difference(kind, difference->value),
                      show_difference_interval(kind, difference->joint)};
  if (!difference->joint.bounded())
    text.mark = "? ", text.interval = "no interval";
  else if (!difference->distinguishable() && difference->joint.high > difference->joint.low)
    text.mark = "≈ ";
  return text;
}

std::string ranking_text(const Comparison& comparison, const MetricRanking& ranking) {
  std::string text;
  std::size_t before = 0;
  for (const Ranked& each : ranking.order) {
    if (!text.empty()) text += each.rank > before ? " > " : " ≈ ";
    text += printable(comparison.studies[each.variant].point);
    before = each.rank;
  }
  return text.empty() ? "no variant has a value" : text;
}

std::vector<std::string> front_texts(const Comparison& comparison) {
  const auto name = [&](std::size_t study) { return printable(comparison.studies[study].point); };
  std::vector<std::string> on, beaten, open;
  for (const FrontPlace& place : comparison.front) {
    if (place.beaten_by)
      beaten.push_back(fmt::format("{} by {}{}", name(place.study), name(*place.beaten_by),
                                   place.beaten_uncertainly ? ", clearly in one of them" : ""));
    else
      on.push_back(name(place.study));
    std::vector<std::string> others;
    for (const std::size_t other : place.undecided) others.push_back(name(other));
    if (!others.empty()) open.push_back(fmt::format("{} against {}", name(place.study), joined(others)));
  }
  std::vector<std::string> texts;
  if (!on.empty()) texts.push_back("Pareto front of cost against availability: " + joined(on));
  if (!beaten.empty()) texts.push_back("dominated: " + joined(beaten));
  if (!open.empty()) texts.push_back("undecided: " + fmt::format("{}", fmt::join(open, "; ")));
  return texts;
}

}  // namespace nephoscope
