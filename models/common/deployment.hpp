// What a deployment uses of whatever it ships to. A deployment of the scenario names a target, a version and
// a time; how the version gets there is the target's own matter (an instance refresh of an Auto Scaling
// group, a deployment policy of Elastic Beanstalk).
#pragma once

#include <cstdint>
#include <string>

namespace nephoscope {

enum class DeploymentOutcome : std::uint8_t { succeeded, failed, rolled_back, cancelled };

// Hears of a deployment's end.
class DeploymentListener {
 public:
  virtual ~DeploymentListener() = default;
  virtual void deployment_ended(const std::string& deployment, DeploymentOutcome outcome) = 0;
};

class DeploymentTarget {
 public:
  virtual ~DeploymentTarget() = default;
  // Begins to ship `version`; ends with one call of the listener. `deployment` is its id in the scenario.
  // REQUIRES: the version is declared; the listener outlives the replication.
  virtual void deploy(const std::string& deployment, const std::string& version,
                      DeploymentListener& listener) = 0;
  // Rolls out another instance type, which exchanges all instances. REQUIRES: the target's configuration
  // can_change_instance_type(), and the type is known.
  virtual void change_instance_type(const std::string& deployment, const std::string& instance_type,
                                    DeploymentListener& listener);
  // The version that was last shipped with success, or was there from the start; empty = the first declared.
  virtual std::string deployed_version() const = 0;
};

}  // namespace nephoscope
