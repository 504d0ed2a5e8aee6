// What scaling policies and scheduled actions see of, and do to, the group that they belong to.
//
// The group implements it; policies hold a Capacity& for the whole replication. Source: Amazon EC2 Auto
// Scaling User Guide, "Dynamic scaling", "Scheduled scaling", "Set the default instance warmup".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/time.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/target_group.hpp"

namespace nephoscope::autoscaling {

// The processes that SuspendProcesses knows (Auto Scaling User Guide, "Suspend and resume processes").
enum class SuspendableProcess : std::uint8_t {
  launch,
  terminate,
  add_to_load_balancer,
  alarm_notification,
  az_rebalance,
  health_check,
  instance_refresh,
  replace_unhealthy,
  scheduled_actions,
};

class Capacity {
 public:
  virtual ~Capacity() = default;
  // The group's id in the scenario: "web".
  virtual const std::string& group() const = 0;
  virtual int min_size() const = 0;
  virtual int max_size() const = 0;
  virtual int desired() const = 0;
  // Instances InService whose warm-up is over: those that make up the group's metrics.
  virtual int in_service_past_warmup() const = 0;
  // Instances that are being launched, or are InService and not warm yet. They count as capacity, and while
  // there is one, policies do not scale in.
  virtual int warming() const = 0;
  // Whether a launch or termination is under way that a change of the desired capacity began.
  virtual bool activity_in_progress() const = 0;
  // When the last of those ended: a simple policy's cooldown counts from here (after draining and hooks).
  virtual std::optional<Time> last_activity_end() const = 0;
  // The group's property default_cooldown, for simple policies that name none.
  virtual Duration default_cooldown() const = 0;
  virtual bool suspended(SuspendableProcess process) const = 0;

  // The metric of the group's instances under AWS/EC2 ("CPUUtilization"), or the group's own under
  // AWS/AutoScaling ("GroupInServiceInstances").
  virtual MetricName group_metric(std::string_view name) const = 0;
  // Where its instances are registered, in the order in which they were attached. Complete from start() on.
  virtual const std::vector<TargetGroup*>& target_groups() const = 0;

  // Sets the desired capacity, cut to [min, max], logs the change with its reason, and begins to launch or
  // terminate. `warmup` is the policy's EstimatedInstanceWarmup and holds for the instances that are launched
  // for it; none = the group's default_instance_warmup, else its default_cooldown.
  virtual void set_desired(int desired, const std::string& reason,
                           std::optional<Duration> warmup = std::nullopt) = 0;
  // A scheduled action: any of the three. A desired capacity that is not given is pulled into the new limits.
  virtual void set_limits(std::optional<int> min, std::optional<int> max, std::optional<int> desired,
                          const std::string& reason) = 0;
};

}  // namespace nephoscope::autoscaling
