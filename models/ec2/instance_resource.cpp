#include "models/ec2/instance_resource.hpp"

#include <fmt/format.h>

#include "engine/config/units.hpp"
#include "models/common/audit.hpp"

namespace nephoscope::ec2 {
namespace {

constexpr Duration kRetry = 1min;  // after a refused launch: assumption

}  // namespace

void InstanceResource::connect(const Wiring& wiring) {
  compute_ = &wiring.compute();
  compute_->add_owner(id_, config_);
}

ZoneId InstanceResource::zone() const {
  if (!config_.availability_zone) return ZoneId(0);
  return zone_named(config_.availability_zone->id, world_.run.zones);
}

void InstanceResource::launch() {
  const LaunchSpec spec{.config = config_,
                        .owner = id_,
                        .zone = zone(),
                        .instance_type = "",
                        .version = "",
                        .auto_recovery = config_.auto_recovery == AutoRecovery::enabled};
  const LaunchResult result = compute_->launch(spec, *this);
  if (const auto* instance = std::get_if<Instance*>(&result)) {
    instance_ = *instance;
    return;
  }
  world_.log(id_, "launch",
             fmt::format("fails: {}; again in {}", std::get<LaunchFailure>(result).error, show(kRetry)));
  world_.simulation.after(
      kRetry, [](void* resource) { static_cast<InstanceResource*>(resource)->launch(); }, this);
}

void InstanceResource::submit(const Request& request, ReplyId reply) {
  if (instance_ != nullptr) return carry(world_, instance_->place(), instance_->server(), request, reply);
  ++unheard_;
}

void InstanceResource::add_to_groups(Instance& instance) {
  for (TargetGroup* group : groups_) {
    const Target target{.server = &instance.server(),
                        .zone = instance.zone(),
                        .name = instance.name(),
                        .place = instance.place()};
    registrations_.push_back({group, group->add(target, nullptr)});
  }
}

void InstanceResource::log_service(const Instance& instance) {
  const double since = to_seconds(world_.now() - instance.launched_at());
  world_.log(instance.name(), "launch",
             served_ ? "serves again" : fmt::format("serves {:.1f} s after the launch call", since));
  served_ = true;
}

void InstanceResource::leave_groups() {
  for (const Registration& registration : registrations_) registration.group->remove(registration.target);
  registrations_.clear();
}

void InstanceResource::instance_changed(Instance& instance, InstanceEvent event) {
  switch (event) {
    case InstanceEvent::running:
      return add_to_groups(instance);
    case InstanceEvent::application_started:
      return log_service(instance);
    case InstanceEvent::stopping:
    case InstanceEvent::shutting_down:
    case InstanceEvent::terminated:
      return leave_groups();
    default:
      return;
  }
}

void InstanceResource::audit(Audit& audit) const {
  if (unheard_ > 0)
    audit.conservation("resources." + id_ + " before its launch",
                       {.arrived = unheard_, .rejected = unheard_});
}

}  // namespace nephoscope::ec2
