// What all instances of the account have in common: zones, quotas, purposes of draws.
#pragma once

#include <deque>
#include <set>
#include <string>
#include <vector>

#include "models/common/compute.hpp"
#include "models/common/world.hpp"
#include "models/ec2/ec2.hpp"

namespace nephoscope::ec2 {

struct Purposes {
  Purpose launch{"ec2.launch"};
  Purpose boot{"ec2.boot"};
  Purpose bootstrap{"ec2.bootstrap"};
  Purpose stop{"ec2.stop"};
  Purpose launch_failure{"ec2.launch_failure"};
  Purpose initialization{"ec2.status_check_initialization"};
  Purpose impairment{"ec2.impairment_time"};
  Purpose recovery{"ec2.auto_recovery"};
  Purpose system_failure{"ec2.system_failure"};
  Purpose instance_failure{"ec2.instance_failure"};
  Purpose spot_reclaim{"ec2.spot_reclaim"};
  Purpose spot_share{"ec2.spot_share"};
  Purpose spot_choice{"ec2.spot_choice"};
  Purpose spot_notice{"ec2.spot_notice"};
  Purpose shortage{"ec2.capacity_shortage"};
  Purpose site{"ec2.site"};
  Purpose host{"ec2.host"};
  Purpose other_customers{"ec2.other_customers"};
};

struct ZoneCondition {
  bool power = true;
  bool open = true;       // as faults set it
  bool shortage = false;  // of the configured process
  bool has_capacity() const { return power && open && !shortage; }
};

struct Region {
  Region(World& world_, const Ec2Config& config_)
      : world(world_), config(config_), zones(world_.run.zones.size()) {}

  ZoneCondition& at(ZoneId zone) { return zones[zone.value]; }
  bool has_power(const HostSite& site) const {
    return zones[site.zone.value].power && !dark_racks.contains(site.rack_id()) && !dark_hosts.contains(site);
  }
  const std::string& zone_name(ZoneId zone) const { return world.run.zones[zone.value]; }
  // Counts a start of a t2 in standard mode; whether it still gets launch credits: 100 starts in 24 h do
  // (EC2 User Guide, burstable performance instances, standard mode).
  bool grant_launch_credits();

  World& world;
  const Ec2Config& config;
  Purposes purposes;
  std::vector<ZoneCondition> zones;
  std::set<RackId> dark_racks;  // without power
  std::set<HostSite> dark_hosts;
  std::int64_t vcpus[2] = {0, 0};  // in use, by Market
  std::deque<Time> granted;        // launch credits, in the last 24 h
};

}  // namespace nephoscope::ec2
