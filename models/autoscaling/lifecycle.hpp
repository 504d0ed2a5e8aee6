// The states of a group's instances, and of the activities that launch and terminate them.
//
// Which change is legal is a table, so that nothing else can happen and a test can ask for each of them.
// Sources: Amazon EC2 Auto Scaling User Guide, "Amazon EC2 Auto Scaling instance lifecycle" and "Lifecycle
// state transitions for instances in a warm pool"; API reference, Activity (StatusCode). Not modelled: the
// states of hibernated, rebooted and detached instances.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

namespace nephoscope::autoscaling {

enum class LifecycleState : std::uint8_t {
  pending,
  pending_wait,
  pending_proceed,
  in_service,
  standby,
  terminating,
  terminating_wait,
  terminating_proceed,
  terminated,
  warmed_pending,
  warmed_pending_wait,
  warmed_pending_proceed,
  warmed_stopped,
  warmed_running,
  warmed_terminating,
  warmed_terminating_wait,
  warmed_terminating_proceed,
  warmed_terminated,
};

// As DescribeAutoScalingInstances spells them: "Pending:Wait".
std::string_view name_of(LifecycleState state);
std::span<const LifecycleState> all_lifecycle_states();
std::span<const std::pair<LifecycleState, LifecycleState>> lifecycle_transitions();
bool is_legal(LifecycleState from, LifecycleState to);

// On its way to InService.
bool is_pending(LifecycleState state);
// On its way out of the group or its warm pool, or gone.
bool is_terminating(LifecycleState state);
// In the warm pool, on its way into or out of the account.
bool is_warmed(LifecycleState state);

enum class ActivityStatus : std::uint8_t {
  waiting_for_instance_id,
  waiting_for_spot_instance_id,
  pre_in_service,
  mid_lifecycle_action,
  in_progress,
  waiting_for_elb_connection_draining,
  successful,
  failed,
  cancelled,
};

std::string_view name_of(ActivityStatus status);
std::span<const ActivityStatus> all_activity_statuses();
std::span<const std::pair<ActivityStatus, ActivityStatus>> activity_transitions();
bool is_legal(ActivityStatus from, ActivityStatus to);
bool has_ended(ActivityStatus status);

enum class ActivityKind : std::uint8_t { launch, terminate };

// One launch or termination. `scaling`: a change of the desired capacity asked for it.
class Activity final {
 public:
  Activity(ActivityKind kind, ActivityStatus first, bool scaling)
      : kind_(kind), status_(first), scaling_(scaling) {}
  ActivityKind kind() const { return kind_; }
  ActivityStatus status() const { return status_; }
  bool scaling() const { return scaling_; }
  bool ended() const { return has_ended(status_); }
  // REQUIRES: is_legal(status(), next).
  void to(ActivityStatus next);

 private:
  ActivityKind kind_;
  ActivityStatus status_;
  bool scaling_;
};

}  // namespace nephoscope::autoscaling
