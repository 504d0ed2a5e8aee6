#include "models/ec2/publisher.hpp"

namespace nephoscope::ec2 {
namespace {

constexpr Duration kDetailed = 1min;
constexpr Duration kBasic = 5min;

}  // namespace

InstanceMetrics Publisher::names(const std::string& dimension, const std::string& value, bool credits) {
  const auto metric = [&](const char* name) {
    return cloudwatch_.metric({.space = "AWS/EC2", .name = name, .dimensions = {{dimension, value}}});
  };
  InstanceMetrics metrics;
  metrics.cpu = metric("CPUUtilization");
  metrics.network_out = metric("NetworkOut");
  metrics.check = metric("StatusCheckFailed");
  metrics.check_instance = metric("StatusCheckFailed_Instance");
  metrics.check_system = metric("StatusCheckFailed_System");
  if (!credits) return metrics;
  metrics.usage = metric("CPUCreditUsage");
  metrics.balance = metric("CPUCreditBalance");
  metrics.surplus = metric("CPUSurplusCreditBalance");
  metrics.charged = metric("CPUSurplusCreditsCharged");
  return metrics;
}

const InstanceMetrics& Publisher::metrics_of(Ec2Instance& instance) {
  auto& metrics = instance.metrics();
  if (!metrics) metrics = names("InstanceId", instance.name(), instance.credits().has_value());
  return *metrics;
}

void Publisher::put(const Ec2Instance& instance, MetricId metric, Time from, double value,
                    StatisticSet& sum) {
  cloudwatch_.put(metric, from, StatisticSet::of(value));
  if (instance.in_group_metrics()) sum += StatisticSet::of(value);
}

// Data appear once status checks have been initialized.
void Publisher::publish_checks(Ec2Instance& instance, Time from, Sums& sums) {
  if (instance.status_check() == StatusCheck::initializing) return;
  const InstanceMetrics& metrics = metrics_of(instance);
  const double failed = instance.instance_check_failed() ? 1 : 0;
  put(instance, metrics.check, from, failed, sums.check);
  put(instance, metrics.check_instance, from, failed, sums.check_instance);
  put(instance, metrics.check_system, from, instance.system_check_failed() ? 1 : 0, sums.check_system);
}

// A host without power tells nothing.
void Publisher::publish_use(Ec2Instance& instance, Time from, Sums& sums) {
  const auto percent = instance.take_cpu_percent(from);
  const auto sent = static_cast<double>(instance.take_bytes_sent().count);
  if (!percent || !instance.powered()) return;
  put(instance, metrics_of(instance).cpu, from, *percent, sums.cpu);
  put(instance, metrics_of(instance).network_out, from, sent, sums.network_out);
}

void Publisher::publish_credits(Ec2Instance& instance, Time from, Sums& sums) {
  const InstanceMetrics& metrics = metrics_of(instance);
  const CreditAccount& credits = *instance.credits();
  put(instance, metrics.usage, from, instance.take_credits_spent().count, sums.usage);
  put(instance, metrics.balance, from, credits.balance().count, sums.balance);
  put(instance, metrics.surplus, from, credits.surplus().count, sums.surplus);
  put(instance, metrics.charged, from, credits.charged().count, sums.charged);
}

void Publisher::publish_group(const std::string& group, Time from, const Sums& sums) {
  auto place = groups_.find(group);
  if (place == groups_.end())
    place = groups_.emplace(group, names("AutoScalingGroupName", group, true)).first;
  const InstanceMetrics& metrics = place->second;
  const auto put_sum = [&](MetricId metric, const StatisticSet& sum) {
    if (sum.samples > 0) cloudwatch_.put(metric, from, sum);
  };
  put_sum(metrics.cpu, sums.cpu);
  put_sum(metrics.network_out, sums.network_out);
  put_sum(metrics.check, sums.check);
  put_sum(metrics.check_instance, sums.check_instance);
  put_sum(metrics.check_system, sums.check_system);
  put_sum(metrics.usage, sums.usage);
  put_sum(metrics.balance, sums.balance);
  put_sum(metrics.surplus, sums.surplus);
  put_sum(metrics.charged, sums.charged);
}

void Publisher::publish(Owner& owner, std::int64_t minute) {
  const bool five_minutes = minute % 5 == 0;
  const Time minute_ago = world_.now() - kDetailed;
  const Time five_ago = world_.now() - kBasic;
  Sums last_minute, last_five;
  bool member = false;
  for (Ec2Instance* instance : owner.live) {
    if (!instance->is_running()) continue;
    member = member || instance->auto_scaling_member();
    publish_checks(*instance, minute_ago, last_minute);
    if (instance->detailed()) publish_use(*instance, minute_ago, last_minute);
    if (!five_minutes) continue;
    if (!instance->detailed()) publish_use(*instance, five_ago, last_five);
    if (instance->credits()) publish_credits(*instance, five_ago, last_five);
  }
  if (!member) return;
  publish_group(owner.id, minute_ago, last_minute);
  if (five_minutes) publish_group(owner.id, five_ago, last_five);
}

}  // namespace nephoscope::ec2
