#include "models/common/placement_group.hpp"

#include <fmt/format.h>

#include "models/common/instance_type.hpp"
#include "models/common/references.hpp"
#include "models/common/resource.hpp"

namespace nephoscope {
namespace {

class Check final {
 public:
  Check(const PlacedLaunches& launches, Diagnostics& diagnostics)
      : launches_(launches), group_(*launches.launch.placement_group), diagnostics_(diagnostics) {}

  void against(const PlacementGroupSettings& settings) const {
    check_partition(settings);
    if (settings.strategy == PlacementStrategy::cluster) check_cluster();
    if (settings.strategy == PlacementStrategy::spread) check_spread();
  }

 private:
  void report(std::string message, std::string help) const {
    diagnostics_.add(
        {Code::inconsistent, group_.place, group_.path, std::move(message), "", std::move(help)});
  }

  void check_partition(const PlacementGroupSettings& settings) const {
    const auto& number = launches_.launch.partition_number;
    if (!number) return;
    if (settings.strategy != PlacementStrategy::partition)
      report(
          fmt::format("'{}' is no partition placement group, so it has no partition {}", group_.id, *number),
          "leave out 'partition_number', or set the group's strategy to partition");
    else if (*number > settings.partition_count)
      report(fmt::format("'{}' has {} partitions, and no partition {}", group_.id, settings.partition_count,
                         *number),
             fmt::format("partition_number is 1 to {}", settings.partition_count));
  }

  void check_cluster() const {
    for (const std::string& name : launches_.types) {
      const InstanceType* type = find_instance_type(name);
      if (type != nullptr && type->credits)
        report(fmt::format("cluster placement groups do not take {} instances", name),
               "burstable types cannot be launched into them (EC2 User Guide, placement groups)");
    }
    if (launches_.zones > 1)
      report(fmt::format("cluster placement group '{}' lies in one Availability Zone, not in {}", group_.id,
                         launches_.zones),
             "name one zone in 'availability_zones' (Auto Scaling API reference, PlacementGroup)");
  }

  void check_spread() const {
    const auto most = static_cast<std::int64_t>(kSpreadLimit * launches_.zones);
    if (launches_.least > most)
      report(fmt::format("spread placement group '{}' has at most {} running instances, {} in a zone, but {} "
                         "are asked for",
                         group_.id, most, kSpreadLimit, launches_.least),
             "use more zones or several groups (EC2 User Guide, placement groups)");
  }

  const PlacedLaunches& launches_;
  const Reference& group_;
  Diagnostics& diagnostics_;
};

}  // namespace

void check_placement(const PlacedLaunches& launches, const Defined& defined, Diagnostics& diagnostics) {
  const auto& group = launches.launch.placement_group;
  if (!group) return;
  const auto found = defined.placement_groups.find(group->id);
  if (found == defined.placement_groups.end()) return report_no_placement_group(*group, defined, diagnostics);
  Check(launches, diagnostics).against(found->second);
}

void check_partition_number(const LaunchConfig& launch, const Node& map, Context& context) {
  if (!launch.partition_number || launch.placement_group) return;
  context.report_key(Code::inconsistent, *map.find("partition_number"), "partition of which placement group?",
                     "", "name one in 'placement_group', or leave the partition out");
}

}  // namespace nephoscope
