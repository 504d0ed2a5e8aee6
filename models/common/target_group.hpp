// What fleets use of a load balancer's target group: they register machines and hear of their health.
//
// The implementation is models/elasticloadbalancing. Sources: Application Load Balancer guide, "Target
// groups" and "Health checks for your target groups"; Network Load Balancer guide, same pages.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/ids.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/server.hpp"
#include "models/common/zone.hpp"

namespace nephoscope {

using TargetId = Id<struct TargetTag>;

enum class TargetState : std::uint8_t { initial, healthy, unhealthy, draining, unused, unavailable };

struct Target {
  ApplicationServer* server = nullptr;  // REQUIRES: outlives the target
  ZoneId zone;
  std::string name;    // "web/i-3"
  PlaceId place = {};  // of the server's machine; none: messages to it take no time
};

// Hears of a target's state, as the DescribeTargetHealth API would show it.
class TargetListener {
 public:
  virtual ~TargetListener() = default;
  // `now` is unused as soon as a removed target is released, or its deregistration delay is over.
  virtual void target_changed(TargetId target, TargetState before, TargetState now) = 0;
};

class TargetGroup {
 public:
  virtual ~TargetGroup() = default;
  // RegisterTargets: the target becomes healthy by the group's health checks. REQUIRES: `listener`, if given,
  // outlives the target's registration.
  virtual TargetId add(const Target& target, TargetListener* listener) = 0;
  // DeregisterTargets: draining, then unused. Ignored for a target that is already draining.
  virtual void remove(TargetId target) = 0;
  virtual TargetState state(TargetId target) const = 0;
  // Whether a removed target has nothing in progress any more; it may still show as draining (ALB guide,
  // "Deregistration delay").
  virtual bool released(TargetId target) const { return state(target) == TargetState::unused; }
  // The metric RequestCountPerTarget of this group, on which target tracking works.
  virtual MetricName request_count_per_target() const = 0;
};

// A resource whose machines can stand behind a load balancer: an Auto Scaling group, hosts, an instance.
class Fleet {
 public:
  virtual ~Fleet() = default;
  // From now on every machine that starts serving is registered there, and deregistered before it ends.
  // Called while the scenario is wired, before start().
  virtual void attach(TargetGroup& group) = 0;
};

}  // namespace nephoscope
