// CloudWatch: metrics that become visible late, and alarms on them. One Service a replication.
//
// See cloudwatch.md for what is modelled and what is not.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/cloudwatch/alarm_rule.hpp"
#include "models/cloudwatch/config.hpp"
#include "models/cloudwatch/metric_store.hpp"
#include "models/cloudwatch/metric_watch.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"

namespace nephoscope::cloudwatch {

// "ALARM", as CloudWatch writes states.
std::string_view name_of(AlarmState state);
// Whether an alarm of that kind may go from one state to another (a metric alarm: from any to any other; a
// composite alarm leaves INSUFFICIENT_DATA for ever at its first evaluation).
bool may_follow(AlarmState from, AlarmState to, bool composite);

class Service final : public Resource, public CloudWatch {
 public:
  // REQUIRES: `config` outlives it.
  Service(World& world, const CloudWatchConfig& config)
      : world_(world), config_(config), store_(world, config) {}

  MetricId metric(const MetricName& name) override { return store_.id(name); }
  void put(MetricId metric, Time stamp, const StatisticSet& values) override {
    store_.put(metric, stamp, values);
  }
  AlarmId put_alarm(const AlarmSpec& spec, AlarmListener* listener) override;
  AlarmId put_composite_alarm(const CompositeAlarmSpec& spec, AlarmListener* listener) override;
  void delete_alarm(AlarmId alarm) override;
  AlarmState state(AlarmId alarm) const override { return alarms_[alarm.value]->state; }
  void keep(MetricId metric, Duration history) override { store_.watch(metric, history, 60s); }
  std::optional<double> statistic(MetricId metric, Statistic statistic, Time from, Time to) const override;

  void bill(UsageMeter& meter) const override;
  void audit(Audit& audit) const override;

 private:
  struct Alarm {
    Service* service;
    AlarmId id;
    std::string name;
    std::string owner;
    AlarmListener* listener;
    Time created{};
    AlarmState state = AlarmState::insufficient_data;
    std::optional<Time> deleted = {};
    Timer timer = {};                              // of the next evaluation
    Time last_action = {};                         // of its listener
    std::unique_ptr<MetricWatch> watch = nullptr;  // of a metric alarm, or
    std::unique_ptr<AlarmRule> rule = nullptr;     // of a composite alarm
    bool due = false;                              // a composite alarm: an evaluation is scheduled
  };

  Alarm& add(const std::string& name, const std::string& owner, AlarmListener* listener);
  void schedule(Alarm& alarm);
  void schedule_soon(Alarm& composite);
  void evaluate(Alarm& alarm);
  void evaluate_composite(Alarm& alarm);
  void change(Alarm& alarm, AlarmState now, const std::string& reason);
  void act(Alarm& alarm, const AlarmReading& reading);
  void follow(const Alarm& changed);
  AlarmState state_of(const std::string& name) const;

  World& world_;
  const CloudWatchConfig& config_;
  MetricStore store_;
  std::vector<std::unique_ptr<Alarm>> alarms_;  // by id, deleted ones too
  std::map<std::string, AlarmId, std::less<>> by_name_;
};

}  // namespace nephoscope::cloudwatch
