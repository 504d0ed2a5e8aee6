// Which instance goes first when a group scales in.
//
// Pure functions over what Auto Scaling knows of its instances. Source: Amazon EC2 Auto Scaling User Guide,
// "Control which Auto Scaling instances terminate during scale in". A zone's balance always comes before the
// policies. Not modelled: launch configurations (OldestLaunchConfiguration), Lambda functions as policies.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/random/draws.hpp"
#include "models/common/compute.hpp"

namespace nephoscope::autoscaling {

enum class TerminationPolicy : std::uint8_t {
  standard,  // "Default"
  oldest_instance,
  newest_instance,
  oldest_launch_template,
  closest_to_next_instance_hour,
  allocation_strategy,
};

struct Candidate {
  std::uint32_t zone = 0;
  bool is_protected = false;
  Time launched{};
  int version = 0;  // rank of the launch template's version: the older, the lower
  Market market = Market::on_demand;
  std::size_t type = 0;  // rank among the overrides: the less wanted, the higher
};

// How the allocation strategy would have it.
struct MarketBalance {
  bool mixed = false;          // a mixed instances group
  std::int64_t on_demand = 0;  // that there should be once the instance has gone
};

// The one to terminate; none if all are protected. Zones that hold as many instances stand equal. What is
// still equal after all policies is decided by one draw.
std::optional<std::size_t> choose_victim(std::span<const Candidate> candidates,
                                         std::span<const TerminationPolicy> policies,
                                         const MarketBalance& balance, Time now, Draws& draws);

}  // namespace nephoscope::autoscaling
