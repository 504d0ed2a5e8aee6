// The instances of one owner (an Auto Scaling group, an AWS::EC2::Instance) and their figures.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/queueing/level.hpp"
#include "models/common/compute.hpp"
#include "models/common/report.hpp"
#include "models/common/series.hpp"
#include "models/ec2/footprint.hpp"
#include "models/ec2/machine.hpp"
#include "models/ec2/region.hpp"

namespace nephoscope::ec2 {

class Ec2Instance;

// Billed usage of instances; open periods are added when the bill is made.
struct Usage {
  std::map<std::string, std::int64_t> seconds[2];  // of instance types, by Market
  std::map<std::string, double> credits;           // charged, by "t3"
  std::int64_t monitored_hours = 0;                // started ones, with detailed monitoring
  WideInt rounding = 0;                            // ns that were billed beyond the time in the state running

  // A stretch in the state running.
  void add_period(const Ec2Instance& instance, Duration ran);
};

// A stretch in the state running as it is billed: by the second, begun ones in full (assumption), at least 60
// (EC2 User Guide, instance lifecycle).
std::int64_t billed_seconds(Duration running);

struct OwnerCounts {
  std::uint64_t launches = 0;
  std::uint64_t failures = 0;  // launches that were refused or ended in terminated at once
};

class Owner final {
 public:
  Owner(Region& region, std::string id);

  void begin_measurement();
  void report(Report& report) const;
  void bill(UsageMeter& meter) const;
  void audit(Audit& audit) const;
  // A point of the series; and of the time average of credits, once a minute.
  void sample_series();
  void sample_credits();
  // Destroys the servers of terminated instances of which nothing is left.
  void retire_servers();

  // Called by instances.
  void started(const Ec2Instance& instance);
  void ended(const Ec2Instance& instance, Duration ran);
  void terminated(Ec2Instance& instance);

  Region& region;
  std::string id;
  ResourceId self;
  GoneServers gone;
  Usage usage;
  OwnerCounts counts;
  std::vector<Ec2Instance*> live;    // not terminated, in order of launch
  std::vector<Ec2Instance*> ending;  // terminated, with a server of which something is left
  std::uint64_t launched = 0;
  std::uint64_t ended_instances = 0;
  std::vector<InstanceListener*> watchers;
  Footprint footprint;
  bool burstable = false;  // has or may have instances with CPU credits

 private:
  double consumed() const;    // vCPU seconds, of all instances
  double charged() const;     // credits
  WideInt vcpu_time() const;  // vCPU-ns in the state running, since the start
  Usage usage_so_far() const;
  void report_instances(Report& report) const;
  void report_credits(Report& report) const;
  void audit_billing(Audit& audit) const;
  void audit_credits(Audit& audit) const;
  template <typename Action>
  void each(Action action) const {
    for (const Ec2Instance* instance : live) action(*instance);
  }

  Level running_;
  Level vcpus_;
  LevelSeries running_series_;
  WideInt running_before_ = 0;  // instance-ns up to the last reset
  WideInt vcpus_before_ = 0;
  double ended_consumed_ = 0;
  double ended_charged_ = 0;
  double ended_imbalance_ = 0;
  double ended_spent_ = 0;
  OwnerCounts counts_before_;  // at the end of warm-up, as the next ones
  double consumed_before_ = 0;
  double charged_before_ = 0;
  double balance_sum_ = 0;  // of CPUCreditBalance, over instances and minutes
  double balance_samples_ = 0;
  // By steps.
  WindowedSeries cpu_series_;
  WindowedSeries balance_series_;
  Time sampled_{};
  double sampled_consumed_ = 0;
  WideInt sampled_vcpu_time_ = 0;
};

}  // namespace nephoscope::ec2
