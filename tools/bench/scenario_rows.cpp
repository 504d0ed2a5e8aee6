// Rows that time whole scenarios, inside this process and through the command.
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/check.hpp"
#include "models/replication.hpp"
#include "models/scenario.hpp"
#include "tools/bench/ratios.hpp"

namespace nephoscope::bench {

const char* const kWholeRequest = R"(
nephoscope: 1
name: benchmark of whole requests
run: {duration: 60s, warmup: 1s, replications: 1}
workloads:
  users: {target: web, arrivals: {rate: 10000/s}, mix: {view: 100%}, timeout: 5s, retry: {mode: standard}}
applications:
  shop:
    concurrency: 64
    backlog: 128
    handlers:
      view: [{compute: {dist: exponential, mean: 1200us}}, {call: store.get, timeout: 1s}]
resources:
  web: {type: Nephoscope::Hosts, count: 20, vcpus: 2, application: shop}
  store: {type: Nephoscope::Station, servers: 40, service: {dist: exponential, mean: 2ms}}
)";

std::string whole_request_for(const std::string& duration) {
  constexpr std::string_view minute = "duration: 60s, warmup: 1s";
  std::string text = kWholeRequest;
  return text.replace(text.find(minute), minute.size(), "duration: " + duration + ", warmup: 0s");
}

namespace {

// The same behind an application load balancer.
std::string balanced_request() {
  constexpr std::string_view direct = "target: web";
  std::string text = kWholeRequest;
  text.replace(text.find(direct), direct.size(), "target: front");
  return text + "  front: {type: AWS::ElasticLoadBalancingV2::LoadBalancer, targets: web}\n";
}

// A folder of its own for files, removed at the end.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / fmt::format("nephoscope_bench.{}", getpid())) {
    std::filesystem::create_directories(path_);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

// Runs a command without output and demands that it succeeds; returns the largest resident set of it and its
// children, in bytes.
double run_command(const std::vector<std::string>& arguments) {
  const pid_t child = fork();
  check(child >= 0, "bench", "cannot fork");
  if (child == 0) {
    std::vector<char*> words;
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    if (std::freopen("/dev/null", "w", stdout) == nullptr ||
        std::freopen("/dev/null", "w", stderr) == nullptr)
      std::_Exit(127);
    execv(words[0], words.data());
    std::_Exit(127);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0, "bench", "'{}' failed", fmt::join(arguments, " "));
  return static_cast<double>(usage.ru_maxrss) * 1024;
}

// The daily load at which memory is compared: a light one, so that the day takes seconds.
constexpr const char* kMemory = R"(
nephoscope: 1
name: benchmark of memory
run: {duration: 24h, warmup: 1m, replications: 1}
workloads:
  users: {target: web, arrivals: {rate: 50/s}, mix: {view: 100%}, timeout: 5s, retry: {mode: standard}}
applications:
  shop:
    concurrency: 16
    backlog: 32
    handlers: {view: [{compute: {dist: exponential, mean: 20ms}}, {call: store.get}]}
resources:
  web: {type: Nephoscope::Hosts, count: 2, vcpus: 1, application: shop}
  store: {type: Nephoscope::Station, servers: 4, service: {dist: exponential, mean: 20ms}}
)";

// Reads and writes of a table on demand: 4,000 operations a second for 100 s.
constexpr const char* kTable = R"(
nephoscope: 1
name: benchmark of a table
run: {duration: 100s, warmup: 1s, replications: 1}
workloads:
  users:
    target: orders
    arrivals: {rate: 4000/s}
    mix: {GetItem: 80%, PutItem: 20%}
    keys: {dist: zipf, exponent: 0.9, count: 1000000}
    timeout: 1s
resources:
  orders: {type: AWS::DynamoDB::Table, key_schema: {partition_key: id}, billing_mode: PAY_PER_REQUEST}
)";

// 400,000 batches of 25 new items on a table of 10,000 partitions.
constexpr const char* kLargeTable = R"(
nephoscope: 1
name: benchmark of a large table
run: {duration: 100s, warmup: 1s, replications: 1}
workloads:
  writers:
    target: orders
    operation: load
    arrivals: {rate: 4000/s}
    timeout: 5s
resources:
  orders:
    type: AWS::DynamoDB::Table
    key_schema: {partition_key: id}
    billing_mode: PROVISIONED
    provisioned_throughput: {read_capacity_units: 3000000, write_capacity_units: 9000000}
    access_patterns: {load: {operation: BatchWriteItem, items: 25}}
    assume: {throughput_quota: 100000000, keys: {count: 1000000000000}}
)";

// A valid scenario of about 10,000 lines.
std::string long_scenario() {
  std::string text = "nephoscope: 1\nname: a long one\nrun: {duration: 1h, warmup: 1m}\nworkloads:\n";
  for (int i = 0; i < 1000; ++i)
    text += fmt::format("  w{}:\n    target: s{}\n    arrivals:\n      rate: 5/s\n    timeout: 2s\n", i, i);
  text += "resources:\n";
  for (int i = 0; i < 1000; ++i)
    text += fmt::format(
        "  s{}:\n    type: Nephoscope::Station\n    servers: 3\n    queue_limit: 100\n    service:\n"
        "      dist: exponential\n      mean: 20ms\n",
        i);
  return text;
}

double median_of_three(const std::function<double()>& measure) {
  std::vector<double> values{measure(), measure(), measure()};
  std::sort(values.begin(), values.end());
  return values[1];
}

// Whole requests/s of `text`'s scenario over those of the specialised loop.
Row request_row(const char* name, const std::string& text, const char* way, double budget = 1.0 / 30) {
  const Scenario scenario = scenario_of(text);
  constexpr std::uint64_t customers = 2'000'000;
  double requests = 0;
  double sink = 0;
  const double subject =
      seconds_of([&] { requests = static_cast<double>(run_replication(scenario, 0).requests); });
  const double ratio =
      speed_ratio({.subject = [&] { sink += static_cast<double>(run_replication(scenario, 1).requests); },
                   .subject_work = requests,
                   .reference = [&] { sink += specialised_mm1_loop(customers); },
                   .reference_work = customers},
                  3);
  check(sink > 0, "bench", "nothing was simulated");
  fmt::print("# whole requests: {:.3g} requests/s, {}\n", requests / subject, way);
  return {name, ratio, budget};
}

}  // namespace

Scenario scenario_of(const std::string& text) {
  SourceSet sources;
  Diagnostics diagnostics;
  auto scenario = parse_scenario(sources, "benchmark.yaml", text, {}, diagnostics);
  check(scenario.has_value(), "bench", "the benchmark's scenario is invalid:\n{}",
        diagnostics.render(sources));
  return std::move(*scenario);
}

Row whole_request_row() {
  return request_row("whole_request.engine_per_specialised_loop", kWholeRequest,
                     "client -> hosts -> application -> station");
}

Row balanced_request_row() {
  return request_row("balanced_request.engine_per_specialised_loop", balanced_request(),
                     "client -> load balancer -> hosts -> application -> station");
}

Row table_row() {
  return request_row("table.engine_per_specialised_loop", kTable, "client -> DynamoDB table", 1.0 / 20);
}

Row table_memory_row(const std::string& binary) {
  const Folder folder;
  const std::string file = folder.write("large-table.yaml", kLargeTable);
  const double peak = run_command({binary, "run", file, "--quiet", "--format", "json"});
  fmt::print("# 10,000 partitions and 10 million items: {:.0f} MiB\n", peak / 0x1p20);
  return {"table_memory.1GiB_per_peak", 0x1p30 / peak, 1};
}

Row memory_row(const std::string& binary) {
  const Folder folder;
  const std::string file = folder.write("memory.yaml", kMemory);
  const auto peak = [&](const char* duration) {
    return run_command({binary, "run", file, "--duration", duration, "--quiet", "--format", "json"});
  };
  return {"memory.1.1_times_1h_per_24h", 1.1 * peak("1h") / peak("24h"), 1};
}

Row two_cores_row(const std::string& binary) {
  const Folder folder;
  const std::string file = folder.write("cores.yaml", kWholeRequest);
  const auto run = [&](const char* workers) {
    run_command({binary, "run", file, "--replications", "4", "--workers", workers, "--duration", "100s",
                 "--quiet", "--format", "json"});
  };
  const double speedup = speed_ratio({.subject = [&] { run("2"); }, .reference = [&] { run("1"); }}, 3);
  return {"two_cores.speedup_of_two_workers", speedup, 1.8};
}

Row validate_row(const std::string& binary) {
  const Folder folder;
  const std::string text = long_scenario();
  const std::string file = folder.write("long.yaml", text);
  const double lines = static_cast<double>(std::count(text.begin(), text.end(), '\n'));
  const double seconds = median_of_three([&] {
    return seconds_of([&] { run_command({binary, "validate", file}); });
  });
  fmt::print("# validate: {:.0f} lines in {:.3f} s\n", lines, seconds);
  return {"validate.0.3s_per_10000_lines", 0.3 * (lines / 10'000) / seconds, 1};
}

}  // namespace nephoscope::bench
