#include "models/faults/actions.hpp"

#include <algorithm>

#include "engine/base/check.hpp"

namespace nephoscope::faults {
namespace {

constexpr std::string_view kWhichInstances = "selection zone rack partition each";

constexpr auto kTable = std::to_array<ActionInfo>({
    {FaultAction::az_power_loss, Entity::zone, "zone duration", "each", "loses power", "has power again",
     "Instances stop answering and fail their status checks, load balancers' nodes are silent, launches fail "
     "with InsufficientInstanceCapacity. When power returns, instances that still exist boot."},
    {FaultAction::insufficient_capacity, Entity::zone, "zone duration", "each", "has no capacity left",
     "has capacity again",
     "Launches and starts of stopped instances in the zone fail with InsufficientInstanceCapacity. FIS does "
     "it to chosen Auto Scaling groups, this to everybody."},
    {FaultAction::spot_interruptions, Entity::instance, "target", kWhichInstances, "EC2 will reclaim them",
     "", "EC2 reclaims running Spot instances after its two minutes' notice."},
    {FaultAction::terminate_instances, Entity::instance, "target", kWhichInstances, "terminated", "",
     "Running instances are terminated."},
    {FaultAction::stop_instances, Entity::instance, "target", "duration selection zone rack partition each",
     "stopped", "started again",
     "Running On-Demand instances are stopped; after `duration`, if given (startInstancesAfterDuration in "
     "FIS), those that still exist are started."},
    {FaultAction::reboot_instances, Entity::instance, "target", kWhichInstances, "rebooted", "",
     "Running instances reboot."},
    {FaultAction::pause_volume_io, Entity::instance, "target duration", kWhichInstances,
     "their volumes do nothing", "their volumes work again",
     "Disks of the instances stand still. Only what keeps its data on disks notices."},
    {FaultAction::disrupt_connectivity, Entity::zone, "zone duration", "scope each",
     "is cut off from the network", "is connected again",
     "Nothing crosses the border of the zone (scope: all), or nothing goes between it and the other zones "
     "(scope: availability-zone). Instances stay up."},
    {FaultAction::cross_region, Entity::whole, "region duration", "", "no way to and from it",
     "can be reached again",
     "Nothing arrives in or from another Region; clients there do not reach this one."},
    {FaultAction::instance_failure, Entity::instance, "target", "duration selection zone rack partition each",
     "their operating systems hang", "rebooted",
     "Operating systems of running instances hang: status checks fail; whoever replaces or reboots them "
     "mends them. After `duration`, if given, they are rebooted."},
    {FaultAction::host_failure, Entity::host, "duration", "target selection zone rack each", "fails",
     "works again",
     "Physical servers fail, and the instances on them. Those under the target's running instances, or all "
     "of a zone. When a server works again, instances that still are there boot."},
    {FaultAction::rack_power_loss, Entity::rack, "duration", "target selection zone rack each", "loses power",
     "has power again",
     "Racks lose power, and all instances in them. Those that hold running instances of the target, or all "
     "of a zone. When power returns, instances that still are there boot."},
    {FaultAction::region_isolation, Entity::whole, "duration", "", "is cut off from the world",
     "is connected again",
     "Nothing crosses the border of the run's Region: clients and other Regions. Clients without a place "
     "(`from`) stand outside the network and do not notice."},
    {FaultAction::disconnect, Entity::whole, "between duration", "", "cut off from each other",
     "connected again", "Nothing arrives between two parts, and bulk transfers between them break."},
    {FaultAction::latency, Entity::whole, "between delay duration", "", "messages take longer",
     "messages take as long as before", "Messages between two parts take `delay` longer each way."},
    {FaultAction::packet_loss, Entity::whole, "between loss duration", "", "packets get lost",
     "no more packets get lost",
     "A share of the packets between two parts gets lost and is sent again after a time-out."},
    {FaultAction::slow_disk, Entity::instance, "target speed duration", kWhichInstances,
     "their disks are slow", "their disks are as fast as before",
     "Disks of the instances work at a share of their speed. Only what keeps its data on disks notices."},
    {FaultAction::gray_failure, Entity::instance, "target speed duration", kWhichInstances,
     "slow, and healthy to every check", "as fast as before",
     "The CPUs of running instances work at a share of their speed, and no check sees it."},
    {FaultAction::bad_version, Entity::instance, "target version",
     "duration selection zone rack partition each", "switch to another version", "switch back",
     "Running instances serve requests with another version of their application at once, as by a bad push "
     "of configuration; for ever, or for `duration` and then with the one they had."},
    {FaultAction::dns_stale, Entity::whole, "target duration", "share", "its DNS answers no longer change",
     "its DNS answers are fresh again",
     "A share of the resolvers keeps the answers about the target that it had when the fault began."},
    {FaultAction::reboot_nodes, Entity::node, "target", "selection", "reboot", "",
     "Running nodes of a DAX cluster reboot, as by its API's RebootNode: requests in them are reset, their "
     "caches are lost; of a rebooting primary a replica takes the place. All nodes unless `selection` says "
     "otherwise."},
});

constexpr auto kKeys = std::to_array<ActionKey>({
    {"duration", "30m"},
    {"zone", "us-east-1a"},
    {"rack", "3"},
    {"partition", "1"},
    {"target", "web"},
    {"selection", "COUNT(1)"},
    {"each", "instance"},
    {"between", "[us-east-1a, us-east-1b]"},
    {"region", "eu-west-1"},
    {"scope", "all"},
    {"speed", "20%"},
    {"delay", "50ms"},
    {"loss", "5%"},
    {"version", "v2"},
    {"share", "50%"},
});

}  // namespace

std::span<const ActionInfo> action_table() { return kTable; }

const ActionInfo& info(FaultAction action) {
  const auto* row = std::find_if(kTable.begin(), kTable.end(),
                                 [&](const ActionInfo& each) { return each.action == action; });
  check(row != kTable.end(), "faults", "action {} has no row", static_cast<int>(action));
  return *row;
}

std::span<const ActionKey> action_keys() { return kKeys; }

bool has_key(std::string_view words, std::string_view key) {
  while (!words.empty()) {
    const auto space = std::min(words.find(' '), words.size());
    if (words.substr(0, space) == key) return true;
    words.remove_prefix(std::min(space + 1, words.size()));
  }
  return false;
}

}  // namespace nephoscope::faults
