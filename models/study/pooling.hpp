// Replications' reports made into values with intervals: the arithmetic of every number that results show.
//
// A point value pools all replications (summed numerators over summed denominators; quantiles of the merged
// sketch). An interval is made from the replications' own values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/stats/verdict.hpp"
#include "models/common/report.hpp"
#include "models/study/metrics.hpp"

namespace nephoscope {

// One metric over all replications. NaN where there is no value.
struct PooledMetric {
  MetricKey key;  // quantiles are metrics of their own: "latency.p99"
  std::string unit;
  double value = 0;                      // pooled
  std::vector<double> values;            // by replication
  std::optional<BinomialCounts> counts;  // of a share of calls: see independent_counts()
  std::string reason;                    // why there is no value; else empty
};

// The fewest samples beyond a quantile, on its thin side, for it to be shown: n min(q, 1 - q) >= 10.
inline constexpr double kFewestBeyond = 10;
bool enough_for_quantile(std::uint64_t samples, double q);

struct CallCounts {
  double part = 0;
  double all = 0;
};
// Successes and trials that may count as independent, for an exact bound where a Student-t interval cannot be
// had. Failures of one replication may share a cause, so each replication that has any counts as one event of
// the size of the largest: with c failures at most in a replication, k replications with failures and n
// calls, k events in n / c trials. The rarer outcome, of success and failure, is the one that clusters.
// Without any failure every call is a trial: the bound then speaks of single calls, not of unseen outages.
BinomialCounts independent_counts(std::span<const CallCounts> replications);

// Adds up reports and keeps each replication's values.
class Pooling final {
 public:
  // `extra`: quantiles beyond the usual four, as expectations name them.
  explicit Pooling(std::span<const MetricKey> extra = {});

  // The next replication's report. REQUIRES: all reports have the same metrics, as replications of one
  // scenario do.
  void add(Report report);

  std::uint32_t replications() const { return replications_; }
  // All reports merged; timeline, audits and fingerprint are the first replication's.
  const Report& total() const { return total_; }

  // Every metric, in the order in which models reported them, a sketch as its quantiles.
  std::vector<PooledMetric> metrics() const;
  // No value if nothing reports that metric.
  std::optional<PooledMetric> find(const MetricKey& key) const;

 private:
  // One measure's share of every replication.
  struct Column {
    std::vector<RatioMeasure> ratios;
    std::vector<std::vector<double>> quantiles;  // values by replication, as quantiles_of()
  };
  std::vector<std::pair<std::string, double>> quantiles_of(const MetricKey& sketch) const;
  PooledMetric pooled_ratio(const Measure& measure, const Column& column) const;
  PooledMetric pooled_quantile(const Measure& measure, const std::string& suffix, double q,
                               const std::vector<double>& values) const;
  void add_metrics(std::size_t index, std::vector<PooledMetric>& metrics) const;

  std::vector<MetricKey> extra_;
  Report total_;
  std::vector<Column> columns_;  // as total_.measures()
  std::uint32_t replications_ = 0;
};

// The 95 % interval of a metric: Student-t over replications, or an exact one where nothing or little varied
// and the metric is a share of calls; without bounds where neither can be had (one replication). A bill that
// is the same in all of several replications does not depend on chance: its interval is that one value.
Interval interval_of(const PooledMetric& metric);

// Whether the metric meets the expectation. Where more replications may settle it, the reason says about how
// many. `share`: each replication is judged for itself, and at least this share of them must meet it.
Judgement judge_metric(const PooledMetric& metric, const Expectation& condition,
                       const std::optional<Probability>& share);

}  // namespace nephoscope
