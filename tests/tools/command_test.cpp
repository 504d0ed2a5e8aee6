#include <doctest/doctest.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "tests/tools/small_scenario.hpp"

using namespace nephoscope;
using Json = nlohmann::ordered_json;

TEST_CASE("command: a run whose expectations hold exits 0 and shows the verdict") {
  const Outcome outcome = Bench().run({"run", "s.yaml"});
  CHECK(outcome.status == 0);
  CHECK(contains(outcome.out, "PASS  1 of 1 expectations hold\n"));
}

TEST_CASE("command: a failed expectation exits 1") {
  CHECK(Bench(one_server("availability < 50%")).run({"run", "s.yaml"}).status == 1);
}

TEST_CASE("command: an inconclusive run exits 3, or 0 where that is allowed") {
  const Bench bench;
  CHECK(bench.run({"run", "s.yaml", "--replications", "1"}).status == 3);
  CHECK(bench.run({"run", "s.yaml", "--replications", "1", "--allow-inconclusive"}).status == 0);
}

TEST_CASE("command: an invalid scenario exits 2, says where, and nothing is written") {
  const Bench bench(one_server("availabilty >= 99%"));
  const Outcome outcome = bench.run({"run", "s.yaml", "-o", "results"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "s.yaml:8:10"));
  CHECK(contains(outcome.err, "did you mean 'availability'?"));
  CHECK(outcome.out.empty());
  CHECK_FALSE(bench.has("results"));
}

TEST_CASE("command: results that exist survive a run that fails") {
  const Bench bench(one_server("availabilty >= 99%"));
  std::filesystem::create_directory(bench.folder.path() / "results");
  std::ofstream(bench.folder.path() / "results" / "results.json") << "old";
  CHECK(bench.run({"run", "s.yaml", "-o", "results"}).status == 2);
  CHECK(bench.file("results/results.json") == "old");
}

TEST_CASE("command: a folder for results that cannot be made is a usage error before anything runs") {
  const Outcome outcome = Bench().run({"run", "s.yaml", "-o", "s.yaml/results"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "cannot create the folder"));
  CHECK(outcome.out.empty());
}

TEST_CASE("command: results.json holds what --json prints") {
  const Bench bench;
  const Outcome outcome = bench.run({"run", "s.yaml", "-o", "results", "--json"});
  CHECK(bench.file("results/results.json") == outcome.out);
  CHECK(Json::parse(outcome.out)["expectations"][0]["verdict"] == "pass");
}

TEST_CASE("command: the number of workers changes nothing but the time taken") {
  const Bench bench;
  Json one = Json::parse(bench.run({"run", "s.yaml", "--json", "--workers", "1"}).out);
  Json three = Json::parse(bench.run({"run", "s.yaml", "--json", "--workers", "3"}).out);
  one.erase("wall_seconds"), three.erase("wall_seconds");
  CHECK(one.dump() == three.dump());
}

TEST_CASE("command: progress goes to stderr, a line for each tenth, and --quiet is quiet") {
  const Bench bench;
  CHECK(contains(bench.run({"run", "s.yaml"}).err, "2 of 4 replications (50%)"));
  CHECK(bench.run({"run", "s.yaml", "--quiet"}).err.empty());
}

TEST_CASE("command: flags override the scenario and stand in the results") {
  const Json json =
      Json::parse(Bench().run({"run", "s.yaml", "--seed", "9", "--set", "run.replications=2", "--json"}).out);
  CHECK(json["seed"] == 9);
  CHECK(json["replications"] == 2);
  CHECK(json["scenario"]["overrides"] == Json::array({"run.replications=2", "run.seed=9"}));
}

TEST_CASE("command: an interrupt ends the run with status 130 and keeps finished replications") {
  // 100 replications of an hour: nine tenths of the work are left when the interrupt comes
  const Bench bench(one_server("availability >= 99%", "replications: 100"));
  Running running(bench.folder,
                  {"run", "s.yaml", "-o", "results", "--workers", "1", "--set", "run.duration=1h"});
  REQUIRE(running.await_error("10 of 100"));
  ::kill(running.process(), SIGINT);
  CHECK(running.wait() == 130);
  CHECK(contains(running.out(), "INTERRUPTED"));
  const Json json = Json::parse(bench.file("results/results.json"));
  CHECK(json["partial"] == true);
  CHECK(json["replications"] >= 10);
  CHECK(json["replications"] < 100);
}

TEST_CASE("command: a mistyped subcommand or flag is named, with the near one") {
  const Outcome subcommand = Bench().run({"rnu", "s.yaml"});
  CHECK(subcommand.status == 2);
  CHECK(contains(subcommand.err, "unknown subcommand 'rnu'\n  did you mean 'run'?"));
  const Outcome flag = Bench().run({"run", "s.yaml", "--replicatons=5"});
  CHECK(flag.status == 2);
  CHECK(contains(flag.err, "unknown flag '--replicatons'\n  did you mean '--replications'?"));
}

TEST_CASE("command: bad values of flags are usage errors") {
  const Bench bench;
  CHECK(bench.run({"run"}).status == 2);
  CHECK(bench.run({"run", "s.yaml", "--workers", "0"}).status == 2);
  CHECK(bench.run({"run", "s.yaml", "--format", "xml"}).status == 2);
  CHECK(bench.run({"run", "s.yaml", "--set", "seed"}).status == 2);
  CHECK(bench.run({"run", "s.yaml", "--no-warn", "E012"}).status == 2);
  CHECK(bench.run({}).status == 2);
}

TEST_CASE("command: a flag that repeats does not swallow the scenario") {
  CHECK(Bench().run({"run", "--set", "run.seed=3", "s.yaml"}).status == 0);
}

TEST_CASE("command: validate says ok, or shows all errors and exits 2") {
  const Bench bench;
  std::ofstream(bench.folder.path() / "bad.yaml") << one_server("latency.p99 < 5");
  const Outcome outcome = bench.run({"validate", "s.yaml", "bad.yaml"});
  CHECK(outcome.status == 2);
  CHECK(outcome.out == "s.yaml: ok\n");
  CHECK(contains(outcome.err, "bad.yaml:8:"));
}

TEST_CASE("command: validate gives editors places and codes as JSON") {
  const Bench bench(one_server("latency.p99 < 5"));
  const Outcome outcome = bench.run({"validate", "s.yaml", "--format", "json"});
  const Json json = Json::parse(outcome.out);
  REQUIRE(json.size() == 1);
  CHECK(json[0]["line"] == 8);
  CHECK(json[0]["code"] == "E020");
  CHECK(json[0]["severity"] == "error");
  CHECK(json[0]["path"] == "expect.0");
}

TEST_CASE("command: a warning can be switched off by its code") {
  const Bench bench(one_server("availability >= 99%", "replications: 2"));
  std::ofstream(bench.folder.path() / "cold.yaml")
      << "nephoscope: 1\nname: cold\nrun: {duration: 10s}\n"
         "workloads: {users: {target: s, arrivals: {rate: 5/s}}}\n"
         "resources: {s: {type: Nephoscope::Station, service: 1ms}}\n";
  CHECK(contains(bench.run({"validate", "cold.yaml"}).err, "W001"));
  CHECK(bench.run({"validate", "cold.yaml", "--no-warn", "W001"}).err.empty());
}

TEST_CASE("command: explain knows types, metrics and codes, and suggests near names") {
  const Bench bench;
  CHECK(contains(bench.run({"explain", "Nephoscope::Station"}).out, "queue_limit"));
  CHECK(contains(bench.run({"explain", "latency.p99"}).out, "successful calls"));
  const std::string options = bench.run({"explain", "aws:elasticbeanstalk:command"}).out;
  CHECK(contains(options, "Timeout  seconds, 1 to 3600, default 600"));
  CHECK(contains(options, "AllAtOnce|Rolling|"));
  CHECK(contains(bench.run({"explain", "E012"}).out, "unknown key"));
  CHECK(contains(bench.run({"explain", "fault"}).out, "aws:ec2:stop-instances"));
  const std::string action = bench.run({"explain", "sim:packet-loss"}).out;
  CHECK(contains(action, "loss  share, required"));
  CHECK_FALSE(contains(action, "target"));
  const Outcome outcome = bench.run({"explain", "latncy.p99"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "did you mean 'latency.p99'?"));
}

TEST_CASE("command: everything that is listed as a type, section, step or action is explained") {
  const Bench bench;
  for (const char* kind : {"types", "sections", "steps", "actions"}) {
    std::istringstream lines(bench.run({"list", kind}).out);
    for (std::string line; std::getline(lines, line);) {
      std::string name;
      std::istringstream(line) >> name;
      CHECK_MESSAGE(bench.run({"explain", name}).status == 0, name);
    }
  }
}

TEST_CASE("command: the schema is a JSON Schema of draft-07") {
  const Json schema = Json::parse(Bench().run({"schema"}).out);
  CHECK(contains(schema["$schema"], "draft-07"));
  CHECK(schema["properties"].contains("workloads"));
}

TEST_CASE("command: a full disk under stdout is an error, not silence") {
  const Bench bench;
  const std::string line =
      "cd '" + bench.folder.path().string() + "' && '" + NEPHOSCOPE_BINARY + "' list > /dev/full 2> err";
  CHECK(WEXITSTATUS(std::system(line.c_str())) == 70);
  CHECK(contains(bench.file("err"), "cannot write"));
}
