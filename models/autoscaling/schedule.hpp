// Carries out a group's scheduled actions, one after the other in the order in which they are due.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "engine/core/process.hpp"
#include "engine/random/draws.hpp"
#include "models/autoscaling/capacity.hpp"
#include "models/autoscaling/scheduled_action.hpp"
#include "models/common/world.hpp"

namespace nephoscope::autoscaling {

class Schedule final {
 public:
  // REQUIRES: world and actions outlive it.
  Schedule(World& world, const std::vector<Named<ScheduledActionConfig>>& actions);
  // REQUIRES: `capacity` outlives the replication.
  void start(Capacity& capacity);

 private:
  struct Entry {
    const Named<ScheduledActionConfig>* action;
    Purpose delay_purpose;
    std::optional<Time> due;  // next
    std::uint64_t count = 0;  // of times it was carried out
  };

  UtcTime calendar(Time instant) const;
  std::optional<Time> due_after(const ScheduledActionConfig& action, UtcTime from) const;
  // The entry that is due first, in the order of the scenario at one instant; null if none ever is.
  Entry* first_due();
  Duration delay_of(const Entry& entry) const;
  Process run();
  void carry_out(Entry& entry);

  World& world_;
  const std::vector<Named<ScheduledActionConfig>>& actions_;
  std::vector<Entry> entries_;
  Capacity* capacity_ = nullptr;
};

}  // namespace nephoscope::autoscaling
