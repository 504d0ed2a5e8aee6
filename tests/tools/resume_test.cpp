// Studies that are killed and go on, and studies in parts.
#include <doctest/doctest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>

#include "tests/tools/small_scenario.hpp"

using namespace nephoscope;
using Json = nlohmann::ordered_json;

namespace {

Bench bench_of(int replications) {
  return Bench(one_server("availability >= 99%", "replications: " + std::to_string(replications), kVariants));
}

// One child of a process, as the kernel lists them; 0 without one.
pid_t any_child(pid_t process, std::mt19937& random) {
  const std::string path =
      "/proc/" + std::to_string(process) + "/task/" + std::to_string(process) + "/children";
  std::istringstream list(content_of(path));
  std::vector<pid_t> children;
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children.empty() ? 0 : children[random() % children.size()];
}

// While one exists, commands do not look for leaks: LeakSanitizer would do so from a child of theirs, which
// is no worker, and without which they wait for ever.
class OnlyWorkersAsChildren final {
 public:
  OnlyWorkersAsChildren() { ::setenv("ASAN_OPTIONS", (before_ + ":detect_leaks=0").c_str(), 1); }
  ~OnlyWorkersAsChildren() { ::setenv("ASAN_OPTIONS", before_.c_str(), 1); }
  OnlyWorkersAsChildren(const OnlyWorkersAsChildren&) = delete;
  OnlyWorkersAsChildren& operator=(const OnlyWorkersAsChildren&) = delete;

 private:
  std::string before_ = std::getenv("ASAN_OPTIONS") == nullptr ? "" : std::getenv("ASAN_OPTIONS");
};

bool long_tests() { return std::getenv("NEPHOSCOPE_LONG") != nullptr; }

// Starts the command and kills it, or one worker after the other, after random times, `times` times; then
// lets it end.
int run_through_kills(const Bench& bench, const std::vector<std::string>& command, int times) {
  std::mt19937 random(20);
  for (int i = 0; i < times; ++i) {
    Running running(bench.folder, command);
    ::usleep(static_cast<useconds_t>(random() % 40'000));
    if (i % 2 == 1)
      if (const pid_t child = any_child(running.process(), random); child > 0) ::kill(child, SIGKILL);
    ::usleep(static_cast<useconds_t>(random() % 40'000));
    ::kill(running.process(), SIGKILL);
    running.wait();
  }
  return bench.run(command).status;
}

}  // namespace

TEST_CASE("resume: a study that is killed again and again ends with the results of one that is not") {
  const int times = long_tests() ? 60 : 20;
  const Bench bench = bench_of(long_tests() ? 400 : 100);
  CHECK(run_through_kills(bench, {"compare", "s.yaml", "-o", "killed"}, times) == 0);
  CHECK(bench.run({"compare", "s.yaml", "-o", "whole"}).status == 0);
  CHECK(without_seconds(bench.file("killed/results.json")) ==
        without_seconds(bench.file("whole/results.json")));
}

TEST_CASE("resume: a killed worker changes no result") {
  const Bench bench = bench_of(60);
  const OnlyWorkersAsChildren children;
  std::mt19937 random(7);
  const std::vector<std::string> command = {"run", "s.yaml", "-o", "killed", "--workers", "2"};
  Running running(bench.folder, command);
  REQUIRE(running.await_error("6 of 60"));
  for (int i = 0; i < 3; ++i) {
    if (const pid_t child = any_child(running.process(), random); child > 0) ::kill(child, SIGKILL);
    ::usleep(30'000);
  }
  // One whose second worker is killed as well ends the study, and the same command goes on.
  const int status = running.wait();
  CHECK((status == 0 || status == 70));
  if (status == 70) CHECK(bench.run(command).status == 0);
  bench.run({"run", "s.yaml", "-o", "whole"});
  CHECK(without_seconds(bench.file("killed/results.json")) ==
        without_seconds(bench.file("whole/results.json")));
}

TEST_CASE("resume: what is finished is not run again, unless a fresh start is asked for") {
  const Bench bench = bench_of(4);
  const std::vector<std::string> command = {"run", "s.yaml", "-o", "results"};
  const Outcome first = bench.run(command), second = bench.run(command);
  CHECK_FALSE(contains(first.err, "are taken from"));
  CHECK(contains(second.err, "4 replications are taken from results/replications.store\n"));
  CHECK(first.status == second.status);
  CHECK_FALSE(contains(bench.run({"run", "s.yaml", "-o", "results", "--fresh"}).err, "are taken from"));
}

TEST_CASE("resume: another scenario, override, seed or command starts afresh") {
  const Bench bench = bench_of(4);
  const auto starts_afresh = [&](std::vector<std::string> command) {
    bench.run({"run", "s.yaml", "-o", "results"});
    command.insert(command.end(), {"-o", "results"});
    return contains(bench.run(command).err, "starting afresh");
  };
  CHECK(starts_afresh({"run", "s.yaml", "--seed", "9"}));
  CHECK(starts_afresh({"run", "s.yaml", "--set", "resources.server.servers=3"}));
  CHECK(starts_afresh({"run", "s.yaml", "--variant", "two"}));
  CHECK(starts_afresh({"compare", "s.yaml"}));
  bench.run({"run", "s.yaml", "-o", "results"});
  bench.write("s.yaml", one_server("availability >= 99%", "replications: 4", kVariants) + "# changed\n");
  CHECK(contains(bench.run({"run", "s.yaml", "-o", "results"}).err, "starting afresh"));
}

TEST_CASE("resume: a changed data file starts afresh") {
  const Bench bench(
      "nephoscope: 1\nname: trace\nrun: {duration: 10s, warmup: 0s, replications: 2}\n"
      "workloads: {users: {target: server, arrivals: {trace: calls.csv}}}\n"
      "resources: {server: {type: Nephoscope::Station, service: 1ms}}\n");
  bench.write("calls.csv", "time_s,requests\n0,5\n5,6\n");
  const Outcome first = bench.run({"run", "s.yaml", "-o", "results"});
  REQUIRE_MESSAGE(first.status == 0, first.err);
  CHECK(contains(bench.run({"run", "s.yaml", "-o", "results"}).err, "are taken from"));
  bench.write("calls.csv", "time_s,requests\n0,5\n5,7\n");
  CHECK(contains(bench.run({"run", "s.yaml", "-o", "results"}).err, "starting afresh"));
}

TEST_CASE("shards: parts that are merged give the results of the whole") {
  const Bench bench = bench_of(5);
  CHECK(bench.run({"compare", "s.yaml", "-o", "whole"}).status == 0);
  // 3 studies x 5 replications in 2 parts, of 8 and 7
  const Outcome first = bench.run({"compare", "s.yaml", "--shard", "1/2", "-o", "a"});
  CHECK(first.status == 0);
  CHECK(contains(first.out, "part 1 of 2 is complete: 8 replications in a/replications-1of2.store\n"));
  CHECK_FALSE(bench.has("a/results.json"));
  CHECK(bench.run({"compare", "s.yaml", "--shard", "2/2", "-o", "b"}).status == 0);
  CHECK(bench.run({"merge", "a", "b", "-o", "merged"}).status == 0);
  CHECK(without_seconds(bench.file("merged/results.json")) ==
        without_seconds(bench.file("whole/results.json")));
}

TEST_CASE("shards: merging needs no scenario file, and parts may share a directory") {
  const Bench bench = bench_of(4);
  const Json whole = Json::parse(bench.run({"run", "s.yaml", "--json"}).out);
  for (const char* part : {"1/3", "2/3", "3/3"}) bench.run({"run", "s.yaml", "--shard", part, "-o", "parts"});
  std::filesystem::remove(bench.folder.path() / "s.yaml");
  const Json merged = Json::parse(bench.run({"merge", "parts", "-o", "parts", "--json"}).out);
  CHECK(merged["summary"] == whole["summary"]);
  CHECK(merged["fingerprint"] == whole["fingerprint"]);
}

TEST_CASE("shards: what is missing is named") {
  const Bench bench = bench_of(4);
  bench.run({"compare", "s.yaml", "--variants", "two", "--shard", "1/2", "-o", "a"});
  // jobs base 0, two 0, base 1, two 1, ...: the first of two parts has all of base
  const Outcome outcome = bench.run({"merge", "a", "-o", "merged"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err,
                 "4 of 8 replications are missing: two 0, two 1, two 2, two 3; there are shards 1/2\n"));
  CHECK_FALSE(bench.has("merged"));
}

TEST_CASE("shards: parts of different studies are not merged") {
  const Bench bench = bench_of(4);
  bench.run({"run", "s.yaml", "--shard", "1/2", "-o", "a"});
  bench.run({"run", "s.yaml", "--seed", "2", "--shard", "2/2", "-o", "b"});
  const Outcome outcome = bench.run({"merge", "a", "b", "-o", "merged"});
  CHECK(outcome.status == 2);
  CHECK(contains(outcome.err, "are not of one study"));
  CHECK(contains(bench.run({"merge", "c", "-o", "merged"}).err, "no replications are kept in 'c'"));
}

TEST_CASE("shards: bad parts are usage errors") {
  const Bench bench;
  for (const char* part : {"0/2", "3/2", "1", "1/2x", "-1/2", "1/-1"})
    CHECK(bench.run({"run", "s.yaml", "-o", "a", "--shard", part}).status == 2);
  CHECK(contains(bench.run({"run", "s.yaml", "--shard", "1/2"}).err, "--shard needs a directory"));
}
