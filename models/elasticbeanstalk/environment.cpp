#include "models/elasticbeanstalk/environment.hpp"

#include "models/common/launch.hpp"
#include "models/elasticbeanstalk/checks.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

using E = EnvironmentConfig;

std::string guide(const char* page) { return std::string("Elastic Beanstalk Developer Guide, ") + page; }

FieldTable<E>&& with_launch_times(FieldTable<E>&& table) {
  return std::move(table)
      .assume("launch_time", &E::launch_time, LaunchConfig::launch_time_rules())
      .assume("boot_time", &E::boot_time, LaunchConfig::boot_time_rules())
      .assume(
          "bootstrap_time", &E::bootstrap_time,
          {.doc =
               "from boot until a new instance's application runs: packages, configuration files, deployment",
           .source = "assumption: 5 minutes"})
      .assume("custom_image_bootstrap_time", &E::custom_image_bootstrap_time,
              {.doc = "the same with custom_image",
               .source = "assumption for " + guide("Creating a custom AMI") +
                         ": most of it moves from each launch to the image"})
      .assume("restart_time", &E::restart_time, LaunchConfig::restart_time_rules())
      .assume("image_size", &E::image_size, LaunchConfig::image_size_rules())
      .assume("bundle_size", &E::bundle_size, LaunchConfig::bundle_size_rules())
      .assume(
          "deploy_time", &E::deploy_time,
          {.doc = "download and installation of a version on an instance that runs, until its restart",
           .source = guide("enhanced health") + ": its examples took 25 to 31 s, and one ran after 33 s"});
}

FieldTable<E>&& with_health(FieldTable<E>&& table) {
  static const auto rules = [](const char* health) {
    return FieldRules{
        .doc = std::string("share of requests answered by 5xx, from which on health is ") + health,
        .source = "assumption: AWS does not publish it; in the guide's example 5 % of 4xx is still Ok"};
  };
  return std::move(table)
      .assume("health_5xx_warning", &E::health_5xx_warning, rules("Warning"))
      .assume("health_5xx_degraded", &E::health_5xx_degraded, rules("Degraded"))
      .assume("health_5xx_severe", &E::health_5xx_severe, rules("Severe"))
      .assume("platform_updates", &E::platform_updates,
              {.doc = "share of weekly maintenance windows in which there is a platform update to install",
               .source = "assumption: one a month"})
      .assume("cname_ttl", &E::cname_ttl,
              {.doc = "how long resolvers keep the environment's CNAME",
               .source = "assumption: as load balancers' names"});
}

}  // namespace

EnvironmentConfig::EnvironmentConfig()
    : custom_image_bootstrap_time(duration_from("{dist: uniform, low: 60s, high: 90s}")),
      deploy_time(duration_from("{dist: uniform, low: 25s, high: 33s}")) {
  LaunchConfig launch;
  launch_time = std::move(launch.launch_time);
  boot_time = std::move(launch.boot_time);
  restart_time = std::move(launch.restart_time);
}

const FieldTable<BlueGreen>& BlueGreen::fields() {
  using B = BlueGreen;
  static const auto table =
      FieldTable<B>("blue-green", "Versions go to a second environment, then the two swap their CNAMEs.")
          .field("test_time", &B::test_time,
                 {.doc = "for tests on the new environment, before the swap",
                  .source = guide("Blue/Green deployments")})
          .field("keep_old", &B::keep_old,
                 {.doc = "from the swap until the old environment is terminated; some resolvers ignore TTLs",
                  .source = guide("Blue/Green deployments")})
          .assume(
              "watch_time", &B::watch_time,
              {.doc = "after the swap; if the new environment is ill within it, the CNAMEs are swapped back",
               .source = "assumption: somebody watches the deployment"})
          .assume("create_time", &B::create_time,
                  {.doc = "of an environment's load balancer and groups, before its instances launch",
                   .source = guide("Getting started") + ": about 5 minutes in all"});
  return table;
}

const FieldTable<E>& E::fields() {
  static const auto table =
      with_health(
          with_launch_times(
              FieldTable<E>("AWS::ElasticBeanstalk::Environment",
                            "A web application with its machines and its load balancer, as one resource.")
                  .typed()
                  .field("tier", &E::tier, {.doc = "the worker tier is not modelled"})
                  .required("application", &E::application,
                            {.doc = "what instances run", .refers_to = "application"})
                  .field("version", &E::version,
                         {.doc = "of the application; none = the first one declared", .refers_to = "version"})
                  .field(
                      "defaults", &E::defaults,
                      {.doc = "who creates it: console and EB CLI send values of their own, which override "
                              "configuration files",
                       .source = guide("Configuration options, Recommended values")})
                  .field(
                      "option_settings", &E::option_settings,
                      {.doc = "by namespace and name, AWS's own with bare numbers; they override all others",
                       .source = guide("General options")})
                  .field("ebextensions", &E::ebextensions,
                         {.doc = "configuration files, or folders of *.config, read as they are",
                          .source = guide("Configuration files")})
                  .field("database", &E::database,
                         {.doc = "lives inside the environment and shares its end (DBDeletionPolicy)",
                          .source = guide("Adding a database"),
                          .refers_to = "resource"})
                  .field("blue_green", &E::blue_green,
                         {.doc = "versions are shipped by a swap of CNAMEs, not by DeploymentPolicy",
                          .source = guide("Blue/Green deployments")})
                  .field("custom_image", &E::custom_image,
                         {.doc = "ImageId is an AMI with packages and configuration on it",
                          .source = guide("Creating a custom AMI")})
                  .field(
                      "placement_group", &E::placement_group,
                      {.doc =
                           "PlacementGroup of AWSEBAutoScalingGroup, which configuration files may set; no "
                           "option setting does",
                       .source = guide("Modifying the resources of an environment"),
                       .refers_to = "placement group"})
                  .field("tags", &E::tags,
                         tags_rules("of the environment and its instances, by which faults find them",
                                    guide("Tagging resources in your environments")))))
          .validate(&check_environment);
  return table;
}

std::vector<Setting> E::applied() const {
  const bool load_balanced =
      resolve(option_settings.settings, resolve(ebextensions.settings)).settings.load_balanced;
  std::vector<Setting> all = ebextensions.settings;
  for (Setting& setting : recommended_values(defaults, load_balanced)) all.push_back(std::move(setting));
  for (const Setting& setting : option_settings.settings) all.push_back(setting);
  return all;
}

Resolved E::resolved() const {
  Resolved all = resolve(applied());
  all.resources.health_check_type_elb = ebextensions.health_check_type_elb;
  all.resources.health_check_grace_period = ebextensions.health_check_grace_period.value_or(Duration{});
  return all;
}

std::optional<Reference> E::group_in_use() const {
  return placement_group ? placement_group : ebextensions.placement_group;
}

DurationDistribution E::bootstrap() const {
  return custom_image ? custom_image_bootstrap_time.copy() : bootstrap_time.copy();
}

void E::check(const Defined& defined, Diagnostics& diagnostics) const {
  check_application(application, version, defined, diagnostics);
  if (!database || defined.resources.contains(database->id)) return;
  std::vector<std::string_view> known;
  for (const auto& [id, type] : defined.resources) known.emplace_back(id);
  report_unknown_reference(*database, "resource", known, diagnostics);
}

bool E::has_temporary_group() const {
  const Settings all = settings();
  const bool beside = all.deployment_policy == DeploymentPolicy::immutable ||
                      all.deployment_policy == DeploymentPolicy::traffic_splitting;
  const bool updates = all.rolling_update_enabled && all.rolling_update_type == RollingUpdateType::immutable;
  return (beside && !blue_green) || updates || all.managed_actions_enabled;
}

std::optional<std::vector<std::string>> E::operations(const Defined& defined) const {
  const auto found = defined.applications.find(application.id);
  return found == defined.applications.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace nephoscope::elasticbeanstalk
