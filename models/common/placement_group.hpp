// Placement groups as those see them who launch into one: its settings, and what cannot be asked of it.
//
// The group's resource and its behaviour are in models/ec2. Source: EC2 User Guide, placement groups.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/config/field_type.hpp"
#include "models/common/launch.hpp"

namespace nephoscope {

class Diagnostics;
struct Defined;

enum class PlacementStrategy : std::uint8_t { cluster, partition, spread };

struct PlacementGroupSettings {
  PlacementStrategy strategy = PlacementStrategy::cluster;
  std::uint32_t partition_count = 2;  // of a partition group, numbered from 1
};

// Running instances of a spread group in one zone at most.
inline constexpr std::uint32_t kSpreadLimit = 7;
inline constexpr std::uint32_t kMostPartitions = 7;

// Launches as a resource states them.
struct PlacedLaunches {
  const LaunchConfig& launch;
  std::vector<std::string> types;  // all that it may launch
  std::size_t zones = 1;           // over which it spreads them
  std::int64_t least = 1;          // instances that it holds in any case
};

// Reports a group that does not exist, and launches into one that are sure to fail.
void check_placement(const PlacedLaunches& launches, const Defined& defined, Diagnostics& diagnostics);

// The same of a partition without a group, while the map of launch keys is read.
void check_partition_number(const LaunchConfig& launch, const Node& map, Context& context);

template <>
inline constexpr auto kEnumNames<PlacementStrategy> =
    enum_names<PlacementStrategy>({{"cluster", PlacementStrategy::cluster},
                                   {"partition", PlacementStrategy::partition},
                                   {"spread", PlacementStrategy::spread}});

}  // namespace nephoscope
