#include "models/ec2/footprint.hpp"

#include <algorithm>

namespace nephoscope::ec2 {

void Footprint::add(Time now, const HostSite& site) {
  if (racks_.empty()) {
    racks_.resize(zones_ * shape_.racks);
    hosts_.resize(racks_.size() * shape_.hosts_per_rack);
  }
  std::uint32_t& there = racks_[index(site.rack_id())];
  if (there == 0) used_racks_.change(now, +1);
  most_ = std::max(most_, ++there);
  ++hosts_[index(site)];
}

void Footprint::remove(Time now, const HostSite& site) {
  --hosts_[index(site)];
  if (--racks_[index(site.rack_id())] == 0) used_racks_.change(now, -1);
}

void Footprint::begin_measurement(Time now) {
  used_racks_.reset(now);
  most_ = racks_.empty() ? 0 : *std::max_element(racks_.begin(), racks_.end());
}

void Footprint::report(Report& report, const std::string& id, Time now) const {
  report.ratio({Scope::resource, id, "racks.mean"}, "1", used_racks_.mean(now), 1);
  report.ratio({Scope::resource, id, "instances_per_rack.max"}, "1", most_, 1);
}

}  // namespace nephoscope::ec2
