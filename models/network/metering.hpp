// Data transfer that is billed: between zones, to other Regions, to the internet; for each owner of places.
//
// Between zones both ends pay, for what they send and for what they receive (AWS networking blog, "Optimizing
// data transfer costs when using AWS Network Load Balancer"). To other Regions and to the internet the sender
// pays (EC2 pricing page, data transfer). What arrives from there is free, and what others send from other
// Regions is on nobody's bill here.
#pragma once

#include <cstdint>
#include <vector>

#include "models/common/report.hpp"
#include "models/network/location.hpp"

namespace nephoscope::network {

class Metering final {
 public:
  // REQUIRES: both outlive it.
  Metering(const Locations& locations, const RegionTable& regions, std::size_t home)
      : locations_(locations), regions_(regions), home_(static_cast<std::uint32_t>(home)) {}

  void count(PlaceId from, PlaceId to, Bytes size);
  void bill(UsageMeter& meter) const;

 private:
  // Bytes since the start.
  struct Traffic {
    std::int64_t between_zones = 0;  // sent and received
    std::int64_t to_internet = 0;
    std::vector<std::int64_t> to_regions;
  };
  Traffic* of(OwnerId owner);

  const Locations& locations_;
  const RegionTable& regions_;
  std::uint32_t home_;
  std::vector<Traffic> traffic_;  // by owner
};

}  // namespace nephoscope::network
