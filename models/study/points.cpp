#include "models/study/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "engine/base/check.hpp"
#include "models/replication.hpp"

namespace nephoscope {
namespace {

using Clock = std::chrono::steady_clock;

// "spare, replication 3: its worker ..."
std::string message_of(const Point& point, const Job& job, const std::string& message) {
  const std::string_view comma = point.name.empty() ? "" : ", ";
  return fmt::format("{}{}replication {}: {}", point.name, comma, job.replication, message);
}

struct Study {
  std::span<const Point> points;
  std::span<const Scenario> scenarios;
  const StudyOptions& options;

  bool has(const Job& job) const { return options.store != nullptr && options.store->has(job); }
};

// Runs those of `jobs`, the study's from number `before` on, that the store does not have. What they report
// goes to `report`, in their order.
StudyStatus run_missing(const Study& study, std::span<const Job> jobs, std::size_t before,
                        const std::function<void(const Job&, Report)>& report) {
  std::vector<Job> missing;
  std::copy_if(jobs.begin(), jobs.end(), std::back_inserter(missing),
               [&](const Job& job) { return !study.has(job); });
  const auto total = static_cast<std::uint32_t>(before + jobs.size());
  const auto there = static_cast<std::uint32_t>(before + jobs.size() - missing.size());
  study.options.progress(there, total);
  WorkersEvents events;
  events.report = report;
  if (study.options.store != nullptr)
    events.finished = [&](const Job& job, auto bytes) { study.options.store->add(job, bytes); };
  events.progress = [&](std::uint32_t finished, std::uint32_t) {
    study.options.progress(there + finished, total);
  };
  events.trouble = [&](const Job& job, const std::string& message) {
    study.options.trouble(message_of(study.points[job.point], job, message));
  };
  const auto run = [&](const Job& job) {
    return run_replication(study.scenarios[job.point], job.replication);
  };
  return run_workers({.workers = study.options.workers, .fork = study.options.fork}, missing, run, events);
}

// All of `jobs`: the reports of those that the store has take their places between those that run.
StudyStatus run_all(const Study& study, std::span<const Job> jobs, std::size_t before,
                    std::vector<PointStudy>& results) {
  const auto take = [&](const Job& job, Report report) {
    results[job.point].take(job.replication, std::move(report));
  };
  auto next = jobs.begin();
  const auto status = run_missing(study, jobs, before, [&](const Job& job, Report report) {
    for (; *next != job; ++next) take(*next, study.options.store->load(*next));
    take(job, std::move(report));
    ++next;
  });
  if (status == StudyStatus::complete)
    for (; next != jobs.end(); ++next) take(*next, study.options.store->load(*next));
  return status;
}

bool precise(const PointStudy& study) {
  const std::vector<PrecisionResult> precision = study.precision();
  return std::all_of(precision.begin(), precision.end(), [](const auto& each) { return each.reached(); });
}

struct Extent {
  StudyStatus status = StudyStatus::complete;
  std::uint32_t replications = 0;  // that were asked for
};

// Block by block, until all points are precise enough.
Extent run_blocks(const Study& study, std::vector<PointStudy>& results) {
  const ReplicationRange range = replication_range(study.scenarios.front().document.run);
  Extent extent;
  StoppingRule rule;
  for (std::uint32_t to = range.first;; to = std::min(to + kPrecisionBlock, range.most)) {
    const std::size_t before = results.size() * extent.replications;
    extent.status = run_all(study, jobs_of(results.size(), extent.replications, to), before, results);
    extent.replications = to;
    if (to == range.most || extent.status != StudyStatus::complete) return extent;
    if (rule.enough(std::all_of(results.begin(), results.end(), precise))) return extent;
  }
}

}  // namespace

void pair_scenarios(std::span<Scenario> scenarios) {
  const RunConfig& first = scenarios.front().document.run;
  for (Scenario& scenario : scenarios.subspan(1)) {
    scenario.document.run.seed = first.seed;
    scenario.document.run.replications = first.replications;
    scenario.document.run.precision = first.precision;
    scenario.document.run.max_replications = first.max_replications;
  }
}

std::vector<Job> jobs_of(std::size_t points, std::uint32_t from, std::uint32_t to) {
  std::vector<Job> jobs;
  for (std::uint32_t replication = from; replication < to; ++replication)
    for (std::uint32_t point = 0; point < points; ++point) jobs.push_back({point, replication});
  return jobs;
}

std::vector<StudyResult> run_points(std::span<const Point> points, std::span<const Scenario> scenarios,
                                    const StudyOptions& options) {
  check(!points.empty() && points.size() == scenarios.size(), "study", "{} points of {} scenarios",
        points.size(), scenarios.size());
  const auto began = Clock::now();
  std::vector<PointStudy> studies;
  for (std::size_t i = 0; i < points.size(); ++i) studies.emplace_back(points[i], scenarios[i]);
  const Extent extent = run_blocks({points, scenarios, options}, studies);
  std::vector<StudyResult> results;
  for (std::size_t i = 0; i < points.size(); ++i) {
    results.push_back(std::move(studies[i]).close(extent.replications, extent.status));
    results.back().wall_seconds = std::chrono::duration<double>(Clock::now() - began).count();
  }
  return results;
}

StudyStatus run_shard(std::span<const Point> points, std::span<const Scenario> scenarios,
                      const StudyOptions& options, const Shard& shard) {
  check(options.store != nullptr, "study", "a shard without a store");
  std::vector<Job> jobs;
  const ReplicationRange range = replication_range(scenarios.front().document.run);
  const std::vector<Job> all = jobs_of(points.size(), 0, range.first);
  for (std::size_t i = shard.index - 1; i < all.size(); i += shard.count) jobs.push_back(all[i]);
  return run_missing({points, scenarios, options}, jobs, 0, [](const Job&, const Report&) {});
}

}  // namespace nephoscope
