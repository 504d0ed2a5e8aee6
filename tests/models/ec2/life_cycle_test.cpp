#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::ec2 {
namespace {

using enum InstanceEvent;

const std::string kLifeCyclePhases =
    "assume: {launch_time: 5s, boot_time: 10s, bootstrap_time: 60s, restart_time: 20s}";

TEST_CASE("ec2: a launch passes through its phases: running, booted, bootstrapped") {
  Fixture f(kLifeCyclePhases);
  Instance& instance = f.launch();
  CHECK(instance.name() == "web/i-0");
  CHECK(instance.type() == "m6i.large");
  CHECK(instance.state() == InstanceState::pending);
  CHECK(!instance.running_since());
  f.run(100s);
  // 5 s; 5 + 10 + 60 = 75 s.
  CHECK(f.heard["web/i-0"] ==
        std::vector<Heard>{{Time{} + 5s, running}, {Time{} + 75s, application_started}});
  CHECK(instance.running_since() == Time{} + 5s);
  CHECK(instance.application_running());
}

TEST_CASE("ec2: an instance answers nothing before it has booted, and refuses before its application runs") {
  Fixture f(kLifeCyclePhases);
  Instance& instance = f.launch();
  f.run(10s);
  const Answer& early = f.send(instance);
  f.run(20s);  // booted at 15 s
  const Answer& refused = f.send(instance);
  f.run(80s);
  const Answer& served = f.send(instance);
  f.run(100s);
  CHECK(early.count == 0);
  CHECK(f.error(refused) == "ConnectionRefused");
  CHECK(served.response.ok());
  CHECK(served.at == Time{} + 80s + 10ms);
}

TEST_CASE("ec2: a terminated instance loses its requests, refuses while it shuts down, and is then gone") {
  Fixture f("assume: {" + kAtOnce + "}", "{assume: {terminate_time: 40s}}");
  Instance& instance = f.launch();
  f.run(100s);
  const Answer& lost = f.send(instance);
  instance.terminate();
  CHECK(instance.state() == InstanceState::shutting_down);
  f.run(110s);
  const Answer& refused = f.send(instance);
  f.run(150s);
  CHECK(instance.state() == InstanceState::terminated);
  CHECK(f.times(instance, terminated) == std::vector{Time{} + 140s});
  CHECK(f.error(lost) == "ConnectionReset");
  CHECK(f.error(refused) == "ConnectionRefused");
  CHECK(f.service.instances("web").empty());
  const Answer& silent = f.send(instance);
  f.run(10min);
  CHECK(f.inside(instance).machine().gone());  // its server is destroyed
  const Answer& late = f.send(instance);
  f.run(20min);
  CHECK(silent.count + late.count == 0);
  CHECK(f.metric("errors.rate") == 1);
  f.check_audits();
}

TEST_CASE("ec2: stop and start keep the instance, start it anew, and skip the bootstrap") {
  Fixture f(kLifeCyclePhases, "{assume: {stop_time: 30s}}");
  Instance& instance = f.launch();
  f.run(100s);
  instance.stop();
  CHECK(instance.state() == InstanceState::stopping);
  f.run(200s);
  CHECK(instance.state() == InstanceState::stopped);
  CHECK(!instance.application_running());
  instance.start();
  CHECK(instance.state() == InstanceState::pending);
  CHECK(instance.start_failure() == "");
  f.run(300s);
  // Running at 200 + 5, serving at 205 + 10 + 20.
  CHECK(f.times(instance, stopped) == std::vector{Time{} + 130s});
  CHECK(f.times(instance, running) == std::vector{Time{} + 5s, Time{} + 205s});
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 75s, Time{} + 235s});
}

TEST_CASE("ec2: a reboot keeps the state running, and the application is back after boot and restart") {
  Fixture f(kLifeCyclePhases);
  Instance& instance = f.launch();
  f.run(100s);
  const Answer& lost = f.send(instance);
  instance.reboot();
  CHECK(instance.state() == InstanceState::running);
  CHECK(!instance.application_running());
  f.run(200s);
  CHECK(f.times(instance, application_started) == std::vector{Time{} + 75s, Time{} + 130s});
  CHECK(lost.count == 0);  // the machine was gone before it could reset the connection
}

TEST_CASE("ec2: the states and every legal transition between them occur") {
  const std::string assume = "{assume: {stop_time: 30s, terminate_time: 30s}}";
  Fixture f("assume: {launch_time: 5s, boot_time: 1s, bootstrap_time: 1s}", assume);
  const auto end = [&](Instance& instance) {
    f.note(instance);
    instance.terminate();
    f.note(instance);
  };
  Instance& whole = f.launch();
  Instance& from_stopped = f.launch();
  Instance& from_stopping = f.launch();
  Instance& from_pending = f.launch();
  end(from_pending);
  f.run(1min);
  for (Instance* each : {&whole, &from_stopped, &from_stopping}) each->stop();
  f.run(70s);
  end(from_stopping);
  f.run(2min);
  end(from_stopped);
  whole.start();
  f.note(whole);
  f.run(3min);
  end(whole);
  f.run(5min);
  Fixture failing("assume: {launch_time: 5s}", "{assume: {launch_failures: 100%}}");
  Instance& failed = failing.launch();
  failing.run(1min);
  CHECK(failing.events(failed) == std::vector{terminated});
  f.transitions.merge(failing.transitions);
  const std::set<std::pair<InstanceState, InstanceState>> legal(kTransitions.begin(), kTransitions.end());
  CHECK(f.transitions == legal);
  f.check_audits();
  failing.check_audits();
  CHECK(failing.metric("launches.failed") == 1);
}

TEST_CASE("ec2: API actions are ignored in states that refuse them") {
  Fixture f("assume: {launch_time: 5s, boot_time: 1s, bootstrap_time: 1s}");
  Instance& instance = f.launch();
  instance.stop();
  instance.start();
  instance.reboot();
  CHECK(instance.state() == InstanceState::pending);
  f.run(1min);
  instance.start();
  CHECK(instance.state() == InstanceState::running);
  instance.terminate();
  instance.terminate();
  instance.stop();
  f.run(2min);
  CHECK(f.events(instance) == std::vector{running, application_started, shutting_down, terminated});
  instance.start();
  CHECK(instance.state() == InstanceState::terminated);
}

TEST_CASE("ec2: a thousand launches come and go without keeping their servers") {
  Fixture f("assume: {" + kAtOnce + "}", "{}", 24h);
  for (int i = 0; i < 1000; ++i) {
    Instance& instance = f.launch();
    f.run((i + 1) * 1min);
    f.send(instance);
    f.run((i + 1) * 1min + 30s);
    instance.terminate();
    f.run((i + 1) * 1min + 59s);
  }
  f.run(1100min);
  for (const auto& [name, events] : f.heard) CHECK(events.back().event == terminated);
  // Each instance but the last has served its request and gone: 1000 requests in 24 h of measured time.
  CHECK(f.metric("launches") == 1000);
  CHECK(f.metric("throughput") == doctest::Approx(1000.0 / (1100 * 60)));
  f.check_audits();
}

TEST_CASE("ec2: what happened before the end of warm-up is not measured") {
  Fixture f("assume: {" + kAtOnce + "}", "{}", 2h, 1h);
  Instance& old = f.launch();
  f.send(old);
  f.run(30min);
  old.terminate();
  Instance& instance = f.launch();
  f.send(instance);
  f.run(1h);
  f.service.begin_measurement();
  f.run(90min);
  f.send(instance);
  f.run(2h);
  CHECK(f.metric("throughput") == doctest::Approx(1.0 / 3600));
  CHECK(f.metric("launches") == 0);
  CHECK(f.metric("instances.mean") == doctest::Approx(1));
  CHECK(f.metric("instance_hours") == doctest::Approx(1));
  f.check_audits();
}

}  // namespace
}  // namespace nephoscope::ec2
