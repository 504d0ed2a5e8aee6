// What a table counts of its requests: the CloudWatch metrics, the results and their series.
//
// Source: DynamoDB Developer Guide, "DynamoDB metrics and dimensions".
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/stats/quantile_sketch.hpp"
#include "engine/stats/windowed_series.hpp"
#include "models/common/cloudwatch.hpp"
#include "models/common/series.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/access_pattern.hpp"
#include "models/dynamodb/items.hpp"
#include "models/dynamodb/partition_set.hpp"
#include "models/dynamodb/throttling.hpp"

namespace nephoscope {
class Report;
}  // namespace nephoscope

namespace nephoscope::dynamodb {

// How a request ended.
enum class Outcome : std::uint8_t {
  ok,
  throttled,             // the whole of it
  unprocessed,           // a batch, of which something was left after all repetitions
  condition_failed,      // ConditionalCheckFailedException
  transaction_canceled,  // TransactionCanceledException
  conflict,              // TransactionConflictException
  collection_full,       // ItemCollectionSizeLimitExceededException
  invalid,               // ValidationException
  no_leader,             // InternalServerError
  no_quorum,             // InternalServerError: no other Region can be reached
  replicated_conflict,   // ReplicatedWriteConflictException
};
inline constexpr std::size_t kOutcomes = 11;

class Metering final {
 public:
  // REQUIRES: all outlive it.
  Metering(World& world, const std::string& id, const PartitionSet& partitions, const Items& items);

  void connect(CloudWatch& cloudwatch);
  void start();
  void begin_measurement();
  void report(Report& report) const;

  void arrived() { ++arrived_; }
  void answered(DynamoDbAction action, Outcome outcome, Duration latency) {
    ++answered_[static_cast<std::size_t>(outcome)];
    if (outcome != Outcome::ok) [[unlikely]]
      return failed(action, outcome);
    latencies_.add(latency);
    latency_sum_ += latency;
    Minute& minute = minutes_[index_of(action)];
    ++minute.ok;
    minute.latency += latency;
    if (latency < minute.shortest) minute.shortest = latency;
    if (latency > minute.longest) minute.longest = latency;
  }
  // One item, or one page, that was turned away.
  void throttle_event(Access access, ThrottlingReason reason) {
    ++throttle_events_[index_of(access)][static_cast<std::size_t>(reason)];
  }
  // A transaction met another write of the same item, or the other way round.
  void conflict() { ++conflicts_; }
  // An eventually consistent read of an item. `age`: since the commit that it did not see; zero if it did.
  void eventual_read(Duration age) {
    ++eventual_reads_;
    if (age > Duration{}) [[unlikely]]
      stale(age);
  }

  std::uint64_t arrivals() const { return arrived_; }
  std::uint64_t answers(Outcome outcome) const { return answered_[static_cast<std::size_t>(outcome)]; }

 private:
  struct Minute {  // of one action
    std::uint64_t ok = 0, throttled = 0, system_errors = 0;
    Duration latency{};
    Duration shortest = Duration::max();
    Duration longest{};
  };
  struct ActionMetrics {
    MetricId latency, throttled, system_errors;
  };
  using Events = std::array<std::array<std::uint64_t, kThrottlingReasons>, kAccesses>;
  struct Totals {  // since the start of the run
    std::array<std::uint64_t, kOutcomes> answered{};
    Events events{};
    std::array<CapacityUnits, kAccesses> consumed{};
    std::array<std::uint64_t, kAccesses> demands{};
    std::uint64_t arrived = 0, conflicts = 0, eventual = 0, stale = 0;
    Duration latency{};
  };
  struct Sampled {
    WindowedSeries consumed, throttled, provisioned;
    CapacityUnits consumed_before, throttled_before;
    explicit Sampled(const RunWindow& run);
  };

  void failed(DynamoDbAction action, Outcome outcome);
  void stale(Duration age);
  Totals totals() const;
  Process each_minute();
  Process each_step();
  void publish(Time stamp);
  void publish_actions(Time stamp);
  void publish_provisioned(Time stamp);
  void take_sample();

  World& world_;
  std::string id_;
  const PartitionSet& partitions_;
  const Items& items_;
  CloudWatch* cloudwatch_ = nullptr;
  std::uint64_t arrived_ = 0, conflicts_ = 0, eventual_reads_ = 0, stale_reads_ = 0;
  std::array<std::uint64_t, kOutcomes> answered_{};
  Events throttle_events_{};
  Duration latency_sum_{};
  QuantileSketch latencies_;
  QuantileSketch staleness_;
  std::array<Minute, kActions> minutes_;
  Totals minute_before_, measured_before_;
  std::array<ActionMetrics, kActions> action_metrics_;
  std::array<MetricId, kAccesses> consumed_metric_, provisioned_metric_, throttle_metric_;
  MetricId condition_metric_, conflict_metric_, user_errors_metric_;
  Duration step_;
  Time sampled_{};
  std::array<Sampled, kAccesses> series_;
};

}  // namespace nephoscope::dynamodb
