// Which racks and hosts instances come to without a placement group.
#include <algorithm>
#include <map>

#include "tests/models/ec2/placement_fixture.hpp"

namespace nephoscope::ec2 {
namespace {

std::vector<HostSite> sites_of(const std::vector<Instance*>& instances) {
  std::vector<HostSite> sites;
  for (const Instance* each : instances) sites.push_back(each->site());
  return sites;
}

std::uint32_t most_on_a_rack(PlacementFixture& f, int launches) {
  std::map<std::uint32_t, std::uint32_t> racks;
  for (int i = 0; i < launches; ++i) ++racks[f.get().site().rack];
  std::uint32_t most = 0;
  for (const auto& [rack, count] : racks) most = std::max(most, count);
  return most;
}

TEST_CASE("placement: an owner's instances are spread evenly when all racks are considered") {
  PlacementFixture f(hardware("racks_considered: 24"));
  // 48 / 24 racks.
  CHECK(most_on_a_rack(f, 48) == 2);
  CHECK(f.racks().size() == 24);
  // Since the start of the run: all 24 racks, at once.
  CHECK(f.metric("racks.mean") == 24);
  CHECK(f.metric("instances_per_rack.max") == 2);
}

TEST_CASE("placement: two racks considered spread better than one, which is chance") {
  PlacementFixture one(hardware("racks_considered: 1"));
  PlacementFixture two(hardware());
  const std::uint32_t most_of_one = most_on_a_rack(one, 960);
  const std::uint32_t most_of_two = most_on_a_rack(two, 960);
  // 960 / 24 = 40 a rack; by chance +- sqrt(40 x 23 / 24) = 6.2, so the fullest of 24 has 46 to 65.
  CHECK(most_of_one >= 46);
  CHECK(most_of_one <= 65);
  // With two choices the fullest has hardly more than the mean (log log n / log 2 + O(1) above it).
  CHECK(most_of_two <= 44);
}

TEST_CASE("placement: sites do not depend on what other owners with other families do") {
  PlacementFixture alone, beside;
  for (int i = 0; i < 20; ++i) {
    alone.get();
    beside.ask_for("other", 0, "t3.micro");
    beside.get();
  }
  const auto expected = sites_of(alone.service.instances("web"));
  const auto found = sites_of(beside.service.instances("web"));
  CHECK(std::equal(expected.begin(), expected.end(), found.begin(), found.end(),
                   [](const HostSite& a, const HostSite& b) { return a.rack == b.rack; }));
}

TEST_CASE("placement: a host takes one family up to its vCPUs, and gives back what ends") {
  PlacementFixture f(hardware("racks: 1, hosts_per_rack: 1"));
  // 128 / 2 vCPUs = 64 m6i.large.
  for (int i = 0; i < 64; ++i) f.get();
  CHECK(f.failure().text() == "InsufficientInstanceCapacity (no host of us-east-1a has room for m6i.large)");
  CHECK(f.failure(0, "c6i.large").error == "InsufficientInstanceCapacity");
  f.get(1);
  f.pass(1s);
  f.end(*f.service.instances("web")[0]);
  CHECK(f.failure(0, "c6i.large").error == "InsufficientInstanceCapacity");
  f.get();
  while (f.service.instances("web")[0]->zone() == ZoneId(0)) f.end(*f.service.instances("web")[0]);
  f.check_audits();
}

TEST_CASE("placement: a host serves another family once it is empty") {
  PlacementFixture f(hardware("racks: 1, hosts_per_rack: 1"));
  Instance& first = f.get();
  CHECK(f.failure(0, "c6i.large").error == "InsufficientInstanceCapacity");
  f.pass(1s);
  f.end(first);
  f.get(0, "c6i.large");
  f.check_audits();
}

TEST_CASE("placement: a type larger than host_vcpus has a host of its size") {
  PlacementFixture f(hardware("racks: 1, hosts_per_rack: 2"));
  f.get(0, "p5.48xlarge");  // 192 vCPUs
  f.get(0, "p5.48xlarge");
  CHECK(f.failure(0, "p5.48xlarge").error == "InsufficientInstanceCapacity");
}

TEST_CASE("placement: a family fills hosts_per_family hosts of a rack before it takes more") {
  PlacementFixture f(hardware("racks: 1, hosts_per_rack: 4, hosts_per_family: 2, host_vcpus: 4"));
  std::set<std::uint32_t> hosts;
  // A host of the family has the 96 vCPUs of an m5.24xlarge.
  for (int i = 0; i < 8; ++i) hosts.insert(f.get(0, "m5.large").site().host);
  CHECK(hosts.size() == 2);
  // 2 x 96 / 2 = 96 fit on two hosts.
  for (int i = 8; i < 96; ++i) hosts.insert(f.get(0, "m5.large").site().host);
  CHECK(hosts.size() == 2);
  hosts.insert(f.get(0, "m5.large").site().host);
  CHECK(hosts.size() == 3);
}

TEST_CASE("placement: other customers hold hosts, and others again after the turnover") {
  PlacementFixture full("{assume: {others_least: 100%, others_greatest: 100%}}");
  CHECK(full.failure().error == "InsufficientInstanceCapacity");
  PlacementFixture half("{assume: {racks: 1, hosts_per_rack: 1, others_least: 50%, others_greatest: 50%}}");
  int refused = 0;
  for (int hour = 0; hour < 90; ++hour) {
    const LaunchResult result = half.ask();
    if (const auto* instance = std::get_if<Instance*>(&result)) {
      half.pass(1s);
      half.end(**instance);
    } else {
      ++refused;
    }
    half.run((hour + 1) * 1h);
  }
  // Binomial: 45 +- sqrt(90 / 4) = 4.7.
  CHECK(refused >= 26);
  CHECK(refused <= 64);
}

TEST_CASE("placement: dark racks and hosts take no launches") {
  PlacementFixture f(hardware("racks: 2, hosts_per_rack: 2"));
  f.service.set_rack_power({ZoneId(0), 0}, false);
  f.service.set_host_power({ZoneId(0), 1, 0}, false);
  for (int i = 0; i < 10; ++i) CHECK(f.get().site() == HostSite{ZoneId(0), 1, 1});
  f.service.set_host_power({ZoneId(0), 1, 1}, false);
  CHECK(f.failure().error == "InsufficientInstanceCapacity");
  f.service.set_rack_power({ZoneId(0), 0}, true);
  CHECK(f.get().site().rack == 0);
}

TEST_CASE("placement: an instance keeps its host when it reboots, and leaves it when it stops and starts") {
  PlacementFixture f;
  Instance& instance = f.get();
  f.pass(1s);
  const HostSite first = instance.site();
  instance.reboot();
  f.pass(1min);
  CHECK(instance.site() == first);
  f.stop(instance);
  instance.start();
  CHECK(instance.site() != first);
  f.check_audits();
}

TEST_CASE("placement: a stopped instance gives its room away, and does not start without any") {
  PlacementFixture f(hardware("racks: 1, hosts_per_rack: 1"), "instance_type: m5.24xlarge");  // 96 of 128
  Instance& first = f.get();
  f.pass(1s);
  f.stop(first);
  Instance& second = f.get();
  first.start();
  CHECK(first.start_failure() == "InsufficientInstanceCapacity");
  CHECK(first.state() == InstanceState::stopped);
  f.pass(1s);
  f.end(second);
  first.start();
  CHECK(first.state() == InstanceState::pending);
  f.check_audits();
}

TEST_CASE("placement: automatic recovery moves an instance to another host, if there is one") {
  for (const int hosts : {1, 2}) {
    PlacementFixture f(
        hardware("racks: 1, auto_recovery_time: 5m, hosts_per_rack: " + std::to_string(hosts)));
    Instance& instance = f.get();
    f.pass(10min);
    const HostSite first = instance.site();
    f.service.set_host_power(first, false);
    f.pass(20min);
    CHECK((instance.site() != first) == (hosts == 2));
    CHECK(instance.alive() == (hosts == 2));
    f.check_audits();
  }
}

}  // namespace
}  // namespace nephoscope::ec2
