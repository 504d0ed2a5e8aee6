#include "models/autoscaling/group.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/autoscaling/placement.hpp"
#include "models/common/audit.hpp"

namespace nephoscope::autoscaling {

namespace {

// Rounds of settle() that no chain of consequences at one instant comes near.
constexpr int kMostRounds = 100'000;

}  // namespace

void Member::instance_changed(Instance&, InstanceEvent event) { group->instance_changed(*this, event); }
void Member::target_changed(TargetId, TargetState, TargetState) { group->target_changed(*this); }

Group::Group(World& world, const std::string& id, const AutoScalingGroupConfig& config)
    : world_(world),
      config_(config),
      id_(id),
      suspended_(config.suspended_processes),
      hook_purpose_(Purpose("autoscaling.hook").of(id)),
      victim_purpose_(Purpose("autoscaling.victim").of(id)),
      min_(config.min_size),
      max_(config.max_size),
      desired_(config.desired_capacity.value_or(config.min_size)),
      version_(config.version ? config.version->id : ""),
      launch_type_(config.instance_type),
      refresh_(world, *this, config),
      policies_(world, config),
      metrics_(world) {
  for (std::size_t i = 0; i < world.run.zones.size(); ++i) {
    const auto names_it = [&](const Reference& each) { return each.id == world.run.zones[i]; };
    const auto& wanted = config.availability_zones;
    if (wanted.empty() || std::any_of(wanted.begin(), wanted.end(), names_it))
      zones_.emplace_back(static_cast<std::uint32_t>(i));
  }
}

void Group::attach(TargetGroup& group) {
  if (std::find(target_groups_.begin(), target_groups_.end(), &group) == target_groups_.end())
    target_groups_.push_back(&group);
}

void Group::connect(const Wiring& wiring) {
  compute_ = &wiring.compute();
  compute_->add_owner(owner(), config_);
  cloudwatch_ = &wiring.cloudwatch();
  for (const Reference& each : config_.target_groups) attach(wiring.target_group(each.id));
  policies_.connect(wiring);
}

void Group::start() {
  started_ = true;
  metrics_.set_desired(world_.now(), desired_);
  settle();
  policies_.start(*this);
  world_.simulation.spawn(look_after());
  world_.simulation.spawn(sample());
  if (config_.metrics_collection) world_.simulation.spawn(publish());
}

void Group::deploy(const std::string& deployment, const std::string& version, DeploymentListener& listener) {
  refresh_.begin(deployment, version, listener);
  settle();
}

// --- capacity
// ------------------------------------------------------------------------------------------------

int Group::counted() const {
  return static_cast<int>(std::count_if(live_.begin(), live_.end(), [](const Member* each) {
    return (is_pending(each->state) || each->in_service()) && each->successor == nullptr;
  }));
}

int Group::in_service_past_warmup() const {
  return static_cast<int>(std::count_if(live_.begin(), live_.end(),
                                        [](const Member* each) { return each->in_service() && each->warm; }));
}

int Group::warming() const {
  return static_cast<int>(std::count_if(live_.begin(), live_.end(), [](const Member* each) {
    return is_pending(each->state) || (each->in_service() && !each->warm);
  }));
}

bool Group::activity_in_progress() const {
  return std::any_of(live_.begin(), live_.end(),
                     [](const Member* each) { return each->activity.scaling() && !each->activity.ended(); });
}

bool Group::suspended(SuspendableProcess process) const {
  if (frozen_ && is_frozen_with(process)) return true;
  return std::find(suspended_.begin(), suspended_.end(), process) != suspended_.end();
}

void Group::set_suspended(SuspendableProcess process, bool on) {
  std::erase(suspended_, process);
  if (on) suspended_.push_back(process);
  settle();
}

MetricName Group::group_metric(std::string_view name) const {
  const bool own = name.starts_with("Group") || name.starts_with("WarmPool");
  return {.space = own ? "AWS/AutoScaling" : "AWS/EC2",
          .name = std::string(name),
          .dimensions = {{"AutoScalingGroupName", id_}}};
}

void Group::change_desired(int desired, const std::string& reason) {
  const int within = std::clamp(desired, min_, max_);
  const std::string limit =
      within == desired ? "" : fmt::format(" (wanted {}, limits {} to {})", desired, min_, max_);
  if (within == desired_) return;
  log("scaling", fmt::format("desired {} -> {}: {}{}", desired_, within, reason, limit));
  ++(within > desired_ ? metrics_.counts.scale_outs : metrics_.counts.scale_ins);
  desired_ = within;
  scaling_reason_ = reason;
  cause_ = Cause::scaling;
  launch_retry_at_ = world_.now();
  metrics_.set_desired(world_.now(), desired_);
}

void Group::set_desired(int desired, const std::string& reason, std::optional<Duration> warmup) {
  scaling_warmup_ = warmup;
  change_desired(desired, reason);
  settle();
}

void Group::set_limits(std::optional<int> min, std::optional<int> max, std::optional<int> desired,
                       const std::string& reason) {
  const int new_max = max.value_or(max_);
  const int new_min = std::min(min.value_or(min_), new_max);
  if (new_min != min_ || new_max != max_)
    log("scaling", fmt::format("limits {} to {} -> {} to {}: {}", min_, max_, new_min, new_max, reason));
  min_ = new_min;
  max_ = new_max;
  scaling_warmup_.reset();
  change_desired(desired.value_or(desired_), reason);
  settle();
}

// --- keeping what there is at what is desired
// -------------------------------------------------------------------

void Group::settle() {
  again_ = true;
  if (settling_ || !started_) return;
  settling_ = true;
  for (int round = 0; again_; ++round) {
    check(round < kMostRounds, "autoscaling", "group {} does not settle", id_);
    again_ = finish_replacements();
    refresh_.advance();
    reconcile();
    fill_pool();
  }
  settling_ = false;
  forget_ended();
}

void Group::reconcile() {
  launch_missing();
  terminate_excess();
}

void Group::launch_missing() {
  int missing = desired_ - counted();
  if (missing <= 0) cause_ = Cause::replacement;
  if (missing <= 0 || suspended(SuspendableProcess::launch) || world_.now() < launch_retry_at_) return;
  const bool scales = cause_ == Cause::scaling;
  const LaunchOrder order{.cause = cause_,
                          .reason = scales ? scaling_reason_ : "one is missing",
                          .warmup = scales ? scaling_warmup_ : std::nullopt};
  for (; missing > 0; --missing)
    if (launch(order) == nullptr) return retry_later();
  failures_in_row_ = 0;
  cause_ = Cause::replacement;
}

void Group::retry_later() {
  constexpr int most_doublings = 5;
  const int doublings = std::min(failures_in_row_++, most_doublings);
  launch_retry_at_ = world_.now() + config_.launch_retry_delay * (std::int64_t{1} << doublings);
  world_.simulation.at(
      launch_retry_at_, [](void* self) { static_cast<Group*>(self)->settle(); }, this);
}

// Instances that a successor replaces are passed over: they go anyway.
void Group::terminate_excess() {
  if (suspended(SuspendableProcess::terminate)) return;
  const auto may_go = [](const Member* each) {
    return (is_pending(each->state) || each->in_service()) && each->successor == nullptr;
  };
  for (int excess = counted() - desired_; excess > 0; --excess) {
    std::vector<Member*> members;
    std::copy_if(live_.begin(), live_.end(), std::back_inserter(members), may_go);
    const auto victim = victim_among(members);
    if (!victim) return;
    const bool reuse = config_.warm_pool && config_.warm_pool->reuse_on_scale_in;
    terminate(*members[*victim], {.cause = Cause::scaling, .reason = scaling_reason_, .to_pool = reuse});
  }
}

void Group::move(Member& member, LifecycleState to) {
  check(is_legal(member.state, to), "autoscaling", "{} goes from {} to {}", member.name(),
        name_of(member.state), name_of(to));
  --counts_[static_cast<std::size_t>(member.state)];
  ++counts_[static_cast<std::size_t>(to)];
  if (observer_ != nullptr) observer_->moved(member.state, to);
  member.state = to;
  note_levels();
}

void Group::progress(Activity& activity, ActivityStatus to) {
  if (observer_ != nullptr) observer_->progressed(activity.status(), to);
  activity.to(to);
}

void Group::note_levels() {
  metrics_.set_in_service(world_.now(), count(LifecycleState::in_service));
  int total = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(LifecycleState::terminated); ++i) total += counts_[i];
  metrics_.set_total(world_.now(), total);
}

void Group::forget_ended() {
  std::erase_if(live_, [](const Member* each) {
    return each->state == LifecycleState::terminated || each->state == LifecycleState::warmed_terminated;
  });
}

int Group::version_rank(const std::string& version) const {
  return static_cast<int>(std::find(versions_.begin(), versions_.end(), version) - versions_.begin());
}

// --- standby
// ---------------------------------------------------------------------------------------------------

void Group::enter_standby(Member& member, bool decrement) {
  check(member.in_service(), "autoscaling", "{} is {}, not InService", member.name(), name_of(member.state));
  deregister(member);
  world_.simulation.cancel(member.timer);
  move(member, LifecycleState::standby);
  if (decrement) change_desired(desired_ - 1, member.name() + " enters Standby");
  settle();
}

void Group::exit_standby(Member& member, bool increment) {
  check(member.state == LifecycleState::standby, "autoscaling", "{} is {}, not Standby", member.name(),
        name_of(member.state));
  member.activity = Activity(ActivityKind::launch, ActivityStatus::waiting_for_instance_id, false);
  progress(member.activity, ActivityStatus::pre_in_service);
  move(member, LifecycleState::pending);
  if (increment) change_desired(desired_ + 1, member.name() + " leaves Standby");
  comes_up(member);
  settle();
}

}  // namespace nephoscope::autoscaling
