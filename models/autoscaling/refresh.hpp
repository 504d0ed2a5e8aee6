// An instance refresh: ships a version to a group by replacing its instances, a few at a time.
//
// Source: Amazon EC2 Auto Scaling User Guide, "How an instance refresh works", "Add checkpoints",
// "Undo changes with a rollback"; API reference, InstanceRefresh and RefreshPreferences. Not modelled:
// alarms that fail a refresh, cancelling by hand, the limit of 14 days.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "models/autoscaling/autoscaling.hpp"
#include "models/autoscaling/placement.hpp"
#include "models/common/deployment.hpp"
#include "models/common/world.hpp"

namespace nephoscope::autoscaling {

class Group;
struct Member;

enum class RefreshStatus : std::uint8_t {
  pending,
  in_progress,
  baking,
  successful,
  failed,
  rollback_in_progress,
  rollback_successful,
  rollback_failed,
};

std::string_view name_of(RefreshStatus status);
std::span<const RefreshStatus> all_refresh_statuses();
std::span<const std::pair<RefreshStatus, RefreshStatus>> refresh_transitions();
bool is_legal(RefreshStatus from, RefreshStatus to);

// Instances that may have been replaced at a checkpoint, of `total`: rounded up.
int checkpoint_limit(int total, int percentage);

class Refresh final {
 public:
  // REQUIRES: all outlive it.
  Refresh(World& world, Group& group, const AutoScalingGroupConfig& config);

  // Begins; one that is active already makes the new one fail (InstanceRefreshInProgress).
  void begin(const std::string& deployment, const std::string& version, DeploymentListener& listener);
  // Goes on as far as it can now; the group calls it whenever something has changed.
  void advance();

  bool active() const;
  RefreshStatus status() const { return status_; }
  // What instances are launched with while it is active, and how long they warm up.
  const std::string& version() const { return version_; }
  Duration warmup() const;

 private:
  void to(RefreshStatus status);
  void take_stock();
  int finished() const;
  int begun() const;
  bool unready(const Member& member) const;
  void note_progress(int finished);
  void replace(int finished);
  bool pause_at_checkpoint(int finished);
  int limit() const;
  void over();
  void end(RefreshStatus status, DeploymentOutcome outcome, const std::string& why);
  void fail();
  void look_again_at(Time instant);
  HealthyRange range() const;

  World& world_;
  Group& group_;
  const AutoScalingGroupConfig& config_;
  RefreshStatus status_ = RefreshStatus::successful;
  std::string deployment_;
  std::string version_;
  std::string version_before_;
  DeploymentListener* listener_ = nullptr;
  std::vector<Member*> old_;  // that are to be replaced, without those on their way out
  int total_ = 0;
  std::uint64_t first_new_ = 0;  // number of the first instance launched for it
  std::size_t checkpoint_ = 0;   // the next one
  Time paused_until_{};
  Time progress_at_{};
  int last_finished_ = 0;
};

}  // namespace nephoscope::autoscaling
