// Availability Zones of the run's Region.
#pragma once

#include "engine/base/ids.hpp"

namespace nephoscope {

// An index into RunWindow::zones, whose names are whole: "us-east-1a".
using ZoneId = Id<struct ZoneTag>;

}  // namespace nephoscope
