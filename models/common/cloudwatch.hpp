// What services use of CloudWatch: they publish metrics and put alarms on them.
//
// Decisions (scaling, health) read metrics and alarms only through this interface, late and aggregated as in
// AWS, never the simulator's private truth. The implementation is models/cloudwatch. Sources:
// CloudWatch User Guide, "Using Amazon CloudWatch alarms"; CloudWatch API reference, PutMetricAlarm.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/base/ids.hpp"
#include "engine/base/time.hpp"

namespace nephoscope {

// A metric's identity. `dimensions` in any order; two metrics with other dimensions are different metrics.
struct MetricName {
  std::string space;                                            // "AWS/EC2"
  std::string name;                                             // "CPUUtilization"
  std::vector<std::pair<std::string, std::string>> dimensions;  // {"AutoScalingGroupName", "web"}
};

using MetricId = Id<struct MetricTag>;

// Values of one metric over one stretch of time, as AWS's StatisticSet. Unit: the metric's own, as CloudWatch
// documents it (percent for CPUUtilization, seconds for TargetResponseTime, counts, bytes).
struct StatisticSet {
  double samples = 0;
  double sum = 0;
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();

  static StatisticSet of(double value) { return {1, value, value, value}; }
  StatisticSet& operator+=(const StatisticSet& other) {
    samples += other.samples;
    sum += other.sum;
    minimum = std::min(minimum, other.minimum);
    maximum = std::max(maximum, other.maximum);
    return *this;
  }
};

enum class Statistic : std::uint8_t { sample_count, average, sum, minimum, maximum };
enum class ComparisonOperator : std::uint8_t {
  greater_than_or_equal,
  greater_than,
  less_than,
  less_than_or_equal,
};
enum class MissingData : std::uint8_t { missing, not_breaching, breaching, ignore };
enum class AlarmState : std::uint8_t { insufficient_data, ok, alarm };

// One input of an alarm: a metric's statistic, or an expression over earlier ids (metric math).
struct MetricQuery {
  std::string id;  // "m1"; empty in an alarm on a single metric
  MetricName metric;
  Statistic statistic = Statistic::average;
  std::string expression;  // "m1 / m2" instead of a metric; the last query is the one that is compared
};

struct AlarmSpec {
  std::string name;                  // "TargetTracking-web-AlarmHigh": for the event log and bill
  std::string owner;                 // the resource that bills and logs it
  std::vector<MetricQuery> queries;  // one, or inputs and an expression
  Duration period = 60s;
  int evaluation_periods = 1;   // N
  int datapoints_to_alarm = 0;  // M; 0 = N
  double threshold = 0;
  ComparisonOperator comparison = ComparisonOperator::greater_than;
  MissingData missing_data = MissingData::missing;
  // Auto Scaling actions are repeated each minute while the alarm stays in ALARM; all others act on
  // transitions only (CloudWatch User Guide, AlarmThatSendsEmail).
  bool repeats_action = false;
};

// An alarm over other alarms' states (CloudWatch API reference, PutCompositeAlarm). It is INSUFFICIENT_DATA
// only until its first evaluation.
struct CompositeAlarmSpec {
  std::string name;
  std::string owner;
  std::string alarm_rule;  // "ALARM(high-cpu) AND NOT ALARM(deploying)", over alarms' names
};

using AlarmId = Id<struct AlarmTag>;

// What an evaluation tells the owner of an alarm.
struct AlarmReading {
  AlarmId alarm;
  AlarmState before = AlarmState::insufficient_data;
  AlarmState now = AlarmState::insufficient_data;
  std::optional<double> value;  // of the newest datapoint that was there
  std::string reason;           // "3 of 3 datapoints > 60: 83.2, 81, 79.5"; empty on mere repetitions
};

// Acts when an alarm changes its state, and each minute while in ALARM if its spec says so.
class AlarmListener {
 public:
  virtual ~AlarmListener() = default;
  virtual void alarm_acts(const AlarmReading& reading) = 0;
};

class CloudWatch {
 public:
  virtual ~CloudWatch() = default;
  // The metric of that name; the same id for the same name.
  virtual MetricId metric(const MetricName& name) = 0;
  // Publishes values, stamped with the begin of the minute (or other resolution) that they describe. They
  // become visible after the metric delay that CloudWatch's configuration assumes. REQUIRES: stamp <= now.
  virtual void put(MetricId metric, Time stamp, const StatisticSet& values) = 0;

  // Creates an alarm in INSUFFICIENT_DATA. REQUIRES: `listener`, if given, outlives it.
  virtual AlarmId put_alarm(const AlarmSpec& spec, AlarmListener* listener) = 0;
  // The same over other alarms. REQUIRES: the rule can be read.
  virtual AlarmId put_composite_alarm(const CompositeAlarmSpec& spec, AlarmListener*) {
    fail_check("cloudwatch", "no composite alarms here: " + spec.name);
  }
  virtual void delete_alarm(AlarmId alarm) = 0;
  virtual AlarmState state(AlarmId alarm) const = 0;

  // Keeps this metric's datapoints for `history`, so that statistic() can look back that far.
  virtual void keep(MetricId metric, Duration history) = 0;
  // The statistic over [from, to) of what is visible now; none without data. REQUIRES: kept that long.
  virtual std::optional<double> statistic(MetricId metric, Statistic statistic, Time from, Time to) const = 0;
};

}  // namespace nephoscope
