#include "models/ec2/hardware.hpp"

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::ec2 {

Hardware::Hardware(const Region& region)
    : region_(region),
      racks_per_zone_(region.config.racks),
      racks_(region.zones.size() * racks_per_zone_,
             Rack{.hosts = std::vector<Host>(region.config.hosts_per_rack)}) {}

HostNeed Hardware::need(const std::string& type_name, const InstanceType& type) {
  const std::string family = type_name.substr(0, type_name.find('.'));
  const auto [place, is_new] = families_.try_emplace(family);
  if (is_new) {
    place->second.family = static_cast<std::uint32_t>(families_.size() - 1);
    place->second.host_vcpus = region_.config.host_vcpus;
    for (const auto& each : instance_type_book().types)
      if (each.id.starts_with(family + "."))
        place->second.host_vcpus = std::max(place->second.host_vcpus, each.value.vcpus);
  }
  HostNeed need = place->second;
  need.vcpus = type.vcpus;
  return need;
}

Hardware::Rack& Hardware::up_to_date(RackId id) {
  Rack& rack = racks_[index(id)];
  const Ec2Config& config = region_.config;
  const std::int64_t epoch = region_.world.now().time_since_epoch() / config.others_turnover;
  if (rack.epoch == epoch) return rack;
  rack.epoch = epoch;
  Draws draws = region_.world.random.entity(region_.purposes.other_customers, index(id),
                                            static_cast<std::uint64_t>(epoch));
  const double low = config.others_least.value;
  const double share = low + draws.next_uniform() * (config.others_greatest.value - low);
  for (Host& host : rack.hosts) host.taken = draws.next_uniform() < share;
  return rack;
}

bool Hardware::fits(const HostSite& site, const HostNeed& need) {
  const Host& host = up_to_date(site.rack_id()).hosts[site.host];
  if (!region_.has_power(site)) return false;
  if (host.instances == 0) return !host.taken;
  return host.family == need.family && host.used + need.vcpus <= host.vcpus;
}

int Hardware::room(RackId id, const HostNeed& need) {
  int room = 0;
  HostSite site{.zone = id.zone, .rack = id.rack};
  for (const Host& host : up_to_date(id).hosts) {
    if (fits(site, need)) room += (need.host_vcpus - host.used) / need.vcpus;
    ++site.host;
  }
  return room;
}

int Hardware::hosts_of_family(RackId id, std::uint32_t family) const {
  const auto& hosts = rack(id).hosts;
  return static_cast<int>(std::count_if(hosts.begin(), hosts.end(), [&](const Host& host) {
    return host.instances > 0 && host.family == family;
  }));
}

void Hardware::take(const HostSite& site, const HostNeed& need) {
  Host& host = racks_[index(site.rack_id())].hosts[site.host];
  if (host.instances == 0) {
    host.family = need.family;
    host.vcpus = need.host_vcpus;
  }
  ++host.instances;
  ++instances_;
  host.used += need.vcpus;
  within_limits_ = within_limits_ && host.family == need.family && host.used <= host.vcpus;
}

void Hardware::give(const HostSite& site, const HostNeed& need) {
  Host& host = racks_[index(site.rack_id())].hosts[site.host];
  check(host.instances > 0 && host.used >= need.vcpus, "ec2", "{} gives back what nobody took",
        region_.world.show(site));
  --host.instances;
  --instances_;
  host.used -= need.vcpus;
}

}  // namespace nephoscope::ec2
