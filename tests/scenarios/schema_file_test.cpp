// The JSON Schema in the repository is the one that the program writes. NEPHOSCOPE_UPDATE=1 rewrites it.
#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "models/scenario.hpp"

namespace nephoscope {
namespace {

TEST_CASE("scenario schema: the file that editors read is the one that the program prints") {
  const auto path =
      std::filesystem::path(NEPHOSCOPE_SOURCE_DIR) / "scenarios" / "schema" / "scenario.schema.json";
  const std::string current = scenario_schema().dump(2) + "\n";
  if (std::getenv("NEPHOSCOPE_UPDATE") != nullptr) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << current;
  }
  std::ostringstream stored;
  stored << std::ifstream(path, std::ios::binary).rdbuf();
  CHECK_MESSAGE((stored.str() == current), "scenarios/schema/scenario.schema.json is out of date");
}

}  // namespace
}  // namespace nephoscope
