// What EC2 publishes in the namespace AWS/EC2 (EC2 User Guide, "List the available CloudWatch metrics").
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "models/common/cloudwatch.hpp"
#include "models/ec2/instance.hpp"

namespace nephoscope::ec2 {

class Publisher final {
 public:
  Publisher(World& world, CloudWatch& cloudwatch) : world_(world), cloudwatch_(cloudwatch) {}

  // The end of a minute of the run, the `minute`-th: status checks are published, CPU and network with
  // detailed monitoring; at the end of each five minutes those without, and credits. Stamped with the
  // period's begin.
  void publish(Owner& owner, std::int64_t minute);

 private:
  // One period's values, summed over the instances that count in the group's metrics.
  struct Sums {
    StatisticSet cpu, network_out, check, check_instance, check_system, usage, balance, surplus, charged;
  };
  void publish_checks(Ec2Instance& instance, Time from, Sums& sums);
  void publish_use(Ec2Instance& instance, Time from, Sums& sums);
  void publish_credits(Ec2Instance& instance, Time from, Sums& sums);
  void put(const Ec2Instance& instance, MetricId metric, Time from, double value, StatisticSet& sum);
  void publish_group(const std::string& group, Time from, const Sums& sums);
  const InstanceMetrics& metrics_of(Ec2Instance& instance);
  InstanceMetrics names(const std::string& dimension, const std::string& value, bool credits);

  World& world_;
  CloudWatch& cloudwatch_;
  std::map<std::string, InstanceMetrics> groups_;
};

}  // namespace nephoscope::ec2
