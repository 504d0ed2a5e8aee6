#include "models/autoscaling/refresh.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/base/check.hpp"
#include "models/autoscaling/group.hpp"

namespace nephoscope::autoscaling {
namespace {

using R = RefreshStatus;

// A refresh that replaces nothing for this long fails ("How an instance refresh works").
constexpr Duration kPatience = 1h;
constexpr int kPercent = 100;
constexpr int kDefaultMinHealthy = 90;
constexpr int kDefaultMaxHealthy = 100;

constexpr R kAll[] = {R::pending,
                      R::in_progress,
                      R::baking,
                      R::successful,
                      R::failed,
                      R::rollback_in_progress,
                      R::rollback_successful,
                      R::rollback_failed};
constexpr std::string_view kNames[] = {"Pending",
                                       "InProgress",
                                       "Baking",
                                       "Successful",
                                       "Failed",
                                       "RollbackInProgress",
                                       "RollbackSuccessful",
                                       "RollbackFailed"};

constexpr std::pair<R, R> kTransitions[] = {
    {R::pending, R::in_progress},
    {R::in_progress, R::baking},
    {R::in_progress, R::successful},
    {R::in_progress, R::failed},
    {R::in_progress, R::rollback_in_progress},
    {R::baking, R::successful},
    {R::rollback_in_progress, R::rollback_successful},
    {R::rollback_in_progress, R::rollback_failed},
};

}  // namespace

std::string_view name_of(RefreshStatus status) { return kNames[static_cast<std::size_t>(status)]; }
std::span<const RefreshStatus> all_refresh_statuses() { return kAll; }
std::span<const std::pair<R, R>> refresh_transitions() { return kTransitions; }
bool is_legal(RefreshStatus from, RefreshStatus to) {
  return std::find(std::begin(kTransitions), std::end(kTransitions), std::pair(from, to)) !=
         std::end(kTransitions);
}

int checkpoint_limit(int total, int percentage) { return healthy_floor(total, percentage); }

Refresh::Refresh(World& world, Group& group, const AutoScalingGroupConfig& config)
    : world_(world), group_(group), config_(config) {}

bool Refresh::active() const {
  return status_ == R::pending || status_ == R::in_progress || status_ == R::baking ||
         status_ == R::rollback_in_progress;
}

Duration Refresh::warmup() const {
  const auto& own = config_.instance_refresh.instance_warmup;
  return own ? *own : config_.default_instance_warmup.value_or(config_.health_check_grace_period);
}

HealthyRange Refresh::range() const {
  const auto& policy = config_.instance_maintenance_policy;
  const auto& own = config_.instance_refresh;
  return {.min_percentage = own.min_healthy_percentage.value_or(policy ? policy->min_healthy_percentage
                                                                       : kDefaultMinHealthy),
          .max_percentage = own.max_healthy_percentage.value_or(policy ? policy->max_healthy_percentage
                                                                       : kDefaultMaxHealthy)};
}

void Refresh::to(RefreshStatus status) {
  check(is_legal(status_, status), "autoscaling", "a refresh goes from {} to {}", name_of(status_),
        name_of(status));
  if (group_.observer() != nullptr) group_.observer()->refreshed(status_, status);
  status_ = status;
}

void Refresh::begin(const std::string& deployment, const std::string& version, DeploymentListener& listener) {
  if (active()) {
    world_.log(group_.group(), "refresh", deployment + " fails: InstanceRefreshInProgress");
    return listener.deployment_ended(deployment, DeploymentOutcome::failed);
  }
  status_ = R::pending;
  deployment_ = deployment;
  version_before_ = group_.version();
  version_ = version;
  listener_ = &listener;
  checkpoint_ = 0;
  take_stock();
  to(R::in_progress);
  world_.log(group_.group(), "refresh",
             fmt::format("{} begins: version {}, {} instances to replace", deployment, version, total_));
  group_.renew_pool(version);
}

// What is to be replaced: what the group has now, save what matches already.
void Refresh::take_stock() {
  old_.clear();
  const bool all = status_ == R::pending && !config_.instance_refresh.skip_matching;
  for (Member* each : group_.members())
    if (each->stays() && !is_warmed(each->state) && (all || each->version != version_)) old_.push_back(each);
  total_ = static_cast<int>(old_.size());
  first_new_ = group_.members_so_far();
  paused_until_ = world_.now();
  progress_at_ = world_.now();
  last_finished_ = 0;
}

bool Refresh::unready(const Member& member) const {
  if (member.number < first_new_ || is_warmed(member.state) || !member.stays()) return false;
  return !member.in_service() || !member.warm || !member.unhealthy.empty();
}

int Refresh::begun() const {
  const auto going =
      std::count_if(old_.begin(), old_.end(), [](const Member* each) { return each->successor != nullptr; });
  return total_ - static_cast<int>(old_.size()) + static_cast<int>(going);
}

// Replaced, and their substitutes ready. What is not launched yet is not ready either.
int Refresh::finished() const {
  const auto& members = group_.members();
  const auto waiting = std::count_if(members.begin(), members.end(), [&](const Member* each) {
    return unready(*each) && each->predecessor == nullptr;
  });
  const int missing = std::max(group_.desired() - group_.counted(), 0);
  return std::max(total_ - static_cast<int>(old_.size()) - static_cast<int>(waiting) - missing, 0);
}

// The end of what may be replaced before the next pause; the last checkpoint ends the refresh.
int Refresh::limit() const {
  const auto& marks = config_.instance_refresh.checkpoint_percentages;
  if (status_ != R::in_progress || checkpoint_ >= marks.size()) return total_;
  return checkpoint_limit(total_, marks[checkpoint_]);
}

void Refresh::advance() {
  if (!active() || group_.suspended(SuspendableProcess::instance_refresh)) return;
  std::erase_if(old_, [](const Member* each) { return !each->stays(); });
  if (status_ == R::baking) {
    if (world_.now() >= paused_until_) end(R::successful, DeploymentOutcome::succeeded, "baked");
    return;
  }
  const int done = finished();
  note_progress(done);
  if (pause_at_checkpoint(done)) return;
  const bool last = checkpoint_ + 1 >= config_.instance_refresh.checkpoint_percentages.size();
  if (done >= limit() && begun() == done && last) return over();
  if (world_.now() - progress_at_ >= kPatience) return fail();
  replace(done);
}

void Refresh::note_progress(int finished) {
  if (finished <= last_finished_) return;
  last_finished_ = finished;
  progress_at_ = world_.now();
  world_.log(group_.group(), "refresh",
             fmt::format("{}: {} of {} replaced ({} %)", deployment_, finished, total_,
                         total_ == 0 ? kPercent : finished * kPercent / total_));
}

// True while it pauses. At the last checkpoint there is nothing to wait for.
bool Refresh::pause_at_checkpoint(int finished) {
  const auto& preferences = config_.instance_refresh;
  const auto& marks = preferences.checkpoint_percentages;
  if (status_ != R::in_progress || checkpoint_ + 1 >= marks.size()) return world_.now() < paused_until_;
  if (finished >= limit()) {
    world_.log(group_.group(), "refresh",
               fmt::format("{} pauses at its checkpoint of {} %", deployment_, marks[checkpoint_]));
    ++checkpoint_;
    paused_until_ = world_.now() + preferences.checkpoint_delay;
    progress_at_ = paused_until_;
    look_again_at(paused_until_);
  }
  return world_.now() < paused_until_;
}

void Refresh::replace(int finished) {
  const int begun_before = begun();
  int allowed = limit() - begun_before;
  if (allowed <= 0) return;
  int healthy = 0;
  int total = 0;
  for (const Member* each : group_.members()) {
    const bool there = is_pending(each->state) || each->in_service();
    total += there ? 1 : 0;
    healthy += each->in_service() && each->unhealthy.empty() && !unready(*each) ? 1 : 0;
  }
  ReplacementRoom room = replacement_room(range(), group_.desired(), healthy, total, begun_before > finished);
  const std::vector<Member*> old = old_;
  for (Member* each : old) {
    if (allowed <= 0 || room.launch_first + room.terminate_first <= 0) return;
    if (!each->in_service() || each->successor != nullptr || each->is_protected) continue;
    --allowed;
    const std::string reason = "instance refresh " + deployment_;
    if (room.launch_first > 0) {
      --room.launch_first;
      if (!group_.replace_by_successor(*each, reason, warmup())) return;
    } else {
      --room.terminate_first;
      group_.terminate(*each, {.cause = Cause::replacement, .reason = reason});
    }
  }
}

void Refresh::over() {
  if (status_ == R::rollback_in_progress)
    return end(R::rollback_successful, DeploymentOutcome::rolled_back, "rolled back");
  if (config_.instance_refresh.bake_time <= Duration{})
    return end(R::successful, DeploymentOutcome::succeeded, "all replaced");
  to(R::baking);
  paused_until_ = world_.now() + config_.instance_refresh.bake_time;
  look_again_at(paused_until_);
}

void Refresh::fail() {
  const std::string why = "no progress for an hour";
  if (status_ == R::rollback_in_progress) return end(R::rollback_failed, DeploymentOutcome::failed, why);
  if (!config_.instance_refresh.auto_rollback) return end(R::failed, DeploymentOutcome::failed, why);
  to(R::rollback_in_progress);
  version_ = version_before_.empty() ? group_.first_version() : version_before_;
  take_stock();
  world_.log(group_.group(), "refresh",
             fmt::format("{} rolls back {} instances to {}: {}", deployment_, total_, version_, why));
  group_.renew_pool(version_);
  advance();
}

// A group keeps its old configuration unless the refresh succeeds.
void Refresh::end(RefreshStatus status, DeploymentOutcome outcome, const std::string& why) {
  to(status);
  if (outcome == DeploymentOutcome::succeeded) group_.set_version(version_);
  world_.log(group_.group(), "refresh", fmt::format("{} is {}: {}", deployment_, name_of(status), why));
  listener_->deployment_ended(deployment_, outcome);
}

void Refresh::look_again_at(Time instant) {
  world_.simulation.at(
      instant, [](void* group) { static_cast<Group*>(group)->settle(); }, &group_);
}

}  // namespace nephoscope::autoscaling
