#include "models/registry.hpp"

#include <array>

#include "models/applicationautoscaling/applicationautoscaling.hpp"
#include "models/autoscaling/autoscaling.hpp"
#include "models/cloudwatch/alarm.hpp"
#include "models/dax/dax.hpp"
#include "models/dynamodb/dynamodb.hpp"
#include "models/dynamodb/global_table_config.hpp"
#include "models/ec2/ec2.hpp"
#include "models/ec2/placement_group_resource.hpp"
#include "models/elasticbeanstalk/environment.hpp"
#include "models/elasticloadbalancing/elasticloadbalancing.hpp"
#include "models/hosts/hosts.hpp"
#include "models/job/job.hpp"
#include "models/quorum/quorum.hpp"
#include "models/station/station.hpp"
#include "models/store/store.hpp"

namespace nephoscope {
namespace {

template <HasFields Config>
ResourceType type_of() {
  return {.name = Config::fields().name(),
          .doc = Config::fields().doc(),
          .read = [](const Node& node, Context& context) -> std::unique_ptr<ResourceConfig> {
            auto config = Config::fields().read(node, context);
            if (!config) return nullptr;
            return std::make_unique<Config>(std::move(*config));
          },
          .rows = [] { return Config::fields().rows(); },
          .schema = [](Json& out, SchemaBook& book) { Config::fields().refer(out, book); },
          .assumptions =
              [](const ResourceConfig& config, const std::string& path, std::vector<AssumptionInForce>& out) {
                Config::fields().core().default_assumptions(&dynamic_cast<const Config&>(config), path, out);
              }};
}

}  // namespace

std::span<const ResourceType> resource_types() {
  static const std::array types = {
      type_of<ec2::InstanceConfig>(),
      type_of<ec2::PlacementGroupConfig>(),
      type_of<elasticloadbalancing::LoadBalancerConfig>(),
      type_of<elasticloadbalancing::TargetGroupConfig>(),
      type_of<autoscaling::AutoScalingGroupConfig>(),
      type_of<applicationautoscaling::ScalableTargetConfig>(),
      type_of<elasticbeanstalk::EnvironmentConfig>(),
      type_of<dynamodb::TableConfig>(),
      type_of<dynamodb::GlobalTableConfig>(),
      type_of<cloudwatch::AlarmConfig>(),
      type_of<cloudwatch::CompositeAlarmConfig>(),
      type_of<dax::ClusterConfig>(),
      type_of<hosts::HostsConfig>(),
      type_of<quorum::QuorumConfig>(),
      type_of<station::StationConfig>(),
      type_of<job::DistributedJobConfig>(),
      type_of<store::ReplicatedStoreConfig>(),
  };
  return types;
}

const ResourceType* find_resource_type(std::string_view name) {
  for (const ResourceType& type : resource_types())
    if (type.name == name) return &type;
  return nullptr;
}

}  // namespace nephoscope
