// Scaling adjustments: how step and simple scaling policies turn a number into a capacity.
// Source: Auto Scaling User Guide, "Step and simple scaling policies", "Scaling adjustment types".
#pragma once

#include <cstdint>
#include <optional>

#include "engine/config/field_table.hpp"

namespace nephoscope::autoscaling {

enum class AdjustmentType : std::uint8_t { change_in_capacity, exact_capacity, percent_change_in_capacity };

struct Adjustment {
  AdjustmentType type = AdjustmentType::change_in_capacity;
  int amount = 0;                    // instances, the exact capacity, or percent
  std::optional<int> min_magnitude;  // of percentages: at least so many instances

  // Whole instances to add (or, negative, to remove) at this capacity. A percentage is rounded as AWS does:
  // above 1 down, between 0 and 1 to 1, between -1 and 0 to -1, below -1 towards zero.
  // REQUIRES: capacity >= 0.
  int change(int capacity) const;
};

// Reports what AWS refuses: a negative exact capacity, a minimum magnitude of other types. `type_node` may be
// null.
void check_adjustment(const Adjustment& adjustment, const Node& amount_node, const Node* magnitude_node,
                      Context& context);

}  // namespace nephoscope::autoscaling

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<autoscaling::AdjustmentType> = enum_names<autoscaling::AdjustmentType>(
    {{"ChangeInCapacity", autoscaling::AdjustmentType::change_in_capacity},
     {"ExactCapacity", autoscaling::AdjustmentType::exact_capacity},
     {"PercentChangeInCapacity", autoscaling::AdjustmentType::percent_change_in_capacity}});

}  // namespace nephoscope
