// Runs a scenario's replications and draws the results together.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "models/replication.hpp"
#include "models/scenario.hpp"
#include "models/study/study_result.hpp"

namespace nephoscope {

struct StudyOptions {
  unsigned workers = 0;  // see WorkersOptions
  bool fork = true;
  std::function<void(std::uint32_t finished, std::uint32_t total)> progress = [](auto, auto) {};
  std::function<void(const std::string& message)> trouble = [](const auto&) {};
};

// REQUIRES: one thread (see run_workers).
StudyResult run_study(const Scenario& scenario, const LoadOptions& loaded_with, const StudyOptions& options);

}  // namespace nephoscope
