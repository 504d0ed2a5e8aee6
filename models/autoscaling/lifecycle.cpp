#include "models/autoscaling/lifecycle.hpp"

#include <algorithm>
#include <array>

#include "engine/base/check.hpp"

namespace nephoscope::autoscaling {
namespace {

using L = LifecycleState;
using Status = ActivityStatus;

constexpr std::pair<L, std::string_view> kStates[] = {
    {L::pending, "Pending"},
    {L::pending_wait, "Pending:Wait"},
    {L::pending_proceed, "Pending:Proceed"},
    {L::in_service, "InService"},
    {L::standby, "Standby"},
    {L::terminating, "Terminating"},
    {L::terminating_wait, "Terminating:Wait"},
    {L::terminating_proceed, "Terminating:Proceed"},
    {L::terminated, "Terminated"},
    {L::warmed_pending, "Warmed:Pending"},
    {L::warmed_pending_wait, "Warmed:Pending:Wait"},
    {L::warmed_pending_proceed, "Warmed:Pending:Proceed"},
    {L::warmed_stopped, "Warmed:Stopped"},
    {L::warmed_running, "Warmed:Running"},
    {L::warmed_terminating, "Warmed:Terminating"},
    {L::warmed_terminating_wait, "Warmed:Terminating:Wait"},
    {L::warmed_terminating_proceed, "Warmed:Terminating:Proceed"},
    {L::warmed_terminated, "Warmed:Terminated"},
};

// From Terminating an instance ends at once when there is no hook, and from every later step when EC2 ends it
// by itself meanwhile. On scale-in with a reuse policy it goes back into the warm pool instead.
constexpr std::pair<L, L> kLifecycle[] = {
    {L::pending, L::pending_wait},
    {L::pending, L::in_service},
    {L::pending, L::terminating},
    {L::pending_wait, L::pending_proceed},
    {L::pending_wait, L::terminating},
    {L::pending_proceed, L::in_service},
    {L::in_service, L::standby},
    {L::in_service, L::terminating},
    {L::standby, L::pending},
    {L::standby, L::terminating},
    {L::terminating, L::terminating_wait},
    {L::terminating, L::terminated},
    {L::terminating, L::warmed_pending},
    {L::terminating_wait, L::terminating_proceed},
    {L::terminating_wait, L::terminated},
    {L::terminating_proceed, L::terminated},
    {L::terminating_proceed, L::warmed_pending},
    {L::warmed_pending, L::warmed_pending_wait},
    {L::warmed_pending, L::warmed_stopped},
    {L::warmed_pending, L::warmed_running},
    {L::warmed_pending, L::warmed_terminating},
    {L::warmed_pending_wait, L::warmed_pending_proceed},
    {L::warmed_pending_wait, L::warmed_terminating},
    {L::warmed_pending_proceed, L::warmed_stopped},
    {L::warmed_pending_proceed, L::warmed_running},
    {L::warmed_pending_proceed, L::warmed_terminating},
    {L::warmed_stopped, L::pending},
    {L::warmed_stopped, L::warmed_terminating},
    {L::warmed_running, L::pending},
    {L::warmed_running, L::warmed_terminating},
    {L::warmed_terminating, L::warmed_terminating_wait},
    {L::warmed_terminating, L::warmed_terminated},
    {L::warmed_terminating_wait, L::warmed_terminating_proceed},
    {L::warmed_terminating_wait, L::warmed_terminated},
    {L::warmed_terminating_proceed, L::warmed_terminated},
};

constexpr std::pair<Status, std::string_view> kStatuses[] = {
    {Status::waiting_for_instance_id, "WaitingForInstanceId"},
    {Status::waiting_for_spot_instance_id, "WaitingForSpotInstanceId"},
    {Status::pre_in_service, "PreInService"},
    {Status::mid_lifecycle_action, "MidLifecycleAction"},
    {Status::in_progress, "InProgress"},
    {Status::waiting_for_elb_connection_draining, "WaitingForELBConnectionDraining"},
    {Status::successful, "Successful"},
    {Status::failed, "Failed"},
    {Status::cancelled, "Cancelled"},
};

// Status launch: an id is asked for, the instance comes up, its hooks run. Status termination: connections
// drain, hooks run, EC2 ends the instance; it succeeds from anywhere when the instance is gone already.
constexpr std::pair<Status, Status> kActivity[] = {
    {Status::waiting_for_instance_id, Status::pre_in_service},
    {Status::waiting_for_instance_id, Status::failed},
    {Status::waiting_for_spot_instance_id, Status::pre_in_service},
    {Status::waiting_for_spot_instance_id, Status::failed},
    {Status::pre_in_service, Status::mid_lifecycle_action},
    {Status::pre_in_service, Status::successful},
    {Status::pre_in_service, Status::failed},
    {Status::pre_in_service, Status::cancelled},
    {Status::mid_lifecycle_action, Status::pre_in_service},
    {Status::mid_lifecycle_action, Status::in_progress},
    {Status::mid_lifecycle_action, Status::successful},
    {Status::mid_lifecycle_action, Status::failed},
    {Status::mid_lifecycle_action, Status::cancelled},
    {Status::in_progress, Status::waiting_for_elb_connection_draining},
    {Status::in_progress, Status::mid_lifecycle_action},
    {Status::in_progress, Status::successful},
    {Status::waiting_for_elb_connection_draining, Status::in_progress},
    {Status::waiting_for_elb_connection_draining, Status::successful},
};

template <typename State, std::size_t N>
constexpr std::array<State, N> keys(const std::pair<State, std::string_view> (&names)[N]) {
  std::array<State, N> result{};
  for (std::size_t i = 0; i < N; ++i) result[i] = names[i].first;
  return result;
}
constexpr auto kAllStates = keys(kStates);
constexpr auto kAllStatuses = keys(kStatuses);

template <typename State, std::size_t N>
bool contains(const std::pair<State, State> (&table)[N], State from, State to) {
  return std::find(std::begin(table), std::end(table), std::pair(from, to)) != std::end(table);
}

}  // namespace

std::string_view name_of(LifecycleState state) { return kStates[static_cast<std::size_t>(state)].second; }
std::span<const LifecycleState> all_lifecycle_states() { return kAllStates; }
std::span<const std::pair<LifecycleState, LifecycleState>> lifecycle_transitions() { return kLifecycle; }
bool is_legal(LifecycleState from, LifecycleState to) { return contains(kLifecycle, from, to); }

bool is_pending(LifecycleState state) { return state <= L::pending_proceed; }
bool is_terminating(LifecycleState state) {
  return (state >= L::terminating && state <= L::terminated) || state >= L::warmed_terminating;
}
bool is_warmed(LifecycleState state) { return state >= L::warmed_pending; }

std::string_view name_of(ActivityStatus status) { return kStatuses[static_cast<std::size_t>(status)].second; }
std::span<const ActivityStatus> all_activity_statuses() { return kAllStatuses; }
std::span<const std::pair<ActivityStatus, ActivityStatus>> activity_transitions() { return kActivity; }
bool is_legal(ActivityStatus from, ActivityStatus to) { return contains(kActivity, from, to); }
bool has_ended(ActivityStatus status) { return status >= Status::successful; }

void Activity::to(ActivityStatus next) {
  check(is_legal(status_, next), "autoscaling", "an activity goes from {} to {}", name_of(status_),
        name_of(next));
  status_ = next;
}

}  // namespace nephoscope::autoscaling
