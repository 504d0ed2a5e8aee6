#include "models/network/fabric.hpp"

namespace nephoscope::network {
namespace {

// Of a host without instances, which sends nothing.
constexpr Cable kEmpty{.bandwidth = BytesPerSecond(1)};

}  // namespace

Fabric::Fabric(std::size_t zones, const ZoneShape& shape, const BandwidthConfig& bandwidth) : shape_(shape) {
  const NodeId home = topology_.add_switch(topology_.root(), {.bandwidth = bandwidth.region});
  region_ = topology_.add_host(home, {.bandwidth = bandwidth.service});
  abroad_ = topology_.add_host(topology_.root(), {.bandwidth = bandwidth.region});
  for (std::size_t zone = 0; zone < zones; ++zone) add_zone(home, bandwidth);
}

void Fabric::add_zone(NodeId region, const BandwidthConfig& bandwidth) {
  const NodeId zone = topology_.add_switch(region, {.bandwidth = bandwidth.zone});
  zones_.push_back(topology_.add_host(zone, {.bandwidth = bandwidth.service}));
  for (std::uint32_t i = 0; i < shape_.racks; ++i) {
    const NodeId rack = topology_.add_switch(zone, {.bandwidth = bandwidth.rack});
    for (std::uint32_t host = 0; host < shape_.hosts_per_rack; ++host) {
      hosts_.push_back(topology_.add_host(rack, kEmpty));
      borders_.push_back(topology_.add_port(hosts_.back(), kEmpty));
    }
  }
}

}  // namespace nephoscope::network
