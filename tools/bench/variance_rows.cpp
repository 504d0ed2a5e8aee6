// Rows on what common random numbers are worth: how far they cut the variance of a difference between two
// variants, against independent seeds, for the same number of replications.
#include <fmt/format.h>

#include <string>
#include <vector>

#include "engine/stats/tally.hpp"
#include "models/replication.hpp"
#include "tools/bench/ratios.hpp"

namespace nephoscope::bench {
namespace {

// Six machines with 12 vCPUs together, on which a version is shipped.
std::string deployment(const std::string& policy, double utilisation) {
  constexpr double vcpus = 12, work = 0.03;
  return fmt::format(R"(nephoscope: 1
name: benchmark of common random numbers
run: {{duration: 40m, warmup: 8m, replications: 1}}
workloads:
  users: {{target: shop, operation: view, timeout: 5s, arrivals: {{rate: {:.0f}/s}}}}
applications:
  store:
    concurrency: 64
    backlog: 128
    handlers: {{view: [{{compute: {{dist: lognormal, mean: 30ms, cv: 1}}}}]}}
    versions: {{v1: {{}}, v2: {{}}}}
resources:
  shop:
    type: AWS::ElasticBeanstalk::Environment
    application: store
    option_settings:
      aws:elasticbeanstalk:environment: {{LoadBalancerType: application}}
      aws:elasticbeanstalk:healthreporting:system: {{SystemType: enhanced}}
      aws:autoscaling:asg: {{MinSize: 6, MaxSize: 6}}
      aws:autoscaling:trigger: {{MeasureName: CPUUtilization, Unit: Percent, UpperThreshold: 100, LowerThreshold: 0}}
      aws:ec2:instances: {{InstanceTypes: m6i.large}}
      aws:elasticbeanstalk:command: {{DeploymentPolicy: {}, BatchSizeType: Fixed, BatchSize: 1}}
deployments:
  ship: {{at: 10m, target: shop, version: v2}}
)",
                     utilisation * vcpus / work, policy);
}

struct Values {
  double latency_mean = 0, latency_p99 = 0;
};

Values values_of(const Report& report) {
  const auto& mean = std::get<RatioMeasure>(report.find({Scope::summary, "", "latency.mean"})->value);
  const auto& sketch = std::get<QuantileSketch>(report.find({Scope::summary, "", "latency"})->value);
  return {mean.numerator / mean.denominator, sketch.quantile(0.99)};
}

constexpr std::uint32_t kReplications = 16;

// Variance with independent seeds over variance with common ones.
double reduction(const std::vector<Values>& a, const std::vector<Values>& b, double Values::*metric) {
  Tally of_a, of_b, of_difference;
  for (std::uint32_t i = 0; i < kReplications; ++i) {
    of_a.add(a[i].*metric);
    of_b.add(b[i].*metric);
    of_difference.add(a[i].*metric - b[i].*metric);
  }
  return (of_a.variance() + of_b.variance()) / of_difference.variance();
}

}  // namespace

Row common_random_numbers_row(double utilisation, double budget) {
  std::vector<std::vector<Values>> runs;
  const std::vector<std::string> policies = {"Rolling", "Immutable", "TrafficSplitting"};
  for (const std::string& policy : policies) {
    const Scenario scenario = scenario_of(deployment(policy, utilisation));
    std::vector<Values>& values = runs.emplace_back();
    for (std::uint32_t i = 0; i < kReplications; ++i)
      values.push_back(values_of(run_replication(scenario, i)));
  }
  for (std::size_t other = 1; other < policies.size(); ++other)
    fmt::print(
        "# variance of the difference {} - {} at {:.0f} % utilisation, independent / common seeds: "
        "latency.mean {:.3g}, latency.p99 {:.3g}\n",
        policies[0], policies[other], 100 * utilisation,
        reduction(runs[0], runs[other], &Values::latency_mean),
        reduction(runs[0], runs[other], &Values::latency_p99));
  return {fmt::format("common_random_numbers.rolling_immutable_{:.0f}_percent", 100 * utilisation),
          reduction(runs[0], runs[1], &Values::latency_mean), budget};
}

}  // namespace nephoscope::bench
