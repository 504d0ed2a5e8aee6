// The commands that run a scenario with changes: sweep, find, sensitivity.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/tools/running.hpp"

using namespace nephoscope;
using Json = nlohmann::ordered_json;

namespace {

// Servers of 20 ms and 80 requests a second: with one of them utilisation would be 160 %, with two it is 80
// %.
constexpr const char* kStation = R"(nephoscope: 1
name: a station
run: {duration: 60s, warmup: 5s, replications: 10, seed: 1}
workloads:
  users: {target: web, arrivals: {rate: 80/s}, timeout: 1s, retry: {mode: none}}
resources:
  web:
    type: Nephoscope::Station
    service: {dist: exponential, mean: 20ms}
    queue_limit: 100
    assume: {error_rate: {low: 0%, high: 10%}}
expect: [availability >= 85%]
)";

struct Bench {
  TemporaryFolder folder;
  explicit Bench(const std::string& more = "") {
    std::ofstream(folder.path() / "s.yaml") << kStation << more;
  }
  Outcome run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin() + 1, "s.yaml");
    arguments.emplace_back("--quiet");
    return run_in(folder, std::move(arguments));
  }
};

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("sweep: each point has a row with its metrics and verdict, and the exit status is 0") {
  const Outcome outcome = Bench().run({"sweep", "--matrix", "resources.web.servers=1,2"});
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, "point      availability"));
  CHECK(contains(outcome.out, "servers=1"));
  CHECK(contains(outcome.out, "fail\n"));
  CHECK(contains(outcome.out, "pass\n"));
  CHECK(contains(outcome.out, "2 points, 10 replications each, seed 1"));
}

TEST_CASE("sweep: a point has the figures that `run` gives with its changes") {
  const Bench bench;
  const Json swept = Json::parse(
      bench.run({"sweep", "--matrix", "resources.web.servers=2..3", "--metric", "latency.p99", "--json"})
          .out);
  const Json alone = Json::parse(bench.run({"run", "--set", "resources.web.servers=3", "--json"}).out);
  CHECK(swept["variants"]["servers=3"]["summary"]["latency.p99"] == alone["summary"]["latency.p99"]);
  CHECK(swept["variants"]["servers=3"]["overrides"]["resources.web.servers"] == "3");
}

TEST_CASE("sweep: a dry run shows the points of section and flags, and runs nothing") {
  const Bench bench(
      "sweep: {matrix: {resources.web.servers: 1..9}, exclude: [{resources.web.servers: 2}]}\n");
  const Outcome outcome = bench.run({"sweep", "--dry-run", "--matrix", "resources.web.servers=2..4", "--zip",
                                     "resources.web.queue_limit=7,8", "--exclude",
                                     "resources.web.servers=4;resources.web.queue_limit=7"});
  CHECK(outcome.status == 0);
  CHECK(outcome.out ==
        "servers=3, queue_limit=7\n  resources.web.servers=3\n  resources.web.queue_limit=7\n"
        "servers=3, queue_limit=8\n  resources.web.servers=3\n  resources.web.queue_limit=8\n"
        "servers=4, queue_limit=8\n  resources.web.servers=4\n  resources.web.queue_limit=8\n"
        "3 points; nothing was run\n");
}

TEST_CASE("sweep: what has finished is kept, and taken from there the next time") {
  const Bench bench;
  const std::vector<std::string> command = {"sweep", "--matrix", "resources.web.servers=2..3", "-o", "out"};
  const Outcome first = bench.run(command);
  CHECK(first.status == 0);
  const Outcome second = bench.run(command);
  CHECK(second.out == first.out);
  CHECK(std::filesystem::exists(bench.folder.path() / "out" / "results.json"));
  CHECK(std::filesystem::exists(bench.folder.path() / "out" / "replications.store"));
}

TEST_CASE("sweep: points share their seed and number of replications") {
  const Outcome outcome = Bench().run({"sweep", "--matrix", "run.seed=1,2"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "all points of a sweep share run.seed"));
}

TEST_CASE("sweep: an invalid point is named and nothing runs") {
  const Outcome outcome = Bench().run({"sweep", "--matrix", "resources.web.servers=0..2"});
  CHECK(outcome.status == 2);
  CHECK(outcome.out.empty());
  CHECK(contains(outcome.err, "at the point servers=0:\nerror[E023]"));
  CHECK(contains(outcome.err, "1 of 3 points are invalid; nothing was run"));
}

TEST_CASE("sweep: more points than the limit are an error before any is read") {
  const Bench bench;
  const Outcome outcome = bench.run({"sweep", "--matrix", "resources.web.servers=1..1001"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "the sweep has 1001 points or more"));
  CHECK(bench.run({"sweep", "--matrix", "resources.web.servers=1..3", "--max-points", "2"}).status == 2);
}

TEST_CASE("sweep: without points, or with a flag that is none, there is a hint") {
  const Bench bench;
  CHECK(contains(bench.run({"sweep"}).err, "there are no points to sweep"));
  CHECK(contains(bench.run({"sweep", "--matrix", "resources.web.servers"}).err, "expected PATH=VALUES"));
  CHECK(contains(bench.run({"sweep", "--exclude", "x"}).err, "expected PATH=VALUE;PATH=VALUE"));
  CHECK(contains(bench.run({"sweep", "--matrix", "run.seed=1,2", "--metric", "latency.p98"}).err,
                 "'latency.p98' is not among the results"));
  CHECK(contains(bench.run({"sweep", "--matrix", "run.seed=1,2", "--metric", "availabilty"}).err,
                 "did you mean 'availability'?"));
}

TEST_CASE("find: the smallest value that meets the expectations is found, and exits 0") {
  const Bench bench("find: {path: resources.web.servers, from: 1, to: 9}\n");
  const Outcome outcome = bench.run({"find"});
  CHECK(outcome.status == 0);
  CHECK(contains(
      outcome.out,
      "FOUND  resources.web.servers = 2 is the smallest of 1 to 9 that meets the expectations; 1 fails\n"));
}

TEST_CASE("find: where no value meets the expectations the exit status is 1") {
  const Outcome outcome = Bench().run({"find", "--path", "resources.web.servers", "--from", "1", "--to", "3",
                                       "--set", "expect.0=availability >= 99%"});
  CHECK(outcome.status == 1);
  CHECK(contains(outcome.out, "NONE  resources.web.servers = 3 fails"));
}

TEST_CASE("find: where the data do not decide the exit status is 3, after the replications were doubled") {
  // Availability is 95 % with enough servers, since half of the range 0 to 10 % fails on average.
  const Outcome outcome =
      Bench().run({"find", "--path", "resources.web.servers", "--from", "2", "--to", "3", "--set",
                   "expect.0=availability >= 94.9%", "--replications", "2", "--max-replications", "4"});
  CHECK(outcome.status == 3);
  CHECK(contains(outcome.out, "INCONCLUSIVE  between resources.web.servers = 2 and 3\n"));
  CHECK(contains(outcome.out, "  4  inconclusive  availability >= 94.9%"));
}

TEST_CASE("find: a larger value that fails is told") {
  const Json found = Json::parse(Bench()
                                     .run({"find", "--path", "resources.web.service", "--from", "10ms",
                                           "--to", "50ms", "--step", "20ms", "--json"})
                                     .out);
  CHECK(found["value"] == "10ms");
  CHECK(found["fails_above"] == "50ms");
}

TEST_CASE("find: what cannot be searched is a usage error") {
  const Bench bench;
  CHECK(contains(bench.run({"find"}).err, "give --path, --from and --to"));
  CHECK(bench.run({"find", "--path", "resources.web.servers", "--from", "0", "--to", "3"}).status == 2);
  CHECK(contains(bench.run({"find", "--path", "run.seed", "--from", "4", "--to", "3"}).err,
                 "the range ends at 3, below its start 4"));
  CHECK(contains(bench.run({"find", "--set", "expect=[]"}).err, "the scenario expects nothing"));
}

TEST_CASE("sensitivity: a range is ranked for each metric, and what cannot be told from zero says so") {
  const Outcome outcome = Bench().run({"sensitivity", "--set", "resources.web.servers=4"});
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, "resources.web.assume.error_rate  0% .. 10%"));
  CHECK(contains(outcome.out, "████████████████████\n"));
  CHECK(contains(outcome.out, "latency.p99"));
  CHECK(contains(outcome.out, "indistinguishable from zero\n"));
}

TEST_CASE("sensitivity: the difference is that of runs at both ends") {
  const Bench bench;
  const auto availability = [&](const std::string& rate) {
    const std::string set = "resources.web.assume.error_rate=" + rate;
    const auto out = bench.run({"run", "--set", set, "--set", "resources.web.servers=4", "--json"}).out;
    return Json::parse(out)["workloads"]["users"]["availability"]["mean"].get<double>();
  };
  const Json found = Json::parse(
      bench.run({"sensitivity", "--set", "resources.web.servers=4", "--metric", "availability", "--json"})
          .out)["effects"]["availability"][0];
  // Replications have about as many calls each, so that the mean of differences is that of the pooled values.
  CHECK(found["difference"]["mean"].get<double>() ==
        doctest::Approx(availability("10%") - availability("0%")).epsilon(0.01));
  CHECK(found["distinguishable"] == true);
  CHECK(found["rank_correlation"].get<double>() < -0.9);
}

TEST_CASE("sensitivity: without ranges there is a hint, and --assume-range makes them") {
  const Bench bench;
  const std::vector<std::string> fixed = {"--set", "resources.web.assume.error_rate=5%"};
  std::vector<std::string> arguments = {"sensitivity", fixed[0], fixed[1]};
  CHECK(bench.run(arguments).status == 2);
  CHECK(contains(bench.run(arguments).err, "--assume-range 20%"));
  arguments.insert(arguments.end(), {"--assume-range", "20%", "--format", "csv"});
  CHECK(contains(bench.run(arguments).out, "availability,resources.web.assume.error_rate,4%,6%,"));
}
