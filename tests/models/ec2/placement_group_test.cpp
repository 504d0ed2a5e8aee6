// Placement groups (EC2 User Guide, placement groups).
#include <algorithm>
#include <map>

#include "tests/models/ec2/placement_fixture.hpp"

namespace nephoscope::ec2 {
namespace {

constexpr PlacementGroupSettings kSpread{.strategy = PlacementStrategy::spread};
constexpr PlacementGroupSettings kCluster{.strategy = PlacementStrategy::cluster};
constexpr PlacementGroupSettings kThreeParts{.strategy = PlacementStrategy::partition, .partition_count = 3};

// --- spread ------------------------------------------------------------------------------------------------

TEST_CASE("spread group: seven instances of a zone stand on seven racks, and the eighth does not launch") {
  PlacementFixture f(kSpread, hardware());
  for (int i = 0; i < 7; ++i) f.get();
  CHECK(f.racks().size() == 7);
  CHECK(f.failure().text() ==
        "InsufficientInstanceCapacity (spread group pg has 7 running instances in us-east-1a)");
  for (int i = 0; i < 7; ++i) f.get(1);
  CHECK(f.failure(1).error == "InsufficientInstanceCapacity");
  CHECK(f.group_metric("launches") == 16);
  CHECK(f.group_metric("launches.failed.InsufficientInstanceCapacity") == 2);
  CHECK(f.group_metric("instances_per_rack.max") == 1);
  CHECK(f.group_metric("racks.mean") == 14);
  f.check_audits();
}

TEST_CASE("spread group: a place frees when an instance stops or ends, and a stopped one may lose it") {
  PlacementFixture f(kSpread, hardware());
  std::vector<Instance*> all;
  for (int i = 0; i < 7; ++i) all.push_back(&f.get());
  f.pass(1s);
  f.stop(*all[0]);
  Instance& eighth = f.get();
  all[0]->start();
  CHECK(all[0]->start_failure() == "InsufficientInstanceCapacity");
  f.pass(1s);
  f.end(eighth);
  all[0]->start();
  CHECK(all[0]->start_failure() == "");
  CHECK(f.racks().size() == 7);
  f.check_audits();
}

TEST_CASE("spread group: without a free rack nothing launches, below seven too") {
  PlacementFixture f(kSpread, hardware("racks: 3"));
  for (int i = 0; i < 3; ++i) f.get();
  CHECK(f.failure().text() ==
        "InsufficientInstanceCapacity (no rack of us-east-1a without an instance of "
        "spread group pg has room for m6i.large)");
}

TEST_CASE("spread group: an instance that reboots stays, one that recovers takes a rack of its own") {
  PlacementFixture f(kSpread, hardware("auto_recovery_time: 5m"));
  std::vector<Instance*> all;
  for (int i = 0; i < 7; ++i) all.push_back(&f.get());
  f.pass(10min);
  const HostSite lost = all[3]->site();
  f.service.set_rack_power(lost.rack_id(), false);
  f.pass(20min);
  CHECK(all[3]->site().rack != lost.rack);
  CHECK(all[3]->alive());
  CHECK(f.racks().size() == 7);
}

// --- partition ---------------------------------------------------------------------------------------------

std::map<std::uint32_t, std::set<std::uint32_t>> racks_by_partition(PlacementFixture& f) {
  std::map<std::uint32_t, std::set<std::uint32_t>> racks;
  for (Instance* each : f.service.instances("web"))
    racks[each->partition().value()].insert(each->site().rack);
  return racks;
}

TEST_CASE("partition group: instances are spread evenly over partitions, which share no rack") {
  PlacementFixture f(kThreeParts, hardware());
  std::map<std::uint32_t, int> sizes;
  for (int i = 0; i < 12; ++i) ++sizes[f.get().partition().value()];
  // 12 / 3.
  CHECK(sizes == std::map<std::uint32_t, int>{{1, 4}, {2, 4}, {3, 4}});
  std::set<std::uint32_t> all;
  for (const auto& [partition, racks] : racks_by_partition(f)) {
    CHECK(racks.size() == 1);  // it has room
    all.insert(racks.begin(), racks.end());
  }
  CHECK(all.size() == 3);
  f.check_audits();
}

TEST_CASE("partition group: each zone has partitions of its own") {
  PlacementFixture f(kThreeParts, hardware());
  std::vector<std::uint32_t> first;
  for (std::uint32_t zone = 0; zone < 3; ++zone) first.push_back(f.get(zone).partition().value());
  // No zone has a member before: the partition with the fewest in the group is next.
  CHECK(first == std::vector<std::uint32_t>{1, 2, 3});
}

TEST_CASE("partition group: a partition that is named is the one") {
  PlacementFixture f(kThreeParts, hardware(), "partition_number: 2");
  for (int i = 0; i < 5; ++i) CHECK(f.get().partition() == 2);
}

TEST_CASE("partition group: without a rack that is free of other partitions nothing launches") {
  // Of 2 racks with a host of 128 vCPUs each, partitions 1 and 2 take one each: the third finds none.
  PlacementFixture f(kThreeParts, hardware("racks: 2, hosts_per_rack: 1"), "partition_number: 3");
  f.config.partition_number = 1;
  Instance& one = f.get();
  f.config.partition_number = 2;
  f.get();
  f.config.partition_number = 3;
  CHECK(f.failure().text() ==
        "InsufficientInstanceCapacity (no rack of us-east-1a that other partitions of "
        "group pg do not use has room for m6i.large)");
  f.pass(1s);
  f.end(one);
  CHECK(f.get().partition() == 3);
}

TEST_CASE("partition group: a partition grows to another rack when its own are full") {
  PlacementFixture f(kThreeParts, hardware("racks: 4, hosts_per_rack: 1"), "partition_number: 1");
  // 128 / 2 vCPUs = 64 a rack.
  for (int i = 0; i < 65; ++i) f.get();
  CHECK(f.racks().size() == 2);
}

TEST_CASE("partition group: a stopped member keeps its number") {
  PlacementFixture f(kThreeParts, hardware());
  f.get();
  Instance& second = f.get();
  f.pass(1s);
  f.stop(second);
  CHECK(second.partition() == 2);
  CHECK(f.get().partition() == 3);  // the second partition has its member
  second.start();
  CHECK(second.partition() == 2);
}

// --- cluster -----------------------------------------------------------------------------------------------

TEST_CASE("cluster group: members stand on two racks of one zone") {
  PlacementFixture f(kCluster, hardware());
  // A rack holds 16 x 64 = 1024 m6i.large.
  for (int i = 0; i < 100; ++i) f.get();
  CHECK(f.racks().size() == 1);
  CHECK(f.failure(1).text() == "InvalidPlacementGroup.InUse (cluster group pg is in use in us-east-1a)");
  CHECK(f.group_metric("launches.failed.InvalidPlacementGroup.InUse") == 1);
  f.check_audits();
}

TEST_CASE("cluster group: burstable instances are refused") {
  PlacementFixture f(kCluster, hardware());
  CHECK(f.failure(0, "t3.large").text() ==
        "InvalidParameterCombination (cluster group pg does not take t3.large)");
}

TEST_CASE(
    "cluster group: its racks are those with the most room at the first launch, and may be full later") {
  // Two of three racks: 2 x 1 host x 64 m6i.large.
  PlacementFixture f(kCluster, hardware("racks: 3, hosts_per_rack: 1"));
  for (int i = 0; i < 128; ++i) f.get();
  const std::set<std::uint32_t> racks = f.racks();
  CHECK(racks.size() == 2);
  const LaunchFailure failure = f.failure();
  CHECK(failure.error == "InsufficientInstanceCapacity");
  CHECK(failure.detail.starts_with(
      "cluster group pg finds no room for m6i.large in its racks of us-east-1a: "));
}

TEST_CASE("cluster group: a mix of families finds less room") {
  // One host a rack: the two racks serve one family each.
  PlacementFixture f(kCluster, hardware("racks: 3, hosts_per_rack: 1"));
  f.get(0, "m6i.large");
  f.get(0, "c6i.large");
  CHECK(f.failure(0, "r6i.large").error == "InsufficientInstanceCapacity");
}

TEST_CASE("cluster group: stopping and starting all members places the group anew") {
  PlacementFixture f(kCluster, hardware("racks: 3, hosts_per_rack: 1"));
  for (int i = 0; i < 64; ++i) f.get();  // 64 x 2 vCPUs fill the first rack
  f.get(0, "c6i.large");                 // takes the second one for its family
  CHECK(f.failure().error == "InsufficientInstanceCapacity");
  f.pass(1s);
  for (Instance* each : f.service.instances("web")) each->stop();
  f.pass(1min);
  CHECK(f.racks().empty());
  for (Instance* each : f.service.instances("web"))
    if (each->type() == "m6i.large") each->start();
  // The 64 fill one rack again; the other one is now free for their family.
  f.get();
  CHECK(f.racks().size() == 2);
  f.check_audits();
}

TEST_CASE("cluster group: another zone is open again when all members are terminated") {
  PlacementFixture f(kCluster, hardware());
  Instance& only = f.get();
  f.pass(1s);
  f.stop(only);
  CHECK(f.failure(1).error == "InvalidPlacementGroup.InUse");
  f.end(only);
  f.get(1);
}

// --- results -----------------------------------------------------------------------------------------------

TEST_CASE("placement group: reports instances and racks by time from the end of warm-up") {
  PlacementFixture f(kSpread, hardware());
  f.get();
  f.run(10min);
  f.service.begin_measurement();
  CHECK(f.group_metric("launches") == 0);
  f.get();
  f.run(20min);
  Instance& third = f.get();
  f.run(30min);
  // From 10 to 20 min two, then three.
  CHECK(f.group_metric("instances.mean") == doctest::Approx(2.5));
  CHECK(f.group_metric("racks.mean") == doctest::Approx(2.5));
  CHECK(f.group_metric("launches") == 2);
  CHECK(third.partition() == std::nullopt);
}

}  // namespace
}  // namespace nephoscope::ec2
