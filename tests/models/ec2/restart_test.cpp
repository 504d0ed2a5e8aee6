// What a deployment agent does to an instance's application.
#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {
namespace {

using enum InstanceEvent;

const std::string kPhases =
    "assume: {launch_time: 5s, boot_time: 10s, bootstrap_time: 60s, restart_time: 20s}";

TEST_CASE("ec2: a restart of the application resets requests, refuses connections, and brings the version") {
  Fixture f;
  Instance& instance = f.launch();
  f.run(100s);
  const Answer& lost = f.send(instance, "burn");
  f.run(101s);
  instance.restart_application("v2", 8s);
  CHECK(instance.state() == InstanceState::running);
  CHECK_FALSE(instance.application_running());
  f.run(105s);
  const Answer& refused = f.send(instance);
  f.run(110s);
  const Answer& served = f.send(instance);
  f.run(120s);
  CHECK(f.error(lost) == "ConnectionReset");
  CHECK(lost.at == Time{} + 101s);
  CHECK(f.error(refused) == "ConnectionRefused");
  CHECK(served.response.ok());
  CHECK(instance.server().version() == "v2");
  // 101 + 8 s.
  CHECK(f.times(instance, application_started) == std::vector{Time{}, Time{} + 109s});
  f.check_audits();
}

TEST_CASE("ec2: a version that crashes at boot stays down after its restart, and another one cures it") {
  Fixture f;
  Instance& instance = f.launch();
  f.run(100s);
  instance.restart_application("broken", 8s);
  f.run(200s);
  CHECK_FALSE(instance.application_running());
  CHECK(f.times(instance, application_started) == std::vector{Time{}});
  instance.restart_application("v1", 8s);
  f.run(300s);
  CHECK(instance.application_running());
  CHECK(f.times(instance, application_started) == std::vector{Time{}, Time{} + 208s});
}

TEST_CASE("ec2: a second restart takes the place of the first") {
  Fixture f;
  Instance& instance = f.launch();
  f.run(100s);
  instance.restart_application("v2", 8s);
  f.run(105s);
  instance.restart_application("v1", 8s);
  f.run(200s);
  CHECK(instance.server().version() == "v1");
  CHECK(f.times(instance, application_started) == std::vector{Time{}, Time{} + 113s});  // 105 + 8
}

TEST_CASE("ec2: a restart during the bootstrap changes the version only") {
  Fixture f(kPhases);
  Instance& instance = f.launch();
  f.run(50s);
  instance.restart_application("v2", 1s);
  f.run(200s);
  CHECK(instance.server().version() == "v2");
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 75s});  // 5 + 10 + 60
}

TEST_CASE("ec2: a restart during a reboot changes the version, one after it replaces the start") {
  Fixture f(kPhases);
  Instance& instance = f.launch();
  f.run(100s);
  instance.reboot();
  f.run(105s);  // boots until 110 s
  instance.restart_application("v2", 1s);
  f.run(120s);  // would start at 110 + 20 s
  instance.restart_application("v1", 1s);
  f.run(200s);
  CHECK(instance.server().version() == "v1");
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 75s, Time{} + 121s});
}

TEST_CASE(
    "ec2: stop, termination and loss of power end a restart; the version is there after the next boot") {
  Fixture f(kPhases);
  Instance& stopped = f.launch();
  Instance& terminated = f.launch();
  Instance& dark = f.launch();
  f.run(100s);
  for (Instance* each : {&stopped, &terminated, &dark}) each->restart_application("v2", 8s);
  f.run(104s);
  stopped.stop();
  terminated.terminate();
  f.service.set_zone_power(ZoneId(0), false);
  f.run(150s);
  for (Instance* each : {&stopped, &terminated, &dark}) {
    CHECK_FALSE(each->application_running());
    CHECK(f.times(*each, application_started) == std::vector{Time{} + 75s});
  }
  f.service.set_zone_power(ZoneId(0), true);
  f.run(200s);
  CHECK(dark.server().version() == "v2");
  CHECK(f.times(dark, application_started) == std::vector{Time{} + 75s, Time{} + 180s});  // 150 + 10 + 20
  f.check_audits();
}

TEST_CASE("ec2: a restart is ignored where no agent runs") {
  Fixture f(kPhases);
  Instance& pending = f.launch();
  pending.restart_application("v2", 1s);
  f.run(100s);
  CHECK(pending.server().version() == "v1");
  f.service.set_zone_power(ZoneId(0), false);
  pending.restart_application("v2", 1s);
  f.service.set_zone_power(ZoneId(0), true);
  f.run(200s);
  CHECK(pending.server().version() == "v1");
}

}  // namespace
}  // namespace nephoscope::ec2
