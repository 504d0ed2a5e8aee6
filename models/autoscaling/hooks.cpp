#include "models/autoscaling/hooks.hpp"

#include <algorithm>

namespace nephoscope::autoscaling {

HookEnd hook_end(const LifecycleHook& hook, Duration takes, bool fails) {
  if (takes > hook.heartbeat_timeout)
    return {.after = hook.heartbeat_timeout, .abandoned = hook.default_result == HookResult::abandon};
  return {.after = takes, .abandoned = fails};
}

HookEnd together(std::span<const HookEnd> ends) {
  HookEnd result;
  for (const HookEnd& end : ends) {
    const bool earlier_abandon = end.abandoned && (!result.abandoned || end.after < result.after);
    const bool later_success = !end.abandoned && !result.abandoned && end.after > result.after;
    if (earlier_abandon || later_success) result = end;
  }
  return result;
}

}  // namespace nephoscope::autoscaling
