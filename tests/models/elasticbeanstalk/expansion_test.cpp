#include <map>

#include "models/autoscaling/autoscaling.hpp"
#include "models/elasticbeanstalk/names.hpp"
#include "models/elasticloadbalancing/elasticloadbalancing.hpp"
#include "tests/models/elasticbeanstalk/fixture.hpp"

namespace nephoscope::elasticbeanstalk {
namespace {

using autoscaling::AutoScalingGroupConfig;
using elasticloadbalancing::LoadBalancerConfig;
using elasticloadbalancing::TargetGroupConfig;

// The parts of an environment "shop", by name.
class Parts final {
 public:
  explicit Parts(const EnvironmentConfig& config) : parts_(config.expand("shop")) {}

  std::vector<std::string> names() const {
    std::vector<std::string> names;
    for (const ExpandedResource& part : parts_) names.push_back(part.name);
    std::sort(names.begin(), names.end());
    return names;
  }
  const AutoScalingGroupConfig& group(const std::string& name) const {
    return as<AutoScalingGroupConfig>(name);
  }
  const TargetGroupConfig& targets(const std::string& name) const { return as<TargetGroupConfig>(name); }
  const LoadBalancerConfig& balancer(const std::string& name) const { return as<LoadBalancerConfig>(name); }

 private:
  template <class Config>
  const Config& as(const std::string& name) const {
    for (const ExpandedResource& part : parts_) {
      if (part.name != name) continue;
      CHECK(part.type == Config::fields().name());
      return dynamic_cast<const Config&>(*part.config);
    }
    FAIL("no part is named " << name);
    throw std::logic_error(name);
  }

  std::vector<ExpandedResource> parts_;
};

const std::string kApplication = R"("aws:elasticbeanstalk:environment": {LoadBalancerType: application})";
const std::string kEnhanced = R"("aws:elasticbeanstalk:healthreporting:system": {SystemType: enhanced})";

std::string settings(const std::string& spaces) { return fmt::format("option_settings: {{{}}}\n", spaces); }

TEST_CASE("elasticbeanstalk: an environment expands into a group behind a load balancer") {
  const Parts parts(environment("version: v1\n" + settings(kApplication + R"(, "aws:autoscaling:asg":
      {MinSize: 2, MaxSize: 8, Custom Availability Zones: "us-east-1a, us-east-1b"})")));
  CHECK(parts.names() == std::vector<std::string>{"AutoScalingGroup", "LoadBalancer", "TargetGroup"});
  const AutoScalingGroupConfig& group = parts.group("AutoScalingGroup");
  CHECK(group.min_size == 2);
  CHECK(group.max_size == 8);
  CHECK(group.application.id == "shop");
  CHECK(group.version->id == "v1");
  CHECK(group.instance_type == "t3.micro");
  CHECK(group.default_cooldown == 360s);
  CHECK(group.health_check_type == autoscaling::HealthCheckType::ec2);
  REQUIRE(group.target_groups.size() == 1);
  CHECK(group.target_groups[0].id == "shop/TargetGroup");
  REQUIRE(group.availability_zones.size() == 2);
  CHECK(group.availability_zones[1].id == "us-east-1b");
  const LoadBalancerConfig& balancer = parts.balancer("LoadBalancer");
  CHECK(balancer.begins_provisioned);
  REQUIRE(balancer.forward.size() == 1);
  CHECK(balancer.forward[0].target_group.id == "shop/TargetGroup");
}

TEST_CASE("elasticbeanstalk: the trigger becomes two simple policies with an alarm each") {
  const Parts parts(environment(option("aws:autoscaling:trigger",
                                       "MeasureName: CPUUtilization, Statistic: Maximum, UpperThreshold: 70, "
                                       "LowerThreshold: 20, Period: 1, EvaluationPeriods: 3, "
                                       "UpperBreachScaleIncrement: 2")));
  const auto& policies = parts.group("AutoScalingGroup").scaling_policies;
  REQUIRE(policies.size() == 2);
  const auto& up = *policies[0].value.simple_scaling;
  CHECK(up.alarm.space == "AWS/EC2");
  CHECK(up.alarm.metric_name == "CPUUtilization");
  CHECK(up.alarm.statistic == Statistic::maximum);
  CHECK(up.alarm.threshold == 70);
  CHECK(up.alarm.comparison_operator == ComparisonOperator::greater_than);
  CHECK(up.alarm.period == 1min);
  CHECK(up.alarm.evaluation_periods == 3);
  CHECK(up.scaling_adjustment == 2);
  CHECK_FALSE(up.cooldown.has_value());  // the group's: 360 s
  const auto& down = *policies[1].value.simple_scaling;
  CHECK(down.alarm.threshold == 20);
  CHECK(down.alarm.comparison_operator == ComparisonOperator::less_than);
  CHECK(down.scaling_adjustment == -1);
}

TEST_CASE("elasticbeanstalk: triggers on the load balancer read its metrics") {
  const auto alarm = [](const std::string& measure, const std::string& type) {
    const std::string trigger = fmt::format(R"("aws:autoscaling:trigger": {{MeasureName: {}}})", measure);
    const std::string balancer =
        fmt::format(R"("aws:elasticbeanstalk:environment": {{LoadBalancerType: {}}})", type);
    const Parts parts(environment(settings(trigger + ", " + balancer)));
    const auto& policy = parts.group("AutoScalingGroup").scaling_policies[0].value.simple_scaling;
    const auto& dimensions = *policy->alarm.dimensions;
    return fmt::format("{} {} {} {}", policy->alarm.space, *policy->alarm.metric_name, dimensions.size(),
                       dimensions[0].second);
  };
  CHECK(alarm("Latency", "classic") == "AWS/ApplicationELB TargetResponseTime 1 shop/LoadBalancer");
  CHECK(alarm("RequestCount", "application") == "AWS/ApplicationELB RequestCount 1 shop/LoadBalancer");
  CHECK(alarm("UnhealthyHostCount", "network") == "AWS/NetworkELB UnHealthyHostCount 2 shop/LoadBalancer");
}

TEST_CASE("elasticbeanstalk: the health checks are those of the load balancer's type") {
  const auto checks = [](const std::string& type) {
    const Parts parts(environment(option("aws:elasticbeanstalk:environment", "LoadBalancerType: " + type)));
    const TargetGroupConfig& group = parts.targets("TargetGroup");
    return fmt::format("{} {} {} {} {}", group.health_check_interval_seconds,
                       group.health_check_timeout_seconds, group.healthy_threshold_count,
                       group.unhealthy_threshold_count, group.deregistration_delay_seconds);
  };
  // interval, time-out, healthy, unhealthy, deregistration delay
  CHECK(checks("application") == "15 5 3 5 20");
  CHECK(checks("network") == "30 10 5 5 20");
  CHECK(checks("classic") == "10 5 3 5 0");  // draining is off
}

TEST_CASE(
    "elasticbeanstalk: a Classic Load Balancer is an application load balancer with Classic's numbers") {
  const Parts parts(environment(settings(
      R"("aws:elb:policies": {ConnectionDrainingEnabled: true, ConnectionDrainingTimeout: 60,
          ConnectionSettingIdleTimeout: 90},
          "aws:elb:healthcheck": {Interval: 20}, "aws:elb:loadbalancer": {CrossZone: true})")));
  CHECK(parts.targets("TargetGroup").deregistration_delay_seconds == 60);
  CHECK(parts.targets("TargetGroup").health_check_interval_seconds == 20);
  const LoadBalancerConfig& balancer = parts.balancer("LoadBalancer");
  CHECK(balancer.load_balancer_type == elasticloadbalancing::Kind::application);
  CHECK(balancer.idle_timeout_seconds == 90);
  CHECK(balancer.cross_zone());
  CHECK_FALSE(Parts(environment("")).balancer("LoadBalancer").cross_zone());
}

TEST_CASE("elasticbeanstalk: a single instance is a group of one without load balancer and trigger") {
  const Parts parts(
      environment(option("aws:elasticbeanstalk:environment", "EnvironmentType: SingleInstance")));
  CHECK(parts.names() == std::vector<std::string>{"AutoScalingGroup"});
  CHECK(parts.group("AutoScalingGroup").min_size == 1);
  CHECK(parts.group("AutoScalingGroup").max_size == 1);
  CHECK(parts.group("AutoScalingGroup").target_groups.empty());
  CHECK(parts.group("AutoScalingGroup").scaling_policies.empty());
}

TEST_CASE("elasticbeanstalk: immutable deployments have a temporary group behind the same target group") {
  const Parts parts(environment(settings(
      kEnhanced +
      R"(, "aws:elasticbeanstalk:command": {DeploymentPolicy: Immutable}, "aws:autoscaling:asg": {MaxSize: 6})")));
  const AutoScalingGroupConfig& group = parts.group("TemporaryGroup");
  CHECK(group.min_size == 0);
  CHECK(group.max_size == 6);
  CHECK(group.instance_owner == "shop/AutoScalingGroup");
  CHECK(group.target_groups[0].id == "shop/TargetGroup");
  CHECK(group.scaling_policies.empty());
}

TEST_CASE("elasticbeanstalk: immutable rolling updates and managed updates need the temporary group too") {
  const auto count = [](const std::string& spaces) {
    return Parts(environment(settings(kEnhanced + ", " + spaces))).names().size();
  };
  const std::string update = R"("aws:autoscaling:updatepolicy:rollingupdate": {RollingUpdateEnabled: true,)";
  CHECK(count(update + " RollingUpdateType: Immutable}") == 4);
  CHECK(count(update + " RollingUpdateType: Health}") == 3);
  CHECK(Parts(environment("defaults: console\n")).names().size() == 4);
}

TEST_CASE("elasticbeanstalk: traffic splitting has a second target group that gets nothing at first") {
  const Parts parts(
      environment(settings(kApplication + ", " + kEnhanced +
                           R"(, "aws:elasticbeanstalk:command": {DeploymentPolicy: TrafficSplitting})")));
  CHECK(parts.group("TemporaryGroup").target_groups[0].id == "shop/SplittingTargetGroup");
  const auto& forward = parts.balancer("LoadBalancer").forward;
  REQUIRE(forward.size() == 2);
  CHECK(forward[0].weight == 100);
  CHECK(forward[1].target_group.id == "shop/SplittingTargetGroup");
  CHECK(forward[1].weight == 0);
  CHECK(parts.targets("SplittingTargetGroup").healthy_threshold_count == 3);
}

TEST_CASE("elasticbeanstalk: blue/green has a second environment that does not exist yet") {
  const Parts parts(environment("blue_green: {}\n" + option("aws:autoscaling:asg", "MinSize: 2")));
  CHECK(parts.names() == std::vector<std::string>{"AutoScalingGroup", "Green/AutoScalingGroup",
                                                  "Green/LoadBalancer", "Green/TargetGroup", "LoadBalancer",
                                                  "TargetGroup"});
  CHECK(parts.group("Green/AutoScalingGroup").max_size == 0);
  CHECK(parts.group("Green/AutoScalingGroup").target_groups[0].id == "shop/Green/TargetGroup");
  CHECK_FALSE(parts.balancer("Green/LoadBalancer").begins_provisioned);
  CHECK(parts.balancer("Green/LoadBalancer").forward[0].target_group.id == "shop/Green/TargetGroup");
}

TEST_CASE("elasticbeanstalk: versions of blue/green environments need no temporary group") {
  const Parts parts(environment("blue_green: {}\n" + settings(kEnhanced + R"(, "aws:elasticbeanstalk:command":
      {DeploymentPolicy: Immutable})")));
  CHECK(parts.names().size() == 6);
}

TEST_CASE(
    "elasticbeanstalk: a custom image shortens the bootstrap unless the scenario says how long it takes") {
  const auto mean = [](const std::string& keys) {
    return Parts(environment(keys)).group("AutoScalingGroup").bootstrap_time.mean();
  };
  CHECK(mean("") == 300);
  CHECK(mean("custom_image: true\n") == doctest::Approx(75));  // uniform: (60 + 90) / 2
  CHECK(mean("custom_image: true\nassume: {custom_image_bootstrap_time: 20s}\n") == 20);
}

TEST_CASE("elasticbeanstalk: measured launch times reach every group") {
  const Parts parts(
      environment("defaults: console\nassume:\n"
                  "  boot_time: {dist: empirical, values: [10s, 20s]}\n"));
  // (10 + 20) / 2
  CHECK(parts.group("AutoScalingGroup").boot_time.mean() == 15);
  CHECK(parts.group("TemporaryGroup").boot_time.mean() == 15);
}

TEST_CASE("elasticbeanstalk: Spot Instances come with 70 % On-Demand unless told otherwise") {
  const auto mixed = [](const std::string& more) {
    return *Parts(environment(option("aws:ec2:instances",
                                     "EnableSpot: true, InstanceTypes: \"m6i.large, m5.large\"" + more)))
                .group("AutoScalingGroup")
                .mixed_instances;
  };
  CHECK(mixed("").on_demand_percentage_above_base_capacity == 70);
  CHECK(mixed("").overrides == std::vector<std::string>{"m6i.large", "m5.large"});
  CHECK(mixed(", SpotFleetOnDemandAboveBasePercentage: 20").on_demand_percentage_above_base_capacity == 20);
  CHECK_FALSE(Parts(environment("")).group("AutoScalingGroup").mixed_instances.has_value());
}

TEST_CASE("elasticbeanstalk: instances of every group are launched into the placement group") {
  const Parts parts(environment(
      "placement_group: apart\n" +
      settings(kEnhanced + R"(, "aws:elasticbeanstalk:command": {DeploymentPolicy: Immutable})")));
  CHECK(parts.group("AutoScalingGroup").placement_group->id == "apart");
  CHECK(parts.group("TemporaryGroup").placement_group->id == "apart");
}

TEST_CASE("elasticbeanstalk: scheduled actions reach the group, but suspended ones do not") {
  const auto item = [](const char* name, const char* option, const char* value) {
    return fmt::format(
        "  - {{namespace: aws:autoscaling:scheduledaction, resource_name: {}, option_name: {}, "
        "value: \"{}\"}}\n",
        name, option, value);
  };
  const std::string list = item("Morning", "MinSize", "3") + item("Morning", "Recurrence", "0 7 * * *") +
                           item("Night", "MinSize", "1") + item("Night", "Recurrence", "0 20 * * *");
  const Parts parts(environment("option_settings:\n" + list));
  REQUIRE(parts.group("AutoScalingGroup").scheduled_actions.size() == 2);
  CHECK(parts.group("AutoScalingGroup").scheduled_actions[0].value.recurrence->text() == "0 7 * * *");
  const Parts suspended(environment("option_settings:\n" + list + item("Night", "Suspend", "true")));
  CHECK(suspended.group("AutoScalingGroup").scheduled_actions.size() == 1);
}

TEST_CASE("elasticbeanstalk: an environment understands what its application does") {
  const EnvironmentConfig config = environment("");
  Defined defined;
  defined.applications["shop"] = {"browse", "buy"};
  CHECK(config.operations(defined) == std::vector<std::string>{"browse", "buy"});
  CHECK(config.fleet_application()->id == "shop");
  CHECK(config.is_deployment_target());
}

TEST_CASE("elasticbeanstalk: a database that is no resource is reported") {
  const EnvironmentConfig config = environment("database: orders\n");
  Defined defined;
  defined.applications["shop"] = {"browse"};
  defined.versions["shop"] = {"v1"};
  defined.resources["order"] = "Nephoscope::Station";
  Diagnostics diagnostics;
  config.check(defined, diagnostics);
  REQUIRE(diagnostics.error_count() == 1);
  CHECK(diagnostics.sorted()[0].message == "no resource is named 'orders'");
}

}  // namespace
}  // namespace nephoscope::elasticbeanstalk
