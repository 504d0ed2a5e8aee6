// The same fleet on different racks, against the exact share of time in which enough of it is up.
#include <doctest/doctest.h>

#include <cmath>
#include <optional>

#include "engine/stats/student_t.hpp"
#include "models/faults/faults.hpp"
#include "models/quorum/quorum.hpp"
#include "tests/models/ec2/fixture.hpp"
#include "tests/oracle/fleet_availability.hpp"

namespace nephoscope::oracle {
namespace {

constexpr Wear kHost{.works = 1.0 / 6, .repair = 1.0 / 24};
constexpr Wear kRack{.works = 1.0 / 4, .repair = 1.0 / 20};
const std::string kHosts =
    "{action: sim:host-failure, target: web, each: host, time_between: {dist: exponential, mean: 10m}, "
    "duration: {dist: exponential, mean: 150s}}";
const std::string kRacks =
    "{action: sim:rack-power-loss, target: web, each: rack, time_between: {dist: exponential, mean: 15m}, "
    "duration: {dist: exponential, mean: 3m}}";

struct Trial {
  double exact = 0;
  double measured = 0;
};

// 60 h of a placement group's fleet of four of which two are needed. Other customers take no rack.
Trial run_fleet(const PlacementGroupSettings& group, bool racks_fail, std::uint32_t replication) {
  ec2::Fixture aws("placement_group: pg, assume: {" + ec2::kAtOnce + "}",
                   "{assume: {others_least: 0%, others_greatest: 0%}}", 61h, 1h, ec2::kBurn, replication);
  aws.service.add_placement_group("pg", group);
  const auto config = read_config<quorum::QuorumConfig>("{type: Nephoscope::Quorum, of: [web], at_least: 2}");
  const std::unique_ptr<Resource> quorum = config.build(aws.world, "two");
  std::vector<Named<faults::FaultConfig>> wear;
  wear.push_back({.id = "hosts", .value = read_config<faults::FaultConfig>(kHosts)});
  if (racks_fail) wear.push_back({.id = "racks", .value = read_config<faults::FaultConfig>(kRacks)});
  const std::unique_ptr<Resource> faults =
      faults::build_faults(aws.world, wear, {.resources = {"web"}, .owners = {"web"}});
  quorum->connect(aws);
  faults->connect(aws);
  faults->start();
  LaunchSpec spec = aws.spec();
  spec.auto_recovery = false;
  std::vector<HostSite> sites;
  for (int i = 0; i < 4; ++i) sites.push_back(aws.launch(spec).site());
  aws.run(1h);
  quorum->begin_measurement();
  aws.run(61h);
  Report report;
  quorum->report(report);
  const auto& share = std::get<RatioMeasure>(report.find({Scope::resource, "two", "quorum.share"})->value);
  const Wear never{.works = 1e12, .repair = 1e-12};
  return {.exact = share_with(plant_of(sites, kHost, racks_fail ? kRack : never), 2),
          .measured = share.numerator / share.denominator};
}

struct Study {
  double exact = 0;
  double mean = 0;
  double half = 0;  // of the 99.9 % interval
};

Study study(PlacementStrategy strategy, bool racks_fail = true) {
  constexpr int replications = 20;
  Study result;
  double squares = 0;
  for (std::uint32_t i = 0; i < replications; ++i) {
    const Trial trial = run_fleet({.strategy = strategy}, racks_fail, i);
    REQUIRE((i == 0 || result.exact == doctest::Approx(trial.exact)));
    result.exact = trial.exact;  // the same in all: it depends on how many share a rack
    result.mean += trial.measured / replications;
    squares += trial.measured * trial.measured;
  }
  const double variance = (squares - replications * result.mean * result.mean) / (replications - 1);
  result.half = student_t_quantile(0.9995, replications - 1) * std::sqrt(variance / replications);
  return result;
}

}  // namespace

TEST_CASE("oracle: the chain of hosts and racks is what one computes by hand") {
  const HostSite a{.zone = ZoneId(0), .rack = 0, .host = 0}, b{.zone = ZoneId(0), .rack = 0, .host = 1},
      c{.zone = ZoneId(0), .rack = 1, .host = 0};
  const double host = kHost.availability(), rack = kRack.availability();
  CHECK(host == doctest::Approx(0.8));
  CHECK(rack == doctest::Approx(5.0 / 6));
  // One machine: both must be up. Two on one rack, at least one: the rack, and not both hosts down.
  CHECK(share_with(plant_of({a}, kHost, kRack), 1) == doctest::Approx(host * rack));
  CHECK(share_with(plant_of({a, b}, kHost, kRack), 1) ==
        doctest::Approx(rack * (1 - (1 - host) * (1 - host))));
  // Two on two racks: not both down. On one host they are as one.
  CHECK(share_with(plant_of({a, c}, kHost, kRack), 1) ==
        doctest::Approx(1 - (1 - host * rack) * (1 - host * rack)));
  CHECK(share_with(plant_of({a, a}, kHost, kRack), 2) == doctest::Approx(host * rack));
}

TEST_CASE("oracle: two of four machines on hosts that fail independently") {
  const Study hosts = study(PlacementStrategy::spread, false);
  // 1 - 0.2^4 - 4 * 0.8 * 0.2^3
  CHECK(hosts.exact == doctest::Approx(0.9728));
  CHECK(std::abs(hosts.mean - hosts.exact) < hosts.half);
  CHECK(hosts.half < 0.01);
}

TEST_CASE("oracle: the same fleet spread, partitioned and clustered has three availabilities, all exact") {
  const Study spread = study(PlacementStrategy::spread);
  const Study partitioned = study(PlacementStrategy::partition);
  const Study clustered = study(PlacementStrategy::cluster);
  // p = 4/5 * 5/6 = 2/3 each: 1 - 1/81 - 8/81; both racks up and two of four hosts, or one and both of its
  // hosts: (5/6)^2 * 0.9728 + 2 * 5/6 * 1/6 * 0.64; one rack up: 5/6 * 0.9728.
  CHECK(spread.exact == doctest::Approx(72.0 / 81));
  CHECK(partitioned.exact == doctest::Approx(25.0 / 36 * 0.9728 + 10.0 / 36 * 0.64));
  CHECK(clustered.exact == doctest::Approx(5.0 / 6 * 0.9728));
  for (const Study& each : {spread, partitioned, clustered}) {
    CAPTURE(each.mean);
    CAPTURE(each.exact);
    CHECK(std::abs(each.mean - each.exact) < each.half);
  }
  CHECK(spread.mean - spread.half > partitioned.mean + partitioned.half);
  CHECK(partitioned.mean - partitioned.half > clustered.mean + clustered.half);
}

}  // namespace nephoscope::oracle
