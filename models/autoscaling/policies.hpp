// A group's scaling policies and scheduled actions at work: they act on a Capacity by what CloudWatch says.
//
// Each minute the actions of all alarms in ALARM arrive, each policy says which capacity it wants, and the
// largest of a minute wins; target tracking policies scale in only if all of them would. See policies.md.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "models/autoscaling/capacity.hpp"
#include "models/autoscaling/predictor.hpp"
#include "models/autoscaling/proposal.hpp"
#include "models/autoscaling/scaling.hpp"
#include "models/autoscaling/schedule.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/resource.hpp"
#include "models/common/world.hpp"

namespace nephoscope::autoscaling {

class Policies final {
 public:
  // REQUIRES: world and config outlive it.
  Policies(World& world, const ScalingConfig& config);
  Policies(const Policies&) = delete;
  Policies& operator=(const Policies&) = delete;

  void connect(const Wiring& wiring);
  // Puts the alarms and begins. REQUIRES: connected; `capacity` outlives the replication.
  void start(Capacity& capacity);

 private:
  // One alarm of one policy; `due` is its action that has come at this instant.
  struct Trigger final : AlarmListener {
    Trigger(Policies& owner, const Named<ScalingPolicyConfig>& config, std::string label)
        : policies(owner), policy(config), metric_label(std::move(label)) {}
    void alarm_acts(const AlarmReading& reading) override;

    Policies& policies;
    const Named<ScalingPolicyConfig>& policy;
    std::string metric_label;
    AlarmSpec spec;
    AlarmId alarm;
    bool is_low = false;              // of target tracking
    std::optional<double> due;        // the metric's value
    std::optional<double> last_seen;  // the same, kept for later minutes
    bool waits = false;               // a simple policy that has said that it waits
  };

  // What a policy wanted at its last action. Alarms are evaluated at different seconds of a minute, so what
  // one wants holds for a minute against removals that others want.
  struct Wanted {
    const void* voice;  // the trigger; null for what target tracking policies agreed to scale in to
    Time at;
    int capacity = 0;
  };

  // What the metric described when the group last scaled in.
  struct ScaleIn {
    Time at;
    int from = 0;
  };

  void put_alarms(const Named<ScalingPolicyConfig>& policy, const TargetGroup* target_group);
  void put_alarm(const Named<ScalingPolicyConfig>& policy, AlarmSpec spec, const std::string& label,
                 bool is_low = false);
  void decide_soon();
  void decide();
  GroupView view(Duration metric_lag) const;
  void add_proposals(std::vector<Proposal>& proposals);
  void propose_out(const Trigger& trigger, std::vector<Proposal>& proposals) const;
  void propose_step(const Trigger& trigger, std::vector<Proposal>& proposals) const;
  void propose_simple(Trigger& trigger, std::vector<Proposal>& proposals);
  void propose_in(std::vector<Proposal>& proposals) const;
  bool may_act(Trigger& trigger, Duration cooldown);
  int predicted_floor() const;
  void hold_against_others(Proposal& proposal, const std::vector<Proposal>& proposals);
  void carry_out(const Proposal& proposal);

  World& world_;
  const ScalingConfig& config_;
  CloudWatch* cloudwatch_ = nullptr;
  Capacity* capacity_ = nullptr;
  Schedule schedule_;
  std::vector<const TargetGroup*> target_groups_;  // by policy; null where a policy names none
  std::vector<std::unique_ptr<Trigger>> triggers_;
  std::vector<std::unique_ptr<Predictor>> predictors_;
  std::optional<ScaleIn> scale_in_;
  std::vector<Wanted> wanted_;
  bool deciding_ = false;
  int capped_at_ = 0;  // the capacity that was wanted when max_size last stood in the way
};

}  // namespace nephoscope::autoscaling
