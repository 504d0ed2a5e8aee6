#include "models/study/points.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "engine/base/check.hpp"
#include "models/replication.hpp"

namespace nephoscope {
namespace {

using Clock = std::chrono::steady_clock;

std::uint32_t replications_of(const Scenario& scenario) {
  return static_cast<std::uint32_t>(scenario.document.run.replications);
}

// All jobs, replication by replication.
std::vector<Job> plan(std::span<const Scenario> scenarios) {
  std::uint32_t most = 0;
  for (const Scenario& scenario : scenarios) most = std::max(most, replications_of(scenario));
  std::vector<Job> jobs;
  for (std::uint32_t replication = 0; replication < most; ++replication)
    for (std::uint32_t point = 0; point < scenarios.size(); ++point)
      if (replication < replications_of(scenarios[point])) jobs.push_back({point, replication});
  return jobs;
}

// "spare, replication 3: its worker ..."
std::string message_of(const Point& point, const Job& job, const std::string& message) {
  const std::string_view comma = point.name.empty() ? "" : ", ";
  return fmt::format("{}{}replication {}: {}", point.name, comma, job.replication, message);
}

}  // namespace

void pair_scenarios(std::span<Scenario> scenarios) {
  for (Scenario& scenario : scenarios) {
    scenario.document.run.seed = scenarios.front().document.run.seed;
    scenario.document.run.replications = scenarios.front().document.run.replications;
  }
}

std::vector<StudyResult> run_points(std::span<const Point> points, std::span<const Scenario> scenarios,
                                    const StudyOptions& options) {
  check(!points.empty() && points.size() == scenarios.size(), "study", "{} points of {} scenarios",
        points.size(), scenarios.size());
  const auto began = Clock::now();
  std::vector<PointStudy> studies;
  for (std::size_t i = 0; i < points.size(); ++i) studies.emplace_back(points[i], scenarios[i]);
  const std::vector<Job> jobs = plan(scenarios);
  options.progress(0, static_cast<std::uint32_t>(jobs.size()));
  WorkersEvents events;
  events.report = [&](const Job& job, Report report) {
    studies[job.point].take(job.replication, std::move(report));
  };
  events.progress = options.progress;
  events.trouble = [&](const Job& job, const std::string& message) {
    options.trouble(message_of(points[job.point], job, message));
  };
  const auto run = [&](const Job& job) { return run_replication(scenarios[job.point], job.replication); };
  const StudyStatus status =
      run_workers({.workers = options.workers, .fork = options.fork}, jobs, run, events);
  std::vector<StudyResult> results;
  for (std::size_t i = 0; i < points.size(); ++i) {
    results.push_back(std::move(studies[i]).close(replications_of(scenarios[i]), status));
    results.back().wall_seconds = std::chrono::duration<double>(Clock::now() - began).count();
  }
  return results;
}

}  // namespace nephoscope
