// AWS::ApplicationAutoScaling::ScalableTarget: one number of a resource that follows its load, such as a
// table's write capacity, together with its scaling policy and scheduled actions.
//
//   orders-writes:
//     type: AWS::ApplicationAutoScaling::ScalableTarget
//     resource_id: orders                      # an index: orders/index/by-status
//     scalable_dimension: dynamodb:table:WriteCapacityUnits
//     min_capacity: 100
//     max_capacity: 4000
//     scaling_policies:
//       target_tracking: {predefined_metric: DynamoDBWriteCapacityUtilization, target_value: 70}
//     scheduled_actions: {morning: {schedule: "0 8 * * *", min_capacity: 1000}}
//
// Properties are CloudFormation's in snake_case. See applicationautoscaling.md.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/applicationautoscaling/scheduled_action.hpp"
#include "models/common/resource.hpp"

namespace nephoscope::applicationautoscaling {

// Application Auto Scaling API reference, RegisterScalableTarget, ScalableDimension. Others (ECS, Lambda)
// come with the services that own them.
enum class Dimension : std::uint8_t { table_read, table_write, index_read, index_write };
std::string_view name_of(Dimension dimension);

enum class PredefinedMetric : std::uint8_t { dynamodb_read, dynamodb_write };

struct TargetTrackingConfig {
  PredefinedMetric predefined_metric = PredefinedMetric::dynamodb_read;
  double target_value = 70;
  Duration scale_in_cooldown{};
  Duration scale_out_cooldown{};
  bool disable_scale_in = false;

  static const FieldTable<TargetTrackingConfig>& fields();
};

struct ScalingPoliciesConfig {
  std::optional<TargetTrackingConfig> target_tracking;

  static const FieldTable<ScalingPoliciesConfig>& fields();
};

struct ScalableTargetConfig final : ResourceConfig {
  Reference resource_id;
  Dimension scalable_dimension = Dimension::table_read;
  std::int64_t min_capacity = 1;
  std::int64_t max_capacity = 1;
  ScalingPoliciesConfig scaling_policies;
  std::vector<Named<ScheduledActionConfig>> scheduled_actions;
  Probability low_alarm_margin{0.2};
  Duration activity_poll = 10s;
  Duration retry_interval = 1min;
  bool scales_in_without_traffic = false;

  static const FieldTable<ScalableTargetConfig>& fields();
  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;

  // "orders" and "index/by-status" of "orders/index/by-status".
  std::string_view resource() const;
  std::string_view part() const;
};

}  // namespace nephoscope::applicationautoscaling

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<applicationautoscaling::Dimension> =
    enum_names<applicationautoscaling::Dimension>(
        {{"dynamodb:table:ReadCapacityUnits", applicationautoscaling::Dimension::table_read},
         {"dynamodb:table:WriteCapacityUnits", applicationautoscaling::Dimension::table_write},
         {"dynamodb:index:ReadCapacityUnits", applicationautoscaling::Dimension::index_read},
         {"dynamodb:index:WriteCapacityUnits", applicationautoscaling::Dimension::index_write}});

template <>
inline constexpr auto kEnumNames<applicationautoscaling::PredefinedMetric> =
    enum_names<applicationautoscaling::PredefinedMetric>(
        {{"DynamoDBReadCapacityUtilization", applicationautoscaling::PredefinedMetric::dynamodb_read},
         {"DynamoDBWriteCapacityUtilization", applicationautoscaling::PredefinedMetric::dynamodb_write}});

}  // namespace nephoscope
