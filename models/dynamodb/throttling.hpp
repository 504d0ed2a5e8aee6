// Why DynamoDB throttles, in its own words.
//
// Source: DynamoDB API Reference, ThrottlingReason: {Table,Index}{Read,Write} + one of the four below.
#pragma once

#include <cstdint>
#include <string_view>

#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

enum class ThrottlingReason : std::uint8_t {
  none,                               // admitted
  provisioned_throughput_exceeded,    // the table's or index's provisioned rate
  key_range_throughput_exceeded,      // a partition's cap, or its share: a hot partition
  account_limit_exceeded,             // the per-table quota of an on-demand table
  max_on_demand_throughput_exceeded,  // the on-demand maximum that its owner has set
};
inline constexpr int kThrottlingReasons = 5;

// "TableReadKeyRangeThroughputExceeded".
std::string_view name_of(ThrottlingReason reason, Access access, bool of_index);

}  // namespace nephoscope::dynamodb
