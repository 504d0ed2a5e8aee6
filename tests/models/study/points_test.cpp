#include "models/study/points.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "models/study/results.hpp"
#include "models/study/study.hpp"

using namespace nephoscope;

namespace {

// Utilisation 50/s x 5 ms = 25 % of one server; the variant has two.
constexpr const char* kScenario = R"(
nephoscope: 1
name: one server
run: {duration: 60s, warmup: 5s, replications: 5, seed: 1}
workloads:
  users: {target: server, arrivals: {rate: 50/s}, timeout: 1s}
resources:
  server: {type: Nephoscope::Station, servers: 1, service: {dist: exponential, mean: 5ms}}
variants:
  two: {resources.server.servers: 2}
  longer: {run.replications: 9, run.seed: 7}
)";

Scenario scenario(const std::string& variant) {
  SourceSet sources;
  Diagnostics diagnostics;
  auto read = parse_scenario(sources, "one.yaml", kScenario,
                             {.overrides = {}, .variant = variant, .data_dir = {}}, diagnostics);
  REQUIRE_MESSAGE(read, diagnostics.render(sources));
  return std::move(*read);
}

struct Variants {
  std::vector<Point> points;
  std::vector<Scenario> scenarios;
  explicit Variants(const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      points.push_back({name.empty() ? "base" : name, {.overrides = {}, .variant = name, .data_dir = {}}});
      scenarios.push_back(scenario(name));
    }
    pair_scenarios(scenarios);
  }
  std::vector<StudyResult> run(const StudyOptions& options) const {
    return run_points(points, scenarios, options);
  }
};

std::string bytes(std::vector<StudyResult> results) {
  std::string text;
  for (StudyResult& result : results) {
    result.wall_seconds = 0;
    text += results_json(result, "0");
  }
  return text;
}

}  // namespace

TEST_CASE("points: the results are the same bytes for any number of workers, and without forking") {
  const Variants variants({"", "two"});
  const std::string one = bytes(variants.run({.workers = 1}));
  CHECK(one == bytes(variants.run({.workers = 4})));
  CHECK(one == bytes(variants.run({.fork = false})));
}

TEST_CASE("points: a point's results are those of a study of its own") {
  const std::vector<StudyResult> together = Variants({"", "two"}).run({.workers = 2});
  const Variants alone({"two"});
  CHECK(together[1].fingerprint == alone.run({.workers = 2})[0].fingerprint);
  CHECK(together[1].point == "two");
  CHECK(together[0].fingerprint != together[1].fingerprint);
}

TEST_CASE("points: paired scenarios have one seed and one number of replications") {
  const std::vector<StudyResult> results = Variants({"", "longer"}).run({.workers = 2});
  CHECK(results[1].seed == 1);
  CHECK(results[1].replications == 5);
  // the same scenario with the same seed
  CHECK(results[0].fingerprint == results[1].fingerprint);
}

TEST_CASE("points: progress counts the replications of all points") {
  std::vector<std::uint32_t> seen;
  std::uint32_t all = 0;
  StudyOptions options{.workers = 2};
  options.progress = [&](std::uint32_t finished, std::uint32_t total) {
    seen.push_back(finished);
    all = total;
  };
  Variants({"", "two"}).run(options);
  // 2 points x 5 replications
  CHECK(all == 10);
  CHECK(seen.size() == 11);
  CHECK(std::is_sorted(seen.begin(), seen.end()));
}
