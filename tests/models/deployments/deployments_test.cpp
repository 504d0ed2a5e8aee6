#include "models/deployments/deployments.hpp"

#include <doctest/doctest.h>

#include "engine/base/check.hpp"
#include "models/common/deployment.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"

namespace nephoscope::deployments {
namespace {

// Takes five minutes for whatever is shipped to it.
class Target final : public DeploymentTarget {
 public:
  Target(World& world, DeploymentOutcome outcome) : world_(world), outcome_(outcome) {}
  void deploy(const std::string& deployment, const std::string& version,
              DeploymentListener& listener) override {
    shipped += deployment + " " + version;
    listener_ = &listener;
    world_.simulation.after(
        5min, [](void* target) { static_cast<Target*>(target)->end(); }, this);
  }
  std::string deployed_version() const override { return "v1"; }
  std::string shipped;

 private:
  void end() { listener_->deployment_ended(shipped, outcome_); }
  World& world_;
  DeploymentOutcome outcome_;
  DeploymentListener* listener_ = nullptr;
};

class Fixture final : public Wiring {
 public:
  explicit Fixture(DeploymentOutcome outcome, std::optional<Duration> redeploy_after = {})
      : world({.warmup = {},
               .duration = 1h,
               .start_epoch = 0,
               .windows = {{.id = "during ship", .from = 10min, .to = 1h, .occasion = "ship"},
                           {.id = "after ship", .from = 1h, .to = 1h, .occasion = "ship", .after = true}}},
              Seed{1}, 0),
        target(world, outcome),
        config{.at = 10min,
               .target = {.id = "web"},
               .version = Reference{.id = "v2"},
               .redeploy_after = redeploy_after},
        deployment(config.build(world, "ship")) {
    deployment->connect(*this);
    deployment->start();
    world.simulation.run_until(world.end());
    deployment->report(report);
  }
  ~Fixture() override { world.simulation.clear(); }
  Endpoint& endpoint(std::string_view) const override { fail_check("test", "nothing is called"); }
  Application& application(std::string_view) const override { fail_check("test", "nothing runs"); }
  DeploymentTarget& deployment_target(std::string_view) const override { return target; }
  RatioMeasure metric(const char* name) const {
    return std::get<RatioMeasure>(report.find({Scope::resource, "ship", name})->value);
  }

  World world;
  mutable Target target;
  DeploymentConfig config;
  std::unique_ptr<Resource> deployment;
  Report report;
};

TEST_CASE("deployments: a version is shipped at its time, and its way takes as long as the target takes") {
  const Fixture fixture(DeploymentOutcome::succeeded);
  CHECK(fixture.target.shipped == "ship v2");
  CHECK(fixture.metric("succeeded").numerator == 1);
  CHECK(fixture.metric("time_to_ship").numerator == doctest::Approx(300));
  const auto& log = fixture.world.events.events();
  REQUIRE(log.size() == 2);
  CHECK(log[0].text == "ships v2 to web");
  CHECK(log[1].text == "succeeded after 5m");
  CHECK(log[1].time == Time{} + 15min);
}

TEST_CASE("deployments: one that fails has no time to ship") {
  const Fixture fixture(DeploymentOutcome::rolled_back);
  CHECK(fixture.metric("succeeded").numerator == 0);
  CHECK(fixture.metric("time_to_ship").denominator == 0);
  CHECK(fixture.world.events.events().back().text == "rolled back after 5m");
}

TEST_CASE("deployments: a window during one ends with it, and the window after it begins there") {
  const Fixture fixture(DeploymentOutcome::succeeded);
  CHECK(fixture.world.run.windows[0].to == 15min + Duration(1));
  CHECK(fixture.world.run.windows[1].from == 15min + Duration(1));
  CHECK(fixture.world.run.windows[1].to == 1h);
}

TEST_CASE("deployments: after a failure somebody may ship the version before, and only then it is over") {
  // Failed at 15 min, noticed 10 min later, shipped in 5 min.
  const Fixture fixture(DeploymentOutcome::failed, 10min);
  CHECK(fixture.target.shipped == "ship v2ship v1");
  CHECK(fixture.world.events.events().back().text == "shipping the version before: failed");
  CHECK(fixture.world.run.windows[0].to == 30min + Duration(1));
}

TEST_CASE("deployments: what rolled back by itself is not shipped again") {
  const Fixture fixture(DeploymentOutcome::rolled_back, 10min);
  CHECK(fixture.target.shipped == "ship v2");
  CHECK(fixture.metric("rolled_back").numerator == 1);
}

}  // namespace
}  // namespace nephoscope::deployments
