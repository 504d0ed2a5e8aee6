// Availability Zones of the run's Region.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.hpp"
#include "engine/base/ids.hpp"

namespace nephoscope {

// An index into RunWindow::zones, whose names are whole: "us-east-1a".
using ZoneId = Id<struct ZoneTag>;

// REQUIRES: `name` is among them.
inline ZoneId zone_named(std::string_view name, const std::vector<std::string>& zones) {
  const auto place = std::find(zones.begin(), zones.end(), name);
  check(place != zones.end(), "zone", "the run has no zone '{}'", name);
  return ZoneId(static_cast<std::uint32_t>(place - zones.begin()));
}

}  // namespace nephoscope
