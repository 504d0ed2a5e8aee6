#include <fmt/format.h>

#include <cstdio>
#include <exception>

#include "models/study/study_result.hpp"
#include "tools/nephoscope/command_line.hpp"

int main(int argc, char** argv) {
  try {
    return nephoscope::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "internal error: {}\n", error.what());
    return nephoscope::kExitInternal;
  }
}
