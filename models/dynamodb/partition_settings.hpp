// How a table or index is set up, as its partitions see it, and what is assumed of DynamoDB's inside.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/config/field_table.hpp"
#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

enum class BillingMode : std::uint8_t { provisioned, pay_per_request };

// Which of DynamoDB's three ways of sharing out throughput (Elhemali et al., "Amazon DynamoDB: a scalable,
// predictably performant, and fully managed NoSQL database service", USENIX ATC 2022, section 4).
enum class AdmissionGeneration : std::uint8_t {
  static_partitions,  // 2012: every partition has its share of the table's rate
  burst_adaptive,     // 2017: shares with bursts, and a controller that raises the shares of hot partitions
  global_admission_control,  // today: one bucket for the table; partitions have the caps only
};

// Of one table or index.
struct PartitionSettings {
  BillingMode mode = BillingMode::pay_per_request;
  Throughput provisioned;                        // units/s; of mode provisioned
  std::optional<double> max_read_request_units;  // on-demand maximum throughput, units/s; none = no limit
  std::optional<double> max_write_request_units;
  std::optional<Throughput> warm;  // warm throughput that was asked for
  std::int64_t bytes = 0;          // of the data at the start, spread evenly over the hash
  bool divides_keys = true;        // whether a split may part items of one partition key: not with an LSI
  bool isolates_items = true;  // whether a hot item gets a partition of its own: not provisioned with Streams
};

// Beliefs about DynamoDB's inside, under a table's `assume.partitions`.
struct PartitionAssumptions {
  AdmissionGeneration admission = AdmissionGeneration::global_admission_control;
  // Buckets.
  Duration bucket_span = 1s;
  Duration burst_span = 300s;
  Duration saved_at_start = 300s;
  double burst_ceiling = 1.5;  // of a partition's caps
  std::int64_t routers = 8;
  Duration lease = 2s;
  // Control.
  Duration control_period = 1min;
  Probability adaptive_gain{0.5};
  Probability heat_threshold{0.9};
  std::int64_t heat_periods = 3;
  Probability hot_item_share{0.7};
  Probability sequence_share{0.9};
  Duration split_time = 5min;
  Duration handover = 300ms;
  // On demand.
  Duration peak_window = 1min;
  Duration doubling_time = 30min;
  // Replicas.
  double leader_failures_per_year = 1;  // of one partition's leader
  Duration leader_lease = 3s;
  Rate node_reads{6000};
  Rate node_writes{2000};
  std::int64_t partitions_per_node = 1;
  Duration move_time = 5min;
  static const FieldTable<PartitionAssumptions>& fields();
};

}  // namespace nephoscope::dynamodb

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<dynamodb::BillingMode> = enum_names<dynamodb::BillingMode>({
    {"PROVISIONED", dynamodb::BillingMode::provisioned},
    {"PAY_PER_REQUEST", dynamodb::BillingMode::pay_per_request},
});
template <>
inline constexpr auto kEnumNames<dynamodb::AdmissionGeneration> = enum_names<dynamodb::AdmissionGeneration>({
    {"static", dynamodb::AdmissionGeneration::static_partitions},
    {"burst_adaptive", dynamodb::AdmissionGeneration::burst_adaptive},
    {"global_admission_control", dynamodb::AdmissionGeneration::global_admission_control},
});
}  // namespace nephoscope
