#include "models/applicationautoscaling/applicationautoscaling.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/applicationautoscaling/scaler.hpp"

namespace nephoscope::applicationautoscaling {
namespace {

constexpr const char* kTrackingGuide =
    "Application Auto Scaling User Guide, target tracking scaling policies";
constexpr const char* kApi = "Application Auto Scaling API reference, RegisterScalableTarget";
constexpr std::string_view kIndex = "/index/";

bool of_index(Dimension dimension) {
  return dimension == Dimension::index_read || dimension == Dimension::index_write;
}
bool of_writes(Dimension dimension) {
  return dimension == Dimension::table_write || dimension == Dimension::index_write;
}

void check_config(const ScalableTargetConfig& config, const Node& node, Context& context) {
  if (config.min_capacity > config.max_capacity)
    context.report(Code::inconsistent, *node.find("min_capacity"),
                   fmt::format("'min_capacity' {} is above 'max_capacity' {}", config.min_capacity,
                               config.max_capacity));
  if (of_index(config.scalable_dimension) == config.part().empty())
    context.report(Code::inconsistent, *node.find("resource_id"),
                   fmt::format("{} belongs to {}", name_of(config.scalable_dimension),
                               config.part().empty() ? "an index" : "a table"),
                   "a table: 'orders'; an index: 'orders/index/by-status'");
  const auto& tracking = config.scaling_policies.target_tracking;
  if (!tracking) return;
  const bool writes = tracking->predefined_metric == PredefinedMetric::dynamodb_write;
  if (writes != of_writes(config.scalable_dimension))
    context.report(Code::inconsistent,
                   *node.find("scaling_policies")->find("target_tracking")->find("predefined_metric"),
                   fmt::format("that metric says nothing about {}", name_of(config.scalable_dimension)),
                   writes ? "DynamoDBReadCapacityUtilization" : "DynamoDBWriteCapacityUtilization");
}

}  // namespace

std::string_view name_of(Dimension dimension) {
  for (const auto& [name, value] : kEnumNames<Dimension>)
    if (value == dimension) return name;
  return "";
}

const FieldTable<TargetTrackingConfig>& TargetTrackingConfig::fields() {
  using T = TargetTrackingConfig;
  static const auto table =
      FieldTable<T>("target tracking of capacity",
                    "Keeps the share of capacity that is used near its target.")
          .required("predefined_metric", &T::predefined_metric,
                    {.doc = "what is tracked", .source = kTrackingGuide})
          .field("target_value", &T::target_value,
                 {.doc = "percent of the capacity",
                  .source = "DynamoDB Developer Guide, auto scaling: 20 to 90, in the console 70",
                  .min = 20,
                  .max = 90})
          .field(
              "scale_in_cooldown", &T::scale_in_cooldown,
              {.doc = "after a scale-in has ended, before the next",
               .source = "default: API reference, TargetTrackingScalingPolicyConfiguration: 0 for DynamoDB",
               .max = 1h})
          .field(
              "scale_out_cooldown", &T::scale_out_cooldown,
              {.doc = "after a scale-out has ended, before the next, unless that one is larger",
               .source = "default: API reference, TargetTrackingScalingPolicyConfiguration: 0 for DynamoDB",
               .max = 1h})
          .field("disable_scale_in", &T::disable_scale_in,
                 {.doc = "only ever adds", .source = kTrackingGuide});
  return table;
}

const FieldTable<ScalingPoliciesConfig>& ScalingPoliciesConfig::fields() {
  using S = ScalingPoliciesConfig;
  static const auto table =
      FieldTable<S>("scaling policies of a scalable target", "What changes the capacity by its use.")
          .field("target_tracking", &S::target_tracking,
                 {.doc = "by the share that is used; none = scheduled actions only",
                  .source = "API reference, PutScalingPolicy: DynamoDB has no step scaling"});
  return table;
}

namespace {

FieldTable<ScalableTargetConfig> keys() {
  using S = ScalableTargetConfig;
  return FieldTable<S>("AWS::ApplicationAutoScaling::ScalableTarget",
                       "A capacity that follows its use, by policy and by schedule.")
      .typed()
      .required("resource_id", &S::resource_id,
                {.doc = "whose capacity: a table (`orders`) or an index (`orders/index/by-status`)",
                 .source = kApi,
                 .refers_to = "resource"})
      .required("scalable_dimension", &S::scalable_dimension, {.doc = "which capacity", .source = kApi})
      .required("min_capacity", &S::min_capacity,
                {.doc = "in units of the dimension", .source = kApi, .min = 1, .max = kMostCapacity})
      .required("max_capacity", &S::max_capacity,
                {.doc = "in units of the dimension", .source = kApi, .min = 1, .max = kMostCapacity})
      .field("scaling_policies", &S::scaling_policies, {.doc = "what changes it by its use"})
      .field("scheduled_actions", &S::scheduled_actions, {.doc = "new limits at times that are known"});
}

}  // namespace

const FieldTable<ScalableTargetConfig>& ScalableTargetConfig::fields() {
  using S = ScalableTargetConfig;
  static const auto table =
      keys()
          .assume(
              "low_alarm_margin", &S::low_alarm_margin,
              {.doc = "how much of the capacity AlarmLow lies below the target, but at least at half of it",
               .source = "assumption: alarms seen on tables of 1 and 5 units: 50 % where the target is 70 %"})
          .assume("activity_poll", &S::activity_poll,
                  {.doc = "how often a change in progress is looked at",
                   .source = "assumption: DescribeTable every few seconds",
                   .above = 0s})
          .assume("retry_interval", &S::retry_interval,
                  {.doc = "between attempts to bring the capacity within changed limits",
                   .source = "assumption: as alarms repeat their actions, once a minute",
                   .above = 0s})
          .assume("scales_in_without_traffic", &S::scales_in_without_traffic,
                  {.doc = "whether 15 minutes without any datapoint count as use of nothing",
                   .source =
                       "assumption: no; alarms on DynamoDB's metrics keep their state when data is missing, "
                       "and older text of the DynamoDB Developer Guide says that nothing is scaled in then"})
          .validate(check_config);
  return table;
}

std::string_view ScalableTargetConfig::resource() const {
  return std::string_view(resource_id.id).substr(0, resource_id.id.find(kIndex));
}

std::string_view ScalableTargetConfig::part() const {
  const auto slash = resource_id.id.find(kIndex);
  if (slash == std::string::npos) return {};
  return std::string_view(resource_id.id).substr(slash + 1);
}

void ScalableTargetConfig::check(const Defined& defined, Diagnostics& diagnostics) const {
  const auto parts = defined.scalable.find(resource());
  if (parts == defined.scalable.end()) {
    const auto other = defined.resources.find(resource());
    if (other != defined.resources.end())
      return report_wrong_reference(resource_id, "a resource with a capacity to scale", other->second,
                                    diagnostics);
    std::vector<std::string_view> known;
    for (const auto& [id, found] : defined.scalable) known.emplace_back(id);
    return report_unknown_reference(resource_id, "resource with a capacity to scale", known, diagnostics);
  }
  const std::string_view dimension = name_of(scalable_dimension);
  std::string has;
  for (const ScalablePart& each : parts->second) {
    if (each.part == part() && each.dimension == dimension) return;
    if (each.dimension == dimension) has += (has.empty() ? "" : ", ") + (parts->first + "/" + each.part);
  }
  diagnostics.add({Code::inconsistent, resource_id.place, resource_id.path,
                   fmt::format("'{}' has no {} to scale", resource_id.id, dimension),
                   has.empty() ? "a table with provisioned capacity has" : "these have: " + has, ""});
}

std::unique_ptr<Resource> ScalableTargetConfig::build(World& world, const std::string& id) const {
  return std::make_unique<Scaler>(world, id, *this);
}

}  // namespace nephoscope::applicationautoscaling
