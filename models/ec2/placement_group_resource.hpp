// AWS::EC2::PlacementGroup: how instances that are launched into it lie on racks. See placement.md.
//
// Properties carry CloudFormation's names in snake_case.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/config/field_table.hpp"
#include "models/common/compute.hpp"
#include "models/common/placement_group.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::ec2 {

enum class SpreadLevel : std::uint8_t { rack, host };

struct PlacementGroupConfig final : ResourceConfig, PlacementGroupSettings {
  std::optional<SpreadLevel> spread_level;

  static const FieldTable<PlacementGroupConfig>& fields();
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  const PlacementGroupSettings* as_placement_group() const override { return this; }
};

// It only announces the group; EC2 knows the rest.
class PlacementGroupResource final : public Resource {
 public:
  PlacementGroupResource(std::string id, const PlacementGroupSettings& settings)
      : id_(std::move(id)), settings_(settings) {}
  void connect(const Wiring& wiring) override { wiring.compute().add_placement_group(id_, settings_); }

 private:
  std::string id_;
  PlacementGroupSettings settings_;
};

}  // namespace nephoscope::ec2

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<ec2::SpreadLevel> =
    enum_names<ec2::SpreadLevel>({{"rack", ec2::SpreadLevel::rack}, {"host", ec2::SpreadLevel::host}});
}  // namespace nephoscope
