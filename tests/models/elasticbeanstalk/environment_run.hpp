// Runs of a small environment with one deployment, whole: scenario text in, report out.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "models/replication.hpp"
#include "models/scenario.hpp"

namespace nephoscope::elasticbeanstalk {

// A sanitized debug build is some 20 times slower.
#ifdef NDEBUG
inline constexpr bool kSlowBuild = false;
#else
inline constexpr bool kSlowBuild = true;
#endif

struct EnvironmentRun {
  std::string policy = "AllAtOnce";
  int instances = 4;
  int batch = 2;
  std::string v2 = "{}";     // the version that is shipped at 0:10
  std::string command = "";  // more options of aws:elasticbeanstalk:command: ", Timeout: 60"
  std::string health = "{SystemType: enhanced}";
  std::string environment = "{LoadBalancerType: application}";
  std::string option_settings = "";  // more namespaces, a line each, indented by 6
  std::string handler = "[{compute: 10ms}]";
  std::string keys = "";        // more keys of the environment, a line each, indented by 4
  std::string resources = "";   // more resources
  std::string deployment = "";  // more keys of the deployment: ", assume: {...}"
  std::string more = "";        // more of the scenario
  std::string rate = "40/s";
  std::string bootstrap = "60s";
  std::string duration = "50m";

  std::string text() const {
    return fmt::format(R"(nephoscope: 1
name: An environment
run: {{duration: {}, warmup: 5m, replications: 1, seed: 3}}
workloads:
  users: {{target: shop, operation: view, timeout: 3s, arrivals: {}}}
applications:
  store:
    handlers: {{view: {}}}
    versions: {{v1: {{}}, v2: {}}}
resources:
  shop:
    type: AWS::ElasticBeanstalk::Environment
    application: store
{}    assume: {{launch_time: 20s, boot_time: 20s, bootstrap_time: {}, restart_time: 10s, deploy_time: 30s}}
    option_settings:
      aws:elasticbeanstalk:environment: {}
      aws:elasticbeanstalk:healthreporting:system: {}
      aws:autoscaling:asg: {{MinSize: {}, MaxSize: 20}}
      aws:autoscaling:trigger: {{MeasureName: CPUUtilization, Unit: Percent, UpperThreshold: 99, LowerThreshold: 0}}
      aws:elasticbeanstalk:command: {{DeploymentPolicy: {}, BatchSizeType: Fixed, BatchSize: {}{}}}
{}{}deployments:
  ship: {{at: 10m, target: shop, version: v2{}}}
{})",
                       duration, rate, handler, v2, keys, bootstrap, environment, health, instances, policy,
                       batch, command, option_settings, resources, deployment, more);
  }

  Report run(std::uint32_t replication = 0) const {
    SourceSet sources;
    Diagnostics diagnostics;
    const auto scenario = parse_scenario(sources, "environment.yaml", text(), {}, diagnostics);
    REQUIRE_MESSAGE(scenario, diagnostics.render(sources));
    Report report = run_replication(*scenario, replication);
    for (const AuditLine& line : report.audits) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
    return report;
  }
};

// The steps that the environment logged: "begin, deploy, health, succeed, ".
inline std::string steps_of(const Report& report) {
  std::string steps;
  for (const LoggedEvent& event : report.timeline)
    if (event.resource == "shop" && event.kind == "deployment")
      steps += event.text.substr(0, event.text.find(':')) + ", ";
  return steps;
}

// When the environment logged a step the `count`-th time, from the run's start; a day if it never did.
inline Duration time_of(const Report& report, const std::string& step, int count = 1) {
  for (const LoggedEvent& event : report.timeline)
    if (event.resource == "shop" && event.kind == "deployment" && event.text.starts_with(step + ":") &&
        --count == 0)
      return event.time - Time{};
  return 24h;
}

inline double ratio_of(const Report& report, const MetricKey& key) {
  const Measure* const measure = report.find(key);
  REQUIRE(measure != nullptr);
  const auto& ratio = std::get<RatioMeasure>(measure->value);
  return ratio.numerator / ratio.denominator;
}

}  // namespace nephoscope::elasticbeanstalk
