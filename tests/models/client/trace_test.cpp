#include "models/client/trace.hpp"

#include <filesystem>
#include <fstream>

#include "tests/models/client/fixture.hpp"

namespace nephoscope::client {
namespace {

std::string problem_of(const std::string& text) {
  Trace trace;
  const auto problem = parse_trace(text, trace);
  return problem ? std::to_string(problem->line) + ": " + problem->message : "";
}

TEST_CASE("trace: counts are read with the length of their intervals") {
  Trace trace;
  CHECK_FALSE(parse_trace("time_s,requests\r\n30,5\r\n90,0\r\n150,7\r\n\r\n", trace));
  CHECK(trace.first == 30s);
  CHECK(trace.step == 60s);
  CHECK(trace.counts == std::vector<std::uint64_t>{5, 0, 7});
}

TEST_CASE("trace: no requests come in an interval whose row is missing") {
  Trace trace;
  REQUIRE_FALSE(parse_trace("time_s,requests\n0,5\n300,6\n1200,7\n", trace).has_value());
  CHECK(trace.counts == std::vector<std::uint64_t>{5, 6, 0, 0, 7});
}

TEST_CASE("trace: what is wrong is reported with its line") {
  CHECK(problem_of("t,n\n0,1\n") == "1: expected the header 'time_s,requests'");
  CHECK(problem_of("time_s,requests\n0,1\n60,abc\n") == "3: 'abc' is no number of requests");
  CHECK(problem_of("time_s,requests\n0,1\nx,1\n") == "3: 'x' is no number of seconds");
  CHECK(problem_of("time_s,requests\n0,-1\n1,1\n") == "2: '-1' is no number of requests");
  CHECK(problem_of("time_s,requests\n0,1\n60\n") == "3: expected two columns, found '60'");
  CHECK(problem_of("time_s,requests\n5,1\n5,1\n") == "3: the time does not increase");
  CHECK(problem_of("time_s,requests\n0,1\n60,1\n90,1\n") ==
        "4: the interval changes: expected 2m after steps of 1m, found 1m30s");
  CHECK(problem_of("time_s,requests\n0,1\n1500000000,1\n") == "3: the trace is longer than 50 years");
  CHECK(problem_of("time_s,requests\n0,1\n3000000000,1\n") == "3: '3000000000' is no number of seconds");
  CHECK(problem_of("time_s,requests\n0,1\n") == "2: a trace needs at least two rows");
}

// A folder with a file, gone at the end.
class DataFolder {
 public:
  explicit DataFolder(const std::string& text)
      : path_(std::filesystem::temp_directory_path() / "nephoscope_trace_test") {
    std::filesystem::create_directories(path_);
    std::ofstream(path_ / "shop.csv") << text;
  }
  ~DataFolder() { std::filesystem::remove_all(path_); }
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

TEST_CASE("trace: a workload has exactly the counted arrivals, scaled without drift") {
  const DataFolder folder("time_s,requests\n10,3\n11,3\n12,3\n");
  const ReadResult read =
      read_workload("{target: front, arrivals: {trace: shop.csv, scale: 0.5}}", folder.path());
  REQUIRE_MESSAGE(read.config, read.diagnostics);
  const RandomSource random(Seed{3}, 0);
  ArrivalProcess process(Purpose("test"), read.config->arrivals.pattern(Time{}, 0));
  std::vector<std::int64_t> seconds;
  while (const auto next = process.next(random)) seconds.push_back((*next - Time{}) / Duration(1s));
  // Cumulated 1.5, 3, 4.5 -> 2, 3, 5 requests.
  CHECK(seconds == std::vector<std::int64_t>{10, 10, 11, 12, 12});
}

TEST_CASE("trace: bad content is reported at the file's name in the scenario") {
  const DataFolder folder("time_s,requests\n10,3\n11,many\n");
  const ReadResult read = read_workload("{target: front, arrivals: {trace: shop.csv}}", folder.path());
  CHECK_FALSE(read.config);
  CHECK(read.diagnostics.find("shop.csv:3: 'many' is no number of requests") != std::string::npos);
}

TEST_CASE("trace: a missing file is reported") {
  const ReadResult read = read_workload("{target: front, arrivals: {trace: nowhere.csv}}");
  CHECK_FALSE(read.config);
  CHECK(read.diagnostics.find("nowhere.csv") != std::string::npos);
}

}  // namespace
}  // namespace nephoscope::client
