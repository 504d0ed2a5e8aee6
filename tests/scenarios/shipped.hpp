// The scenarios that are shipped, as the tests run them: shortened to what their `golden:` says.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "models/scenario.hpp"

namespace nephoscope::shipped {

namespace fs = std::filesystem;

inline const fs::path kRoot = NEPHOSCOPE_SOURCE_DIR;

inline bool updating() { return std::getenv("NEPHOSCOPE_UPDATE") != nullptr; }

inline std::string read_text(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

// "services/station.yaml", in order.
inline std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const auto& entry : fs::recursive_directory_iterator(kRoot / "scenarios"))
    if (entry.path().extension() == ".yaml")
      result.push_back(fs::relative(entry.path(), kRoot / "scenarios").generic_string());
  std::sort(result.begin(), result.end());
  return result;
}

struct Loaded {
  std::optional<Scenario> scenario;
  std::string diagnostics;  // warnings too
};

inline Loaded load(const std::string& name, const LoadOptions& options) {
  SourceSet sources;
  Diagnostics diagnostics;
  auto scenario = load_scenario(sources, (kRoot / "scenarios" / name).string(), options, diagnostics);
  return {std::move(scenario), diagnostics.render(sources)};
}

// The changes that `golden:` makes; none if the scenario has no such section.
inline std::vector<PathValue> golden_overrides(const Scenario& scenario) {
  const auto& golden = scenario.document.golden;
  if (!golden) return {};
  return {{"run.duration", show(golden->duration)}, {"run.replications", show(golden->replications)}};
}

}  // namespace nephoscope::shipped
