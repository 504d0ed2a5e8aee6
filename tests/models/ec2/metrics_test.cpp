#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {
namespace {

const std::string kCpu = "CPUUtilization InstanceId=web/i-0";
const std::string kGroup = "CPUUtilization AutoScalingGroupName=web";

TEST_CASE("ec2: basic monitoring publishes CPU each five minutes, stamped with their begin") {
  Fixture f;
  Instance& instance = f.launch();
  f.run(2min);
  f.burn(instance, 1);
  f.run(12min);
  const auto& data = f.data(kCpu);
  REQUIRE(data.size() == 2);
  CHECK(data[0].stamp == Time{});
  CHECK(data[1].stamp == Time{} + 5min);
  // One of two vCPUs in 3 of 5 minutes: 30 %; then 50 %.
  CHECK(data[0].values.sum == doctest::Approx(30));
  CHECK(data[1].values.sum == doctest::Approx(50));
  CHECK(data[1].values.samples == 1);
}

TEST_CASE("ec2: detailed monitoring publishes CPU each minute, from the state running on") {
  Fixture f("monitoring: true, assume: {launch_time: 90s, boot_time: 0s, bootstrap_time: 0s}");
  Instance& instance = f.launch();
  f.run(90s);
  f.burn(instance, 2);
  f.run(3min);
  const auto& data = f.data(kCpu);
  REQUIRE(data.size() == 2);
  CHECK(data[0].stamp == Time{} + 1min);
  CHECK(data[0].values.sum == doctest::Approx(100));  // of the half minute that it ran
  CHECK(data[1].values.sum == doctest::Approx(100));
}

TEST_CASE("ec2: the group's metrics hold the members that count") {
  Fixture f("monitoring: true, assume: {" + kAtOnce + "}");
  LaunchSpec spec = f.spec();
  spec.auto_scaling_member = true;
  Instance& first = f.launch(spec);
  Instance& second = f.launch(spec);
  f.launch(spec);
  f.run(1s);
  f.burn(first, 2);
  first.set_in_group_metrics(true);
  f.run(2min);
  second.set_in_group_metrics(true);
  f.run(3min);
  const auto& data = f.data(kGroup);
  REQUIRE(data.size() == 3);
  CHECK(data[1].values.samples == 1);
  CHECK(data[1].values.sum == doctest::Approx(100));
  CHECK(data[2].values.samples == 2);  // 100 and 0
  CHECK(data[2].values.sum == doctest::Approx(100));
  CHECK(data[2].values.minimum == doctest::Approx(0));
}

TEST_CASE("ec2: NetworkOut is the bytes of answers in each five minutes, and the group's mean over members") {
  Fixture f("assume: {" + kAtOnce + "}", "{}", 1h, {},
            "{handlers: {get: [{wait: 10ms}]}, assume: {response_size: 3kB}}");
  LaunchSpec spec = f.spec();
  spec.auto_scaling_member = true;
  Instance& first = f.launch(spec);
  Instance& second = f.launch(spec);
  first.set_in_group_metrics(true);
  second.set_in_group_metrics(true);
  f.run(1min);
  for (int i = 0; i < 10; ++i) f.send(first);
  f.send(first, "put");  // fails: no body
  f.run(6min);
  f.send(first);
  f.send(second);
  f.send(second, "health_check");
  f.run(10min);
  const auto& data = f.data("NetworkOut InstanceId=web/i-0");
  REQUIRE(data.size() == 2);
  CHECK(data[0].stamp == Time{});
  CHECK(data[0].values.sum == 30'000);  // 10 x 3 kB
  CHECK(data[1].values.sum == 3'000);
  const auto& group = f.data("NetworkOut AutoScalingGroupName=web");
  REQUIRE(group.size() == 2);
  CHECK(group[0].values.sum / group[0].values.samples == 15'000);  // of 30 kB and 0
  CHECK(group[1].values.sum / group[1].values.samples == 3'000);
}

TEST_CASE("ec2: status check metrics come each minute once the checks have been initialized") {
  Fixture f("assume: {" + kAtOnce + "}",
            "{assume: {status_check_initialization: 2m, impairment_time: 0s, time_to_system_failure: 270s}}");
  f.launch();
  f.run(6min);
  const auto& data = f.data("StatusCheckFailed_System InstanceId=web/i-0");
  REQUIRE(data.size() == 5);
  CHECK(data[0].stamp == Time{} + 1min);
  // The host fails at 4:30, in the minute that begins at 4:00.
  const std::vector<double> expected = {0, 0, 0, 1, 1};
  for (std::size_t i = 0; i < data.size(); ++i) CHECK(data[i].values.sum == expected[i]);
  CHECK(f.data("StatusCheckFailed_Instance InstanceId=web/i-0")[3].values.sum == 1);
  // A dead host reports no CPU: only the first five minutes.
  CHECK(f.data(kCpu).empty());
}

TEST_CASE("ec2: credit metrics come each five minutes even with detailed monitoring") {
  Fixture f("instance_type: t3.large, monitoring: true, assume: {" + kAtOnce + "}");
  Instance& instance = f.launch();
  f.run(5min);
  f.burn(instance, 2);
  f.run(10min);
  const auto& balance = f.data("CPUCreditBalance InstanceId=web/i-0");
  REQUIRE(balance.size() == 2);
  CHECK(balance[0].values.sum == doctest::Approx(3));  // 5 min x 36 / 60
  CHECK(balance[1].values.sum == 0);
  // 5 min x 2 spent, 3 earned, 3 of the balance: 4 surplus.
  CHECK(f.data("CPUCreditUsage InstanceId=web/i-0")[1].values.sum == doctest::Approx(10));
  CHECK(f.data("CPUSurplusCreditBalance InstanceId=web/i-0")[1].values.sum == doctest::Approx(4));
  CHECK(f.data("CPUSurplusCreditsCharged InstanceId=web/i-0")[1].values.sum == 0);
}

TEST_CASE("ec2: an account that launches nothing has no events and reports nothing") {
  Fixture f;
  f.run(1h);
  CHECK(f.world.simulation.events() == 0);
  Report report;
  f.service.report(report);
  CHECK(report.measures().empty());
  f.service.add_owner("web", f.config);
  CHECK(f.metric("launches") == 0);  // announced owners are reported even so
}

TEST_CASE("ec2: the series of a group are its running instances and their CPU") {
  Fixture f;  // 1 h: sampled each 3 s
  Instance& first = f.launch();
  f.launch();
  f.run(30min);
  f.burn(first, 2);
  f.run(1h);
  CHECK(f.metric("instances.mean") == doctest::Approx(2));
  Report report;
  f.service.report(report);
  for (const SeriesMeasure& series : report.all_series()) {
    if (series.name == "web.instances") CHECK(series.series.windows()[10].mean() == doctest::Approx(2));
    if (series.name != "web.CPUUtilization") continue;
    CHECK(series.series.windows()[10].mean() == doctest::Approx(0));
    CHECK(series.series.windows()[1000].mean() == doctest::Approx(0.5));
  }
  CHECK(report.all_series().size() == 2);
}

}  // namespace
}  // namespace nephoscope::ec2
