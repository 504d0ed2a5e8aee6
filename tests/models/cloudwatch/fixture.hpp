// A CloudWatch of its own, a publisher that goes by the minute, and a listener that writes down.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models/cloudwatch/cloudwatch.hpp"
#include "models/common/report.hpp"

namespace nephoscope::cloudwatch {

class Recorder final : public AlarmListener {
 public:
  explicit Recorder(const World& world) : world_(world) {}
  void alarm_acts(const AlarmReading& reading) override {
    readings.push_back(reading);
    times.push_back(world_.now());
  }
  std::vector<AlarmReading> readings;
  std::vector<Time> times;

 private:
  const World& world_;
};

// Datapoints become visible 30 s after they are published, unless a test says otherwise.
inline CloudWatchConfig with_delay(Duration delay) {
  CloudWatchConfig config;
  config.metric_delay = delay;
  config.high_resolution_delay = Duration(2s);
  return config;
}

class Fixture {
 public:
  explicit Fixture(CloudWatchConfig assumed = with_delay(30s))
      : world({.warmup = {}, .duration = 24h, .start_epoch = 0, .windows = {}}, Seed{1}, 0),
        config(std::move(assumed)),
        service(world, config),
        recorder(world),
        cpu(service.metric(name("web"))) {}
  ~Fixture() { world.simulation.clear(); }

  static MetricName name(const std::string& group) {
    return {"AWS/EC2", "CPUUtilization", {{"AutoScalingGroupName", group}}};
  }
  static AlarmSpec spec(int m, int n, double threshold = 60) {
    AlarmSpec result;
    result.name = "high";
    result.owner = "web";
    result.queries = {{.id = "", .metric = name("web"), .statistic = Statistic::average, .expression = ""}};
    result.evaluation_periods = n;
    result.datapoints_to_alarm = m;
    result.threshold = threshold;
    return result;
  }
  void run(Duration until) { world.simulation.run_until(Time{} + until); }
  // Lets the next minute pass and then publishes its value; a negative one stands for silence.
  void minute(double value) { minute(cpu, value); }
  void minute(MetricId metric, double value) {
    const Time stamp = Time{} + minutes_++ * Duration(60s);
    world.simulation.run_until(stamp + 60s);
    if (value >= 0) service.put(metric, stamp, StatisticSet::of(value));
  }
  void minutes(std::initializer_list<double> values) {
    for (const double value : values) minute(value);
  }

  World world;
  CloudWatchConfig config;
  Service service;
  Recorder recorder;
  MetricId cpu;

 private:
  std::int64_t minutes_ = 0;
};

}  // namespace nephoscope::cloudwatch
