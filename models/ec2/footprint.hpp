// How the instances of one owner, or of one placement group, lie on racks and hosts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/queueing/level.hpp"
#include "models/common/place.hpp"
#include "models/common/report.hpp"

namespace nephoscope::ec2 {

class Footprint final {
 public:
  Footprint(ZoneShape shape, std::size_t zones) : shape_(shape), zones_(zones) {}

  // REQUIRES: `now` never goes back; what is removed was added.
  void add(Time now, const HostSite& site);
  void remove(Time now, const HostSite& site);

  std::uint32_t on_rack(RackId rack) const { return racks_.empty() ? 0 : racks_[index(rack)]; }
  std::uint32_t on_host(const HostSite& site) const { return hosts_.empty() ? 0 : hosts_[index(site)]; }
  std::int64_t racks() const { return used_racks_.value(); }

  void begin_measurement(Time now);
  // `racks.mean` and `instances_per_rack.max` of resource `id`, since the end of warm-up.
  void report(Report& report, const std::string& id, Time now) const;

 private:
  std::size_t index(RackId rack) const { return rack.zone.value * shape_.racks + rack.rack; }
  std::size_t index(const HostSite& site) const {
    return index(site.rack_id()) * shape_.hosts_per_rack + site.host;
  }

  ZoneShape shape_;
  std::size_t zones_;
  std::vector<std::uint32_t> racks_;  // instances; empty before the first
  std::vector<std::uint32_t> hosts_;
  Level used_racks_;
  std::uint32_t most_ = 0;  // on one rack
};

}  // namespace nephoscope::ec2
