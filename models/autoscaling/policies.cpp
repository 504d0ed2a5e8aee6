#include "models/autoscaling/policies.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::autoscaling {

namespace {

constexpr Duration kHeld = 60s;  // the interval at which actions of alarms are repeated

}  // namespace

Policies::Policies(World& world, const ScalingConfig& config)
    : world_(world), config_(config), schedule_(world, config.scheduled_actions) {}

void Policies::connect(const Wiring& wiring) {
  if (!config_.scaling_policies.empty()) cloudwatch_ = &wiring.cloudwatch();
  for (const auto& policy : config_.scaling_policies) {
    const auto& resource = policy.value.resource();
    target_groups_.push_back(resource ? &wiring.target_group(resource->id) : nullptr);
  }
}

void Policies::start(Capacity& capacity) {
  check(target_groups_.size() == config_.scaling_policies.size(), "autoscaling", "policies not connected");
  capacity_ = &capacity;
  for (std::size_t i = 0; i < config_.scaling_policies.size(); ++i)
    put_alarms(config_.scaling_policies[i], target_groups_[i]);
  for (const auto& predictor : predictors_) predictor->start();
  schedule_.start(capacity);
}

void Policies::put_alarms(const Named<ScalingPolicyConfig>& policy, const TargetGroup* target_group) {
  const ScalingPolicyConfig& config = policy.value;
  const std::string name = fmt::format("{}-{}", capacity_->group(), policy.id);
  if (const auto& tracking = config.target_tracking) {
    put_alarm(policy, tracking->alarm_high(policy.id, *capacity_, target_group), tracking->label());
    if (!tracking->disable_scale_in)
      put_alarm(policy, tracking->alarm_low(policy.id, *capacity_, target_group), tracking->label(), true);
  }
  if (config.step_scaling)
    put_alarm(policy, config.step_scaling->alarm.spec(name, *capacity_), config.step_scaling->alarm.label());
  if (config.simple_scaling)
    put_alarm(policy, config.simple_scaling->alarm.spec(name, *capacity_),
              config.simple_scaling->alarm.label());
  if (config.predictive_scaling)
    predictors_.push_back(std::make_unique<Predictor>(world_, *cloudwatch_, *capacity_, policy.id,
                                                      *config.predictive_scaling, target_group));
}

void Policies::put_alarm(const Named<ScalingPolicyConfig>& policy, AlarmSpec spec, const std::string& label,
                         bool is_low) {
  auto trigger = std::make_unique<Trigger>(*this, policy, label);
  trigger->spec = std::move(spec);
  trigger->is_low = is_low;
  trigger->alarm = cloudwatch_->put_alarm(trigger->spec, trigger.get());
  triggers_.push_back(std::move(trigger));
}

// An alarm may be in ALARM for lack of data; without a value there is nothing to scale by.
void Policies::Trigger::alarm_acts(const AlarmReading& reading) {
  if (reading.now != AlarmState::alarm || !reading.value) return;
  if (policies.capacity_->suspended(SuspendableProcess::alarm_notification)) return;
  due = reading.value;
  last_seen = reading.value;
  policies.decide_soon();
}

// At the end of the instant, when every alarm that is evaluated in it has spoken.
void Policies::decide_soon() {
  if (deciding_) return;
  deciding_ = true;
  world_.simulation.at(
      world_.now(), [](void* self) { static_cast<Policies*>(self)->decide(); }, this, Priority::late);
}

void Policies::decide() {
  deciding_ = false;
  std::vector<Proposal> proposals;
  add_proposals(proposals);
  for (const auto& trigger : triggers_) trigger->due.reset();
  auto winner = largest(proposals, predicted_floor());
  if (!winner) return;
  hold_against_others(*winner, proposals);
  carry_out(*winner);
}

void Policies::hold_against_others(Proposal& proposal, const std::vector<Proposal>& proposals) {
  const auto over = [&](const Wanted& each) {
    const auto again = [&](const Proposal& fresh) { return fresh.voice == each.voice; };
    return world_.now() - each.at >= kHeld || std::any_of(proposals.begin(), proposals.end(), again);
  };
  std::erase_if(wanted_, over);
  int held = proposal.capacity;
  for (const Wanted& each : wanted_) held = std::max(held, each.capacity);
  if (proposal.capacity < capacity_->desired()) proposal.capacity = std::min(capacity_->desired(), held);
  for (const Proposal& fresh : proposals)
    wanted_.push_back({.voice = fresh.voice, .at = world_.now(), .capacity = fresh.capacity});
}

GroupView Policies::view(Duration metric_lag) const {
  GroupView view{.min_size = capacity_->min_size(),
                 .max_size = capacity_->max_size(),
                 .desired = capacity_->desired(),
                 .current = capacity_->in_service_past_warmup(),
                 .warming = capacity_->warming(),
                 .shrinking_from = 0};
  view.shrinking_from = view.current;
  const bool shrinking =
      scale_in_ && (capacity_->activity_in_progress() || world_.now() < scale_in_->at + metric_lag);
  if (shrinking) view.shrinking_from = std::max(view.current, scale_in_->from);
  return view;
}

void Policies::add_proposals(std::vector<Proposal>& proposals) {
  bool any_low = false;
  for (const auto& trigger : triggers_) {
    if (!trigger->due) continue;
    const ScalingPolicyConfig& policy = trigger->policy.value;
    if (policy.target_tracking && trigger->is_low)
      any_low = true;
    else if (policy.target_tracking)
      propose_out(*trigger, proposals);
    else if (policy.step_scaling)
      propose_step(*trigger, proposals);
    else
      propose_simple(*trigger, proposals);
  }
  if (any_low) propose_in(proposals);
}

void Policies::propose_out(const Trigger& trigger, std::vector<Proposal>& proposals) const {
  const TargetTrackingConfig& policy = *trigger.policy.value.target_tracking;
  const GroupView group = view(policy.metric_lag);
  proposals.push_back({.capacity = scale_out_capacity(group, *trigger.due, policy.target_value),
                       .reason = alarm_text(trigger.spec, trigger.metric_label, *trigger.due),
                       .warmup = policy.estimated_instance_warmup,
                       .from = group.shrinking_from,
                       .voice = &trigger});
}

// All policies that may scale in must be ready to; the largest capacity of theirs is what they agree on.
void Policies::propose_in(std::vector<Proposal>& proposals) const {
  std::vector<Proposal> agreed;
  for (const auto& trigger : triggers_) {
    if (!trigger->is_low) continue;
    const TargetTrackingConfig& policy = *trigger->policy.value.target_tracking;
    if (cloudwatch_->state(trigger->alarm) != AlarmState::alarm || !trigger->last_seen) return;
    const GroupView group = view(policy.metric_lag);
    const auto capacity = scale_in_capacity(group, *trigger->last_seen, policy.target_value);
    if (!capacity) return;
    agreed.push_back({.capacity = *capacity,
                      .reason = alarm_text(trigger->spec, trigger->metric_label, *trigger->last_seen),
                      .warmup = std::nullopt,
                      .from = group.shrinking_from,
                      .voice = nullptr});
  }
  if (auto most = largest(agreed, 0)) proposals.push_back(std::move(*most));
}

void Policies::propose_step(const Trigger& trigger, std::vector<Proposal>& proposals) const {
  const StepScalingConfig& policy = *trigger.policy.value.step_scaling;
  const StepAdjustment* step = find_step(policy.step_adjustments, *trigger.due, policy.alarm.threshold,
                                         policy.alarm.comparison_operator);
  if (step == nullptr) return;
  const GroupView group = view(Duration{});
  const auto capacity = step_capacity(group, policy.adjustment(*step));
  if (!capacity) return;
  proposals.push_back({.capacity = *capacity,
                       .reason = alarm_text(trigger.spec, trigger.metric_label, *trigger.due),
                       .warmup = policy.estimated_instance_warmup,
                       .from = group.shrinking_from,
                       .voice = &trigger});
}

void Policies::propose_simple(Trigger& trigger, std::vector<Proposal>& proposals) {
  const SimpleScalingConfig& policy = *trigger.policy.value.simple_scaling;
  if (!may_act(trigger, policy.cooldown.value_or(capacity_->default_cooldown()))) return;
  proposals.push_back({.capacity = simple_capacity(capacity_->desired(), policy.adjustment()),
                       .reason = alarm_text(trigger.spec, trigger.metric_label, *trigger.due),
                       .warmup = std::nullopt,
                       .from = capacity_->in_service_past_warmup(),
                       .voice = &trigger});
}

// Whether a simple policy acts now; if not, it says so once.
bool Policies::may_act(Trigger& trigger, Duration cooldown) {
  const RecentActivity activity{capacity_->activity_in_progress(), capacity_->last_activity_end()};
  const auto until = blocked_until(world_.now(), activity, cooldown);
  if (until && !trigger.waits)
    world_.log(capacity_->group(), "scaling",
               fmt::format("policy {} waits: {}", trigger.policy.id,
                           *until == Time::max() ? "an activity is in progress"
                                                 : "cooldown for another " + show(*until - world_.now())));
  trigger.waits = until.has_value();
  return !until;
}

int Policies::predicted_floor() const {
  int floor = 0;
  for (const auto& predictor : predictors_) floor = std::max(floor, predictor->floor());
  return floor;
}

void Policies::carry_out(const Proposal& proposal) {
  const int desired = capacity_->desired();
  const int capacity = std::clamp(proposal.capacity, capacity_->min_size(), capacity_->max_size());
  const bool capped = proposal.capacity > capacity_->max_size();
  if (capped && proposal.capacity != capped_at_)
    world_.log(capacity_->group(), "scaling",
               fmt::format("wants {}, but max_size is {}: {}", proposal.capacity, capacity_->max_size(),
                           proposal.reason));
  capped_at_ = capped ? proposal.capacity : 0;
  if (capacity == desired) return;
  if (capacity < desired)
    scale_in_ = {.at = world_.now(), .from = proposal.from};
  else
    scale_in_.reset();
  capacity_->set_desired(capacity, proposal.reason, proposal.warmup);
}

}  // namespace nephoscope::autoscaling
