#include "tests/oracle/command.hpp"

#include <fmt/format.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <future>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace nephoscope::oracle {
namespace {

using Json = nlohmann::json;

// What a shell command prints. Throws when it does not exit with 0.
std::string output_of(const std::string& command) {
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

const Json& component(const Json& results, const std::string& path) {
  const auto dot = path.find('.');
  if (dot == std::string::npos) return results.at(path);
  return results.at(path.substr(0, dot)).at(path.substr(dot + 1));
}

Measured read(const Json& results, const Figure& figure) {
  const Json& metric = component(results, figure.component).at(figure.metric);
  const Json& interval = metric.at("ci95");
  return {metric.at("mean").get<double>(), interval.at(0).get<double>(), interval.at(1).get<double>(),
          metric.at("unit").get<std::string>()};
}

}  // namespace

std::vector<Measured> measure(const Case& queue, int seed, Replications replications) {
  const char* const how = replications == Replications::forked ? "--workers 1" : "--no-fork";
  const std::string command =
      fmt::format("'{}' run '{}/tests/oracle/{}.yaml' --seed {} --format json --quiet {}", NEPHOSCOPE_BINARY,
                  NEPHOSCOPE_SOURCE_DIR, queue.name, seed, how);
  try {
    const Json results = Json::parse(output_of(command));
    std::vector<Measured> figures;
    for (const Figure& figure : queue.figures) figures.push_back(read(results, figure));
    return figures;
  } catch (const Json::exception& error) {
    throw std::runtime_error(fmt::format("{} in the results of: {}", error.what(), command));
  }
}

std::vector<std::vector<Measured>> measure_seeds(const Case& queue, int seeds, Replications replications) {
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
