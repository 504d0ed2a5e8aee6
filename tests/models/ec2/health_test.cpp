#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {
namespace {

using enum InstanceEvent;

// Checks begin 2 min after the start, fail in the minute after a fault, and recovery takes 5 min.
const std::string kHealth =
    "status_check_initialization: 2m, impairment_time: 30s, auto_recovery_time: 5m, stop_time: 10s";
const std::string kPhases =
    "assume: {launch_time: 0s, boot_time: 10s, bootstrap_time: 60s, restart_time: 20s}";

std::string health(const std::string& more = "") { return "{assume: {" + kHealth + more + "}}"; }

TEST_CASE("ec2: status checks initialize, then pass") {
  Fixture f(kPhases, health());
  Instance& instance = f.launch();
  f.run(119s);
  CHECK(instance.status_check() == StatusCheck::initializing);
  f.run(120s);
  CHECK(instance.status_check() == StatusCheck::ok);
  CHECK(f.events(instance) == std::vector{running, application_started});
}

TEST_CASE("ec2: a host's failure fails both checks and ends in automatic recovery") {
  Fixture f(kPhases, health(", time_to_system_failure: 610s"));
  Instance& instance = f.launch();
  f.run(609s);
  const Answer& lost = f.send(instance, "burn");
  f.run(659s);
  CHECK(instance.status_check() == StatusCheck::ok);
  // The host fails at 610 s; at 660 s that has lasted more than 30 s.
  f.run(660s);
  CHECK(instance.status_check() == StatusCheck::impaired);
  CHECK(f.inside(instance).system_check_failed());
  CHECK(instance.state() == InstanceState::running);
  // Recovery at 660 + 300 s, boot 10 s, restart 20 s; checks pass from 1020 s on.
  f.run(1019s);
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 70s, Time{} + 990s});
  f.run(1020s);
  CHECK(instance.status_check() == StatusCheck::ok);
  CHECK(f.times(instance, impaired) == std::vector{Time{} + 660s});
  CHECK(f.times(instance, recovered) == std::vector{Time{} + 1020s});
  CHECK(lost.count == 0);  // nobody is told that a host is dead
  f.check_audits();
}

TEST_CASE("ec2: members of Auto Scaling groups, disk owners and those who decline are not recovered") {
  const std::string failing = health(", time_to_system_failure: 610s");
  for (const int who : {0, 1, 2}) {
    CAPTURE(who);
    Fixture f(kPhases, failing);
    LaunchSpec spec = f.spec();
    spec.auto_scaling_member = who == 0;
    if (who == 1) spec.instance_type = "i3.large";
    spec.auto_recovery = who != 2;
    Instance& instance = f.launch(spec);
    f.run(50min);
    CHECK(instance.status_check() == StatusCheck::impaired);
    CHECK(f.events(instance) == std::vector{running, application_started, impaired});
  }
}

TEST_CASE("ec2: an operating system's failure fails the instance check only, and a reboot mends it") {
  Fixture f(kPhases, health(", time_to_instance_failure: 610s"));
  Instance& instance = f.launch();
  f.run(30min);
  CHECK(instance.status_check() == StatusCheck::impaired);
  CHECK(!f.inside(instance).system_check_failed());
  CHECK(!instance.application_running());
  instance.reboot();
  f.run(31min);
  CHECK(instance.status_check() == StatusCheck::ok);
  CHECK(f.times(instance, application_started).back() == Time{} + 30min + 30s);
}

TEST_CASE("ec2: recovery without spare hosts is tried three times a day") {
  Fixture f(kPhases, health(", time_to_system_failure: 610s"), 60h);
  Instance& instance = f.launch();
  f.run(11min);
  f.service.set_capacity(ZoneId(0), false);
  f.run(23h);
  const auto attempts = [&] {
    std::vector<Time> times;
    for (const LoggedEvent& event : f.world.events.events())
      if (event.kind == "recovery") times.push_back(event.time);
    return times;
  };
  // Impaired at 11 min, tried 5 min later; planned again in the next minute's check.
  CHECK(attempts() == std::vector{Time{} + 16min, Time{} + 21min, Time{} + 26min});
  f.service.set_capacity(ZoneId(0), true);
  f.run(24h + 15min);
  CHECK(attempts().size() == 3);
  f.run(25h);  // 24 h after the first attempt, and 5 min of recovery
  REQUIRE(attempts().size() > 3);
  CHECK(attempts()[3] == Time{} + 24h + 21min);
  CHECK(f.times(instance, application_started)[1] == Time{} + 24h + 21min + 30s);
}

TEST_CASE("ec2: a zone that loses power takes its instances along, and they boot again with it") {
  Fixture f(kPhases, health());
  Instance& here = f.launch();
  Instance& there = f.launch(f.spec(Market::on_demand, 1));
  f.run(10min);
  const Answer& lost = f.send(here, "burn");
  f.service.set_zone_power(ZoneId(0), false);
  const Answer& silent = f.send(here);
  CHECK(f.refusal(f.spec()) == "InsufficientInstanceCapacity");
  CHECK(f.refusal(f.spec(Market::on_demand, 2)) == "");
  f.run(11min);
  CHECK(here.status_check() == StatusCheck::impaired);
  CHECK(here.state() == InstanceState::running);
  CHECK(there.status_check() == StatusCheck::ok);
  CHECK(there.application_running());
  f.run(14min);
  f.service.set_zone_power(ZoneId(0), true);
  f.run(15min);
  CHECK(f.times(here, application_started) == std::vector{Time{} + 70s, Time{} + 14min + 30s});
  CHECK(here.status_check() == StatusCheck::ok);
  CHECK(lost.count + silent.count == 0);
  CHECK(f.times(there, application_started).size() == 1);
  f.check_audits();
}

TEST_CASE("ec2: an instance launched before a power loss boots when power is back") {
  Fixture f("assume: {launch_time: 30s, boot_time: 10s, bootstrap_time: 60s}", health());
  Instance& instance = f.launch();
  f.run(10s);
  f.service.set_zone_power(ZoneId(0), false);
  f.run(20min);
  CHECK(instance.state() == InstanceState::running);
  CHECK(instance.status_check() == StatusCheck::impaired);
  f.service.set_zone_power(ZoneId(0), true);
  f.run(30min);
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 20min + 70s});
}

TEST_CASE("ec2: what a listener does inside a call is safe: replacing an impaired instance") {
  Fixture f(kPhases, health(", time_to_system_failure: 610s"), 3h);
  f.on_event = [&f](Instance& instance, InstanceEvent event) {
    if (event != impaired) return;
    instance.terminate();
    f.launch();
  };
  for (int i = 0; i < 3; ++i) f.launch();
  f.run(3h);
  CHECK(f.service.instances("web").size() == 3);
  CHECK(f.heard.size() > 20);
  f.check_audits();
}

}  // namespace
}  // namespace nephoscope::ec2
