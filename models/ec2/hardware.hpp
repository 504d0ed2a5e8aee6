// The racks and hosts of the account's zones: what is in use, and what still fits.
//
// A host serves one instance family at a time while the account uses it, and has the vCPUs of
// Ec2Config::host_vcpus, or of the family's largest type if that has more. Other customers hold whole hosts,
// of each rack another share; from time to time (others_turnover) it is drawn anew which ones. Hosts that the
// account uses are not taken from it. Draws are addressed by rack, host and time. AWS publishes nothing of
// all this: assumptions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "models/common/instance_type.hpp"
#include "models/ec2/region.hpp"

namespace nephoscope::ec2 {

// What an instance needs of a host.
struct HostNeed {
  std::uint32_t family = 0;
  int vcpus = 1;
  int host_vcpus = 128;  // that a host of this family has
};

class Hardware final {
 public:
  // REQUIRES: region outlives it.
  explicit Hardware(const Region& region);

  HostNeed need(const std::string& type_name, const InstanceType& type);

  // Whether the host has power and room for one more.
  bool fits(const HostSite& site, const HostNeed& need);
  // How many more of them the rack holds.
  int room(RackId rack, const HostNeed& need);
  // Hosts of the rack that the account uses for this family.
  int hosts_of_family(RackId rack, std::uint32_t family) const;
  bool in_use(const HostSite& site) const { return host(site).instances > 0; }
  // REQUIRES: fits(site, need), before `need` is taken; it was taken, before it is given back.
  void take(const HostSite& site, const HostNeed& need);
  void give(const HostSite& site, const HostNeed& need);

  // For audits.
  std::int64_t instances() const { return instances_; }
  bool within_limits() const { return within_limits_; }

 private:
  struct Host {
    int used = 0;  // vCPUs
    int instances = 0;
    int vcpus = 0;             // of the family it serves
    std::uint32_t family = 0;  // while it is in use
    bool taken = false;        // by other customers, in the rack's epoch
  };
  struct Rack {
    std::vector<Host> hosts;
    std::int64_t epoch = -1;  // for which `taken` was drawn
  };

  const Host& host(const HostSite& site) const { return rack(site.rack_id()).hosts[site.host]; }
  const Rack& rack(RackId id) const { return racks_[index(id)]; }
  std::size_t index(RackId id) const { return id.zone.value * racks_per_zone_ + id.rack; }
  // Draws which hosts others have now.
  Rack& up_to_date(RackId id);

  const Region& region_;
  std::size_t racks_per_zone_;
  std::vector<Rack> racks_;
  std::map<std::string, HostNeed, std::less<>> families_;  // vcpus unused
  std::int64_t instances_ = 0;
  bool within_limits_ = true;
};

}  // namespace nephoscope::ec2
