// How an instance's lifecycle hooks end: all run at once, and the first that abandons ends them all.
//
// Source: Amazon EC2 Auto Scaling User Guide, "How lifecycle hooks work". Not modelled: heartbeats, with
// which a script may ask for more time (up to 48 h).
#pragma once

#include <span>

#include "models/autoscaling/autoscaling.hpp"

namespace nephoscope::autoscaling {

struct HookEnd {
  Duration after{};
  bool abandoned = false;
};

// One hook whose work takes `takes` and then fails or not; a hook that is not over by its heartbeat timeout
// ends then with its default result.
HookEnd hook_end(const LifecycleHook& hook, Duration takes, bool fails);
// All of an instance's hooks: over with the first that abandons, else with the last.
HookEnd together(std::span<const HookEnd> ends);

}  // namespace nephoscope::autoscaling
