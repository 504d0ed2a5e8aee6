#include "models/study/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <iterator>
#include <limits>

#include "engine/base/check.hpp"
#include "engine/stats/tally.hpp"
#include "engine/stats/verdict.hpp"

namespace nephoscope {
namespace {

constexpr double kConfidence = 0.95;

MetricKind kind_of_metric(const MetricKey& key) {
  const MetricInfo* info = find_metric(key.name);
  return info == nullptr ? MetricKind::number : info->kind;
}

bool all_same(const std::vector<double>& values) {
  return std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end();
}

// Replications in which both sides have a value.
struct Pairs {
  std::vector<double> a, b, differences;
};

Pairs pairs_of(std::span<const double> a, std::span<const double> b) {
  Pairs pairs;
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (std::isnan(a[i]) || std::isnan(b[i])) continue;
    pairs.a.push_back(a[i]);
    pairs.b.push_back(b[i]);
    pairs.differences.push_back(b[i] - a[i]);
  }
  return pairs;
}

double variance(const std::vector<double>& values) {
  Tally tally;
  for (const double value : values) tally.add(value);
  return tally.variance();
}

// A side of whose replications few are affected hinders no interval if what varies is the other side.
bool negligible(const std::vector<double>& side, const Pairs& pairs) {
  constexpr double share = 0.01;  // of the variance
  return variance(side) <= share * variance(pairs.differences);
}

// Why the pairs cannot carry a Student-t interval; empty if they can.
std::string unfit(const Pairs& pairs) {
  const std::size_t count = pairs.differences.size();
  if (count == 0) return "no replication has both values";
  if (count == 1) return "one replication: no interval";
  if (all_same(pairs.differences)) return fmt::format("all {} replications gave the same difference", count);
  for (const auto* values : {&pairs.a, &pairs.b, &pairs.differences})
    if (!all_same(*values) && !can_carry_interval(*values) && !negligible(*values, pairs))
      return fmt::format("only {} of {} replications were affected", count_affected(*values), count);
  return "";
}

void stretch(Interval& interval, double value) {
  if (!interval.bounded() || std::isnan(value)) return;
  interval.low = std::min(interval.low, value);
  interval.high = std::max(interval.high, value);
}

MetricDifference difference_of(const MetricResult& a, const MetricResult& b, std::size_t variant,
                               std::size_t variants) {
  const auto between = [&](double confidence) {
    return paired_interval(a.metric.values, b.metric.values, kind_of_metric(a.metric.key), confidence);
  };
  const PairedInterval single = between(kConfidence);
  MetricDifference difference{.variant = variant,
                              .key = a.metric.key,
                              .unit = a.metric.unit,
                              .value = b.metric.value - a.metric.value,
                              .interval = single.interval,
                              .joint = between(bonferroni_confidence(kConfidence, variants)).interval,
                              .reason = single.reason};
  stretch(difference.interval, difference.value);
  stretch(difference.joint, difference.value);
  return difference;
}

// Every pair of studies in one metric, of those that have it. Indices are those of `studies`.
std::vector<Difference> pairwise(std::span<const StudyResult> studies, const MetricKey& key,
                                 double confidence) {
  std::vector<Difference> differences;
  for (std::size_t a = 0; a + 1 < studies.size(); ++a)
    for (std::size_t b = a + 1; b < studies.size(); ++b) {
      const MetricResult *first = studies[a].find(key), *second = studies[b].find(key);
      if (first == nullptr || second == nullptr) continue;
      Difference difference{
          a, b,
          paired_interval(first->metric.values, second->metric.values, kind_of_metric(key), confidence)
              .interval};
      stretch(difference.interval, second->metric.value - first->metric.value);
      differences.push_back(difference);
    }
  return differences;
}

double value_of(const StudyResult& study, const MetricKey& key) {
  const MetricResult* result = study.find(key);
  return result == nullptr ? std::numeric_limits<double>::quiet_NaN() : result->metric.value;
}

std::size_t pair_count(std::size_t studies) { return std::max<std::size_t>(studies * (studies - 1) / 2, 1); }

MetricRanking rank(std::span<const StudyResult> studies, const HeadlineMetric& metric) {
  // A place for every study: one without a value goes last, whatever is better, and is then dropped.
  const double worst = metric.better == Better::kSmaller ? std::numeric_limits<double>::infinity()
                                                         : -std::numeric_limits<double>::infinity();
  std::vector<double> means;
  for (const StudyResult& study : studies) {
    const double value = value_of(study, metric.key);
    means.push_back(std::isnan(value) ? worst : value);
  }
  const double confidence = bonferroni_confidence(kConfidence, pair_count(studies.size()));
  MetricRanking ranking{metric,
                        rank_by_differences(means, pairwise(studies, metric.key, confidence), metric.better)};
  std::erase_if(ranking.order, [](const Ranked& each) { return std::isinf(each.mean); });
  return ranking;
}

// --- the front -------------------------------------------------------------------------------------------

const MetricKey kCost = {Scope::summary, "", "cost.total"};
const MetricKey kAvailability = {Scope::summary, "", "availability"};

// One study against another in one metric, in terms of what is lost: dollars, failed calls.
struct Loss {
  double value = 0;    // of the one less the other's
  bool clear = false;  // the sign is certain
  bool known = false;  // clear, or an exact tie
};

Loss loss_of(double value, const Interval& interval) {
  const bool clear = interval.bounded() && !interval.contains(0);
  return {value, clear, clear || (interval.bounded() && interval.low == interval.high)};
}

Loss reversed(const Loss& loss) { return {-loss.value, loss.clear, loss.known}; }

struct Against {
  Loss cost, unavailability;
  bool beats() const {
    const bool not_worse = cost.value <= 0 && unavailability.value <= 0;
    return not_worse &&
           ((cost.value < 0 && cost.clear) || (unavailability.value < 0 && unavailability.clear));
  }
  bool may_beat() const {
    const bool clearly_worse =
        (cost.value > 0 && cost.clear) || (unavailability.value > 0 && unavailability.clear);
    return !clearly_worse && (cost.value < 0 || unavailability.value < 0);
  }
};

// against[j][i]: study j against study i.
std::vector<std::vector<Against>> confront(std::span<const StudyResult> studies) {
  const std::size_t count = studies.size();
  std::vector<std::vector<Against>> against(count, std::vector<Against>(count));
  const double confidence = bonferroni_confidence(kConfidence, 2 * pair_count(count));
  for (const Difference& each : pairwise(studies, kCost, confidence)) {
    const double value = value_of(studies[each.b], kCost) - value_of(studies[each.a], kCost);
    against[each.b][each.a].cost = loss_of(value, each.interval);
    against[each.a][each.b].cost = reversed(against[each.b][each.a].cost);
  }
  for (const Difference& each : pairwise(studies, kAvailability, confidence)) {
    const double value = value_of(studies[each.a], kAvailability) - value_of(studies[each.b], kAvailability);
    against[each.b][each.a].unavailability = loss_of(value, each.interval);
    against[each.a][each.b].unavailability = reversed(against[each.b][each.a].unavailability);
  }
  return against;
}

std::vector<FrontPlace> front_of(std::span<const StudyResult> studies) {
  for (const StudyResult& study : studies)
    if (std::isnan(value_of(study, kCost)) || std::isnan(value_of(study, kAvailability))) return {};
  const auto against = confront(studies);
  std::vector<FrontPlace> front;
  for (std::size_t i = 0; i < studies.size(); ++i) {
    FrontPlace place{.study = i, .beaten_by = {}, .beaten_uncertainly = false, .undecided = {}};
    for (std::size_t j = 0; j < studies.size(); ++j) {
      if (!place.beaten_by && against[j][i].beats()) {
        place.beaten_by = j;
        place.beaten_uncertainly = !(against[j][i].cost.known && against[j][i].unavailability.known);
      }
      if (against[j][i].may_beat()) place.undecided.push_back(j);
    }
    if (place.beaten_by) place.undecided.clear();
    front.push_back(std::move(place));
  }
  return front;
}

}  // namespace

PairedInterval paired_interval(std::span<const double> a, std::span<const double> b, MetricKind kind,
                               double confidence) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const Pairs pairs = pairs_of(a, b);
  const Interval interval = mean_interval(pairs.differences, confidence);
  const bool several = pairs.differences.size() > 1;
  if (kind == MetricKind::money && several && all_same(pairs.a) && all_same(pairs.b)) {
    const double value = pairs.differences.front();
    return {{value, value, value}, ""};
  }
  std::string reason = unfit(pairs);
  if (!reason.empty()) return {{interval.mean, nan, nan}, std::move(reason)};
  return {interval, ""};
}

const MetricDifference* Comparison::find(std::size_t variant, const MetricKey& key) const {
  const auto place = std::find_if(differences.begin(), differences.end(), [&](const MetricDifference& each) {
    return each.variant == variant && each.key == key;
  });
  return place == differences.end() ? nullptr : &*place;
}

std::vector<HeadlineMetric> headline_metrics(const StudyResult& study) {
  const HeadlineMetric cost = {kCost, Better::kSmaller};
  const auto of_resources = [&](const char* name) {
    std::vector<HeadlineMetric> found;
    for (const MetricResult& each : study.metrics)
      if (each.metric.key.scope == Scope::resource && each.metric.key.name == name)
        found.push_back({each.metric.key, Better::kSmaller});
    return found;
  };
  const std::vector<HeadlineMetric> shipping = of_resources("time_to_ship");
  const std::vector<HeadlineMetric> jobs = of_resources("job.duration.mean");
  std::vector<HeadlineMetric> all = {{kAvailability, Better::kLarger},
                                     {{Scope::summary, "", "latency.p99"}, Better::kSmaller}};
  if (!jobs.empty()) all.pop_back();  // their calls are few and their latency is the job's duration
  if (!shipping.empty()) {
    const MetricKey lost = {Scope::summary, "", "requests.lost"};
    all = {study.find(lost) != nullptr ? HeadlineMetric{lost, Better::kSmaller} : all.front(),
           {{Scope::summary, "", "minutes_degraded"}, Better::kSmaller}};
    all.insert(all.end(), shipping.begin(), shipping.end());
    all.push_back({{Scope::summary, "", "time_to_recover"}, Better::kSmaller});
  }
  all.insert(all.end(), jobs.begin(), jobs.end());
  all.push_back(cost);
  std::erase_if(all, [&](const HeadlineMetric& each) { return study.find(each.key) == nullptr; });
  return all;
}

Comparison compare_studies(std::vector<StudyResult> studies) {
  check(!studies.empty(), "study", "nothing to compare");
  Comparison comparison;
  for (const MetricResult& metric : studies.front().metrics)
    for (std::size_t variant = 1; variant < studies.size(); ++variant)
      if (const MetricResult* other = studies[variant].find(metric.metric.key))
        comparison.differences.push_back(difference_of(metric, *other, variant, studies.size() - 1));
  for (const HeadlineMetric& metric : headline_metrics(studies.front()))
    comparison.rankings.push_back(rank(studies, metric));
  comparison.front = front_of(studies);
  comparison.studies = std::move(studies);
  return comparison;
}

int exit_status(const Comparison& comparison, bool allow_inconclusive) {
  constexpr int worst_first[] = {kExitInternal, kExitInterrupted, kExitExpectationFailed, kExitInconclusive};
  std::vector<int> found;
  for (const StudyResult& study : comparison.studies) found.push_back(exit_status(study, allow_inconclusive));
  const auto present = [&](int status) {
    return std::find(found.begin(), found.end(), status) != found.end();
  };
  const auto* worst = std::find_if(std::begin(worst_first), std::end(worst_first), present);
  return worst == std::end(worst_first) ? kExitOk : *worst;
}

}  // namespace nephoscope
