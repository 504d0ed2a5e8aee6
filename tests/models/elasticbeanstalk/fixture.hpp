// Reads environments as scenarios would, with files beside them.
#pragma once

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "models/elasticbeanstalk/environment.hpp"
#include "tests/models/study/temporary_folder.hpp"

namespace nephoscope::elasticbeanstalk {

inline void write_file(const TemporaryFolder& folder, const std::string& name, const std::string& text) {
  const std::filesystem::path path = folder.path() / name;
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

struct Reading {
  SourceSet sources;
  Diagnostics diagnostics;
  std::optional<EnvironmentConfig> config;

  std::string text() const { return diagnostics.render(sources); }
};

// `keys` are those of the environment beside type and application, each on its own line.
inline void read_environment(Reading& reading, const std::string& keys,
                             const std::filesystem::path& folder = ".") {
  const std::string yaml = "type: AWS::ElasticBeanstalk::Environment\napplication: shop\n" + keys;
  const Tree tree = parse_text(reading.sources, "test", yaml, reading.diagnostics);
  Context context(reading.diagnostics, &reading.sources);
  context.data_folders().push_back(folder.string());
  reading.config = EnvironmentConfig::fields().read(tree.root(), context);
}

// REQUIRES: the keys are valid; warnings are all right.
inline EnvironmentConfig environment(const std::string& keys, const std::filesystem::path& folder = ".") {
  Reading reading;
  read_environment(reading, keys, folder);
  INFO(reading.text());
  REQUIRE_FALSE(reading.diagnostics.has_errors());
  return std::move(*reading.config);
}

// One option setting, as `option_settings` of an environment.
inline std::string option(const std::string& space, const std::string& settings) {
  return fmt::format("option_settings: {{\"{}\": {{{}}}}}\n", space, settings);
}

// The first error, else the first warning, as "CODE message / hint"; "" without any.
inline std::string first_problem(const std::string& keys, const std::filesystem::path& folder = ".") {
  Reading reading;
  read_environment(reading, keys, folder);
  if (reading.diagnostics.empty()) return "";
  const std::vector<Diagnostic> all = reading.diagnostics.sorted();
  const auto is_error = [](const Diagnostic& each) { return info(each.code).severity == Severity::error; };
  const auto error = std::ranges::find_if(all, is_error);
  const Diagnostic& first = error == all.end() ? all.front() : *error;
  return fmt::format("{} {} / {}", info(first.code).text, first.message, first.hint);
}

}  // namespace nephoscope::elasticbeanstalk
