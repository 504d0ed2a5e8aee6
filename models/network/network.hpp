// The network of the run's Region: what a scenario believes about latencies and bandwidths (section
// `network:`). See network.md.
#pragma once

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/network.hpp"
#include "models/network/bandwidth.hpp"

namespace nephoscope::network {

// The `network:` section.
struct NetworkConfig {
  bool latencies = true;
  BandwidthConfig bandwidth;
  static const FieldTable<NetworkConfig>& fields();
};

}  // namespace nephoscope::network
