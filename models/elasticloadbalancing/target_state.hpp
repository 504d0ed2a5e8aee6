// The states of a target and which follow each other (Application Load Balancer guide, "Health checks for
// your target groups", target health status).
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "models/common/target_group.hpp"

namespace nephoscope::elasticloadbalancing {

inline constexpr std::array kTargetStates = {TargetState::initial,   TargetState::healthy,
                                             TargetState::unhealthy, TargetState::draining,
                                             TargetState::unused,    TargetState::unavailable};

struct TargetTransition {
  TargetState before;
  TargetState now;
  bool operator==(const TargetTransition&) const = default;
};

// A target is unused before it is registered, and after. One whose group no load balancer uses stays so.
inline constexpr std::array kTargetTransitions = {
    TargetTransition{TargetState::unused, TargetState::initial},        // registered
    TargetTransition{TargetState::unused, TargetState::unavailable},    // registered, checks are off
    TargetTransition{TargetState::initial, TargetState::healthy},       // one success
    TargetTransition{TargetState::initial, TargetState::unhealthy},     // unhealthy_threshold_count failures
    TargetTransition{TargetState::healthy, TargetState::unhealthy},     // likewise
    TargetTransition{TargetState::unhealthy, TargetState::healthy},     // healthy_threshold_count successes
    TargetTransition{TargetState::initial, TargetState::draining},      // deregistered
    TargetTransition{TargetState::healthy, TargetState::draining},      // deregistered
    TargetTransition{TargetState::unhealthy, TargetState::draining},    // deregistered
    TargetTransition{TargetState::unavailable, TargetState::draining},  // deregistered
    TargetTransition{TargetState::draining, TargetState::unused},       // the deregistration delay is over
};

constexpr bool is_legal(TargetTransition transition) {
  for (const TargetTransition& legal : kTargetTransitions)
    if (legal == transition) return true;
  return false;
}

constexpr std::string_view name_of(TargetState state) {
  constexpr std::array<std::string_view, 6> names = {"initial",  "healthy", "unhealthy",
                                                     "draining", "unused",  "unavailable"};
  return names[static_cast<std::size_t>(state)];
}

}  // namespace nephoscope::elasticloadbalancing
