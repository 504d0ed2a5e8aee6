// Runs several scenarios as one study: variants of one architecture, or the points of a sweep.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/study/point_study.hpp"
#include "models/study/store.hpp"

namespace nephoscope {

struct StudyOptions {
  unsigned workers = 0;  // see WorkersOptions
  bool fork = true;
  // Over all points; called with what was there at the start first.
  std::function<void(std::uint32_t finished, std::uint32_t total)> progress = [](auto, auto) {};
  std::function<void(const std::string& message)> trouble = [](const auto&) {};
  // Replications that it has are not run; those that finish are added at once. Null: nothing is kept.
  ReplicationStore* store = nullptr;
};

// Part `index` of `count`, from 1: every count-th job of a study.
struct Shard {
  std::uint32_t index = 1;
  std::uint32_t count = 1;
  bool whole() const { return count == 1; }
  bool operator==(const Shard&) const = default;
};

// Gives all scenarios the first one's seed, number of replications and precision: replication r of each then
// draws the same random numbers, so that differences can be taken pair by pair.
void pair_scenarios(std::span<Scenario> scenarios);

// The jobs of replications `from` to before `to` in the order in which they are run: replication `from` of
// every point, then from + 1, and so on.
std::vector<Job> jobs_of(std::size_t points, std::uint32_t from, std::uint32_t to);

// Runs all replications of all points, which share the workers. The results, in the order of the points, do
// not depend on the number of workers. With a precision, all points get blocks of replications until all are
// precise enough. When the study fails or is interrupted, every result says so and holds what had finished:
// points then differ by at most one replication. REQUIRES: paired scenarios, scenario i read with
// points[i].load; at least one; one thread (see run_workers).
std::vector<StudyResult> run_points(std::span<const Point> points, std::span<const Scenario> scenarios,
                                    const StudyOptions& options);

// Runs one part of that into options.store. REQUIRES: there is a store and no precision, which
// only the whole can judge; else as above.
StudyStatus run_shard(std::span<const Point> points, std::span<const Scenario> scenarios,
                      const StudyOptions& options, const Shard& shard);

}  // namespace nephoscope
