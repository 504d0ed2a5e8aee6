// The health agents of an environment's instances: a report every 10 seconds, and what follows from them.
//
// Sources: Elastic Beanstalk Developer Guide, "Enhanced health reporting and monitoring" (reports every 10 s,
// an environment's status every 60 s, three failed checks within a minute), "Rolling updates" and "Deployment
// policies and settings" (12 checks in a row, 18 in worker environments; one failure begins the count anew).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "models/common/auto_scaling_group.hpp"
#include "models/common/world.hpp"
#include "models/elasticbeanstalk/health.hpp"

namespace nephoscope::elasticbeanstalk {

inline constexpr Duration kReportPeriod = 10s;
inline constexpr Duration kTick = 1s;
inline constexpr int kChecksToPass = 12;    // web environments
inline constexpr int kChecksPerMinute = 6;  // of an instance
inline constexpr int kFailuresToCount = 3;  // within them

class Agents final {
 public:
  // REQUIRES: the world outlives it.
  Agents(World& world, const ErrorThresholds& thresholds, Health threshold)
      : world_(world), thresholds_(thresholds), threshold_(threshold) {}

  // Instances of this group report from now on. REQUIRES: it outlives this.
  void watch(AutoScalingGroup& group) { groups_.push_back({&group, ""}); }
  // The version that instances of a watched group should run; others count as ill. Empty: any.
  void expect(const AutoScalingGroup& group, const std::string& version);

  // Whether any agent has ever reported.
  bool heard() const { return heard_; }
  // To be called after first_tick() and then each second: every agent reports each 10 seconds, at a phase of
  // its own.
  void tick();
  // The begin of the first second, which differs from environment to environment and run to run.
  Duration first_tick(const std::string& environment) const;
  // How long until just after the next tick: when there may be news for whoever waits.
  Duration until_next_tick() const { return next_tick_ - world_.now() + Duration(1); }
  // Checks begin to count from here.
  void begin_gate(const Instance& instance) { record_of(instance).passed = 0; }
  // Checks passed in a row.
  int passed(const Instance& instance) { return record_of(instance).passed; }
  const Finding& finding(const Instance& instance) { return record_of(instance).last; }
  // Whether it has failed often enough lately to be called ill.
  bool ill(const Instance& instance) { return is_ill(record_of(instance)); }

  // The status of the instances of one group, by what they reported since the last call.
  Finding environment(const AutoScalingGroup& group, int min_size);

 private:
  struct Record {
    const Instance* instance = nullptr;
    std::uint64_t phase = 0;  // of its reports, in seconds
    std::uint64_t reports = 0;
    bool started = false;  // its application has run once
    std::uint64_t answered = 0;
    std::uint64_t failed = 0;
    Observation window;  // the last 10 s
    Observation minute;  // requests since the environment's status was last asked for
    Finding last = {Health::no_data, "no data from its agent"};
    std::array<Health, kChecksPerMinute> history{};
    int passed = 0;
  };
  Record& record_of(const Instance& instance);
  struct Watched {
    AutoScalingGroup* group;
    std::string expected;
  };
  void look_at(Instance& instance, const Watched& watched);
  bool passes(Health health) const;
  static bool is_ill(const Record& record);

  World& world_;
  ErrorThresholds thresholds_;
  std::vector<Watched> groups_;
  Health threshold_;             // what passes a check: this status or a better one
  std::vector<Record> records_;  // in order of appearance; those of ended instances are forgotten
  std::uint64_t ticks_ = 0;
  Time next_tick_{};
  bool heard_ = false;
};

}  // namespace nephoscope::elasticbeanstalk
