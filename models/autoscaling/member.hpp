// One instance of a group or its warm pool, from its launch to its end.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/simulation.hpp"
#include "models/autoscaling/lifecycle.hpp"
#include "models/common/compute.hpp"
#include "models/common/target_group.hpp"

namespace nephoscope::autoscaling {

class Group;

struct Registration {
  TargetGroup* group = nullptr;
  TargetId target;
  TargetState state = TargetState::initial;

  // Deregistered: its health says nothing any more.
  bool is_leaving() const { return state == TargetState::draining; }
  bool is_healthy() const { return state == TargetState::healthy || state == TargetState::unavailable; }
};

// What the group knows of the instance. Only Group changes it.
struct Member final : InstanceListener, TargetListener {
  Member(Group& owner, std::uint64_t number_, LifecycleState first, Activity launch)
      : group(&owner), number(number_), state(first), activity(launch) {}
  Member(const Member&) = delete;
  Member& operator=(const Member&) = delete;

  void instance_changed(Instance& changed, InstanceEvent event) override;
  void target_changed(TargetId target, TargetState before, TargetState now) override;

  bool in_service() const { return state == LifecycleState::in_service; }
  const std::string& name() const { return instance->name(); }
  // Neither gone nor going.
  bool stays() const { return !is_terminating(state); }

  Group* group;          // another one's once that has taken it over
  std::uint64_t number;  // in the group, in the order in which they came
  Instance* instance = nullptr;
  LifecycleState state;
  Activity activity;  // the one under way, or the last
  std::string version;
  std::size_t zone = 0;  // index into the group's zones
  std::vector<Registration> registrations;
  bool is_protected = false;  // from scale-in

  Duration warmup{};
  bool warm_before_ready = false;  // a successor is ready only once it is warm
  bool warm = false;
  Time in_service_since{};

  std::string unhealthy;  // why; empty while it is healthy
  std::optional<Time> impaired_since;
  bool at_risk = false;  // of a Spot interruption

  Member* successor = nullptr;    // launched first, in whose favour this one will go
  Member* predecessor = nullptr;  // that goes once this one is ready
  std::string leaving;            // why it will go

  bool hook_abandons = false;
  std::uint64_t hook_runs = 0;
  bool entering_pool = false;  // prepared and on its way to the state in which it waits
  bool to_pool = false;        // of a scale-in: it returns to the warm pool
  bool skips_hooks = false;    // of a termination
  bool drained = false;        // of a termination
  Timer timer;                 // of the hooks, later of the warm-up
};

}  // namespace nephoscope::autoscaling
