// Images and bundles of whole scenarios: they come over the shared network.
#include <doctest/doctest.h>

#include <string>

#include "models/replication.hpp"

using namespace nephoscope;

namespace {

Report run_text(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  const auto scenario = parse_scenario(sources, "downloads.yaml", text, {}, diagnostics);
  REQUIRE_MESSAGE(scenario.has_value(), diagnostics.render(sources));
  Report report = run_replication(*scenario, 0);
  for (const AuditLine& line : report.audits) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
  return report;
}

// How often somebody logged a line that ends so.
int count_lines(const Report& report, const std::string& end) {
  int count = 0;
  for (const LoggedEvent& event : report.timeline) count += event.text.ends_with(end) ? 1 : 0;
  return count;
}

const std::string kHead =
    "nephoscope: 1\nname: downloads\nrun: {duration: 40m, warmup: 1m, replications: 1}\n"
    "workloads: {users: {target: web, arrivals: {rate: 1/s}}}\n"
    "applications: {app: {handlers: {get: [{compute: 1ms}]}, versions: {v1: {}, v2: {}}}}\nresources:\n";

}  // namespace

TEST_CASE("downloads: instances that start together share what their bandwidth and S3's leave") {
  // One flow has 5 Gbps: 5 GB in 8 s. 400 at once would take 250 GB/s of a service that has 125 GB/s: 16 s.
  const std::string group =
      "  front: {type: AWS::ElasticLoadBalancingV2::LoadBalancer, targets: web}\n"
      "  web: {type: AWS::AutoScaling::AutoScalingGroup, instance_type: c5n.18xlarge, application: app, "
      "min_size: #, max_size: 500, assume: {launch_time: 5s, boot_time: 10s, image_size: 5GB}}\n";
  const auto fleet = [&](const std::string& size) {
    std::string text = kHead + group;
    text.replace(text.find("target: web"), 11, "target: front");
    return run_text(text.replace(text.find('#'), 1, size));
  };
  CHECK(count_lines(fleet("3"), "has read 5GB in 8.0 s") == 3);
  CHECK(count_lines(fleet("400"), "has read 5GB in 16.0 s") == 400);
}

TEST_CASE("downloads: a deployment fetches the bundle while the old version serves") {
  // t3.medium's burst is 5 Gbps: 1 GB in 1.6 s. Two instances launch and, later, are deployed to: four flows.
  const Report report =
      run_text(kHead +
               "  web:\n    type: AWS::ElasticBeanstalk::Environment\n    application: app\n"
               "    assume: {launch_time: 5s, boot_time: 10s, bootstrap_time: 10s, deploy_time: 30s, "
               "bundle_size: 1GB}\n"
               "    option_settings:\n      aws:autoscaling:asg: {MinSize: 2, MaxSize: 2}\n"
               "      aws:ec2:instances: {InstanceTypes: t3.medium}\n"
               "      aws:elasticbeanstalk:healthreporting:system: {SystemType: enhanced}\n"
               "deployments: {ship: {at: 20m, target: web, version: v2}}\n");
  CHECK(count_lines(report, "has read 1GB in 1.6 s") == 2);
  const Measure* const flows = report.find({Scope::resource, "network", "flows"});
  REQUIRE(flows != nullptr);
  // The deployment's two alone: launches were in the warm-up.
  CHECK(std::get<RatioMeasure>(flows->value).numerator == 2);
}
