#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/tools/small_scenario.hpp"
#include "tools/nephoscope/comparison_summary.hpp"

using namespace nephoscope;
using Json = nlohmann::ordered_json;

namespace {

std::string variants(const std::string& more = "") {
  return one_server("availability >= 99%", "replications: 4", kVariants + more);
}

std::size_t widest_line(const std::string& text) {
  std::istringstream lines(text);
  std::size_t width = 0;
  for (std::string line; std::getline(lines, line);) width = std::max(width, display_width(line));
  return width;
}

}  // namespace

TEST_CASE("compare: every variant has a row and is set against the base") {
  const Outcome outcome = Bench(variants()).run({"compare", "s.yaml"});
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, "PASS  3 of 3 meet their expectations\n"));
  CHECK(contains(outcome.out, "\ntwo "));
  CHECK(contains(outcome.out, "\nslow "));
  CHECK(contains(outcome.out, "  less base "));
  // two servers wait less, 18 ms of service is longer than any of 5 ms in the mean
  CHECK(contains(outcome.out, "best latency p99      two > base > slow\n"));
}

TEST_CASE("compare: results name differences, and a variant's figures are those of run --variant") {
  const Bench bench(variants());
  const Json json = Json::parse(bench.run({"compare", "s.yaml", "--json"}).out);
  const Json alone = Json::parse(bench.run({"run", "s.yaml", "--variant", "two", "--json"}).out);
  CHECK(json["variants"]["two"]["summary"] == alone["summary"]);
  CHECK(json["baseline"] == "base");
  const auto latency = [](const Json& each) {
    return each["metric"] == "latency.mean" && each["b"] == "slow";
  };
  const auto found = std::find_if(json["differences"].begin(), json["differences"].end(), latency);
  REQUIRE(found != json["differences"].end());
  CHECK((*found)["ci95"][0] > 0);
}

TEST_CASE("compare: variants and the baseline can be chosen") {
  const Json json =
      Json::parse(Bench(variants())
                      .run({"compare", "s.yaml", "--variants", "slow,base", "--baseline", "two", "--json"})
                      .out);
  CHECK(json["baseline"] == "two");
  CHECK(json["variants"].size() == 2);
  CHECK(json["variants"].contains("base"));
}

TEST_CASE("compare: a second scenario runs with the first one's seed and replications") {
  const Bench bench;
  bench.write("other.yaml", one_server("availability >= 99%", "replications: 9, start: 2026-02-01T00:00Z"));
  const Json json = Json::parse(bench.run({"compare", "s.yaml", "other.yaml", "--json"}).out);
  CHECK(json["baseline"] == "s");
  CHECK(json["variants"]["other"]["replications"] == 4);
  // nothing that matters differs
  CHECK(json["variants"]["other"]["fingerprint"] == json["fingerprint"]);
}

TEST_CASE("compare: the number of workers changes nothing but the time taken") {
  const Bench bench(variants());
  const std::string one = bench.run({"compare", "s.yaml", "--json", "--workers", "1"}).out;
  const std::string three = bench.run({"compare", "s.yaml", "--json", "--workers", "3"}).out;
  CHECK(without_seconds(one) == without_seconds(three));
}

TEST_CASE("compare: a variant that fails its expectations makes the exit status 1 and is named") {
  const Outcome outcome =
      Bench(variants("  bad: {expect.0: availability < 50%}\n")).run({"compare", "s.yaml", "--quiet"});
  CHECK(outcome.status == 1);
  CHECK(contains(outcome.out, "FAIL  3 of 4 meet their expectations\n"));
  CHECK(contains(outcome.out, "fail: bad: availability < 50%"));
  CHECK(outcome.err.empty());
}

TEST_CASE("compare: what cannot be compared is a usage error") {
  CHECK(contains(Bench().run({"compare", "s.yaml"}).err, "has no variants to compare"));
  const Bench bench(variants());
  const Outcome unknown = bench.run({"compare", "s.yaml", "--variants", "slwo"});
  CHECK(unknown.status == 2);
  CHECK(contains(unknown.err, "there is no variant 'slwo'\n  did you mean 'slow'?"));
  CHECK(bench.run({"compare", "s.yaml", "s.yaml", "--variants", "two"}).status == 2);
  CHECK(bench.run({"compare", "s.yaml", "--format", "junit"}).status == 2);
  const Bench broken(variants("  bad: {resources.server.servers: 0}\n"));
  const Outcome invalid = broken.run({"compare", "s.yaml"});
  CHECK(invalid.status == 2);
  CHECK(contains(invalid.err, "in variant bad:\n"));
}

TEST_CASE("compare: twenty variants with long names still take one screen, and the rest are counted") {
  std::string many;
  for (int i = 0; i < 20; ++i)
    many += "  a-very-long-name-of-a-variant-number-" + std::to_string(i) + ": {run.duration: 60s}\n";
  const Outcome outcome = Bench(variants(many)).run({"compare", "s.yaml"});
  CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') <= 40);
  CHECK(widest_line(outcome.out) <= kComparisonWidth);
  CHECK(contains(outcome.out, " more variants in results.json"));
}

TEST_CASE("compare: warnings that all variants share are shown once") {
  const std::string cold = one_server("availability >= 99%", "replications: 2", kVariants);
  const Bench bench(std::string(cold).replace(cold.find("warmup: 5s, "), 12, ""));
  const std::string err = bench.run({"compare", "s.yaml"}).err;
  const auto first = err.find("W001");
  REQUIRE(first != std::string::npos);
  CHECK(err.find("W001", first + 1) == std::string::npos);
}

TEST_CASE("compare: Markdown has a row for each variant and difference, CSV names the points") {
  const Bench bench(variants());
  const std::string markdown = bench.run({"compare", "s.yaml", "--format", "markdown"}).out;
  CHECK(contains(markdown, "\n| two | ✓ 1 of 1 hold |"));
  CHECK(contains(markdown, "\n| less base |"));
  const std::string csv = bench.run({"compare", "s.yaml", "--format", "csv"}).out;
  CHECK(contains(csv, ",one server,two,0,1,,availability,"));
  CHECK(contains(csv, ",one server,two - base,,1,,availability,"));
}

TEST_CASE("compare: results.json holds what --json prints") {
  const Bench bench(variants());
  const Outcome outcome = bench.run({"compare", "s.yaml", "-o", "results", "--json"});
  CHECK(bench.file("results/results.json") == outcome.out);
}
