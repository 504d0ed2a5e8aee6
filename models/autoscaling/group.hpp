// A running Auto Scaling group: launches and terminates until what there is equals what is desired.
//
// Everything that happens (an instance comes up, a target fails, an alarm acts) ends in settle(), which ends
// replacements that are due, lets an instance refresh go on, and reconciles the group with its desired
// capacity.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/queueing/level.hpp"
#include "models/autoscaling/autoscaling.hpp"
#include "models/autoscaling/capacity.hpp"
#include "models/autoscaling/group_metrics.hpp"
#include "models/autoscaling/hooks.hpp"
#include "models/autoscaling/member.hpp"
#include "models/autoscaling/policies.hpp"
#include "models/autoscaling/refresh.hpp"
#include "models/common/auto_scaling_group.hpp"
#include "models/common/deployment.hpp"
#include "models/common/resource.hpp"
#include "models/common/series.hpp"
#include "models/common/world.hpp"

namespace nephoscope::autoscaling {

// Why an instance is launched or terminated.
enum class Cause : std::uint8_t { scaling, replacement, pool };

struct LaunchOrder {
  Cause cause = Cause::replacement;
  std::string reason = {};
  std::optional<Duration> warmup = {};
  bool for_pool = false;
};

struct TerminateOrder {
  Cause cause = Cause::replacement;
  std::string reason = {};
  bool skip_hooks = false;
  bool to_pool = false;
};

// Hears of every change of state, for tests.
class ChangeObserver {
 public:
  virtual ~ChangeObserver() = default;
  virtual void moved(LifecycleState from, LifecycleState to) = 0;
  virtual void progressed(ActivityStatus from, ActivityStatus to) = 0;
  virtual void refreshed(RefreshStatus from, RefreshStatus to) = 0;
};

class Group final : public Resource,
                    public Fleet,
                    public Capacity,
                    public DeploymentTarget,
                    public AutoScalingGroup {
 public:
  // REQUIRES: world and config outlive it.
  Group(World& world, const std::string& id, const AutoScalingGroupConfig& config);

  Fleet* fleet() override { return this; }
  DeploymentTarget* deployment_target() override { return this; }
  AutoScalingGroup* auto_scaling_group() override { return this; }
  void attach(TargetGroup& group) override;
  void connect(const Wiring& wiring) override;
  void start() override;
  void begin_measurement() override;
  void report(Report& report) const override;
  void audit(Audit& audit) const override;
  void deploy(const std::string& deployment, const std::string& version,
              DeploymentListener& listener) override;
  std::string deployed_version() const override { return version_; }

  // Capacity --------------------------------------------------------------------------------------------
  const std::string& group() const override { return id_; }
  int min_size() const override { return min_; }
  int max_size() const override { return max_; }
  int desired() const override { return desired_; }
  int in_service_past_warmup() const override;
  int warming() const override;
  bool activity_in_progress() const override;
  std::optional<Time> last_activity_end() const override { return last_activity_end_; }
  Duration default_cooldown() const override { return config_.default_cooldown; }
  bool suspended(SuspendableProcess process) const override;
  MetricName group_metric(std::string_view name) const override;
  const std::vector<TargetGroup*>& target_groups() const override { return target_groups_; }
  void set_desired(int desired, const std::string& reason,
                   std::optional<Duration> warmup = std::nullopt) override;
  void set_limits(std::optional<int> min, std::optional<int> max, std::optional<int> desired,
                  const std::string& reason) override;

  // AutoScalingGroup (group_control.cpp) ------------------------------------------------------------------
  const std::string& group_name() const override { return id_; }
  int minimum_size() const override { return min_; }
  int maximum_size() const override { return max_; }
  int desired_capacity() const override { return desired_; }
  std::vector<Instance*> instances() const override;
  bool in_service(const Instance& instance) const override;
  void set_launch_version(const std::string& version) override;
  void set_launch_type(const std::string& instance_type) override;
  void update(std::optional<int> min, std::optional<int> max, std::optional<int> desired,
              const std::string& reason) override;
  void set_frozen(bool frozen) override;
  void terminate_instance(Instance& instance, bool decrement_desired, const std::string& reason) override;
  // REQUIRES: both have one instance owner, this group has the zones of `other`, neither is being refreshed.
  void take_over(AutoScalingGroup& other, const std::string& reason) override;
  void drop_foreign_targets() override;
  void deregister_targets(Instance& instance) override;
  void register_targets(Instance& instance) override;
  bool registered(const Instance& instance) const override;
  bool healthy_target(const Instance& instance) const override;

  // What an operator may do -----------------------------------------------------------------------------
  // EnterStandby and ExitStandby; with `decrement` the desired capacity goes along. REQUIRES: the member is
  // InService, respectively Standby.
  void enter_standby(Member& member, bool decrement);
  void exit_standby(Member& member, bool increment);
  void set_suspended(SuspendableProcess process, bool on);
  void set_protected(Member& member, bool on) { member.is_protected = on; }

  // What a refresh uses, and tests look at -----------------------------------------------------------------
  // Instances of the group and its pool that EC2 has not ended yet, in order of launch.
  const std::vector<Member*>& members() const { return live_; }
  int count(LifecycleState state) const { return counts_[static_cast<std::size_t>(state)]; }
  // In service or on their way there, without those that a successor will replace.
  int counted() const;
  // InService and, as far as it can be known, fit to take a predecessor's place.
  bool ready(const Member& member) const;
  // Launches a successor first; false if no zone had room. REQUIRES: `member` is InService without successor.
  bool replace_by_successor(Member& member, const std::string& reason,
                            std::optional<Duration> warmup = std::nullopt);
  void terminate(Member& member, const TerminateOrder& order);
  // The launch template's version that instances get from now on.
  const std::string& version() const { return version_; }
  void set_version(const std::string& version) { version_ = version; }
  // The one that its first instance had.
  std::string first_version() const { return versions_.empty() ? "" : versions_.front(); }
  // Warm pool instances of another version make room for new ones.
  void renew_pool(const std::string& version);
  // Those that it has ever launched or taken over; the number of the next one.
  std::uint64_t members_so_far() const { return launches_ + taken_over_; }
  // Lets everything follow that a change may entail.
  void settle();
  void observe(ChangeObserver* observer) { observer_ = observer; }
  ChangeObserver* observer() const { return observer_; }

 private:
  friend struct Member;

  // Events.
  void instance_changed(Member& member, InstanceEvent event);
  void target_changed(Member& member);
  void left_running(Member& member, InstanceEvent event);
  void left_early(Member& member, const std::string& reason);

  // Launches (group_launch.cpp).
  Member* launch(const LaunchOrder& order);
  Member* launch_in(std::size_t zone, const LaunchOrder& order);
  Member& adopt(Instance& instance, std::size_t zone, const LaunchOrder& order, Activity activity);
  LaunchSpec spec_for(std::size_t zone, Market market, const std::string& type) const;
  std::vector<std::string> type_order(Market market) const;
  Market market_of_next() const;
  std::vector<int> per_zone(bool with_pool) const;
  void launch_failed(const std::string& where, const std::string& error);
  void comes_up(Member& member);
  void begin_hooks(Member& member, HookTransition transition);
  void hooks_over(Member& member);
  void after_hooks(Member& member);
  void enter_service(Member& member);
  void register_targets(Member& member);
  void becomes_warm(Member& member);
  void show_in_metrics(Member& member);
  Duration warmup_of(const LaunchOrder& order) const;
  HookEnd draw_hooks(Member& member, HookTransition transition, bool& any);

  // Terminations (group_terminate.cpp).
  void deregister(Member& member);
  bool drains(const Member& member) const;
  void drained(Member& member);
  void end_instance(Member& member);
  void ended(Member& member);
  void return_to_pool(Member& member);
  void unlink(Member& member);
  void close(Member& member, ActivityStatus end);
  std::optional<std::size_t> victim_among(const std::vector<Member*>& members);

  // Health and replacement (group_health.cpp).
  Process look_after();
  void look_at_health();
  std::string trouble(const Member& member) const;
  void replace_unhealthy();
  void replace_old();
  void replace_some(const std::vector<Member*>& members, const std::string& why);
  void replace_at_risk();
  void rebalance_zones();
  bool rebalance_once(const std::vector<int>& zones);
  bool busy() const;
  bool finish_replacements();
  bool targets_are_healthy(const Member& member) const;

  // The warm pool (group_pool.cpp).
  Member* take_from_pool(std::size_t zone, const LaunchOrder& order);
  void prepared(Member& member);
  void rests_in_pool(Member& member);
  void fill_pool();
  int pool_size() const;

  // What a controller does (group_control.cpp).
  const std::string& owner() const { return config_.instance_owner.empty() ? id_ : config_.instance_owner; }
  static bool is_frozen_with(SuspendableProcess process);
  Member* find(const Instance& instance) const;
  Member& member_in_service(const Instance& instance);
  void take(Group& giver, Member& member);
  void put_in_zone(Member& member);
  void drop_foreign_targets(Member& member);
  void shift_desired(int by);

  void reconcile();
  void launch_missing();
  void terminate_excess();
  void retry_later();
  void move(Member& member, LifecycleState to);
  void note_levels();
  void progress(Activity& activity, ActivityStatus to);
  void log(const std::string& kind, std::string text) { world_.log(id_, kind, std::move(text)); }
  void change_desired(int desired, const std::string& reason);
  void forget_ended();
  Process sample();
  Process publish();
  void publish_now();
  int version_rank(const std::string& version) const;

  World& world_;
  const AutoScalingGroupConfig& config_;
  std::string id_;
  Compute* compute_ = nullptr;
  CloudWatch* cloudwatch_ = nullptr;
  std::vector<ZoneId> zones_;
  std::vector<TargetGroup*> target_groups_;
  std::vector<SuspendableProcess> suspended_;
  bool frozen_ = false;
  Purpose hook_purpose_;
  Purpose victim_purpose_;
  bool started_ = false;

  int min_;
  int max_;
  int desired_;
  std::string scaling_reason_ = "the group starts";
  std::optional<Duration> scaling_warmup_;
  Cause cause_ = Cause::scaling;       // of launches that are missing now
  std::vector<std::string> versions_;  // in the order in which the group first used them
  std::string version_;
  std::string launch_type_;
  Refresh refresh_;
  Policies policies_;

  std::vector<std::unique_ptr<Member>> all_;  // listeners outlive their instances
  std::vector<Member*> live_;
  std::array<int, 18> counts_{};  // members by LifecycleState
  std::uint64_t launches_ = 0;
  std::uint64_t taken_over_ = 0;  // members of other groups
  std::uint64_t given_up_ = 0;    // members that others have taken over
  std::uint64_t selections_ = 0;
  std::optional<Time> last_activity_end_;
  Time last_replacement_{};
  int failures_in_row_ = 0;
  Time launch_retry_at_{};
  bool settling_ = false;
  bool again_ = false;
  ChangeObserver* observer_ = nullptr;

  GroupMetrics metrics_;
};

}  // namespace nephoscope::autoscaling
