// Target tracking of a capacity: pure decisions.
//
// CloudWatch has the units that were consumed in a minute; they are compared with what 60 s of the capacity
// would give. Source: DynamoDB Developer Guide, "Managing throughput capacity automatically with DynamoDB
// auto scaling"; Application Auto Scaling User Guide, "Target tracking scaling policies".
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/time.hpp"
#include "models/applicationautoscaling/applicationautoscaling.hpp"

namespace nephoscope::applicationautoscaling {

enum class Direction : std::uint8_t { out, in };

// In units consumed in a minute. They move with every change of the capacity.
struct Thresholds {
  double high = 0;  // above: scale out
  double low = 0;   // below: scale in
};
Thresholds thresholds(std::int64_t capacity, double target_percent, Probability margin);

// The capacity at which `consumed` units in a minute are the target, rounded up, before limits.
std::int64_t capacity_for(double consumed, double target_percent);

// How long it is since scaling activities ended, and what they did.
class Cooldowns final {
 public:
  Cooldowns(Duration in, Duration out) : in_(in), out_(out) {}
  // An activity has changed the capacity by `change`, and ends now.
  void ended(Time now, std::int64_t change);
  // Whether a change by `change` may begin: a scale-in not within the cooldown of the one before; a scale-out
  // within the cooldown of the one before only if it adds more than that did. (A scale-out does not wait for
  // a scale-in's cooldown, and ends it.)
  bool allows(Time now, std::int64_t change) const;

 private:
  Duration in_, out_;
  std::optional<Time> last_in_, last_out_;
  std::int64_t added_ = 0;
};

}  // namespace nephoscope::applicationautoscaling
