// EC2 whose hardware a test chooses, with one placement group "pg" if it wants one.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {

// Hosts without other customers; `more` names racks and hosts ("racks: 2, hosts_per_rack: 1").
inline std::string hardware(const std::string& more = "") {
  return "{assume: {others_least: 0%, others_greatest: 0%" + (more.empty() ? "" : ", " + more) + "}}";
}

class PlacementFixture : public Fixture {
 public:
  explicit PlacementFixture(const std::string& ec2 = hardware(), const std::string& launch = "")
      : Fixture((launch.empty() ? "" : launch + ", ") + "assume: {" + kAtOnce + "}", ec2, 100h) {}
  PlacementFixture(const PlacementGroupSettings& group, const std::string& ec2,
                   const std::string& launch = "")
      : PlacementFixture(ec2, "placement_group: pg" + (launch.empty() ? "" : ", " + launch)) {
    service.add_placement_group("pg", group);
  }

  // Launches for "web", or why there is none.
  LaunchResult ask(std::uint32_t zone = 0, const std::string& type = "") {
    return ask_for("web", zone, type);
  }
  LaunchResult ask_for(const std::string& owner, std::uint32_t zone = 0, const std::string& type = "") {
    LaunchSpec order = spec(Market::on_demand, zone);
    order.owner = owner;
    order.instance_type = type;
    return service.launch(order, *this);
  }
  Instance& get(std::uint32_t zone = 0, const std::string& type = "") {
    const LaunchResult result = ask(zone, type);
    REQUIRE(std::holds_alternative<Instance*>(result));
    return *std::get<Instance*>(result);
  }
  LaunchFailure failure(std::uint32_t zone = 0, const std::string& type = "") {
    const LaunchResult result = ask(zone, type);
    REQUIRE(std::holds_alternative<LaunchFailure>(result));
    return std::get<LaunchFailure>(result);
  }
  // Stops it, and waits until it is stopped.
  void stop(Instance& instance) {
    instance.stop();
    pass(1min);
    REQUIRE(instance.state() == InstanceState::stopped);
  }
  void end(Instance& instance) {
    instance.terminate();
    pass(1min);
    REQUIRE(instance.state() == InstanceState::terminated);
  }
  void pass(Duration time) { world.simulation.run_until(world.now() + time); }
  std::set<std::uint32_t> racks(std::uint32_t zone = 0) {
    std::set<std::uint32_t> found;
    for (Instance* each : service.instances("web"))
      if (each->zone().value == zone && inside(*each).on_hardware()) found.insert(each->site().rack);
    return found;
  }
  double group_metric(const std::string& name) const {
    Report report;
    service.report(report);
    const Measure* measure = report.find({Scope::resource, "pg", name});
    REQUIRE(measure != nullptr);
    const auto& ratio = std::get<RatioMeasure>(measure->value);
    return ratio.numerator / ratio.denominator;
  }
};

}  // namespace nephoscope::ec2
