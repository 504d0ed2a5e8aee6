// Runs a scenario's replications and draws the results together.
#pragma once

#include "models/study/points.hpp"

namespace nephoscope {

// A study of one point without a name. REQUIRES: one thread (see run_workers).
StudyResult run_study(const Scenario& scenario, const LoadOptions& loaded_with, const StudyOptions& options);

}  // namespace nephoscope
