#include <algorithm>

#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {
namespace {

using enum InstanceEvent;

TEST_CASE("ec2: RunInstances draws on a bucket of 1000 instances that gains 2 a second") {
  Fixture f;
  for (int i = 0; i < 1000; ++i) CHECK(f.refusal(f.spec()) == "");
  CHECK(f.refusal(f.spec()) == "RequestLimitExceeded");
  f.run(1s);
  CHECK(f.refusal(f.spec()) == "");
  CHECK(f.refusal(f.spec()) == "");
  CHECK(f.refusal(f.spec()) == "RequestLimitExceeded");
  CHECK(f.metric("launches") == 1004);
  CHECK(f.metric("launches.failed") == 2);
}

TEST_CASE("ec2: quotas count vCPUs of each market, and stopped instances do not count") {
  Fixture f("assume: {" + kAtOnce + "}", "{vcpu_quota: 4, spot_vcpu_quota: 2}");
  Instance& first = f.launch();  // m6i.large: 2 vCPUs
  f.launch();
  CHECK(f.refusal(f.spec()) == "InstanceLimitExceeded");
  f.launch(f.spec(Market::spot));
  CHECK(f.refusal(f.spec(Market::spot)) == "MaxSpotInstanceCountExceeded");
  f.run(1s);
  first.stop();
  CHECK(f.refusal(f.spec()) == "InstanceLimitExceeded");
  f.run(5min);
  f.launch();
  first.start();
  CHECK(first.start_failure() == "InstanceLimitExceeded");
  CHECK(first.state() == InstanceState::stopped);
}

TEST_CASE("ec2: a zone without capacity refuses launches and starts of stopped instances") {
  Fixture f;
  Instance& instance = f.launch();
  f.run(1s);
  instance.stop();
  f.run(5min);
  f.service.set_capacity(ZoneId(0), false);
  CHECK(f.refusal(f.spec()) == "InsufficientInstanceCapacity");
  CHECK(f.refusal(f.spec(Market::on_demand, 1)) == "");
  instance.start();
  CHECK(instance.start_failure() == "InsufficientInstanceCapacity");
  f.service.set_capacity(ZoneId(0), true);
  instance.start();
  CHECK(instance.start_failure() == "");
  CHECK(instance.state() == InstanceState::pending);
}

TEST_CASE("ec2: capacity shortages come and go in each zone") {
  Fixture f("assume: {" + kAtOnce + "}", "{assume: {capacity_shortages: {time_between: 10m, duration: 5m}}}");
  f.run(9min);
  CHECK(f.refusal(f.spec()) == "");
  f.run(11min);
  CHECK(f.refusal(f.spec()) == "InsufficientInstanceCapacity");
  f.run(16min);
  CHECK(f.refusal(f.spec()) == "");
}

TEST_CASE("ec2: the account knows its instance types' vCPUs") {
  Fixture f;
  CHECK(f.service.vcpus("c5.9xlarge") == 36);
  CHECK(!f.service.vcpus("c9.huge"));
  CHECK(f.service.instances("nobody").empty());
}

// --- Spot --------------------------------------------------------------------------------------------------

TEST_CASE("ec2: an interrupted Spot instance is recommended to go, noticed, and reclaimed 2 minutes later") {
  Fixture f;
  Instance& instance = f.launch(f.spec(Market::spot));
  Instance& other = f.launch();
  f.run(10min);
  f.service.interrupt_spot(instance);
  f.service.interrupt_spot(other);  // is not Spot
  f.run(20min);
  CHECK(f.events(instance) == std::vector{running, application_started, rebalance_recommendation,
                                          interruption_notice, shutting_down, terminated});
  CHECK(f.times(instance, interruption_notice) == std::vector{Time{} + 10min});
  CHECK(f.times(instance, shutting_down) == std::vector{Time{} + 12min});
  CHECK(f.events(other) == std::vector{running, application_started});
}

const std::string kReclaims =
    "{assume: {spot_reclaims: {time_between: 1h, least_share: 50%, greatest_share: 50%, rebalance_lead: "
    "0s}}}";

TEST_CASE("ec2: a pool's instances are reclaimed together, within 3 minutes") {
  Fixture f("assume: {" + kAtOnce + "}", kReclaims, 3h);
  std::vector<Instance*> pool, elsewhere;
  for (int i = 0; i < 20; ++i) pool.push_back(&f.launch(f.spec(Market::spot)));
  f.run(30min);
  for (int i = 0; i < 20; ++i) f.launch();
  f.run(70min);
  int reclaimed = 0;
  for (Instance* instance : pool) {
    const auto notices = f.times(*instance, interruption_notice);
    if (notices.empty()) continue;
    ++reclaimed;
    CHECK(notices[0] >= Time{} + 1h);
    CHECK(notices[0] <= Time{} + 1h + 3min);
    CHECK(f.times(*instance, shutting_down)[0] == notices[0] + 2min);
  }
  CHECK(reclaimed == 10);
  CHECK(f.service.instances("web").size() == 30);
}

TEST_CASE("ec2: when a pool is reclaimed does not depend on when its first instance came") {
  Fixture f("assume: {" + kAtOnce + "}", kReclaims, 5h);
  f.run(90min);
  for (int i = 0; i < 2; ++i) f.launch(f.spec(Market::spot));
  f.run(119min);
  CHECK(f.service.instances("web").size() == 2);
  f.run(2h + 10min);  // the second reclaim, at 2 h
  CHECK(f.service.instances("web").size() == 1);
}

TEST_CASE("ec2: a reclaim that is not noticed ends the instance all the same") {
  const std::string reclaims = "spot_reclaims: {time_between: 1h, least_share: 100%, rebalance_lead: 0s}";
  Fixture f("assume: {" + kAtOnce + "}", "{assume: {spot_notices: 0%, " + reclaims + "}}", 3h);
  Instance& instance = f.launch(f.spec(Market::spot));
  f.run(70min);
  CHECK(f.events(instance) ==
        std::vector{running, application_started, rebalance_recommendation, shutting_down, terminated});
}

TEST_CASE("ec2: Spot instances cannot be stopped") {
  Fixture f;
  Instance& instance = f.launch(f.spec(Market::spot));
  f.run(1s);
  instance.stop();
  CHECK(instance.state() == InstanceState::running);
}

}  // namespace
}  // namespace nephoscope::ec2
