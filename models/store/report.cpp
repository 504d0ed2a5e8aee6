// What a store measured, and its conservation laws.
#include <fmt/format.h>

#include "models/common/report.hpp"
#include "models/store/model.hpp"

namespace nephoscope::store {
namespace {

double seconds(WideInt nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }

}  // namespace

Process Store::sample() {
  for (;;) {
    const WaitStatus status = co_await world_.simulation.delay(repairs_series_.step());
    if (status != WaitStatus::done) co_return;
    take_sample();
  }
}

void Store::take_sample() {
  const Time now = world_.now();
  unavailable_series_.sample(now, directory_.unavailable());
  under_replicated_series_.sample(now, directory_.under_replicated());
  repairs_series_.sample(now, repair_.running());
  stuck_series_.sample(now, repair_.stuck());
}

void Store::begin_measurement() {
  const Time now = world_.now();
  take_sample();
  directory_.reset_statistics(now);
  repair_.running().reset(now);
  repair_.stuck().reset(now);
  for (LevelSeries* series :
       {&unavailable_series_, &under_replicated_series_, &repairs_series_, &stuck_series_})
    series->level_was_reset();
  repair_.durations() = QuantileSketch();
  counts_before_ = counts_;
  repairs_before_ = repair_.counts();
}

void Store::report(Report& report) const {
  const auto failed = [](const Counts& counts) {
    return counts.unavailable + counts.lost + counts.timed_out;
  };
  const std::uint64_t answered = counts_.ok - counts_before_.ok;
  const std::uint64_t errors = failed(counts_) - failed(counts_before_);
  report.ratio({Scope::resource, id_, "throughput"}, "1/s", static_cast<double>(answered),
               to_seconds(world_.now() - world_.warmup_end()));
  report.ratio({Scope::resource, id_, "errors.rate"}, "1", static_cast<double>(errors),
               static_cast<double>(errors + answered));
  report_chunks(report);
  report_repairs(report);
}

void Store::report_chunks(Report& report) const {
  const Time now = world_.now();
  const double chunk_time = to_seconds(now - world_.warmup_end()) * static_cast<double>(directory_.chunks());
  const auto share = [&](const char* name, const Level& level) {
    report.ratio({Scope::resource, id_, name}, "1", seconds(level.integral(now)), chunk_time);
  };
  share("chunks.unavailable", directory_.unavailable());
  share("chunks.under_replicated", directory_.under_replicated());
  const auto number = [&](const char* name, std::int64_t value) {
    report.ratio({Scope::resource, id_, name}, "1", static_cast<double>(value), 1);
  };
  number("chunks.unavailable.peak", directory_.unavailable().peak());
  number("chunks.lost", directory_.lost().value());
  report.ratio({Scope::resource, id_, "under_replicated.time"}, "s",
               seconds(directory_.impaired().integral(now)), 1);
  report.series(id_ + ".chunks.unavailable", "1", unavailable_series_.series());
  report.series(id_ + ".chunks.under_replicated", "1", under_replicated_series_.series());
}

void Store::report_repairs(Report& report) const {
  const Time now = world_.now();
  const RepairCounts& counts = repair_.counts();
  const auto number = [&](const char* name, const char* unit, auto value, auto before) {
    report.ratio({Scope::resource, id_, name}, unit, static_cast<double>(value - before), 1);
  };
  number("repairs", "1", counts.done, repairs_before_.done);
  number("repairs.failed", "1", counts.failed, repairs_before_.failed);
  number("repair.bytes", "1", counts.bytes, repairs_before_.bytes);
  number("repair.searches_in_vain", "1", counts.searches_in_vain, repairs_before_.searches_in_vain);
  const double span = to_seconds(now - world_.warmup_end());
  report.ratio({Scope::resource, id_, "repairs.stuck"}, "1", seconds(repair_.stuck().integral(now)), span);
  report.sketch({Scope::resource, id_, "repair.duration"}, "s", repair_.durations());
  report.series(id_ + ".repairs.running", "1", repairs_series_.series());
  report.series(id_ + ".repairs.stuck", "1", stuck_series_.series());
}

void Store::audit(Audit& audit) const {
  audit.conservation("resources." + id_, {.arrived = counts_.arrived,
                                          .completed = counts_.ok,
                                          .failed = counts_.timed_out,
                                          .rejected = counts_.lost + counts_.unavailable,
                                          .in_flight = serving_});
  const std::string trouble = directory_.audit();
  audit.add("replicas: resources." + id_, trouble.empty(),
            trouble.empty() ? fmt::format("{} copies created = on disks + {} deleted + {} destroyed",
                                          directory_.created(), directory_.deleted(), directory_.destroyed())
                            : trouble);
  const RepairCounts& repairs = repair_.counts();
  const auto running = static_cast<std::uint64_t>(repair_.running().value());
  audit.add("repairs: resources." + id_, repairs.started == repairs.done + repairs.failed + running,
            fmt::format("{} started = {} done + {} failed + {} running", repairs.started, repairs.done,
                        repairs.failed, running));
}

}  // namespace nephoscope::store
