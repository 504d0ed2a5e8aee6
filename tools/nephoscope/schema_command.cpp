#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "models/study/study_result.hpp"
#include "tools/nephoscope/commands.hpp"

namespace nephoscope {

int schema_command() {
  fmt::print("{}\n", scenario_schema().dump(2));
  return finish_output(kExitOk);
}

}  // namespace nephoscope
