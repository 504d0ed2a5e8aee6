// The texts of a comparison's table, for every format.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "models/study/comparison.hpp"

namespace nephoscope {

// "latency p99", "cost of the run", "time to ship"; with the resource's id where another metric of `all` has
// the same name.
std::string label_of(const MetricKey& key, std::span<const HeadlineMetric> all);

// "✓ 3 of 3 hold"; empty without expectations.
std::string held_text(const StudyResult& study);

// "n/a" and "" where there is nothing.
std::string value_text(const StudyResult& study, const MetricKey& key);
std::string interval_text(const StudyResult& study, const MetricKey& key);

struct DifferenceText {
  std::string mark;      // "≈ " where zero is possible, "? " where there is no interval
  std::string value;     // "+12ms"
  std::string interval;  // "[-2ms, +26ms]", "exactly", "no interval"
};
// `difference`: null where one side lacks the metric.
DifferenceText difference_text(const MetricDifference* difference);

// Best first: "spare ≈ base > slow".
std::string ranking_text(const Comparison& comparison, const MetricRanking& ranking);

// What the front of cost against availability says, in one to three sentences; none without a front.
std::vector<std::string> front_texts(const Comparison& comparison);

}  // namespace nephoscope
