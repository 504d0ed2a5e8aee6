// The network of the run's Region: what a scenario believes about latencies and bandwidths (section
// `network:`). See network.md.
#pragma once

#include <string_view>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/network.hpp"
#include "models/common/region.hpp"
#include "models/network/bandwidth.hpp"

namespace nephoscope::network {

// The `network:` section. Latencies are round trips.
struct NetworkConfig {
  bool latencies = true;
  BandwidthConfig bandwidth;
  DurationDistribution same_cluster;
  DurationDistribution same_zone;
  DurationDistribution between_zones;  // a constant of each pair of zones, drawn once a replication
  double zone_jitter = 0.15;           // of the logarithm: standard deviation
  double region_jitter = 0.01;         // likewise
  std::vector<Named<RoundTripsFrom>> round_trips;
  Duration retransmission_timeout = 200ms;  // beyond the round trip

  NetworkConfig();
  static const FieldTable<NetworkConfig>& fields();
  RegionTable regions(std::string_view home) const { return RegionTable(home, round_trips); }
};

}  // namespace nephoscope::network
