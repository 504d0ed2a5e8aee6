#include "tools/report/answer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tools/nephoscope/comparison_cells.hpp"

namespace nephoscope {
namespace {

std::string answer_of_one(const StudyResult& study) {
  const std::vector<HeadlineMetric> metrics = headline_metrics(study);
  std::vector<std::string> texts;
  for (const HeadlineMetric& metric : metrics)
    texts.push_back(label_of(metric.key, metrics) + " " + value_and_interval(study, metric.key));
  return texts.empty() ? "The study has no headline metric." : fmt::format("{}.", fmt::join(texts, "; "));
}

// Whether `study` is certainly not as good as the first of the ranking: by all pairs, or by the differences
// from the baseline, which are fewer and so say more.
bool is_worse(const Comparison& comparison, const MetricRanking& ranking, const Ranked& study) {
  if (study.rank > 1) return true;
  const std::size_t best = ranking.order.front().variant;
  if (study.variant == best || (study.variant != 0 && best != 0)) return false;
  const MetricDifference* difference = comparison.find(std::max(study.variant, best), ranking.metric.key);
  return difference != nullptr && difference->distinguishable();
}

struct Standings {
  std::vector<std::size_t> best, worse;  // studies, each in the ranking's order
};
Standings standings_of(const Comparison& comparison, const MetricRanking& ranking) {
  Standings standings;
  for (const Ranked& each : ranking.order)
    (is_worse(comparison, ranking, each) ? standings.worse : standings.best).push_back(each.variant);
  return standings;
}

std::string worse_text(const Comparison& comparison, const MetricKey& key,
                       const std::vector<std::size_t>& worse) {
  std::vector<std::string> texts;
  for (const std::size_t study : worse)
    texts.push_back(fmt::format("{} with {}", comparison.studies[study].point,
                                value_and_interval(comparison.studies[study], key)));
  if (texts.empty()) return "";
  return fmt::format("; worse {} {}", texts.size() == 1 ? "is" : "are", enumerated(texts));
}

}  // namespace

std::string enumerated(const std::vector<std::string>& names) {
  if (names.size() < 2) return names.empty() ? "" : names.front();
  const std::vector<std::string> most(names.begin(), names.end() - 1);
  return fmt::format("{} and {}", fmt::join(most, ", "), names.back());
}

std::string value_and_interval(const StudyResult& study, const MetricKey& key) {
  const std::string interval = interval_text(study, key);
  return value_text(study, key) + (interval.empty() ? "" : " " + interval);
}

std::string answer_of(const Comparison& comparison) {
  if (comparison.studies.size() == 1) return answer_of_one(comparison.baseline());
  if (comparison.rankings.empty() || comparison.rankings.front().order.empty())
    return "No headline metric has a value.";
  const MetricRanking& ranking = comparison.rankings.front();
  const MetricKey& key = ranking.metric.key;
  const std::string label = label_of(key, headline_metrics(comparison.baseline()));
  const auto [best, others] = standings_of(comparison, ranking);
  const std::string worse = worse_text(comparison, key, others);
  const StudyResult &first = comparison.studies[best.front()], &last = comparison.studies[best.back()];
  if (best.size() == 1)
    return fmt::format("{} is best in {} with {}{}.", first.point, label, value_and_interval(first, key),
                       worse);
  std::vector<std::string> names;
  for (const std::size_t study : best) names.push_back(comparison.studies[study].point);
  const std::string low = value_text(first, key), high = value_text(last, key);
  return fmt::format("{} cannot be told apart in {} ({}){}.", enumerated(names), label,
                     low == high ? low + " each" : low + " to " + high, worse);
}

}  // namespace nephoscope
