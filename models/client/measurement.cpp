#include "models/client/measurement.hpp"

#include <algorithm>
#include <utility>

#include "models/common/series.hpp"

namespace nephoscope::client {

namespace {

constexpr std::string_view kResourcePrefix = "resources.";

double seconds(WideInt nanoseconds) { return static_cast<double>(nanoseconds) * 1e-9; }
double number(std::uint64_t count) { return static_cast<double>(count); }

}  // namespace

void CallMeasures::ended(const CallResult& result, Duration latency) {
  attempts_ += result.attempts;
  Ended& ended = result.ok() ? succeeded_ : failed_;
  ++ended.calls;
  ended.time += latency.count();
  ended.latency.add(latency);
}

void CallMeasures::report(Report& report, Scope scope, const std::string& id) const {
  const double span = to_seconds(window_->to - window_->from);
  const auto ratio = [&](const char* name, const char* unit, double numerator, double denominator) {
    report.ratio({scope, id, name}, unit, numerator, denominator);
  };
  ratio("availability", "1", number(succeeded_.calls), number(arrived_));
  ratio("errors.rate", "1", number(arrived_ - succeeded_.calls), number(arrived_));
  ratio("throughput", "1/s", number(succeeded_.calls), span);
  ratio("arrivals.rate", "1/s", number(arrived_), span);
  ratio("latency.mean", "s", seconds(succeeded_.time), number(succeeded_.calls));
  ratio("latency.all.mean", "s", seconds(succeeded_.time + failed_.time),
        number(succeeded_.calls + failed_.calls));
  report.sketch({scope, id, "latency"}, "s", succeeded_.latency);
  QuantileSketch all = succeeded_.latency;
  all.merge(failed_.latency);
  report.sketch({scope, id, "latency.all"}, "s", std::move(all));
}

void CallMeasures::report_attempts(Report& report, Scope scope, const std::string& id) const {
  report.ratio({scope, id, "availability.attempts"}, "1", number(succeeded_.calls), number(attempts_));
  report.ratio({scope, id, "attempts.mean"}, "1", number(attempts_),
               number(succeeded_.calls + failed_.calls));
}

void FailureCounts::report(Report& report, const World& world, const std::string& workload,
                           ResourceId self) const {
  for (const auto& [key, count] : counts_) {
    const auto& [source, error, final] = key;
    std::string resource = source && source != self ? world.resources.name(source) : "";
    if (resource.starts_with(kResourcePrefix)) resource.erase(0, kResourcePrefix.size());
    const std::string name = error ? world.errors.name(error) : "unnamed";
    report.cause({.workload = workload, .resource = std::move(resource), .error = name, .final = final},
                 count);
  }
}

Measurement::Measurement(World& world, std::string id, Probability objective)
    : world_(world),
      id_(std::move(id)),
      objective_(objective),
      measured_{.id = "", .from = world.run.warmup, .to = world.run.duration},
      whole_(measured_),
      outcomes_({.origin = Time{}, .width = series_step(world.run)}),
      latencies_({.origin = Time{}, .width = series_step(world.run)}) {
  for (const TimeWindow& window : world.run.windows) windows_.emplace_back(window);
}

std::size_t Measurement::minute_of(Time arrival) const {
  return static_cast<std::size_t>((arrival - Time{}) / Duration(1min));
}

void Measurement::arrived(Time arrival) {
  for (CallMeasures& window : windows_)
    if (window.covers(arrival)) window.arrived();
  if (!measures(arrival)) return;
  whole_.arrived();
  const std::size_t minute = minute_of(arrival);
  if (minute >= minutes_.size()) minutes_.resize(minute + 1);
  ++minutes_[minute].arrived;
}

void Measurement::ended(Time arrival, const CallResult& result) {
  const Duration latency = world_.now() - arrival;
  outcomes_.add(arrival, result.ok() ? 1 : 0);
  if (result.ok()) latencies_.add(arrival, to_seconds(latency));
  for (CallMeasures& window : windows_)
    if (window.covers(arrival)) window.ended(result, latency);
  if (!measures(arrival)) return;
  whole_.ended(result, latency);
  if (result.ok())
    ++minutes_[minute_of(arrival)].succeeded;
  else
    failures_.failed(result.response);
}

bool Measurement::degraded(const Minute& minute) const {
  return number(minute.succeeded) < objective_.value * number(minute.arrived);
}

std::uint64_t Measurement::degraded_minutes() const {
  return static_cast<std::uint64_t>(
      std::count_if(minutes_.begin(), minutes_.end(), [&](const Minute& each) { return degraded(each); }));
}

Duration Measurement::time_to_recover() const {
  const auto bad = [&](const Minute& each) { return degraded(each); };
  const auto first = std::find_if(minutes_.begin(), minutes_.end(), bad);
  const auto after_last = std::find_if(minutes_.rbegin(), minutes_.rend(), bad).base();
  return first == minutes_.end() ? Duration{} : (after_last - first) * Duration(1min);
}

void Measurement::report(Report& report, ResourceId self) const {
  whole_.report(report, Scope::workload, id_);
  whole_.report_attempts(report, Scope::workload, id_);
  report.ratio({Scope::workload, id_, "minutes_degraded"}, "min", number(degraded_minutes()), 1);
  report.ratio({Scope::workload, id_, "time_to_recover"}, "s", to_seconds(time_to_recover()), 1);
  report.ratio({Scope::workload, id_, "requests.lost"}, "1", number(whole_.lost()), 1);
  for (std::size_t i = 0; i < windows_.size(); ++i)
    windows_[i].report(report, Scope::window, world_.run.windows[i].id + "/" + id_);
  failures_.report(report, world_, id_, self);
  report.series(id_ + ".arrivals.rate", "1/s", outcomes_);
  report.series(id_ + ".availability", "1", outcomes_);
  report.series(id_ + ".throughput", "1/s", latencies_);
  report.series(id_ + ".latency.mean", "s", latencies_);
}

}  // namespace nephoscope::client
