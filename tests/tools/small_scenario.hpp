// A scenario of one server that takes about 10 ms a replication, in a folder of its own.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/tools/running.hpp"

namespace nephoscope {

inline std::string one_server(const std::string& expect, const std::string& run = "replications: 4",
                              const std::string& more = "") {
  return "nephoscope: 1\nname: one server\nrun: {duration: 60s, warmup: 5s, seed: 1, " + run +
         "}\n"
         "workloads:\n  users: {target: server, arrivals: {rate: 50/s}, timeout: 1s}\n"
         "resources:\n  server: {type: Nephoscope::Station, service: {dist: exponential, mean: 5ms}}\n"
         "expect: [" +
         expect + "]\n" + more;
}

inline constexpr const char* kVariants =
    "variants:\n"
    "  two: {resources.server.servers: 2}\n"
    "  slow: {resources.server.service: 18ms}\n";

// results.json without what differs from run to run.
inline std::string without_seconds(const std::string& text) {
  auto json = nlohmann::ordered_json::parse(text);
  json.erase("wall_seconds");
  return json.dump();
}

struct Bench {
  TemporaryFolder folder;
  explicit Bench(const std::string& scenario = one_server("availability >= 99%")) {
    write("s.yaml", scenario);
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder.path() / name) << text;
  }
  Outcome run(std::vector<std::string> arguments) const { return run_in(folder, std::move(arguments)); }
  std::string file(const std::string& name) const { return content_of(folder.path() / name); }
  bool has(const std::string& name) const { return std::filesystem::exists(folder.path() / name); }
};

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace nephoscope
