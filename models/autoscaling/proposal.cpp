#include "models/autoscaling/proposal.hpp"

#include <algorithm>

namespace nephoscope::autoscaling {

std::optional<Proposal> largest(const std::vector<Proposal>& proposals, int floor) {
  if (proposals.empty()) return std::nullopt;
  Proposal result = *std::max_element(proposals.begin(), proposals.end(),
                                      [](const auto& a, const auto& b) { return a.capacity < b.capacity; });
  result.capacity = std::max(result.capacity, floor);
  return result;
}

}  // namespace nephoscope::autoscaling
