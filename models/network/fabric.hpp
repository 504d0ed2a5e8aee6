// The run's Region as a tree for bulk transfers: Region, zones, racks, hosts, and the nodes of services.
//
// Instances on one host share its cable, whose bandwidth is set as they come and go. What leaves the Region
// takes the host's border port, whose cable carries what they may send there.
#pragma once

#include <vector>

#include "engine/network/topology.hpp"
#include "models/common/place.hpp"
#include "models/network/bandwidth.hpp"

namespace nephoscope::network {

class Fabric final {
 public:
  Fabric(std::size_t zones, const ZoneShape& shape, const BandwidthConfig& bandwidth);

  const Topology& topology() const { return topology_; }
  NodeId host(const HostSite& site) const { return hosts_[index(site)]; }
  NodeId border(const HostSite& site) const { return borders_[index(site)]; }
  NodeId zone(ZoneId zone) const { return zones_[zone.value]; }  // of services there
  NodeId region() const { return region_; }                      // of services of the Region as a whole
  NodeId abroad() const { return abroad_; }                      // all other Regions

 private:
  std::size_t index(const HostSite& site) const {
    return (std::size_t{site.zone.value} * shape_.racks + site.rack) * shape_.hosts_per_rack + site.host;
  }
  void add_zone(NodeId region, const BandwidthConfig& bandwidth);

  ZoneShape shape_;
  Topology topology_;
  std::vector<NodeId> hosts_;
  std::vector<NodeId> borders_;
  std::vector<NodeId> zones_;
  NodeId region_;
  NodeId abroad_;
};

}  // namespace nephoscope::network
