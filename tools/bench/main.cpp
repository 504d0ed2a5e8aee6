// nephoscope_bench --ratios: the project's speed budgets as ratios, each measured in this one run.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "tools/bench/ratios.hpp"

namespace nephoscope::bench {

double seconds_of(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

double speed_ratio(const Pair& pair, int rounds) {
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    const double subject = seconds_of(pair.subject);
    const double reference = seconds_of(pair.reference);
    ratios.push_back((pair.subject_work / subject) / (pair.reference_work / reference));
  }
  std::sort(ratios.begin(), ratios.end());
  return ratios[ratios.size() / 2];
}

namespace {

int print_ratios(const std::string& binary, const std::string& only) {
  const std::vector<std::pair<std::string, std::function<Row()>>> rows = {
      // First, while this process is small: a child's peak counts from what it was forked from.
      {"memory", [&] { return memory_row(binary); }},
      {"table_memory", [&] { return table_memory_row(binary); }},
      {"mm1", mm1_row},
      {"hold", hold_row},
      {"whole_request", whole_request_row},
      {"balanced_request", balanced_request_row},
      {"table", table_row},
      {"two_cores", [&] { return two_cores_row(binary); }},
      {"validate", [&] { return validate_row(binary); }},
      {"flows_32", [] { return flows_row(32); }},
      {"flows_300", [] { return flows_row(300); }},
      // No budget is set for a busy fleet: queues amplify what differs.
      {"common_random_numbers", [] { return common_random_numbers_row(0.4, 5); }},
      {"common_random_numbers_busy", [] { return common_random_numbers_row(0.7, 0); }},
  };
  bool met = true;
  fmt::print("{:<56} {:>10} {:>10}\n", "name", "value", "budget");
  std::fflush(stdout);  // a forked child would print it again
  for (const auto& [name, measure] : rows) {
    if (!only.empty() && name != only) continue;
    const Row row = measure();
    met = met && row.value >= row.budget;
    fmt::print("{:<56} {:>10.4g} {:>10.4g}{}\n", row.name, row.value, row.budget,
               row.value >= row.budget ? "" : "  MISSED");
    std::fflush(stdout);
  }
  return met ? 0 : 1;
}

}  // namespace
}  // namespace nephoscope::bench

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty() || arguments[0] != "--ratios" || arguments.size() > 2) {
    fmt::print(stderr,
               "usage: nephoscope_bench --ratios "
               "[mm1|hold|whole_request|balanced_request|table|table_memory|memory|two_cores|validate|flows_"
               "32|flows_300|"
               "common_random_numbers[_busy]]\n");
    return 2;
  }
  const auto binary = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "nephoscope";
  return nephoscope::bench::print_ratios(binary.string(), arguments.size() > 1 ? arguments[1] : "");
}
