// The cost of whole runs against bills that are made by hand from the price list.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "models/replication.hpp"
#include "models/study/study.hpp"

namespace nephoscope {
namespace {

// The cost of one replication of `duration`, in dollars. `rest`: workloads, resources and what else there is.
double cost_of_run(const std::string& duration, const std::string& rest) {
  SourceSet sources;
  Diagnostics diagnostics;
  diagnostics.ignore(Code::no_warmup);
  const std::string text =
      fmt::format("nephoscope: 1\nname: A bill\nrun: {{duration: {}, replications: 1}}\n{}", duration, rest);
  const auto scenario = parse_scenario(sources, "bill.yaml", text, {}, diagnostics);
  INFO(diagnostics.render(sources));
  REQUIRE(scenario.has_value());
  StudyOptions options;
  options.fork = false;
  const StudyResult result = run_study(*scenario, {}, options);
  double total = 0;
  for (const MeanBillLine& line : result.bill) total += line.usd;
  return total;
}

// An application, and a user who hardly uses it; `target` names who is called.
std::string quiet(const std::string& target) {
  return fmt::format(
      "applications: {{app: {{handlers: {{get: [{{wait: 1ms}}]}}}}}}\n"
      "workloads: {{user: {{target: {}, operation: get, arrivals: {{rate: 1/h}}}}}}\n",
      target);
}

const std::string kAtOnce = "assume: {launch_time: 0s, boot_time: 0s, bootstrap_time: 0s}";

std::string instance(const std::string& keys) {
  return quiet("web") + "resources:\n  web: {type: AWS::EC2::Instance, application: app, " + keys + ", " +
         kAtOnce + "}\n";
}

constexpr double kExact = 1e-8;

TEST_CASE("bills: 30 seconds of an instance cost the minimum of a minute") {
  // 60 s x $0.096 / 3600 s
  CHECK(cost_of_run("30s", instance("instance_type: m6i.large")) == doctest::Approx(0.0016).epsilon(kExact));
}

TEST_CASE("bills: an hour and a half of an instance cost by the second") {
  // 5400 s x $0.096 / 3600 s
  CHECK(cost_of_run("90m", instance("instance_type: m6i.large")) == doctest::Approx(0.144).epsilon(kExact));
}

TEST_CASE("bills: detailed monitoring costs by the begun hour") {
  // $0.144 + 2 h x $2.10 / 730 h
  CHECK(cost_of_run("90m", instance("instance_type: m6i.large, monitoring: true")) ==
        doctest::Approx(0.144 + 2 * 2.10 / 730).epsilon(1e-6));
}

TEST_CASE("bills: a discount is taken off every line") {
  CHECK(cost_of_run("90m", instance("instance_type: m6i.large") + "pricing: {discount: 25%}\n") ==
        doctest::Approx(0.108).epsilon(kExact));
}

TEST_CASE("bills: tiers fill one after the other") {
  // 1 h x $1 + 0.5 h x $0.50
  const std::string tiers =
      "pricing:\n  overrides:\n    \"BoxUsage:m6i.large\": {unit: Hrs, block: 3600, tiers: [{up_to: 1, usd: "
      "1}, "
      "{usd: 0.5}]}\n";
  CHECK(cost_of_run("90m", instance("instance_type: m6i.large") + tiers) ==
        doctest::Approx(1.25).epsilon(kExact));
}

TEST_CASE("bills: a t3.large at 100 % for a day pays for the surplus beyond what it may owe") {
  // Spent 2 x 60 x 24 = 2880 credits, earned 36 x 24 = 864, so 2016 of surplus, of which 864 may stay owed
  // until the end: 1152 credits x $0.05 / 60 = $0.96, charged when the day's last hour is over, and 24 h x
  // $0.0832.
  const std::string busy =
      "applications: {app: {handlers: {get: [{compute: 1s}]}}}\n"
      "workloads: {users: {target: web, operation: get, timeout: 1h, arrivals: {users: 4, think_time: 0s}}}\n"
      "resources:\n  web: {type: AWS::EC2::Instance, application: app, instance_type: t3.large, " +
      kAtOnce + "}\n";
  CHECK(cost_of_run("24h1s", busy) == doctest::Approx(0.96 + 24 * 0.0832).epsilon(1e-3));
}

std::string group(const std::string& keys) {
  return quiet("front") +
         "resources:\n  front: {type: AWS::ElasticLoadBalancingV2::LoadBalancer, targets: web}\n"
         "  web: {type: AWS::AutoScaling::AutoScalingGroup, application: app, instance_type: m6i.large, " +
         keys + ", " + kAtOnce + "}\n";
}

TEST_CASE("bills: a load balancer's partial hour is billed in full") {
  // 2 x 5400 s of instances, 2 h x $0.0225; one request an hour is 1e-5 of a capacity unit.
  CHECK(cost_of_run("90m", group("min_size: 2, max_size: 2")) ==
        doctest::Approx(2 * 0.144 + 0.045).epsilon(1e-4));
}

TEST_CASE("bills: Spot instances cost what the discount leaves") {
  // 65 % off: 1 h x $0.096 x 0.35, and the load balancer's hour
  CHECK(cost_of_run("1h", group("min_size: 1, max_size: 1, mixed_instances: "
                                "{on_demand_percentage_above_base_capacity: 0}")) ==
        doctest::Approx(0.096 * 0.35 + 0.0225).epsilon(1e-4));
}

TEST_CASE("bills: bytes are the greatest dimension of a load balancer's capacity units") {
  // Ten users, each a request of 10 MB a second: 10 x 3600 x 10 MB = 360 GB in the hour, 360 units x $0.008,
  // and the hour. A user's request takes a second and 1 ms.
  const std::string busy =
      "applications: {app: {handlers: {get: [{wait: 1ms}]}}}\n"
      "workloads: {users: {target: front, operation: get, request_size: 10MB, arrivals: {users: 10, "
      "think_time: "
      "1s}}}\n"
      "resources:\n  front: {type: AWS::ElasticLoadBalancingV2::LoadBalancer, targets: web}\n"
      "  web: {type: Nephoscope::Hosts, count: 2, application: app}\n";
  CHECK(cost_of_run("1h", busy) == doctest::Approx(360 * 0.008 + 0.0225).epsilon(3e-3));
}

TEST_CASE("bills: alarms cost by the begun hour, and target tracking has two") {
  // 90 min: 2 h x 2 alarms x $0.10 / 730 h
  const std::string tracked = group(
      "min_size: 2, max_size: 2, scaling_policies: {cpu: {target_tracking: {predefined_metric: "
      "ASGAverageCPUUtilization, target_value: 50}}}");
  CHECK(cost_of_run("90m", tracked) == doctest::Approx(2 * 0.144 + 0.045 + 2 * 2 * 0.10 / 730).epsilon(1e-4));
}

}  // namespace
}  // namespace nephoscope
