#include "models/replication.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "engine/base/check.hpp"
#include "models/cloudwatch/cloudwatch.hpp"
#include "models/common/audit.hpp"
#include "models/common/deployment.hpp"
#include "models/common/target_group.hpp"
#include "models/common/world.hpp"
#include "models/ec2/service.hpp"
#include "models/network/service.hpp"
#include "models/report_process.hpp"

namespace nephoscope {
namespace {

std::vector<std::string> zone_names(const RunConfig& run) {
  std::vector<std::string> names;
  for (const std::string& letter : run.zones) names.push_back(run.region + letter);
  return names;
}

// A composite stands right behind its parts.
faults::Inventory inventory_of(const Scenario& scenario) {
  faults::Inventory inventory;
  for (const auto& resource : scenario.document.resources) {
    const auto& known = inventory.resources;
    const bool composite = !known.empty() && known.back().starts_with(resource.id + "/");
    const bool on_ec2 = resource.value.type.starts_with("AWS::");
    if (on_ec2 && !composite && resource.value.config->fleet_application() != nullptr)
      inventory.owners.push_back(resource.id);
    inventory.resources.push_back(resource.id);
    if (const Tags* tags = resource.value.config->instance_tags()) inventory.tags[resource.id] = *tags;
  }
  return inventory;
}

// What comes after an occasion has not begun before it has ended.
std::vector<TimeWindow> windows_at_start(const Scenario& scenario) {
  std::vector<TimeWindow> windows = scenario.windows;
  for (TimeWindow& window : windows)
    if (window.after) window.from = window.to;
  return windows;
}

RunWindow run_window(const Scenario& scenario) {
  const RunConfig& run = scenario.document.run;
  return {.warmup = run.warmup,
          .duration = run.duration,
          .start_epoch = run.start.seconds,
          .windows = windows_at_start(scenario),
          .region = run.region,
          .zones = zone_names(run)};
}

bool uses_flows(const Scenario& scenario) {
  const auto& resources = scenario.document.resources;
  return std::any_of(resources.begin(), resources.end(),
                     [](const auto& resource) { return resource.value.config->has_flows(); });
}

// The running resources, workloads and applications of one replication.
class Parts final : public Wiring {
 public:
  // `bulk` carries transfers; null where nothing is run, or nothing is transferred.
  Parts(const Scenario& scenario, World& world, const network::BulkNetwork* bulk) {
    auto network = std::make_unique<network::Service>(world, scenario.document.network);
    if (uses_flows(scenario)) network->use_transfers(bulk);
    parts_.push_back(std::move(network));
    auto cloudwatch = std::make_unique<cloudwatch::Service>(world, scenario.document.cloudwatch);
    cloudwatch_ = cloudwatch.get();
    parts_.push_back(std::move(cloudwatch));
    for (const auto& application : scenario.document.applications)
      applications_.emplace(application.id, application.value.build(world, application.id));
    auto ec2 = std::make_unique<ec2::Service>(world, scenario.document.ec2);
    compute_ = ec2.get();
    parts_.push_back(std::move(ec2));
    for (const auto& resource : scenario.document.resources)
      add(resource.value.config->build(world, resource.id), resource.id);
    parts_.push_back(faults::build_faults(world, scenario.document.faults, inventory_of(scenario)));
    for (const auto& deployment : scenario.document.deployments)
      parts_.push_back(deployment.value.build(world, deployment.id));
    for (const auto& workload : scenario.document.workloads)
      add(workload.value.build(world, workload.id), workload.id);
    for (auto& [id, application] : applications_) application->connect(*this);
    for (auto& part : parts_) part->connect(*this);
  }

  Endpoint& endpoint(std::string_view id) const override {
    return view(id, &Resource::endpoint, "takes no requests");
  }
  Application& application(std::string_view id) const override {
    const auto place = applications_.find(id);
    check(place != applications_.end(), "wiring", "there is no application '{}'", id);
    return *place->second;
  }

  CloudWatch& cloudwatch() const override { return *cloudwatch_; }
  Compute& compute() const override { return *compute_; }
  TargetGroup& target_group(std::string_view id) const override {
    return view(id, &Resource::target_group, "is no target group");
  }
  Fleet& fleet(std::string_view id) const override { return view(id, &Resource::fleet, "has no machines"); }
  DeploymentTarget& deployment_target(std::string_view id) const override {
    return view(id, &Resource::deployment_target, "takes no versions");
  }

  AutoScalingGroup& auto_scaling_group(std::string_view id) const override {
    return view(id, &Resource::auto_scaling_group, "is no Auto Scaling group");
  }
  LoadBalancerControl& load_balancer(std::string_view id) const override {
    return view(id, &Resource::load_balancer, "is no load balancer");
  }
  Removable& removable(std::string_view id) const override {
    return view(id, &Resource::removable, "cannot be removed");
  }
  Rebootable& rebootable(std::string_view id) const override {
    return view(id, &Resource::rebootable, "has no nodes to reboot");
  }
  DynamoDbTable& dynamodb_table(std::string_view id) const override {
    return view(id, &Resource::dynamodb_table, "is no DynamoDB table");
  }
  RecordStream& record_stream(std::string_view id) const override {
    return view(id, &Resource::record_stream, "has no stream");
  }
  ScalableDimension& scalable_dimension(std::string_view id, std::string_view part,
                                        std::string_view dimension) const override {
    const auto place = by_id_.find(id);
    ScalableDimension* const found =
        place == by_id_.end() ? nullptr : place->second->scalable_dimension(part, dimension);
    check(found != nullptr, "wiring", "'{}' has no {} to scale", id, dimension);
    return *found;
  }
  const DnsName* dns_name(std::string_view id) const override {
    const auto place = by_id_.find(id);
    return place == by_id_.end() ? nullptr : std::as_const(*place->second).dns_name();
  }

  // Services, then resources, then workloads, both in the order of the file.
  template <typename Action>
  void each(Action action) const {
    for (const auto& part : parts_) action(*part);
  }

 private:
  template <typename View>
  View& view(std::string_view id, View* (Resource::*as)(), std::string_view problem) const {
    const auto place = by_id_.find(id);
    View* const found = place == by_id_.end() ? nullptr : (place->second->*as)();
    check(found != nullptr, "wiring", "'{}' {}", id, problem);
    return *found;
  }
  void add(std::unique_ptr<Resource> part, const std::string& id) {
    by_id_.emplace(id, part.get());
    parts_.push_back(std::move(part));
  }
  std::map<std::string, std::unique_ptr<Application>, std::less<>> applications_;
  std::vector<std::unique_ptr<Resource>> parts_;  // the account's services first
  CloudWatch* cloudwatch_ = nullptr;
  Compute* compute_ = nullptr;
  std::map<std::string, Resource*, std::less<>> by_id_;
};

// Adds up what workloads measured into the scenario's own figures: "WINDOW/workload" into WINDOW and
// workloads into the summary. Throughputs, lost requests and minutes add up, the architecture has recovered
// when all workloads have, and the other ratios pool.
class Summary {
 public:
  void add(const Measure& measure) {
    const auto [scope, id] = target(measure.key);
    const MetricKey key{scope, id, measure.key.name};
    const auto place = index_.find(key);
    if (place == index_.end()) {
      index_.emplace(key, measures_.size());
      measures_.push_back({key, measure.unit, measure.value});
      return;
    }
    Measure& sum = measures_[place->second];
    if (auto* sketch = std::get_if<QuantileSketch>(&sum.value)) {
      sketch->merge(std::get<QuantileSketch>(measure.value));
      return;
    }
    auto& ratio = std::get<RatioMeasure>(sum.value);
    const auto& addend = std::get<RatioMeasure>(measure.value);
    if (measure.key.name == "time_to_recover") {
      ratio.numerator = std::max(ratio.numerator, addend.numerator);
      return;
    }
    ratio.numerator += addend.numerator;
    const bool adds_up =
        measure.unit == "1/s" || measure.unit == "min" || measure.key.name == "requests.lost";
    if (!adds_up) ratio.denominator += addend.denominator;
  }
  static bool sums(const MetricKey& key) {
    return key.scope == Scope::workload ||
           (key.scope == Scope::window && key.id.find('/') != std::string::npos);
  }
  void report(Report& report) {
    for (Measure& measure : measures_) {
      if (const auto* ratio = std::get_if<RatioMeasure>(&measure.value))
        report.ratio(measure.key, measure.unit, ratio->numerator, ratio->denominator);
      else
        report.sketch(measure.key, measure.unit, std::get<QuantileSketch>(measure.value));
    }
  }

 private:
  static std::pair<Scope, std::string> target(const MetricKey& key) {
    if (key.scope == Scope::workload) return {Scope::summary, ""};
    return {Scope::window, key.id.substr(0, key.id.find('/'))};
  }
  std::vector<Measure> measures_;
  std::map<MetricKey, std::size_t> index_;
};

void report_drained(const Parts& parts, Report& report) {
  parts.each([&](const Resource& part) { part.report_drained(report); });
  Summary summary;
  for (const Measure& measure : report.measures())
    if (Summary::sums(measure.key)) summary.add(measure);
  summary.report(report);
}

// Fires once, before anything else at its instant.
struct Moment {
  bool reached = false;
  static void callback(void* moment) { static_cast<Moment*>(moment)->reached = true; }
};

void run_to(World& world, const Moment& moment) {
  while (!moment.reached)
    check(world.simulation.step(), "run", "no event is left at {} s", to_seconds(world.now()));
}

void run_and_measure(World& world, const Parts& parts, Duration drain_limit, Report& report) {
  Moment warm, end;
  world.simulation.at(world.warmup_end(), Moment::callback, &warm, Priority::early);
  world.simulation.at(world.end(), Moment::callback, &end, Priority::early);
  parts.each([](Resource& part) { part.start(); });
  run_to(world, warm);
  parts.each([](Resource& part) { part.begin_measurement(); });
  run_to(world, end);
  parts.each([&](const Resource& part) {
    part.report(report);
    part.bill(report.usage);
  });
  const Time limit = world.end() + drain_limit;
  while (world.open_calls > 0 && world.simulation.step(limit)) {
  }
  report_drained(parts, report);
  Audit audit;
  parts.each([&](const Resource& part) { part.audit(audit); });
  report.audits = audit.lines();
}

Report run_world(const Scenario& scenario, std::uint32_t replication, const network::BulkNetwork* bulk) {
  const RunConfig& run = scenario.document.run;
  World world(run_window(scenario), Seed{static_cast<std::uint64_t>(run.seed)}, replication);
  Report report;
  try {
    const Parts parts(scenario, world, bulk);
    run_and_measure(world, parts, run.drain_limit, report);
    world.simulation.clear();
  } catch (const CheckFailure& failure) {
    throw CheckFailure(fmt::format("{} (at {} s, seed {}, replication {})", failure.what(),
                                   to_seconds(world.now()), run.seed, replication));
  }
  report.timeline = world.events.events();
  report.requests = world.requests;
  report.events = world.simulation.events();
  report.fingerprint = world.simulation.fingerprint();
  return report;
}

// On SimGrid, of which a process has one.
Report run_with_flows(const Scenario& scenario, std::uint32_t replication) {
  const auto& document = scenario.document;
  const network::Fabric fabric(document.run.zones.size(), document.ec2, document.network.bandwidth);
  Report report;
  drive(fabric.topology(), [&](Platform& platform) {
    const network::BulkNetwork bulk{fabric, platform};
    report = run_world(scenario, replication, &bulk);
  });
  return report;
}

Report run_with_values(const Scenario& scenario, std::uint32_t replication) {
  if (!uses_flows(scenario)) return run_world(scenario, replication, nullptr);
  return make_in_process([&] { return run_with_flows(scenario, replication); });
}

}  // namespace

Report run_replication(const Scenario& scenario, std::uint32_t replication) {
  if (scenario.ranges.empty()) return run_with_values(scenario, replication);
  return run_with_values(draw_assumptions(scenario, replication), replication);
}

std::vector<MetricKey> measured_metrics(const Scenario& scenario) {
  World world(run_window(scenario), Seed{}, 0);
  const Parts parts(scenario, world, nullptr);
  Report report;
  parts.each([&](const Resource& part) { part.report(report); });
  report_drained(parts, report);
  std::vector<MetricKey> keys;
  for (const Measure& measure : report.measures()) keys.push_back(measure.key);
  return keys;
}

UsageMeter metered_usage(const Scenario& scenario) {
  World world(run_window(scenario), Seed{}, 0);
  const Parts parts(scenario, world, nullptr);
  UsageMeter meter;
  parts.each([&](const Resource& part) { part.bill(meter); });
  return meter;
}

}  // namespace nephoscope
