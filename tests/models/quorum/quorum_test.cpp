#include "models/quorum/quorum.hpp"

#include "tests/models/ec2/fixture.hpp"

namespace nephoscope::quorum {
namespace {

// Two of three machines that are up at the instant of their launch.
class Machines final {
 public:
  Machines()
      : aws("assume: {" + ec2::kAtOnce + "}"),
        config(read_config<QuorumConfig>("{type: Nephoscope::Quorum, of: [web], at_least: 2}")),
        quorum(config.build(aws.world, "most")) {
    quorum->connect(aws);
    for (Instance*& machine : all) machine = &aws.launch();
  }
  double metric(const char* name) const {
    Report report;
    quorum->report(report);
    const auto& ratio = std::get<RatioMeasure>(report.find({Scope::resource, "most", name})->value);
    return ratio.numerator / ratio.denominator;
  }
  Response ask() {
    Response response;
    aws.world.simulation.spawn(call(response));
    aws.world.simulation.run_until(aws.world.now());
    return response;
  }

  ec2::Fixture aws;
  QuorumConfig config;
  std::unique_ptr<Resource> quorum;
  Instance* all[3] = {};

 private:
  Process call(Response& response) {
    const ReplyId reply = aws.world.replies.open();
    quorum->endpoint()->submit(Request{}, reply);
    const Replies::Result result = co_await aws.world.replies.wait(reply);
    response = result.value;
  }
};

TEST_CASE("quorum: it measures the share of time with enough machines up") {
  Machines machines;
  machines.aws.run(10min);
  machines.all[0]->terminate();
  machines.aws.run(30min);
  machines.all[1]->terminate();
  machines.aws.run(1h);
  // Three for 10 min, two for 20, one for 30: enough for 30 of 60 min; (3 x 10 + 2 x 20 + 1 x 30) / 60.
  CHECK(machines.metric("quorum.share") == doctest::Approx(0.5));
  CHECK(machines.metric("up.mean") == doctest::Approx(100.0 / 60));
  CHECK(machines.metric("quorum.losses") == 1);
}

TEST_CASE("quorum: a machine whose operating system hangs is not up until it is rebooted") {
  Machines machines;
  machines.aws.run(10min);
  machines.all[0]->fail_system();
  machines.all[1]->fail_system();
  machines.aws.run(25min);
  machines.all[1]->reboot();
  machines.aws.run(1h);
  // Too few from 10 to 25 min.
  CHECK(machines.metric("quorum.share") == doctest::Approx(0.75));
}

TEST_CASE("quorum: it answers while there are enough, and fails with QuorumLost otherwise") {
  Machines machines;
  machines.aws.run(1min);
  CHECK(machines.ask().ok());
  machines.all[0]->terminate();
  machines.all[2]->terminate();
  const Response lost = machines.ask();
  CHECK(lost.fault == Fault::transient);
  CHECK(machines.aws.world.errors.name(lost.error) == kLost);
  Audit audit;
  machines.quorum->audit(audit);
  REQUIRE(audit.lines().size() == 1);
  CHECK(audit.lines().front().ok);
}

}  // namespace
}  // namespace nephoscope::quorum
