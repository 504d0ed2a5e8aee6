// What policies see of a group at one minute and what each asks for; which of several wins.
// Source: Auto Scaling User Guide, "Dynamic scaling", "Multiple dynamic scaling policies".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.hpp"

namespace nephoscope::autoscaling {

struct GroupView {
  int min_size = 0;
  int max_size = 0;
  int desired = 0;
  int current = 0;  // instances InService and past their warm-up: "current capacity"
  int warming = 0;  // launching, or not warm yet
  // Current capacity with the instances that the last scale-in is still terminating, or that the metric still
  // describes: "while scaling in, we consider instances that are terminating as part of the current
  // capacity".
  int shrinking_from = 0;
};

struct Proposal {
  int capacity = 0;  // not yet cut to the group's limits
  std::string reason;
  std::optional<Duration> warmup;  // EstimatedInstanceWarmup of the policy
  int from = 0;                    // what a removal counts from, see GroupView::shrinking_from
  const void* voice = nullptr;     // who wants it
};

// Of several policies the one with the largest capacity wins, for scaling out and in alike; none if nothing
// was proposed. `floor` is what predictive scaling holds on to in this hour.
std::optional<Proposal> largest(const std::vector<Proposal>& proposals, int floor);

}  // namespace nephoscope::autoscaling
