// What a metric alarm looks at: its metrics' statistics over a sliding window, or an expression over them.
//
// At an evaluation at `now` the window ends at the last whole minute (10 s for high resolution) and reaches
// back N + extra periods, so a period of 5 min is looked at every minute, and the newest period is often not
// visible yet. A period longer than a minute counts with what is visible of it. Source: CloudWatch User
// Guide, "Using Amazon CloudWatch alarms", "Evaluating an alarm".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/cloudwatch/evaluation.hpp"
#include "models/cloudwatch/metric_store.hpp"
#include "models/common/metric_math.hpp"

namespace nephoscope::cloudwatch {

class MetricWatch final {
 public:
  // REQUIRES: `spec` is one that PutMetricAlarm accepts; `store` outlives it.
  MetricWatch(const AlarmSpec& spec, const CloudWatchConfig& config, MetricStore& store);

  // Looks, and concludes.
  Verdict evaluate(Time now, AlarmState before);
  // The newest datapoint that the last evaluation found.
  std::optional<double> newest() const;
  // Why the last evaluation came out so: "3 of 3 datapoints > 60: 83.2, 81, 79.5" (newest first).
  std::string reason(Grounds grounds) const;

  bool high_resolution() const { return spec_.period < Duration(60s); }
  // How often it is evaluated.
  Duration interval() const { return high_resolution() ? Duration(10s) : Duration(60s); }
  // How many metrics it is billed for.
  std::int64_t metric_count() const { return metric_count_; }
  const AlarmSpec& spec() const { return spec_; }

 private:
  struct Input {
    MetricId metric;
    Statistic statistic = Statistic::average;
    std::optional<MetricMath> expression;  // over the inputs before it; then there is no metric
  };
  void check_spec() const;
  void add_input(const MetricQuery& query, std::vector<std::string>& ids);
  std::optional<double> value(Time from, Time to);
  std::string missing_text(int filled) const;

  AlarmSpec spec_;
  MetricStore& store_;
  EvaluationRule rule_;
  std::vector<Input> inputs_;
  std::int64_t metric_count_ = 0;
  std::vector<std::optional<double>> values_;  // of the evaluation range, oldest first
  std::vector<Datapoint> points_;              // the same, against the threshold
  std::vector<std::optional<double>> row_;     // of one period, by input
};

}  // namespace nephoscope::cloudwatch
