// What is measured of a workload's calls. The meaning of every figure is fixed here.
//
//   availability          calls answered without error or time-out / calls that arrived
//   availability.attempts successful attempts / attempts, of calls that have ended
//   errors.rate           1 - availability: calls that nobody has answered by the end of draining count as
//   failed latency.*             from the first attempt to the answer, successful calls only latency.all.*
//   the same, failed calls included throughput            successful calls / length of the span arrivals.rate
//   calls that arrived / length of the span attempts.mean         attempts / calls that have ended
//   minutes_degraded      minutes (from the run's start) with arrivals whose availability is under the
//   objective
//   time_to_recover       from the first such minute's begin to the last one's end; 0 without any
//   requests.lost         calls that failed, or were never answered, in one run
//
// A call belongs to the span of time in which it arrives, whenever it ends.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/queueing/level.hpp"
#include "engine/stats/quantile_sketch.hpp"
#include "engine/stats/windowed_series.hpp"
#include "models/common/call.hpp"
#include "models/common/report.hpp"
#include "models/common/world.hpp"

namespace nephoscope::client {

// The calls that arrived in a window, whose ends may still move while nothing at them has arrived yet.
class CallMeasures final {
 public:
  // REQUIRES: `window` outlives this.
  explicit CallMeasures(const TimeWindow& window) : window_(&window) {}

  bool covers(Time arrival) const {
    return arrival - Time{} >= window_->from && arrival - Time{} < window_->to;
  }
  void arrived() { ++arrived_; }
  // REQUIRES: arrived() was called for this call.
  void ended(const CallResult& result, Duration latency);

  // Failed, or not answered yet.
  std::uint64_t lost() const { return arrived_ - succeeded_.calls; }
  // Adds availability, errors, latencies and rates under `id`.
  void report(Report& report, Scope scope, const std::string& id) const;
  // Adds what is known of attempts.
  void report_attempts(Report& report, Scope scope, const std::string& id) const;

 private:
  struct Ended {
    std::uint64_t calls = 0;
    WideInt time = 0;  // ns, summed
    QuantileSketch latency;
  };

  const TimeWindow* window_;
  std::uint64_t arrived_ = 0;
  std::uint64_t attempts_ = 0;
  Ended succeeded_;
  Ended failed_;
};

// Counts failures by who failed with what, hidden by a retry or not.
class FailureCounts final : public CallObserver {
 public:
  void retried(const Response& failed) override { add(failed, false); }
  void failed(const Response& response) { add(response, true); }
  // `self`: whose own failures have no resource.
  void report(Report& report, const World& world, const std::string& workload, ResourceId self) const;

 private:
  using Key = std::tuple<ResourceId, ErrorId, bool>;
  void add(const Response& response, bool final) { ++counts_[{response.source, response.error, final}]; }
  std::map<Key, std::uint64_t> counts_;
};

// All about one workload.
class Measurement final {
 public:
  // REQUIRES: `world` outlives this. `id` is the workload's, `objective` for minutes_degraded.
  Measurement(World& world, std::string id, Probability objective);

  // Whether a call that arrives now counts in the workload's own figures.
  bool measures(Time arrival) const { return whole_.covers(arrival); }
  void arrived(Time arrival);
  // The call that arrived then has ended now.
  void ended(Time arrival, const CallResult& result);
  FailureCounts& failures() { return failures_; }

  void report(Report& report, ResourceId self) const;

 private:
  struct Minute {
    std::uint64_t arrived = 0;
    std::uint64_t succeeded = 0;
  };
  std::size_t minute_of(Time arrival) const;
  bool degraded(const Minute& minute) const;
  std::uint64_t degraded_minutes() const;
  Duration time_to_recover() const;

  World& world_;
  std::string id_;
  Probability objective_;
  TimeWindow measured_;
  CallMeasures whole_;
  std::vector<CallMeasures> windows_;  // as world.run.windows
  std::vector<Minute> minutes_;        // of measured calls
  FailureCounts failures_;
  WindowedSeries outcomes_;   // 1 or 0 for each ended call, at its arrival
  WindowedSeries latencies_;  // of successful calls, at their arrival
};

}  // namespace nephoscope::client
