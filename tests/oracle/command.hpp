// Runs scenarios through the command and reads the figures from the JSON that it prints.
#pragma once

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/oracle/cases.hpp"

namespace nephoscope::oracle {

// One figure as one run shows it.
struct Measured {
  double value = 0;  // all replications pooled
  double low = 0;    // the 95 % interval
  double high = 0;
  std::string unit;
};

// How the command runs replications: each in a process of its own, as users have it, or one after the other
// in its own process, which gives the same figures for less work.
enum class Replications { forked, in_process };

// The figures of a case from `nephoscope run` with that seed, in the case's order. Throws std::runtime_error
// when the command fails or a figure has no value or no interval.
std::vector<Measured> measure(const Case& queue, int seed, Replications replications);

// The same for seeds 1 ... `seeds`, in their order, two runs at a time.
std::vector<std::vector<Measured>> measure_seeds(const Case& queue, int seeds, Replications replications);

// Implementation.

namespace detail {

using Json = nlohmann::json;

// What a shell command prints. Throws when it does not exit with 0.
inline std::string output_of(const std::string& command) {
  std::FILE* const pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) throw std::runtime_error("cannot start: " + command);
  std::string text;
  std::array<char, 1 << 14> buffer{};
  while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), pipe))
    text.append(buffer.data(), size);
  if (const int status = pclose(pipe); status != 0)
    throw std::runtime_error(fmt::format("status {} of: {}", status, command));
  return text;
}

inline const Json& component(const Json& results, const std::string& path) {
  const auto dot = path.find('.');
  if (dot == std::string::npos) return results.at(path);
  return results.at(path.substr(0, dot)).at(path.substr(dot + 1));
}

inline Measured read(const Json& results, const Figure& figure) {
  const Json& metric = component(results, figure.component).at(figure.metric);
  const Json& interval = metric.at("ci95");
  return {metric.at("mean").get<double>(), interval.at(0).get<double>(), interval.at(1).get<double>(),
          metric.at("unit").get<std::string>()};
}

}  // namespace detail

inline std::vector<Measured> measure(const Case& queue, int seed, Replications replications) {
  const char* const how = replications == Replications::forked ? "--workers 1" : "--no-fork";
  const std::string command =
      fmt::format("'{}' run '{}/tests/oracle/{}.yaml' --seed {} --format json --quiet {}", NEPHOSCOPE_BINARY,
                  NEPHOSCOPE_SOURCE_DIR, queue.name, seed, how);
  try {
    const detail::Json results = detail::Json::parse(detail::output_of(command));
    std::vector<Measured> figures;
    for (const Figure& figure : queue.figures) figures.push_back(detail::read(results, figure));
    return figures;
  } catch (const detail::Json::exception& error) {
    throw std::runtime_error(fmt::format("{} in the results of: {}", error.what(), command));
  }
}

inline std::vector<std::vector<Measured>> measure_seeds(const Case& queue, int seeds,
                                                        Replications replications) {
  std::vector<std::vector<Measured>> runs(static_cast<std::size_t>(seeds));
  std::atomic<int> next = 0;
  const auto work = [&] {
    for (int i = next++; i < seeds; i = next++) {
      runs[static_cast<std::size_t>(i)] = measure(queue, i + 1, replications);
      if ((i + 1) % 100 == 0) fmt::print(stderr, "{}: {} of {} seeds\n", queue.name, i + 1, seeds);
    }
  };
  auto first = std::async(std::launch::async, work);
  auto second = std::async(std::launch::async, work);
  first.get();
  second.get();
  return runs;
}

}  // namespace nephoscope::oracle
