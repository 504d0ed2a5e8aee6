#include "models/ec2/service.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/base/check.hpp"
#include "models/ec2/errors.hpp"

namespace nephoscope::ec2 {
namespace {

// Instances of different owners draw apart.
std::uint64_t entity_of(const std::string& owner, std::uint64_t index) {
  constexpr std::uint64_t owners = (std::uint64_t{1} << 24) - 1;
  return (Purpose(owner).value() & owners) % owners << 24 | index;
}

// From now to the next multiple of `step`.
Duration to_next(Time now, Duration step) { return step - now.time_since_epoch() % step; }

}  // namespace

Service::Service(World& world, const Ec2Config& config)
    : world_(world),
      region_(world, config),
      placement_(region_),
      run_instances_(world.simulation,
                     {.rate = TokenRate(config.run_instances_rate), .capacity = config.run_instances_burst}) {
}

void Service::start() {
  if (!region_.config.capacity_shortages) return;
  for (std::uint32_t zone = 0; zone < region_.zones.size(); ++zone)
    world_.simulation.spawn(have_shortages(ZoneId(zone)));
}

// --- owners ------------------------------------------------------------------------------------------------

Owner& Service::owner(std::string_view id) {
  const auto place = owner_index_.find(id);
  if (place != owner_index_.end()) return *place->second;
  owners_.push_back(std::make_unique<Owner>(region_, std::string(id)));
  return *owner_index_.emplace(std::string(id), owners_.back().get()).first->second;
}

void Service::add_owner(std::string_view id, const LaunchConfig& config) {
  const InstanceType* type = find_instance_type(config.instance_type);
  Owner& added = owner(id);
  if (type != nullptr && type->credits) added.burstable = true;
}

void Service::watch(std::string_view id, InstanceListener& listener) {
  owner(id).watchers.push_back(&listener);
}

std::vector<Instance*> Service::instances(std::string_view id) {
  const auto place = owner_index_.find(id);
  if (place == owner_index_.end()) return {};
  return {place->second->live.begin(), place->second->live.end()};
}

std::optional<int> Service::vcpus(std::string_view instance_type) const {
  const InstanceType* type = find_instance_type(instance_type);
  return type == nullptr ? std::nullopt : std::optional(type->vcpus);
}

// --- launches ----------------------------------------------------------------------------------------------

void Service::add_placement_group(std::string_view id, const PlacementGroupSettings& settings) {
  const auto index = static_cast<std::uint32_t>(groups_.size());
  groups_.push_back(std::make_unique<PlacementGroup>(region_, std::string(id), settings, index));
}

// The group that launches name was declared: check_placement() has seen to it.
Tenant Service::tenant_of(const LaunchSpec& spec, Owner& owner, const std::string& type_name,
                          const InstanceType& type) {
  const auto& name = spec.config.placement_group;
  const auto group = std::find_if(groups_.begin(), groups_.end(),
                                  [&](const auto& each) { return name && each->id() == name->id; });
  return {.owner = owner.footprint,
          .group = group == groups_.end() ? nullptr : group->get(),
          .type = type_name,
          .burstable = type.credits.has_value(),
          .need = placement_.need(type_name, type),
          .partition = spec.config.partition_number,
          .entity = entity_of(owner.id, owner.launched),
          .site = {.zone = spec.zone}};
}

std::optional<LaunchFailure> Service::refusal(Order& order) {
  if (!run_instances_.try_take(1)) return LaunchFailure{"RequestLimitExceeded"};
  const LaunchSpec& spec = order.spec;
  const bool spot = spec.market == Market::spot;
  const auto& quota = spot ? region_.config.spot_vcpu_quota : region_.config.vcpu_quota;
  if (quota && region_.vcpus[static_cast<int>(spec.market)] + order.type.vcpus > *quota)
    return LaunchFailure{spot ? "MaxSpotInstanceCountExceeded" : "InstanceLimitExceeded"};
  if (!region_.at(spec.zone).has_capacity()) return LaunchFailure{kNoCapacity};
  return placement_.place(order.tenant);
}

LaunchResult Service::launch(const LaunchSpec& spec, InstanceListener& listener) {
  const std::string& type_name = spec.instance_type.empty() ? spec.config.instance_type : spec.instance_type;
  const InstanceType* type = find_instance_type(type_name);
  check(type != nullptr, "ec2", "'{}' launches an unknown type '{}'", spec.owner, type_name);
  check(spec.zone.value < region_.zones.size(), "ec2", "'{}' launches in no zone", spec.owner);
  begin_ticking();
  Owner& launching = owner(spec.owner);
  ++launching.counts.launches;
  Order order{launching, spec, type_name, *type, tenant_of(spec, launching, type_name, *type)};
  const auto failure = refusal(order);
  if (order.tenant.group != nullptr) order.tenant.group->asked(failure);
  if (failure) {
    ++launching.counts.failures;
    return *failure;
  }
  if (type->credits) launching.burstable = true;
  Ec2Instance& instance = make(order, listener);
  instance.begin();
  if (spec.market == Market::spot) watch_pool(type_name, spec.zone);
  return &instance;
}

Ec2Instance& Service::make(const Order& order, InstanceListener& listener) {
  Owner& launching = order.owner;
  const LaunchSpec& spec = order.spec;
  const std::string name = fmt::format("{}/i-{}", launching.id, launching.launched++);
  ServerOptions options;
  options.name = name;
  options.self = launching.self;
  options.entity = order.tenant.entity;
  options.vcpus = order.type.vcpus;
  options.version = spec.version;
  if (spec.version.empty() && spec.config.version) options.version = spec.config.version->id;
  options.started = false;
  options.place = add_place(order, name);
  auto server = wiring_->application(spec.config.application.id).launch(options);
  const Ec2Instance::Identity identity{.spec = spec,
                                       .name = name,
                                       .type_name = order.type_name,
                                       .type = order.type,
                                       .entity = order.tenant.entity,
                                       .tenant = order.tenant,
                                       .place = options.place};
  instances_.push_back(
      std::make_unique<Ec2Instance>(launching, placement_, identity, std::move(server), listener));
  launching.live.push_back(instances_.back().get());
  return *instances_.back();
}

PlaceId Service::add_place(const Order& order, const std::string& name) {
  if (world_.network == nullptr) return {};
  NetworkHost host;
  host.owner = order.owner.id;
  host.name = name;
  host.site = order.tenant.site;
  if (order.tenant.group != nullptr) host.cluster = order.tenant.group->cluster();
  host.vcpus = order.type.vcpus;
  host.baseline = order.type.sustained_bandwidth();
  host.burst = order.type.burst_bandwidth.value_or(host.baseline);
  return world_.network->add_host(host);
}

void Service::watch_pool(const std::string& type, ZoneId zone) {
  if (!region_.config.spot_reclaims.time_between) return;
  auto& pool = pools_[{type, zone}];
  SpotPool::Source& source = *this;
  if (pool == nullptr) pool = std::make_unique<SpotPool>(region_, source, type, zone);
}

// --- time --------------------------------------------------------------------------------------------------

void Service::begin_ticking() {
  if (publisher_) return;
  publisher_.emplace(world_, wiring_->cloudwatch());
  world_.simulation.spawn(each_minute());
  world_.simulation.spawn(sample());
}

Process Service::each_minute() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(to_next(world_.now(), 1min));
    if (status != WaitStatus::done) co_return;
    const std::int64_t number = world_.now().time_since_epoch() / Duration(1min);
    for (std::size_t i = 0; i < owners_.size(); ++i) minute(*owners_[i], number);
  }
}

// Listeners may launch and end instances meanwhile.
void Service::minute(Owner& owner, std::int64_t number) {
  for (std::size_t i = 0; i < owner.live.size(); ++i) {
    Ec2Instance& instance = *owner.live[i];
    if (!instance.is_running()) continue;
    if (instance.credits()) instance.settle();
    if (number % 60 == 0) instance.end_credit_hour();
    instance.check_status();
  }
  publisher_->publish(owner, number);
  if (owner.burstable) owner.sample_credits();
  owner.retire_servers();
}

Process Service::sample() {
  const Duration step = series_step(world_.run);
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(to_next(world_.now(), step));
    if (status != WaitStatus::done) co_return;
    for (const auto& each : owners_) each->sample_series();
  }
}

// --- what befalls instances --------------------------------------------------------------------------------

template <typename Concerns>
void Service::power_changed(Concerns concerns, bool on) {
  for (const auto& each : owners_)
    for (std::size_t i = 0; i < each->live.size(); ++i) {
      Ec2Instance& instance = *each->live[i];
      if (!concerns(instance.site())) continue;
      if (!on)
        instance.lose_power();
      else if (region_.has_power(instance.site()))
        instance.regain_power();
    }
}

void Service::set_zone_power(ZoneId zone, bool on) {
  ZoneCondition& condition = region_.at(zone);
  if (condition.power == on) return;
  condition.power = on;
  world_.log(region_.zone_name(zone), "power", on ? "power is back: instances boot" : "power is lost");
  power_changed([&](const HostSite& site) { return site.zone == zone; }, on);
}

void Service::set_rack_power(RackId rack, bool on) {
  const bool changed = on ? region_.dark_racks.erase(rack) > 0 : region_.dark_racks.insert(rack).second;
  if (!changed) return;
  world_.log(fmt::format("{} rack {}", region_.zone_name(rack.zone), rack.rack), "power",
             on ? "power is back: instances boot" : "power is lost");
  power_changed([&](const HostSite& site) { return site.rack_id() == rack; }, on);
}

void Service::set_host_power(const HostSite& host, bool on) {
  const bool changed = on ? region_.dark_hosts.erase(host) > 0 : region_.dark_hosts.insert(host).second;
  if (!changed) return;
  world_.log(fmt::format("{} rack {} host {}", region_.zone_name(host.zone), host.rack, host.host), "power",
             on ? "works again: instances boot" : "fails");
  power_changed([&](const HostSite& site) { return site == host; }, on);
}

void Service::set_capacity(ZoneId zone, bool available) {
  if (region_.at(zone).open == available) return;
  region_.at(zone).open = available;
  world_.log(region_.zone_name(zone), "capacity",
             available ? "launches find capacity again" : "launches end in InsufficientInstanceCapacity");
}

Duration Service::draw_shortage(const DurationDistribution& time, ZoneId zone, std::uint64_t count) const {
  Draws draws = world_.random.entity(region_.purposes.shortage, zone.value, count);
  return std::max(time.sample(draws), Duration(1s));
}

Process Service::have_shortages(ZoneId zone) {
  const CapacityShortages& shortages = *region_.config.capacity_shortages;
  for (std::uint64_t count = 0;; ++count) {
    const WaitStatus quiet =
        co_await world_.simulation.delay(draw_shortage(shortages.time_between, zone, 2 * count));
    if (quiet != WaitStatus::done) co_return;
    region_.at(zone).shortage = true;
    world_.log(region_.zone_name(zone), "capacity", "launches end in InsufficientInstanceCapacity");
    const WaitStatus over =
        co_await world_.simulation.delay(draw_shortage(shortages.duration, zone, 2 * count + 1));
    if (over != WaitStatus::done) co_return;
    region_.at(zone).shortage = false;
    world_.log(region_.zone_name(zone), "capacity", "launches find capacity again");
  }
}

std::vector<Ec2Instance*> Service::reclaimable_of(std::string_view id) const {
  std::vector<Ec2Instance*> found;
  for (const auto& each : owners_) {
    if (!id.empty() && each->id != id) continue;
    for (Ec2Instance* instance : each->live) {
      const bool ends = instance->state() == InstanceState::shutting_down || instance->being_reclaimed();
      if (instance->market() == Market::spot && !ends) found.push_back(instance);
    }
  }
  return found;
}

std::vector<Ec2Instance*> Service::reclaimable(const std::string& type, ZoneId zone) {
  std::vector<Ec2Instance*> found = reclaimable_of("");
  std::erase_if(found, [&](const Ec2Instance* instance) {
    return instance->zone() != zone || instance->type() != type;
  });
  return found;
}

// Every Instance is one of ours.
void Service::interrupt_spot(Instance& instance) {
  if (instance.market() == Market::spot)
    static_cast<Ec2Instance&>(instance).reclaim(Duration{}, Duration{}, true);
}

// --- results -----------------------------------------------------------------------------------------------

void Service::begin_measurement() {
  for (const auto& each : owners_) each->begin_measurement();
  for (const auto& each : groups_) each->begin_measurement();
}
void Service::report(Report& report) const {
  for (const auto& each : owners_) each->report(report);
  for (const auto& each : groups_) each->report(report);
}
void Service::bill(UsageMeter& meter) const {
  for (const auto& each : owners_) each->bill(meter);
}
void Service::audit(Audit& audit) const {
  for (const auto& each : owners_) each->audit(audit);
  for (const auto& each : groups_) each->audit(audit);
  if (!owners_.empty()) audit_hosts(audit);
}

// Every instance on hardware is there once, and nothing else is.
void Service::audit_hosts(Audit& audit) const {
  std::int64_t standing = 0;
  for (const auto& each : owners_)
    for (const Ec2Instance* instance : each->live) standing += instance->on_hardware() ? 1 : 0;
  const std::int64_t held = placement_.hardware().instances();
  audit.add("hosts: ec2", standing == held && placement_.hardware().within_limits(),
            fmt::format("{} instances that are not stopped, {} on hosts, none beyond its vCPUs or family",
                        standing, held));
}

}  // namespace nephoscope::ec2
