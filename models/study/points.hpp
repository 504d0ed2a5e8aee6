// Runs several scenarios as one study: variants of one architecture, or the points of a sweep.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/study/point_study.hpp"

namespace nephoscope {

struct StudyOptions {
  unsigned workers = 0;  // see WorkersOptions
  bool fork = true;
  // Over all points; called with what was there at the start first.
  std::function<void(std::uint32_t finished, std::uint32_t total)> progress = [](auto, auto) {};
  std::function<void(const std::string& message)> trouble = [](const auto&) {};
};

// Gives all scenarios the first one's seed and number of replications: replication r of each then draws the
// same random numbers, so that differences can be taken pair by pair.
void pair_scenarios(std::span<Scenario> scenarios);

// Runs all replications of all points, which share the workers: replication 0 of every point, then 1, and so
// on. The results, in the order of the points, do not depend on the number of workers. When the study fails
// or is interrupted, every result says so and holds what had finished: points then differ by at most one
// replication. REQUIRES: scenario i was read with points[i].load; at least one; one thread (see run_workers).
std::vector<StudyResult> run_points(std::span<const Point> points, std::span<const Scenario> scenarios,
                                    const StudyOptions& options);

}  // namespace nephoscope
