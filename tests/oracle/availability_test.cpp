// The same fleet on different racks, against the exact share of time in which enough of it is up.
#include <doctest/doctest.h>

#include <cmath>
#include <map>
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

// How many machines each rack of a fleet holds: {1, 1, 1, 1} is spread, {4} one rack.
using Pattern = std::vector<std::size_t>;

// Of those launched at random places, some that stand on racks as the pattern says, each on a host of its
// own.
std::vector<Instance*> pick(const std::vector<Instance*>& launched, Pattern pattern) {
  std::map<RackId, std::map<HostSite, Instance*>> racks;
  for (Instance* instance : launched) racks[instance->site().rack_id()].emplace(instance->site(), instance);
  std::vector<Instance*> picked;
  for (const auto& [rack, hosts] : racks) {
    const auto wanted = std::find_if(pattern.begin(), pattern.end(),
                                     [&](std::size_t count) { return count <= hosts.size(); });
    if (wanted == pattern.end()) continue;
    std::size_t left = *wanted;
    for (auto host = hosts.begin(); left > 0; ++host, --left) picked.push_back(host->second);
    pattern.erase(wanted);
  }
  return pattern.empty() ? picked : std::vector<Instance*>();
}

struct Trial {
  double exact = 0;
  double measured = 0;
};

// 60 h of a fleet of four of which two are needed.
Trial run_fleet(const Pattern& pattern, std::uint32_t replication) {
  ec2::Fixture aws("assume: {" + ec2::kAtOnce + "}", "{}", 61h, 1h, ec2::kBurn, replication);
  const auto config = read_config<quorum::QuorumConfig>("{type: Nephoscope::Quorum, of: [web], at_least: 2}");
  const std::unique_ptr<Resource> quorum = config.build(aws.world, "two");
  std::vector<Named<faults::FaultConfig>> wear;
  wear.push_back({.id = "hosts", .value = read_config<faults::FaultConfig>(kHosts)});
  if (!pattern.empty()) wear.push_back({.id = "racks", .value = read_config<faults::FaultConfig>(kRacks)});
  const std::unique_ptr<Resource> faults =
      faults::build_faults(aws.world, wear, {.resources = {"web"}, .owners = {"web"}});
  quorum->connect(aws);
  faults->connect(aws);
  faults->start();
  std::vector<Instance*> launched;
  LaunchSpec spec = aws.spec();
  spec.auto_recovery = false;
  for (int i = 0; i < 120; ++i) launched.push_back(&aws.launch(spec));
  const std::vector<Instance*> fleet = pick(launched, pattern.empty() ? Pattern{1, 1, 1, 1} : pattern);
  REQUIRE(fleet.size() == 4);
  std::vector<HostSite> sites;
  for (Instance* instance : launched)
    if (std::find(fleet.begin(), fleet.end(), instance) == fleet.end()) instance->terminate();
  for (Instance* instance : fleet) sites.push_back(instance->site());
  aws.run(1h);
  quorum->begin_measurement();
  aws.run(61h);
  Report report;
  quorum->report(report);
  const auto& share = std::get<RatioMeasure>(report.find({Scope::resource, "two", "quorum.share"})->value);
  const Wear never{.works = 1e12, .repair = 1e-12};
  return {.exact = share_with(plant_of(sites, kHost, pattern.empty() ? never : kRack), 2),
          .measured = share.numerator / share.denominator};
}

struct Study {
  double exact = 0;
  double mean = 0;
  double half = 0;  // of the 99.9 % interval
};

Study study(const Pattern& pattern) {
  constexpr int replications = 20;
  Study result;
  double squares = 0;
  for (std::uint32_t i = 0; i < replications; ++i) {
    const Trial trial = run_fleet(pattern, i);
    result.exact = trial.exact;  // depends on the pattern only
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
  const Study hosts = study({});
  // 1 - 0.2^4 - 4 * 0.8 * 0.2^3
  CHECK(hosts.exact == doctest::Approx(0.9728));
  CHECK(std::abs(hosts.mean - hosts.exact) < hosts.half);
  CHECK(hosts.half < 0.01);
}

TEST_CASE("oracle: the same fleet spread, partitioned and on one rack has three availabilities, all exact") {
  const Study spread = study({1, 1, 1, 1});
  const Study partitioned = study({2, 2});
  const Study clustered = study({4});
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
