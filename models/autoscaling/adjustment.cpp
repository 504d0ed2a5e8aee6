#include "models/autoscaling/adjustment.hpp"

#include <algorithm>

namespace nephoscope::autoscaling {

namespace {

int percent_of(int capacity, int percent) {
  const std::int64_t hundredths = std::int64_t{capacity} * percent;
  const std::int64_t whole = hundredths / 100;  // towards zero
  if (whole != 0 || hundredths == 0) return static_cast<int>(whole);
  return hundredths > 0 ? 1 : -1;
}

}  // namespace

int Adjustment::change(int capacity) const {
  if (type == AdjustmentType::exact_capacity) return amount - capacity;
  if (type == AdjustmentType::change_in_capacity) return amount;
  const int change = percent_of(capacity, amount);
  if (!min_magnitude || amount == 0) return change;
  return amount > 0 ? std::max(change, *min_magnitude) : std::min(change, -*min_magnitude);
}

void check_adjustment(const Adjustment& adjustment, const Node& amount_node, const Node* magnitude_node,
                      Context& context) {
  if (adjustment.type == AdjustmentType::exact_capacity && adjustment.amount < 0)
    context.report(Code::inconsistent, amount_node, "an exact capacity cannot be negative");
  if (adjustment.type != AdjustmentType::percent_change_in_capacity && magnitude_node != nullptr)
    context.report_key(Code::inconsistent, *magnitude_node, "'min_adjustment_magnitude' has no meaning here",
                       "it belongs to 'adjustment_type: PercentChangeInCapacity'");
}

}  // namespace nephoscope::autoscaling
