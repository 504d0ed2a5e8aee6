// What each action does to what it hits, and how it ends.
#include <algorithm>

#include "tests/models/faults/fakes.hpp"

namespace nephoscope::faults {
namespace {

// What happens under this fault with instances like these.
std::string record_of(const std::string& fault, const std::vector<FakeInstance::Is>& instances = {{}}) {
  Fixture fixture({fault});
  for (const FakeInstance::Is& is : instances) fixture.ec2().add(is);
  return fixture.run();
}

HostSite site(std::uint32_t zone, std::uint32_t rack, std::uint32_t host) {
  return {.zone = ZoneId(zone), .rack = rack, .host = host};
}

TEST_CASE("faults: a zone loses its power and gets it back after the duration") {
  Fixture fixture({"{at: 1m, duration: 2m, action: sim:az-power-loss, zone: us-east-1b}"});
  CHECK(fixture.run() == "60 power off 1; 180 power on 1; ");
  REQUIRE(fixture.world.events.events().size() == 2);
  CHECK(fixture.world.events.events()[0].text == "us-east-1b: loses power");
}

TEST_CASE("faults: a zone runs out of capacity and finds some again") {
  CHECK(record_of("{at: 0s, duration: 30s, action: aws:ec2:asg-insufficient-instance-capacity-error, "
                  "zone: us-east-1a}") == "0 no capacity 0; 30 capacity 0; ");
}

TEST_CASE("faults: only running Spot instances of the target are reclaimed, as many as the share says") {
  const FakeInstance::Is spot{.market = Market::spot};
  const std::string record = record_of(
      "{at: 1s, action: aws:ec2:send-spot-instance-interruptions, target: web, selection: PERCENT(34)}",
      {spot, spot, {}, spot, spot, spot, {.market = Market::spot, .state = InstanceState::pending}});
  // ceil(5 x 34 %) = 2; i-2 is no Spot instance and i-6 does not run
  CHECK(std::count(record.begin(), record.end(), ';') == 2);
  CHECK(record.find("i-2") == std::string::npos);
  CHECK(record.find("i-6") == std::string::npos);
}

TEST_CASE("faults: stopped instances are started when the duration ends") {
  CHECK(record_of("{at: 1m, duration: 5m, action: aws:ec2:stop-instances, target: web}") ==
        "60 web/i-0 stop; 360 web/i-0 start; ");
}

TEST_CASE("faults: an instance that is still stopping when its time is over is started once it has stopped") {
  // stopped 90 s after 60 s; looked at each second from 90 s on
  CHECK(record_of("{at: 1m, duration: 30s, action: aws:ec2:stop-instances, target: web}") ==
        "60 web/i-0 stop; 150 web/i-0 start; ");
}

TEST_CASE("faults: instances stay stopped without a duration") {
  CHECK(record_of("{at: 1m, action: aws:ec2:stop-instances, target: web}") == "60 web/i-0 stop; ");
}

TEST_CASE("faults: instances are rebooted, and terminated") {
  CHECK(record_of("{at: 1m, action: aws:ec2:reboot-instances, target: web}") == "60 web/i-0 reboot; ");
  CHECK(record_of("{at: 1m, action: aws:ec2:terminate-instances, target: web}") == "60 web/i-0 terminate; ");
}

TEST_CASE("faults: running nodes of a cluster reboot, all or as many as are selected") {
  CHECK(record_of("{at: 1m, action: sim:dax-node-reboot, target: cache}") ==
        "60 cache/node-1 reboots; 60 cache/node-3 reboots; ");
  const std::string one =
      record_of("{at: 1m, action: sim:dax-node-reboot, target: cache, selection: COUNT(1)}");
  CHECK((one == "60 cache/node-1 reboots; " || one == "60 cache/node-3 reboots; "));
}

TEST_CASE("faults: an operating system hangs until somebody reboots it, or until the duration ends") {
  CHECK(record_of("{at: 1m, action: sim:instance-failure, target: web}") == "60 web/i-0 hangs; ");
  CHECK(record_of("{at: 1m, duration: 1m, action: sim:instance-failure, target: web}") ==
        "60 web/i-0 hangs; 120 web/i-0 reboot; ");
}

TEST_CASE("faults: a gray failure slows CPUs, and disks have speeds of their own") {
  CHECK(record_of("{at: 1m, duration: 1m, action: sim:gray-failure, target: web, speed: 20%}") ==
        "60 web/i-0 cpu 0.2; 120 web/i-0 cpu 1; ");
  CHECK(record_of("{at: 1m, duration: 1m, action: sim:slow-disk, target: web, speed: 10%}") ==
        "60 web/i-0 disk 0.1; 120 web/i-0 disk 1; ");
  CHECK(record_of("{at: 1m, duration: 1m, action: aws:ebs:pause-volume-io, target: web}") ==
        "60 web/i-0 disk 0; 120 web/i-0 disk 1; ");
}

TEST_CASE("faults: a bad version serves for the duration, then the one before") {
  Fixture fixture({"{at: 1m, duration: 1m, action: sim:bad-version, target: web, version: v2}"});
  FakeInstance& instance = fixture.ec2().add();
  std::string seen;
  const auto look = [&](Time at) {
    fixture.world.simulation.run_until(at);
    seen += instance.server().version() + " ";
  };
  fixture.begin();
  look(Time{} + 59s);
  look(Time{} + 61s);
  look(Time{} + 121s);
  CHECK(seen == "v1 v2 v1 ");
}

TEST_CASE("faults: a version that a deployment has shipped meanwhile stays") {
  Fixture fixture({"{at: 1m, duration: 1m, action: sim:bad-version, target: web, version: v2}"});
  FakeInstance& instance = fixture.ec2().add();
  fixture.begin();
  fixture.world.simulation.run_until(Time{} + 90s);
  instance.server().set_version("v3");
  fixture.world.simulation.run_until(Time{} + 10min);
  CHECK(instance.server().version() == "v3");
}

TEST_CASE("faults: of two bad versions the last holds, and the good one comes back in the end") {
  Fixture fixture({"{at: 1m, duration: 3m, action: sim:bad-version, target: web, version: v2}",
                   "{at: 2m, duration: 1m, action: sim:bad-version, target: web, version: v3}"});
  FakeInstance& instance = fixture.ec2().add();
  std::string seen;
  const auto look = [&](Time at) {
    fixture.world.simulation.run_until(at);
    seen += instance.server().version() + " ";
  };
  fixture.begin();
  for (const Duration at : {90s, 150s, 210s, 270s}) look(Time{} + at);
  CHECK(seen == "v2 v3 v2 v1 ");
}

TEST_CASE("faults: the hosts under the target's running instances fail, each once") {
  const std::vector<FakeInstance::Is> instances = {
      {.site = site(0, 1, 0)}, {.site = site(0, 1, 0)}, {.site = site(2, 0, 1)}};
  CHECK(record_of("{at: 1m, duration: 1m, action: sim:host-failure, target: web}", instances) ==
        record_of("{at: 1m, duration: 1m, action: sim:host-failure, targets: [web]}", instances));
  const std::string record =
      record_of("{at: 1m, duration: 1m, action: sim:host-failure, target: web, zone: us-east-1a}", instances);
  CHECK(record == "60 host 0.1.0 off; 120 host 0.1.0 on; ");
}

TEST_CASE("faults: racks are chosen by number, or by what they hold") {
  CHECK(record_of("{at: 1m, duration: 1m, action: sim:rack-power-loss, zone: us-east-1b, rack: 2}") ==
        "60 rack 1.2 off; 120 rack 1.2 on; ");
  CHECK(record_of("{at: 1m, duration: 1m, action: sim:rack-power-loss, target: web}",
                  {{.site = site(0, 1, 0)}, {.site = site(0, 1, 1)}}) ==
        "60 rack 0.1 off; 120 rack 0.1 on; ");
  // All three racks of the zone.
  const std::string all =
      record_of("{at: 1m, duration: 2h, action: sim:rack-power-loss, zone: us-east-1b}", {});
  CHECK(std::count(all.begin(), all.end(), ';') == 3);
}

TEST_CASE("faults: a rack or a partition restricts which instances are hit") {
  const std::vector<FakeInstance::Is> instances = {{.site = site(0, 1, 0), .partition = 2},
                                                   {.site = site(0, 2, 0), .partition = 1}};
  CHECK(record_of("{at: 1m, action: aws:ec2:terminate-instances, target: web, rack: 1}", instances) ==
        "60 web/i-0 terminate; ");
  CHECK(record_of("{at: 1m, action: aws:ec2:terminate-instances, target: web, partition: 1}", instances) ==
        "60 web/i-1 terminate; ");
  CHECK(record_of("{at: 1m, action: aws:ec2:terminate-instances, target: web, zone: us-east-1c}", instances)
            .empty());
}

TEST_CASE("faults: a zone is cut off from other zones and from outside") {
  CHECK(record_of("{at: 1m, duration: 1m, action: aws:network:disrupt-connectivity, zone: us-east-1b}") ==
        "60 zone 1-zone 0 cut; 60 zone 1-zone 2 cut; 60 zone 1-outside cut; 120 calm 0; 120 calm 1; 120 calm "
        "2; ");
  CHECK(record_of("{at: 1m, duration: 2h, action: aws:network:disrupt-connectivity, zone: us-east-1b, scope: "
                  "availability-zone}") == "60 zone 1-zone 0 cut; 60 zone 1-zone 2 cut; ");
}

TEST_CASE("faults: Regions are cut off from each other, or from everybody") {
  CHECK(record_of("{at: 1m, duration: 2h, action: sim:region-isolation}") ==
        "60 zone 0-outside cut; 60 zone 1-outside cut; 60 zone 2-outside cut; 60 services-outside cut; ");
  CHECK(record_of("{at: 1m, duration: 2h, action: "
                  "aws:network:route-table-disrupt-cross-region-connectivity, region: eu-west-1}") ==
        "60 zone 0-eu-west-1 cut; 60 zone 1-eu-west-1 cut; 60 zone 2-eu-west-1 cut; "
        "60 services-eu-west-1 cut; ");
}

TEST_CASE("faults: the way between two parts is cut, slow or lossy") {
  CHECK(record_of("{at: 1m, duration: 1m, action: sim:disconnect, between: [web, us-east-1b]}") ==
        "60 web-zone 1 cut; 120 calm 0; ");
  CHECK(record_of("{at: 1m, duration: 2h, action: sim:latency, between: [web, eu-west-1], delay: 50ms}") ==
        "60 web-eu-west-1 +0.05 s; ");
  CHECK(record_of("{at: 1m, duration: 2h, action: sim:packet-loss, between: [us-east-1a, us-east-1c], loss: "
                  "5%}") == "60 zone 0-zone 2 loses 0.05; ");
}

TEST_CASE("faults: resolvers of the target do not ask again while its DNS is stale") {
  Fixture fixture({"{at: 1m, duration: 1m, action: sim:dns-stale, target: front, share: 25%}"});
  fixture.begin();
  fixture.world.simulation.run_until(Time{} + 90s);
  const StaleAnswers& answers = fixture.world.stale_answers["front"];
  CHECK(answers.asks_until(0.24, fixture.world.now()) == Time{} + 60s);
  CHECK(answers.asks_until(0.26, fixture.world.now()) == Time{} + 90s);
  fixture.world.simulation.run_until(Time{} + 130s);
  CHECK_FALSE(answers.any());
}

TEST_CASE("faults: what has gone meanwhile ends quietly") {
  Fixture fixture({"{at: 1m, duration: 1m, action: sim:gray-failure, target: web, speed: 20%}",
                   "{at: 90s, action: aws:ec2:terminate-instances, target: web}"});
  fixture.ec2().add();
  CHECK(fixture.run() == "60 web/i-0 cpu 0.2; 90 web/i-0 terminate; ");
}

}  // namespace
}  // namespace nephoscope::faults
