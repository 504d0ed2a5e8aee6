#include "models/faults/effects.hpp"

#include <algorithm>

namespace nephoscope::faults {
namespace {

constexpr Duration kLook = 1s;  // at whether an instance that is to be started has stopped

bool is_gone(const Instance& instance) {
  return instance.state() == InstanceState::shutting_down || instance.state() == InstanceState::terminated;
}

// Faults of one kind nest; "what" tells kinds apart.
std::string hold_on(const char* what, const std::string& name) { return std::string(what) + " " + name; }

// The share of its speed that the fault leaves a disk.
double disk_speed(const FaultConfig& fault) {
  return fault.action == FaultAction::pause_volume_io ? 0 : fault.speed.value;
}

}  // namespace

// --- which effect ------------------------------------------------------------------------------------------

void Effects::begin(const FaultConfig& fault, Strike& strike) {
  strike.began = world_.now();
  for (const Thing& thing : strike.things) {
    if (const auto* instance = std::get_if<Instance*>(&thing))
      begin(fault, **instance);
    else if (const auto* node = std::get_if<ServiceNode>(&thing))
      node->service->reboot_node(node->name);
    else if (const auto* zone = std::get_if<ZoneId>(&thing);
             zone != nullptr && fault.action == FaultAction::insufficient_capacity)
      set_capacity(*zone, false);
    else if (zone != nullptr && fault.action == FaultAction::disrupt_connectivity)
      cut_zone(fault, *zone, strike);
    else if (!std::holds_alternative<Whole>(thing))
      set_power(thing, false);
    else if (fault.action == FaultAction::dns_stale)
      set_stale(fault, strike, true);
    else
      disturb(fault, strike);
  }
}

void Effects::end(const FaultConfig& fault, const Strike& strike) {
  for (const DisturbanceId id : strike.disturbances) world_.network->calm(id);
  for (const Thing& thing : strike.things) {
    if (const auto* instance = std::get_if<Instance*>(&thing))
      end(fault, **instance);
    else if (const auto* zone = std::get_if<ZoneId>(&thing);
             zone != nullptr && fault.action == FaultAction::insufficient_capacity)
      set_capacity(*zone, true);
    else if (fault.action == FaultAction::dns_stale)
      set_stale(fault, strike, false);
    else if (!std::holds_alternative<Whole>(thing) && !std::holds_alternative<ServiceNode>(thing) &&
             fault.action != FaultAction::disrupt_connectivity)
      set_power(thing, true);
  }
}

// --- instances ---------------------------------------------------------------------------------------------

void Effects::begin(const FaultConfig& fault, Instance& instance) {
  switch (fault.action) {
    case FaultAction::terminate_instances:
      return instance.terminate();
    case FaultAction::spot_interruptions:
      return compute_->interrupt_spot(instance);
    case FaultAction::reboot_instances:
      return instance.reboot();
    case FaultAction::stop_instances:
      return instance.stop();
    case FaultAction::instance_failure:
      return instance.fail_system();
    case FaultAction::gray_failure:
      holds_.add(hold_on("cpu", instance.name()), fault.speed.value);
      return set_speed(fault, instance);
    case FaultAction::pause_volume_io:
    case FaultAction::slow_disk:
      holds_.add(hold_on("disk", instance.name()), disk_speed(fault));
      return set_speed(fault, instance);
    default:
      return set_version(fault, instance);
  }
}

void Effects::end(const FaultConfig& fault, Instance& instance) {
  switch (fault.action) {
    case FaultAction::stop_instances:
      return start_again(instance);
    case FaultAction::instance_failure:
      if (!instance.alive()) instance.reboot();
      return;
    case FaultAction::gray_failure:
      holds_.remove(hold_on("cpu", instance.name()), fault.speed.value);
      return set_speed(fault, instance);
    case FaultAction::pause_volume_io:
    case FaultAction::slow_disk:
      holds_.remove(hold_on("disk", instance.name()), disk_speed(fault));
      return set_speed(fault, instance);
    case FaultAction::bad_version:
      return restore_version(fault, instance);
    default:
      return;
  }
}

// The worst of the faults in force decides.
void Effects::set_speed(const FaultConfig& fault, Instance& instance) {
  if (is_gone(instance)) return;
  if (fault.action == FaultAction::gray_failure)
    instance.set_degradation(holds_.left(hold_on("cpu", instance.name())));
  else
    instance.set_disk_speed(holds_.left(hold_on("disk", instance.name())));
}

void Effects::set_version(const FaultConfig& fault, Instance& instance) {
  std::vector<std::string>& versions = versions_[instance.name()];
  if (versions.empty()) versions.push_back(instance.server().version());
  versions.push_back(fault.version->id);
  instance.server().set_version(fault.version->id);
}

// Unless a deployment has changed it meanwhile.
void Effects::restore_version(const FaultConfig& fault, Instance& instance) {
  std::vector<std::string>& versions = versions_[instance.name()];
  versions.erase(std::prev(std::find(versions.rbegin(), versions.rend(), fault.version->id).base()));
  if (!is_gone(instance) && instance.server().version() == fault.version->id)
    instance.server().set_version(versions.back());
  if (versions.size() == 1) versions_.erase(instance.name());
}

void Effects::start_again(Instance& instance) {
  if (instance.state() == InstanceState::stopped) return instance.start();
  if (instance.state() == InstanceState::stopping) world_.simulation.spawn(start_when_stopped(&instance));
}

Process Effects::start_when_stopped(Instance* instance) {
  while (instance->state() == InstanceState::stopping) {
    const WaitStatus status = co_await world_.simulation.delay(kLook);
    if (status != WaitStatus::done) co_return;
  }
  if (instance->state() == InstanceState::stopped) instance->start();
}

// --- power and capacity ------------------------------------------------------------------------------------

void Effects::set_power(const Thing& thing, bool on) {
  const std::string hold = hold_on("power", finder_.name(thing));
  if (!(on ? holds_.remove(hold) : holds_.add(hold))) return;
  if (const auto* host = std::get_if<HostSite>(&thing)) return compute_->set_host_power(*host, on);
  if (const auto* rack = std::get_if<RackId>(&thing)) return compute_->set_rack_power(*rack, on);
  const ZoneId zone = std::get<ZoneId>(thing);
  world_.set_zone_power(zone, on);
  compute_->set_zone_power(zone, on);
}

void Effects::set_capacity(ZoneId zone, bool available) {
  const std::string hold = hold_on("capacity", finder_.name(zone));
  if (available ? holds_.remove(hold) : holds_.add(hold)) compute_->set_capacity(zone, available);
}

// --- network -----------------------------------------------------------------------------------------------

std::vector<NetworkPart> Effects::parts(const std::string& name) const {
  const auto& zones = world_.run.zones;
  if (std::find(zones.begin(), zones.end(), name) != zones.end()) return {{.zone = finder_.zone(name)}};
  std::vector<NetworkPart> found;
  for (const std::string& owner : finder_.owners_of(name)) found.push_back({.owner = owner});
  if (found.empty()) found.push_back({.region = name});
  return found;
}

void Effects::disturb(const FaultConfig& fault, Strike& strike) {
  if (fault.action == FaultAction::region_isolation) return cut_region({.outside = true}, strike);
  if (fault.action == FaultAction::cross_region) return cut_region({.region = fault.region->id}, strike);
  const Disturbance what{
      .delay = fault.delay, .loss = fault.loss, .cut = fault.action == FaultAction::disconnect};
  for (const NetworkPart& a : parts(fault.between[0].id))
    for (const NetworkPart& b : parts(fault.between[1].id))
      strike.disturbances.push_back(world_.network->disturb(a, b, what));
}

void Effects::cut_zone(const FaultConfig& fault, ZoneId zone, Strike& strike) {
  const NetworkPart here{.zone = zone};
  for (std::uint32_t other = 0; other < world_.run.zones.size(); ++other)
    if (ZoneId(other) != zone)
      strike.disturbances.push_back(world_.network->disturb(here, {.zone = ZoneId(other)}, {.cut = true}));
  if (fault.scope == CutScope::all)
    strike.disturbances.push_back(world_.network->disturb(here, {.outside = true}, {.cut = true}));
}

// The run's Region is its zones, and its services as a whole (a replica of a global table).
void Effects::cut_region(const NetworkPart& other, Strike& strike) {
  const auto cut = [&](const NetworkPart& part) {
    strike.disturbances.push_back(world_.network->disturb(part, other, {.cut = true}));
  };
  for (std::uint32_t zone = 0; zone < world_.run.zones.size(); ++zone) cut({.zone = ZoneId(zone)});
  cut({.place = world_.network->region_place(world_.run.region)});
}

// Of a composite, the names of its parts too.
void Effects::set_stale(const FaultConfig& fault, const Strike& strike, bool stale) {
  for (const Reference& target : fault.all_targets())
    for (const std::string& part : finder_.parts_of(target.id)) {
      StaleAnswers& answers = world_.stale_answers[part];
      stale ? answers.add(strike.began, fault.share) : answers.remove(strike.began, fault.share);
    }
}

}  // namespace nephoscope::faults
