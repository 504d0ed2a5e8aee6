// What a controller that owns Auto Scaling groups (Elastic Beanstalk) does to them: the API's actions.
//
// The implementation is models/autoscaling. Source: Auto Scaling API reference, the actions named below.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/common/compute.hpp"

namespace nephoscope {

class AutoScalingGroup {
 public:
  virtual ~AutoScalingGroup() = default;
  virtual const std::string& group_name() const = 0;  // its id in the scenario: "shop/AutoScalingGroup"
  virtual int minimum_size() const = 0;
  virtual int maximum_size() const = 0;
  virtual int desired_capacity() const = 0;

  // Instances in the group or on their way into it, without those on their way out; in order of launch.
  virtual std::vector<Instance*> instances() const = 0;
  virtual bool in_service(const Instance& instance) const = 0;

  // The launch template: what instances are launched with from now on. An empty type or version is the
  // configuration's own.
  virtual void set_launch_version(const std::string& version) = 0;
  virtual void set_launch_type(const std::string& instance_type) = 0;

  // UpdateAutoScalingGroup; a desired capacity that is not given is pulled into the new limits.
  virtual void update(std::optional<int> min, std::optional<int> max, std::optional<int> desired,
                      const std::string& reason) = 0;
  // SuspendProcesses and ResumeProcesses for everything that would change the group's size or exchange its
  // instances: alarms, schedules, replacement of unhealthy instances, rebalancing.
  virtual void set_frozen(bool frozen) = 0;
  // TerminateInstanceInAutoScalingGroup (deregistration and draining first). REQUIRES: one of instances().
  virtual void terminate_instance(Instance& instance, bool decrement_desired, const std::string& reason) = 0;
  // DetachInstances from `other` and AttachInstances here, of all that are InService there: they are
  // registered with this group's target groups and stay registered with the other's; the desired capacities
  // (and limits, where needed) change along. REQUIRES: `other` is of the same implementation.
  virtual void take_over(AutoScalingGroup& other, const std::string& reason) = 0;
  // DeregisterTargets of all its instances from target groups that are not its own.
  virtual void drop_foreign_targets() = 0;

  // DeregisterTargets and RegisterTargets of one instance with all target groups of this group; the group
  // leaves the instance alone otherwise. REQUIRES: in_service(instance).
  virtual void deregister_targets(Instance& instance) = 0;
  virtual void register_targets(Instance& instance) = 0;
  // Whether a target group still counts it as a target: false once it has been deregistered and released.
  virtual bool registered(const Instance& instance) const = 0;
  // Whether all target groups that have it find it healthy; true if none has it.
  virtual bool healthy_target(const Instance& instance) const = 0;
};

}  // namespace nephoscope
