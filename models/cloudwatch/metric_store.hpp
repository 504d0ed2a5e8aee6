// What was published, and what of it is visible yet.
//
// Only watched metrics are kept, in buckets of a minute (10 s if a high-resolution alarm watches), for as
// long as somebody looks back; a put on another metric costs a counter. So an alarm sees what is published
// from its creation on, unless its metric was watched before (CloudWatch looks back).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "models/cloudwatch/config.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/world.hpp"

namespace nephoscope::cloudwatch {

// "AWS/EC2 CPUUtilization AutoScalingGroupName=web": equal for equal metrics, whatever the dimensions' order.
std::string full_name(const MetricName& name);

class MetricStore final {
 public:
  // REQUIRES: `config` outlives it.
  MetricStore(World& world, const CloudWatchConfig& config) : world_(world), config_(config) {}

  MetricId id(const MetricName& name);
  // From now on keeps `history` of the metric, in buckets of `resolution`. Both only ever become finer.
  void watch(MetricId metric, Duration history, Duration resolution);
  // REQUIRES: stamp <= now.
  void put(MetricId metric, Time stamp, const StatisticSet& values);
  // What is visible now of the values stamped in [from, to). REQUIRES: watched.
  StatisticSet visible(MetricId metric, Time from, Time to) const;
  bool watched(MetricId metric) const { return metrics_[metric.value].history > Duration{}; }
  Duration history(MetricId metric) const { return metrics_[metric.value].history; }

  // Where the puts went; they add up to `puts`.
  struct Counts {
    std::uint64_t puts = 0;
    std::uint64_t unwatched = 0;  // on metrics that nobody looks at
    std::uint64_t too_late = 0;   // stamped before all that anybody looks at
    std::uint64_t held = 0;       // in buckets now
    std::uint64_t expired = 0;    // in buckets that have been dropped since
  };
  Counts counts() const;
  // Hours in which metrics outside the AWS/ namespaces were published, summed over metrics.
  std::int64_t custom_metric_hours() const { return custom_metric_hours_; }

 private:
  struct Waiting {
    Time visible_at{};
    StatisticSet values;
  };
  struct Bucket {
    Time start{};
    Duration delay{};
    StatisticSet visible;
    std::vector<Waiting> waiting;  // by visible_at
    std::uint64_t puts = 0;
  };
  struct Metric {
    Purpose delay;
    bool custom = false;
    std::int64_t last_hour = -1;  // in which it was published; of custom metrics
    Duration history{};           // 0: not watched
    Duration resolution = 60s;
    std::deque<Bucket> buckets;  // by start
    std::uint64_t expired = 0;
  };
  void meter(Metric& metric);
  Bucket& bucket(Metric& metric, Time start);
  Duration draw_delay(const Metric& metric, Time start) const;
  static void settle(Bucket& bucket, Time now);
  static void drop_before(Metric& metric, Time instant);

  World& world_;
  const CloudWatchConfig& config_;
  std::map<std::string, MetricId, std::less<>> ids_;
  std::deque<Metric> metrics_;
  Counts counts_;
  std::int64_t custom_metric_hours_ = 0;
};

}  // namespace nephoscope::cloudwatch
