// What services use of EC2: they launch instances, hear of what happens to them, and end them.
//
// The implementation is models/ec2, one Compute for all resources of a replication. An instance runs one
// application server; the phases from the API call to a serving application are those of models/ec2/ec2.md.
// Usage is billed, and CPU and request figures are reported, under the instance's owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/core/process.hpp"
#include "models/common/launch.hpp"
#include "models/common/place.hpp"
#include "models/common/placement_group.hpp"
#include "models/common/server.hpp"
#include "models/common/zone.hpp"

namespace nephoscope {

struct World;

// EC2's instance states (EC2 User Guide, "Instance lifecycle").
enum class InstanceState : std::uint8_t { pending, running, stopping, stopped, shutting_down, terminated };

enum class Market : std::uint8_t { on_demand, spot };

// What EC2's status checks say.
enum class StatusCheck : std::uint8_t { initializing, ok, impaired };

class Instance;

enum class InstanceEvent : std::uint8_t {
  running,                   // state pending -> running
  application_started,       // booted and bootstrapped: the server takes requests
  impaired,                  // a status check has failed
  recovered,                 // status checks pass again
  rebalance_recommendation,  // Spot: at elevated risk
  interruption_notice,       // Spot: reclaimed in 2 minutes
  stopping,                  // includes an operating-system shutdown
  stopped,
  shutting_down,
  terminated,
  // For watchers only (Compute::watch), who model what runs on the instance: no API and no check shows these.
  up,    // its operating system runs
  down,  // it has stopped working: stopped, terminated, without power, host or operating system
};

// Hears of an instance's life. Calls come from the event loop; the listener may act on the instance in them.
class InstanceListener {
 public:
  virtual ~InstanceListener() = default;
  virtual void instance_changed(Instance& instance, InstanceEvent event) = 0;
};

// One EC2 instance. References stay valid until the end of the replication.
class Instance {
 public:
  virtual ~Instance() = default;
  virtual const std::string& name() const = 0;  // "web/i-3", counted per owner
  virtual const std::string& type() const = 0;  // "m6i.large"
  virtual ZoneId zone() const = 0;
  // The host that it is on, or was on last; and its place in the network.
  virtual HostSite site() const { return {.zone = zone()}; }
  virtual PlaceId place() const { return {}; }
  // Its number in a partition placement group, from 1.
  virtual std::optional<std::uint32_t> partition() const { return std::nullopt; }
  // Whether it runs with power, host and operating system: the simulator's truth, not what checks show.
  virtual bool alive() const { return state() == InstanceState::running; }
  virtual Market market() const = 0;
  virtual InstanceState state() const = 0;
  virtual StatusCheck status_check() const = 0;
  // When the launch was asked for, and, if it ever was, when the instance began to run.
  virtual Time launched_at() const = 0;
  virtual std::optional<Time> running_since() const = 0;
  // Its application server; exists from launch, and runs while the application does.
  virtual ApplicationServer& server() = 0;
  virtual bool application_running() const = 0;

  // Why the last start() did not start it ("InsufficientInstanceCapacity"); empty if it did.
  virtual std::string start_failure() const { return {}; }
  // Whether it counts in the metrics of its Auto Scaling group, which EC2 aggregates under
  // AutoScalingGroupName = owner: the group decides, since instances in their warm-up do not count.
  virtual void set_in_group_metrics(bool) {}

  // The API actions. Each is ignored in a state in which EC2 refuses it.
  virtual void terminate() = 0;
  virtual void stop() = 0;
  virtual void start() = 0;
  virtual void reboot() = 0;

  // What a deployment agent on it does: stops the application (requests in progress end with a reset
  // connection), and starts it as `version` after `restart_time`; application_started follows if that version
  // can boot. Ignored unless the instance runs. REQUIRES: the version is declared.
  virtual void restart_application(std::string_view /*version*/, Duration /*restart_time*/) {}

  // Reads so much from S3 in the run's Region, over a network that others use, too; tries again while the way
  // is cut. False if the instance goes down first or the calling process is interrupted.
  virtual Task<bool> fetch(Bytes /*size*/) { co_return true; }

  // What befalls it from outside (faults). ---------------------------------------------------------------
  // Its operating system hangs; status checks notice, and a reboot mends it.
  virtual void fail_system() {}
  // A gray failure: slow, and healthy to every check. 1 = nominal. REQUIRES: > 0.
  virtual void set_degradation(double /*cpu_speed*/) {}
  // What its vCPUs do against nominal, spent CPU credits included.
  virtual double cpu_speed() const { return 1; }
  // Its disks work at this share of their speed; 0 = not at all.
  virtual void set_disk_speed(double /*share*/) {}
  virtual double disk_speed() const { return 1; }
};

// "us-east-1a rack 3 host 7", with its partition if it has one.
std::string where(const World& world, const Instance& instance);

struct LaunchSpec {
  const LaunchConfig& config;  // REQUIRES: outlives the instance
  std::string owner;           // the resource's id in the scenario: "web"
  ZoneId zone;
  Market market = Market::on_demand;
  std::string instance_type;  // overrides the config's; empty = the config's
  std::string version;        // of the application; empty = the config's
  // A member of an Auto Scaling group is replaced by it, never recovered (EC2 User Guide, "Recover your
  // instance"), and may count in the group's metrics.
  bool auto_scaling_member = false;
  bool auto_recovery = true;  // simplified automatic recovery, where the type supports it
};

// Why a launch was refused: InsufficientInstanceCapacity, InstanceLimitExceeded, RequestLimitExceeded,
// MaxSpotInstanceCountExceeded (EC2 User Guide, "Troubleshoot instance launch issues"); and of placement
// groups InvalidParameterCombination and InvalidPlacementGroup.InUse (models/ec2/placement.md).
struct LaunchFailure {
  std::string error;
  std::string detail = {};  // why, for people; may be empty
  // "InsufficientInstanceCapacity (spread group web has 7 running instances in us-east-1a)".
  std::string text() const { return detail.empty() ? error : error + " (" + detail + ")"; }
};

using LaunchResult = std::variant<Instance*, LaunchFailure>;

class Compute {
 public:
  virtual ~Compute() = default;
  // Announces an owner, so that its figures are reported (as zeros) even if it never launches. Called while
  // the scenario is wired. REQUIRES: `config` outlives the replication.
  virtual void add_owner(std::string_view /*owner*/, const LaunchConfig& /*config*/) {}
  // Announces a placement group. Called while the scenario is wired.
  virtual void add_placement_group(std::string_view /*id*/, const PlacementGroupSettings& /*settings*/) {}
  // RunInstances for one instance. REQUIRES: `listener` outlives it; connect() of the wiring is over.
  virtual LaunchResult launch(const LaunchSpec& spec, InstanceListener& listener) = 0;
  // The instances of an owner that are not terminated, in order of launch.
  virtual std::vector<Instance*> instances(std::string_view owner) = 0;
  // Tells `listener`, too, what happens to an owner's instances. Called while the scenario is wired.
  virtual void watch(std::string_view /*owner*/, InstanceListener& /*listener*/) {}
  // vCPUs of a known type; none for an unknown one.
  virtual std::optional<int> vcpus(std::string_view instance_type) const = 0;

  // What befalls instances from outside (faults). -----------------------------------------------------
  // A zone without power: its instances stop answering and fail status checks, launches there fail with
  // InsufficientInstanceCapacity; when power returns, instances that still exist boot again.
  virtual void set_zone_power(ZoneId zone, bool on) = 0;
  // Whether launches (and starts) in that zone find capacity.
  virtual void set_capacity(ZoneId zone, bool available) = 0;
  // A rack without power, or a host that fails: what runs there stops answering and fails status checks, and
  // nothing is launched there. When it is on again, instances that still are there boot.
  virtual void set_rack_power(RackId /*rack*/, bool /*on*/) {}
  virtual void set_host_power(const HostSite& /*host*/, bool /*on*/) {}
  virtual ZoneShape zone_shape() const { return {}; }
  // EC2 reclaims a Spot instance, notice first.
  virtual void interrupt_spot(Instance& instance) = 0;
};

}  // namespace nephoscope
