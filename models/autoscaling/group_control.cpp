// What a controller that owns groups (Elastic Beanstalk) does to them.
//
// Sources: Auto Scaling API reference, UpdateAutoScalingGroup, SuspendProcesses, AttachInstances,
// DetachInstances, TerminateInstanceInAutoScalingGroup; elbv2 API reference, RegisterTargets and
// DeregisterTargets.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "engine/base/check.hpp"
#include "models/autoscaling/group.hpp"

namespace nephoscope::autoscaling {

Member* Group::find(const Instance& instance) const {
  const auto found = std::find_if(live_.begin(), live_.end(),
                                  [&](const Member* each) { return each->instance == &instance; });
  return found == live_.end() ? nullptr : *found;
}

Member& Group::member_in_service(const Instance& instance) {
  Member* const member = find(instance);
  check(member != nullptr && member->in_service(), "autoscaling", "{} is not in service in {}",
        instance.name(), id_);
  return *member;
}

std::vector<Instance*> Group::instances() const {
  std::vector<Instance*> found;
  for (const Member* each : live_)
    if (each->stays() && !is_warmed(each->state)) found.push_back(each->instance);
  return found;
}

bool Group::in_service(const Instance& instance) const {
  const Member* member = find(instance);
  return member != nullptr && member->in_service();
}

// --- the launch template and the size
// ------------------------------------------------------------------------

void Group::set_launch_version(const std::string& version) {
  version_ = !version.empty() ? version : config_.version ? config_.version->id : "";
}

void Group::set_launch_type(const std::string& instance_type) {
  launch_type_ = instance_type.empty() ? config_.instance_type : instance_type;
}

void Group::update(std::optional<int> min, std::optional<int> max, std::optional<int> desired,
                   const std::string& reason) {
  set_limits(min, max, desired, reason);
}

bool Group::is_frozen_with(SuspendableProcess process) {
  return process == SuspendableProcess::alarm_notification ||
         process == SuspendableProcess::scheduled_actions ||
         process == SuspendableProcess::replace_unhealthy || process == SuspendableProcess::az_rebalance;
}

void Group::set_frozen(bool frozen) {
  frozen_ = frozen;
  settle();
}

// A desired capacity at the minimum stays, so the instance is replaced.
void Group::terminate_instance(Instance& instance, bool decrement_desired, const std::string& reason) {
  Member* const member = find(instance);
  check(member != nullptr, "autoscaling", "{} is not in {}", instance.name(), id_);
  if (decrement_desired) change_desired(desired_ - 1, reason);
  const Cause cause = decrement_desired ? Cause::scaling : Cause::replacement;
  terminate(*member, {.cause = cause, .reason = reason});
}

// --- targets
// -------------------------------------------------------------------------------------------------

void Group::deregister_targets(Instance& instance) { deregister(member_in_service(instance)); }

void Group::register_targets(Instance& instance) { register_targets(member_in_service(instance)); }

bool Group::registered(const Instance& instance) const {
  const Member* member = find(instance);
  return member != nullptr && !member->registrations.empty();
}

bool Group::healthy_target(const Instance& instance) const {
  const Member* member = find(instance);
  return member == nullptr || targets_are_healthy(*member);
}

// --- taking over
// ---------------------------------------------------------------------------------------------

// Neither group settles before both are whole again: target groups speak up in between.
void Group::take_over(AutoScalingGroup& other, const std::string& reason) {
  auto* const giver = dynamic_cast<Group*>(&other);
  check(giver != nullptr && giver != this, "autoscaling", "{} cannot take over {}", id_, other.group_name());
  check(giver->owner() == owner(), "autoscaling", "{} and {} have different owners", id_, giver->id_);
  check(!refresh_.active() && !giver->refresh_.active(), "autoscaling", "{} is being refreshed", id_);
  check(!settling_ && !giver->settling_, "autoscaling", "{} takes over while it settles", id_);
  std::vector<Member*> members;
  std::copy_if(giver->live_.begin(), giver->live_.end(), std::back_inserter(members),
               [](const Member* each) { return each->in_service(); });
  if (members.empty()) return;
  const int counted_there = giver->counted();
  const int counted_here = counted();
  settling_ = giver->settling_ = true;
  for (Member* each : members) take(*giver, *each);
  giver->shift_desired(giver->counted() - counted_there);
  shift_desired(counted() - counted_here);
  settling_ = giver->settling_ = false;
  const auto tell = [&](Group& group, const char* kind, const char* how, const Group& partner) {
    group.log(kind, fmt::format("{} instances {} {}: desired {}, limits {} to {}: {}", members.size(), how,
                                partner.id_, group.desired_, group.min_, group.max_, reason));
  };
  tell(*giver, "detach", "go to", *this);
  tell(*this, "attach", "come from", *giver);
  giver->settle();
  settle();
}

void Group::take(Group& giver, Member& member) {
  giver.unlink(member);
  const auto owned = std::find_if(giver.all_.begin(), giver.all_.end(),
                                  [&](const auto& each) { return each.get() == &member; });
  all_.push_back(std::move(*owned));
  giver.all_.erase(owned);
  std::erase(giver.live_, &member);
  --giver.counts_[static_cast<std::size_t>(member.state)];
  ++counts_[static_cast<std::size_t>(member.state)];
  ++giver.given_up_;
  member.group = this;
  member.number = members_so_far();
  ++taken_over_;
  const auto later = [](const Member* a, const Member* b) {
    return a->instance->launched_at() < b->instance->launched_at();
  };
  live_.insert(std::upper_bound(live_.begin(), live_.end(), &member, later), &member);
  if (version_rank(member.version) == static_cast<int>(versions_.size())) versions_.push_back(member.version);
  giver.note_levels();
  note_levels();
  put_in_zone(member);
  show_in_metrics(member);
  register_targets(member);
}

void Group::put_in_zone(Member& member) {
  const auto place = std::find(zones_.begin(), zones_.end(), member.instance->zone());
  check(place != zones_.end(), "autoscaling", "{} is in no zone of {}", member.name(), id_);
  member.zone = static_cast<std::size_t>(place - zones_.begin());
}

void Group::drop_foreign_targets() {
  const std::vector<Member*> members = live_;
  for (Member* each : members) drop_foreign_targets(*each);
}

void Group::drop_foreign_targets(Member& member) {
  const std::vector<Registration> registered = member.registrations;
  for (const Registration& each : registered)
    if (std::find(target_groups_.begin(), target_groups_.end(), each.group) == target_groups_.end())
      each.group->remove(each.target);
  std::erase_if(member.registrations,
                [](const Registration& each) { return each.group->released(each.target); });
}

// Limits give way; nothing is launched or terminated for it.
void Group::shift_desired(int by) {
  desired_ = std::max(desired_ + by, 0);
  min_ = std::min(min_, desired_);
  max_ = std::max(max_, desired_);
  metrics_.set_desired(world_.now(), desired_);
}

}  // namespace nephoscope::autoscaling
