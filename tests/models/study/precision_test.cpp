#include "models/study/precision.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "models/study/points.hpp"
#include "models/study/results.hpp"
#include "models/study/study.hpp"

using namespace nephoscope;

namespace {

RunConfig asking_for(double half_width, std::int64_t replications) {
  RunConfig run;
  run.replications = replications;
  run.precision = {{"latency.mean", Probability(half_width), {}}};
  return run;
}

// Utilisation 50 % of one server, 20 s: some 1,000 calls a replication, so mean latencies vary by some 10 %.
Scenario scenario(const std::string& run, Diagnostics& diagnostics) {
  const std::string text =
      "nephoscope: 1\nname: one server\nrun: {duration: 20s, warmup: 0s, seed: 1, " + run +
      "}\n"
      "workloads:\n  users: {target: server, arrivals: {rate: 50/s}, timeout: 9s}\n"
      "resources:\n  server: {type: Nephoscope::Station, service: {dist: exponential, mean: "
      "10ms}}\n";
  SourceSet sources;
  auto read = parse_scenario(sources, "one.yaml", text, {}, diagnostics);
  return read ? std::move(*read) : Scenario{};
}

StudyResult result_of(const std::string& run, unsigned workers = 2) {
  Diagnostics diagnostics;
  const Scenario read = scenario(run, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  return run_study(read, {}, {.workers = workers});
}

}  // namespace

TEST_CASE("precision: without one, as many replications as asked for") {
  RunConfig run;
  run.replications = 4;
  CHECK(replication_range(run).first == 4);
  CHECK(replication_range(run).most == 4);
}

TEST_CASE("precision: begins with at least 10 replications, and ends at 100 times those asked for") {
  CHECK(replication_range(asking_for(0.02, 4)).first == 10);
  CHECK(replication_range(asking_for(0.02, 4)).most == 400);
  CHECK(replication_range(asking_for(0.02, 25)).first == 25);
  CHECK(replication_range(asking_for(0.02, 90'000)).most == 100'000);
  RunConfig limited = asking_for(0.02, 4);
  limited.max_replications = 7;
  CHECK(replication_range(limited).first == 7);
  CHECK(replication_range(limited).most == 7);
}

TEST_CASE("precision: a study stops when two blocks in a row end precise enough") {
  StoppingRule rule;
  CHECK_FALSE(rule.enough(true));
  CHECK_FALSE(rule.enough(false));
  CHECK_FALSE(rule.enough(true));
  CHECK(rule.enough(true));
}

TEST_CASE("precision: what a scenario names and nobody measured is left out") {
  CHECK(precision_of(asking_for(0.02, 4), Pooling()).empty());
}

TEST_CASE("precision: a relative half-width is that of the 95 % interval") {
  Pooling pooling;
  for (const double value : {1.0, 2.0, 3.0}) {
    Report report;
    report.ratio({Scope::summary, "", "latency.mean"}, "s", value, 1);
    pooling.add(std::move(report));
  }
  const auto precision = precision_of(asking_for(0.02, 4), pooling);
  REQUIRE(precision.size() == 1);
  // t(0.975, 2) x 1 / sqrt(3) = 2.48414 around 2
  CHECK(precision[0].relative_half_width == doctest::Approx(1.24207).epsilon(1e-5));
  CHECK_FALSE(precision[0].reached());
}

TEST_CASE("precision: availability has none until five replications have failures") {
  RunConfig run;
  run.precision = {{"availability", Probability(0.5), {}}};
  Pooling pooling;
  const auto add = [&](double failed) {
    Report report;
    report.ratio({Scope::summary, "", "availability"}, "1", 1000 - failed, 1000);
    pooling.add(std::move(report));
  };
  for (int i = 0; i < 10; ++i) add(i < 4 ? 100 + i : 0);
  CHECK_FALSE(precision_of(run, pooling)[0].reached());
  add(100);
  CHECK(precision_of(run, pooling)[0].reached());
}

TEST_CASE("precision: a study adds blocks of 10 until it is precise, and says how precise it is") {
  const StudyResult result = result_of("replications: 10, precision: {latency.mean: 3%}");
  CHECK(result.replications % 10 == 0);
  CHECK(result.replications > 10);
  REQUIRE(result.precision.size() == 1);
  CHECK(result.precision[0].reached());
  CHECK(result.precision[0].relative_half_width ==
        result.find({Scope::summary, "", "latency.mean"})->interval.relative_half_width());
  CHECK_FALSE(result.partial());
}

TEST_CASE("precision: the number of workers does not change where a study stops") {
  const std::string run = "replications: 10, precision: {latency.mean: 3%}";
  StudyResult one = result_of(run, 1), many = result_of(run, 7);
  one.wall_seconds = many.wall_seconds = 0;
  CHECK(results_json(one, "0") == results_json(many, "0"));
}

TEST_CASE("precision: what cannot be reached ends at max_replications and is not called reached") {
  const StudyResult result =
      result_of("replications: 10, max_replications: 25, precision: {latency.mean: 0.01%}");
  CHECK(result.replications == 25);
  CHECK_FALSE(result.precision[0].reached());
}

TEST_CASE("precision: all points get the same number of replications") {
  Diagnostics diagnostics;
  std::vector<Scenario> scenarios;
  scenarios.push_back(scenario("replications: 10, precision: {latency.mean: 3%}", diagnostics));
  scenarios.push_back(scenario("replications: 2", diagnostics));
  pair_scenarios(scenarios);
  const std::vector<Point> points = {{"a", {}}, {"b", {}}};
  const auto results = run_points(points, scenarios, {.workers = 2});
  CHECK(results[0].replications > 10);
  CHECK(results[0].replications == results[1].replications);
}

TEST_CASE("precision: metrics that nobody measures, and a limit that nothing uses, are errors") {
  for (const char* run : {"precision: {latncy.p99: 2%}", "precision: {resources.server.nothing: 2%}",
                          "precision: {latency.p99: 0%}", "max_replications: 50",
                          "replications: 20, max_replications: 10, precision: {latency.p99: 2%}"}) {
    Diagnostics diagnostics;
    scenario(run, diagnostics);
    CHECK_MESSAGE(diagnostics.error_count() == 1, run);
  }
}
