// AWS::ElasticBeanstalk::Environment: a web application, its machines and its load balancer as one resource.
//
// Elastic Beanstalk's own option settings keep their namespaces and names and take AWS's bare numbers. The
// environment expands into ordinary resources (names.hpp); the environment itself is their controller.
// Source: AWS Elastic Beanstalk Developer Guide. Not modelled: the worker tier, saved configurations.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/resource.hpp"
#include "models/elasticbeanstalk/ebextensions.hpp"
#include "models/elasticbeanstalk/option_settings.hpp"
#include "models/elasticbeanstalk/resource_settings.hpp"
#include "models/elasticbeanstalk/settings.hpp"

namespace nephoscope::elasticbeanstalk {

enum class Tier : std::uint8_t { web_server, worker };

// Versions are shipped to a second environment, whose CNAME is then swapped with this one's.
// Source: Developer Guide, Blue/Green deployments.
struct BlueGreen {
  Duration test_time = 5min;    // on the new environment, before the swap
  Duration keep_old = 1h;       // after the swap, until the old environment is terminated
  Duration watch_time = 5min;   // after the swap, while somebody looks whether it was right
  Duration create_time = 5min;  // of an environment, beside the launches of its instances
  static const FieldTable<BlueGreen>& fields();
};

struct EnvironmentConfig final : ResourceConfig {
  Tier tier = Tier::web_server;
  Reference application;
  std::optional<Reference> version;  // none = the application's first
  Client defaults = Client::api;
  OptionSettings option_settings;
  Ebextensions ebextensions;
  std::optional<Reference> database;  // lives and dies with the environment
  std::optional<BlueGreen> blue_green;
  bool custom_image = false;
  std::optional<Reference> placement_group;
  Tags tags;

  DurationDistribution launch_time;
  DurationDistribution boot_time;
  DurationDistribution bootstrap_time = Duration(300s);
  DurationDistribution custom_image_bootstrap_time;  // with custom_image
  DurationDistribution restart_time;
  DurationDistribution deploy_time;  // of a version on an instance that runs, its bundle there
  Bytes image_size;
  Bytes bundle_size;
  Probability health_5xx_warning = Probability(0.01);
  Probability health_5xx_degraded = Probability(0.05);
  Probability health_5xx_severe = Probability(0.1);
  Probability platform_updates = Probability(0.25);
  Duration cname_ttl = 60s;

  EnvironmentConfig();
  static const FieldTable<EnvironmentConfig>& fields();

  // The option settings as they hold, from all places that may set them.
  Settings settings() const { return resolved().settings; }
  Resolved resolved() const;
  // All that set something, in the order in which they do: configuration files, then what the client sends,
  // then the scenario's own (Developer Guide, Configuration options, Precedence).
  std::vector<Setting> applied() const;
  // Whether something is done to it that needs a temporary group.
  bool has_temporary_group() const;
  // Its own key, or that of the configuration files.
  std::optional<Reference> group_in_use() const;
  // That of the image in use.
  DurationDistribution bootstrap() const;

  void check(const Defined& defined, Diagnostics& diagnostics) const override;
  std::unique_ptr<Resource> build(World& world, const std::string& id) const override;
  std::vector<ExpandedResource> expand(const std::string& id) const override;
  bool takes_requests() const override { return true; }
  bool has_dns_name() const override { return blue_green.has_value(); }
  bool has_dns_answers() const override { return true; }
  const Reference* fleet_application() const override { return &application; }
  const Tags* instance_tags() const override { return &tags; }
  bool is_deployment_target() const override { return true; }
  bool can_change_instance_type() const override { return true; }
  std::optional<std::vector<std::string>> operations(const Defined& defined) const override;
};

}  // namespace nephoscope::elasticbeanstalk

namespace nephoscope {

template <>
inline constexpr auto kEnumNames<elasticbeanstalk::Tier> = enum_names<elasticbeanstalk::Tier>(
    {{"WebServer", elasticbeanstalk::Tier::web_server}, {"Worker", elasticbeanstalk::Tier::worker}});

}  // namespace nephoscope
