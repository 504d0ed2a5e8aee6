// How a version gets to an environment's instances: the step sequences of the deployment policies.
//
// Each policy is one coroutine that reads like AWS's description of it. Every step writes a line to the event
// log that begins with the step's name; elasticbeanstalk.md lists the sequences. Source: Elastic Beanstalk
// Developer Guide, "Deployment policies and settings", "Immutable environment updates", "Rolling environment
// configuration updates".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/process.hpp"
#include "models/common/auto_scaling_group.hpp"
#include "models/common/deployment.hpp"
#include "models/common/load_balancer.hpp"
#include "models/common/world.hpp"
#include "models/elasticbeanstalk/agents.hpp"
#include "models/elasticbeanstalk/environment.hpp"
#include "models/elasticbeanstalk/settings.hpp"

namespace nephoscope::elasticbeanstalk {

enum class Step : std::uint8_t {
  begin,      // the deployment
  launch,     // new instances
  pause,      // between the batches of a time-based update
  detach,     // instances from the load balancer
  drain,      // requests under way end
  deploy,     // the bundle onto instances, and the application's restart
  attach,     // instances to the load balancer
  health,     // the gate: passed or failed
  shift,      // traffic between versions
  evaluate,   // the new version under a part of the traffic
  move,       // instances from the temporary group to the environment's own
  terminate,  // instances
  swap,       // the CNAMEs of two environments
  roll_back,
  fail,
  succeed,
};
std::string_view name_of(Step step);

// What stands behind one front: an environment's resources, or those of its green twin.
struct Site {
  std::string name = {};  // "shop": as the event log calls it
  AutoScalingGroup* group = nullptr;
  AutoScalingGroup* temporary = nullptr;         // of policies that launch instances beside the old ones
  LoadBalancerControl* load_balancer = nullptr;  // none with a single instance
};

class Rollout final {
 public:
  // REQUIRES: all outlive it. `environment` is the environment's id in the scenario.
  Rollout(World& world, const std::string& environment, const EnvironmentConfig& config,
          const Settings& settings, Agents& agents);

  // What follows ships `version`; `before` is what later launches install if it fails. REQUIRES: nothing else
  // is under way.
  void begin(const std::string& version, const std::string& before);
  // Ships by the policy of the settings. REQUIRES: `site` outlives the task.
  Task<DeploymentOutcome> ship(const Site& site);
  // Ships by replacing all instances, whatever the policy: managed and immutable updates.
  Task<DeploymentOutcome> ship_immutably(const Site& site);
  // Exchanges all instances for such of another type, by the settings of rolling updates; rolls back what it
  // can.
  Task<DeploymentOutcome> change_type(const Site& site, const std::string& instance_type);
  // Waits until `count` instances of the group are InService and pass; false if the deadline comes first.
  Task<bool> launched(AutoScalingGroup& group, int count, Time deadline);
  // Whether no instance of the group is ill for `time`; false as soon as one is, or none is left.
  Task<bool> stays_well(const AutoScalingGroup& group, Duration time);

  // The instance type that launches use; empty = the configuration's.
  const std::string& launch_type() const { return type_; }
  void log(Step step, std::string_view text);
  Time command_deadline() const;

 private:
  using Batch = std::vector<Instance*>;

  DeploymentOutcome close(const Site& site, bool shipped, DeploymentOutcome failure);
  Task<bool> all_at_once(const Site& site);
  Task<bool> rolling(const Site& site);
  Task<bool> additional_batch(const Site& site);
  Task<bool> immutable(const Site& site);
  Task<bool> traffic_splitting(const Site& site);

  Task<bool> add_batch(const Site& site, int size);
  Task<bool> update_batch(const Site& site, const Batch& batch);
  Task<> detach(const Site& site, const Batch& batch);
  Task<> install(const Batch& batch);
  Process install_on(Instance& instance, Duration takes, Duration restart);
  Task<bool> gate(const Site& site, const Batch& batch);
  void set_launch_type(const Site& site, const std::string& instance_type);
  Task<bool> exchange(const Site& site, const Batch& old);
  Duration pause_time() const;
  Task<bool> launch_beside(const Site& site, int count);
  Task<> until_healthy_targets(const AutoScalingGroup& group);
  Task<> move_in(const Site& site, const Batch& old);
  void give_up(const Site& site, const std::string& why);

  Batch in_service(const AutoScalingGroup& group) const;
  Batch next_batch(const Site& site, int size) const;
  bool passes(const AutoScalingGroup& group, const Instance& instance);
  void begin_gate(const Batch& batch);
  std::string worst_of(const Batch& batch);
  Duration draw(Purpose purpose, const Instance& instance, const DurationDistribution& takes) const;

  World& world_;
  const std::string& environment_;
  const EnvironmentConfig& config_;
  const Settings& settings_;
  Agents& agents_;
  Purpose deploy_purpose_;
  Purpose restart_purpose_;
  std::string version_;
  std::string before_;
  std::string type_;
  std::uint64_t number_ = 0;  // of the rollout
  int installing_ = 0;
};

}  // namespace nephoscope::elasticbeanstalk
