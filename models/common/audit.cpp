#include "models/common/audit.hpp"

#include <fmt/format.h>

namespace nephoscope {

void Audit::conservation(std::string_view who, const Flow& flow) {
  const std::uint64_t accounted = flow.completed + flow.failed + flow.rejected + flow.in_flight;
  add(fmt::format("conservation: {}", who), flow.arrived == accounted,
      fmt::format("{} arrived = {} completed + {} failed + {} rejected + {} in flight", flow.arrived,
                  flow.completed, flow.failed, flow.rejected, flow.in_flight));
}

void Audit::little(std::string_view who, __int128 area_under_number, __int128 summed_times) {
  const auto seconds = [](__int128 ns) { return static_cast<double>(ns) * 1e-9; };
  add(fmt::format("little: {}", who), area_under_number == summed_times,
      fmt::format("area under the number in system {:.9g} s = summed times in system {:.9g} s",
                  seconds(area_under_number), seconds(summed_times)));
}

}  // namespace nephoscope
