// The actions of faults: what each does, to what kind of thing, and which keys it needs. One row an action.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/config/field_type.hpp"

namespace nephoscope::faults {

enum class FaultAction : std::uint8_t {
  terminate_instances,
  stop_instances,
  reboot_instances,
  spot_interruptions,
  instance_failure,
  gray_failure,
  bad_version,
  pause_volume_io,
  slow_disk,
  host_failure,
  rack_power_loss,
  az_power_loss,
  insufficient_capacity,
  disrupt_connectivity,
  cross_region,
  region_isolation,
  disconnect,
  latency,
  packet_loss,
  dns_stale,
  reboot_nodes,
};

// What an action hits.
enum class Entity : std::uint8_t { instance, host, rack, zone, node, whole };

struct ActionInfo {
  FaultAction action;
  Entity entity;
  std::string_view needs;   // keys, with spaces between
  std::string_view takes;   // keys that may be given as well
  std::string_view begins;  // "us-east-1a: loses power"
  std::string_view ends;    // empty: it does not last
  std::string_view doc;
};

std::span<const ActionInfo> action_table();
const ActionInfo& info(FaultAction action);

// A key whose use depends on the action, with a value for messages.
struct ActionKey {
  std::string_view name;
  std::string_view example;
};
std::span<const ActionKey> action_keys();
// Whether `words`, a row's keys, has this one.
bool has_key(std::string_view words, std::string_view key);

}  // namespace nephoscope::faults

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<faults::FaultAction> = enum_names<faults::FaultAction>({
    {"sim:az-power-loss", faults::FaultAction::az_power_loss},
    {"aws:ec2:asg-insufficient-instance-capacity-error", faults::FaultAction::insufficient_capacity},
    {"aws:ec2:send-spot-instance-interruptions", faults::FaultAction::spot_interruptions},
    {"aws:ec2:terminate-instances", faults::FaultAction::terminate_instances},
    {"aws:ec2:stop-instances", faults::FaultAction::stop_instances},
    {"aws:ec2:reboot-instances", faults::FaultAction::reboot_instances},
    {"aws:ebs:pause-volume-io", faults::FaultAction::pause_volume_io},
    {"aws:network:disrupt-connectivity", faults::FaultAction::disrupt_connectivity},
    {"aws:network:route-table-disrupt-cross-region-connectivity", faults::FaultAction::cross_region},
    {"sim:instance-failure", faults::FaultAction::instance_failure},
    {"sim:host-failure", faults::FaultAction::host_failure},
    {"sim:rack-power-loss", faults::FaultAction::rack_power_loss},
    {"sim:region-isolation", faults::FaultAction::region_isolation},
    {"sim:disconnect", faults::FaultAction::disconnect},
    {"sim:latency", faults::FaultAction::latency},
    {"sim:packet-loss", faults::FaultAction::packet_loss},
    {"sim:slow-disk", faults::FaultAction::slow_disk},
    {"sim:gray-failure", faults::FaultAction::gray_failure},
    {"sim:bad-version", faults::FaultAction::bad_version},
    {"sim:dns-stale", faults::FaultAction::dns_stale},
    {"sim:dax-node-reboot", faults::FaultAction::reboot_nodes},
});

// What a random fault can befall piece by piece.
template <>
inline constexpr auto kEnumNames<faults::Entity> = enum_names<faults::Entity>({
    {"instance", faults::Entity::instance},
    {"host", faults::Entity::host},
    {"rack", faults::Entity::rack},
    {"zone", faults::Entity::zone},
});

}  // namespace nephoscope
