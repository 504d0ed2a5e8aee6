// Several studies against one of them: paired differences, rankings, and the front of cost against
// unavailability.
//
// Differences are taken replication by replication (common random numbers). A difference that the
// replications cannot carry a Student-t interval for has no bounds: it is undecided, never a certainty. Which
// intervals hold by themselves and which together:
// - MetricDifference::interval holds with 95 % by itself;
// - MetricDifference::joint: those of one metric, over all variants, hold together with 95 % (Bonferroni);
// - rankings: the differences of all pairs of studies hold together with 95 %, for each metric;
// - the front: those of all pairs in both metrics hold together with 95 %.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/stats/comparison.hpp"
#include "models/study/study_result.hpp"

namespace nephoscope {

// One metric of one variant less the baseline's.
struct MetricDifference {
  std::size_t variant = 0;  // index in Comparison::studies
  MetricKey key;
  std::string unit;
  double value = 0;    // of the pooled values; NaN if either is missing
  Interval interval;   // of the replications' differences, stretched where that does not reach `value`
  Interval joint;      // see above; bounded if and only if `interval` is
  std::string reason;  // why there are no bounds; else empty

  // The sign of the difference is certain (jointly over the variants).
  bool distinguishable() const { return joint.bounded() && !joint.contains(0); }
};

// What comparisons show first, and rank.
struct HeadlineMetric {
  MetricKey key;
  Better better = Better::kSmaller;
};

struct MetricRanking {
  HeadlineMetric metric;
  std::vector<Ranked> order;  // variants without a value are left out
};

// A study's place in cost.total against unavailability (1 - availability).
struct FrontPlace {
  std::size_t study = 0;
  // A study that is not worse in both and distinguishably better in one; none: this one is on the front.
  std::optional<std::size_t> beaten_by;
  // Beaten, but that it is not better in the other metric is only what the values say, not certain.
  bool beaten_uncertainly = false;
  // Of those on the front: studies that cost less or fail less and are not distinguishably worse in the
  // other. More replications may show that one of them takes this study off the front.
  std::vector<std::size_t> undecided;
};

struct Comparison {
  std::vector<StudyResult> studies;           // the baseline first
  std::vector<MetricDifference> differences;  // metric by metric, variant by variant
  std::vector<MetricRanking> rankings;
  std::vector<FrontPlace> front;  // in the order of the studies; empty if cost or availability is missing

  const StudyResult& baseline() const { return studies.front(); }
  // Null if there is no such difference.
  const MetricDifference* find(std::size_t variant, const MetricKey& key) const;
};

// b - a over the replications that both have.
struct PairedInterval {
  Interval interval;
  std::string reason;  // why there are no bounds; else empty
};
// A difference of two bills that are each the same in all of several replications is exact; otherwise a
// Student-t interval, if the differences, and the values of either side that vary at all, can carry one
// (can_carry_interval). A side whose variance is under a hundredth of the differences' is let pass.
PairedInterval paired_interval(std::span<const double> a, std::span<const double> b, MetricKind kind,
                               double confidence);

// REQUIRES: studies.size() >= 1; all were run with the same seed (pair_scenarios).
Comparison compare_studies(std::vector<StudyResult> studies);

// Where something is deployed: requests.lost (availability if nobody counts that), minutes_degraded, each
// deployment's time_to_ship and time_to_recover, cost.total. Else availability, latency.p99 or the durations
// of jobs, cost.total. Only metrics that the study has.
std::vector<HeadlineMetric> headline_metrics(const StudyResult& study);

// The worst of the studies' exit statuses: internal error, interrupted, failed, inconclusive, ok.
int exit_status(const Comparison& comparison, bool allow_inconclusive);

}  // namespace nephoscope
