// Replications of scenarios that move data in bulk.
#include <doctest/doctest.h>
#include <signal.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "engine/base/check.hpp"
#include "models/common/world.hpp"
#include "models/replication.hpp"
#include "models/report_process.hpp"

using namespace nephoscope;

namespace {

enum class Mishap : std::uint8_t { none, check, death };

// Reports its process, and moves 6.25 GB between two zones if it may.
class Mover final : public Resource {
 public:
  Mover(World& world, bool moves, Mishap mishap) : world_(world), moves_(moves), mishap_(mishap) {}
  void start() override {
    if (moves_) world_.simulation.spawn(move(*this));
  }
  void report(Report& report) const override {
    report.ratio({Scope::resource, "mover", "process"}, "1", static_cast<double>(::getpid()), 1);
    report.ratio({Scope::resource, "mover", "seconds"}, "s", seconds_, 1);
  }

 private:
  static Process move(Mover& self) {
    const PlaceId from = self.world_.network->zone_place(ZoneId(0));
    const PlaceId to = self.world_.network->zone_place(ZoneId(1));
    const Transfer transfer = co_await self.world_.network->transfer(from, to, Bytes(6'250'000'000));
    check(self.mishap_ != Mishap::check, "test", "a mishap");
    if (self.mishap_ == Mishap::death) ::raise(SIGKILL);
    self.seconds_ = to_seconds(transfer.time);
  }

  World& world_;
  bool moves_;
  Mishap mishap_;
  double seconds_ = 0;
};

struct MoverConfig final : ResourceConfig {
  bool moves;
  Mishap mishap;
  MoverConfig(bool does, Mishap what) : moves(does), mishap(what) {}
  bool has_flows() const override { return moves; }
  std::unique_ptr<Resource> build(World& world, const std::string&) const override {
    return std::make_unique<Mover>(world, moves, mishap);
  }
};

Scenario scenario_with(bool moves, Mishap mishap = Mishap::none) {
  SourceSet sources;
  Diagnostics diagnostics;
  auto scenario = parse_scenario(sources, "flows.yaml",
                                 "nephoscope: 1\nname: flows\nrun: {duration: 1min, warmup: 0s}\nresources:\n"
                                 "  web: {type: Nephoscope::Station, servers: 9, service: 10ms}\nworkloads:\n"
                                 "  users: {target: web, arrivals: {rate: 10/s}}\n",
                                 {}, diagnostics);
  REQUIRE_MESSAGE(scenario.has_value(), diagnostics.render(sources));
  Named<ResourceEntry> mover;
  mover.id = "mover";
  mover.value.config = std::make_unique<MoverConfig>(moves, mishap);
  scenario->document.resources.push_back(std::move(mover));
  return std::move(*scenario);
}

double value(const Report& report, const char* id, const char* name) {
  const Measure* const measure = report.find({Scope::resource, id, name});
  REQUIRE(measure != nullptr);
  const auto& ratio = std::get<RatioMeasure>(measure->value);
  return ratio.numerator / ratio.denominator;
}

bool reports_flows(const std::vector<MetricKey>& metrics) {
  for (const MetricKey& key : metrics)
    if (key == MetricKey{Scope::resource, "network", "flows"}) return true;
  return false;
}

}  // namespace

TEST_CASE("flows: a replication with bulk transfers runs in a process of its own and reports them") {
  // One flow of 5 Gbps: 6.25 GB in 10 s.
  const Scenario scenario = scenario_with(true);
  for (std::uint32_t replication : {0U, 1U}) {
    const Report report = run_replication(scenario, replication);
    CHECK(value(report, "mover", "process") != ::getpid());
    CHECK(value(report, "mover", "seconds") == 10);
    CHECK(value(report, "network", "flows") == 1);
    CHECK(value(report, "network", "bytes") == 6.25e9);
    CHECK(value(report, "network", "rate.mean") == doctest::Approx(625e6));
    CHECK(report.requests > 0);
    for (const AuditLine& line : report.audits) CHECK_MESSAGE(line.ok, line.name, ": ", line.detail);
  }
}

TEST_CASE("flows: a replication without bulk transfers runs here and reports none") {
  const Scenario scenario = scenario_with(false);
  CHECK(value(run_replication(scenario, 0), "mover", "process") == ::getpid());
  CHECK_FALSE(reports_flows(measured_metrics(scenario)));
}

TEST_CASE("flows: what is measured is known without running") {
  CHECK(reports_flows(measured_metrics(scenario_with(true))));
}

TEST_CASE("flows: results are the same every time") {
  const Scenario scenario = scenario_with(true);
  const Report first = run_replication(scenario, 0), second = run_replication(scenario, 0);
  CHECK(first.fingerprint == second.fingerprint);
  CHECK(first.events == second.events);
}

TEST_CASE("flows: a failed check comes back as one, with time, seed and replication") {
  const Scenario scenario = scenario_with(true, Mishap::check);
  CHECK_THROWS_WITH_AS(run_replication(scenario, 3), "test: a mishap (at 10 s, seed 42, replication 3)",
                       CheckFailure);
}

TEST_CASE("flows: the death of a replication's process is told") {
  const Scenario scenario = scenario_with(true, Mishap::death);
  CHECK_THROWS_WITH_AS(run_replication(scenario, 0),
                       "the process of a replication was killed by signal 9 (Killed)", ProcessDied);
}
