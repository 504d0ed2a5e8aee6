// What a table's storage is billed by: its bytes, with an overhead for each item, over time.
//
// Source: DynamoDB Developer Guide, "Storage": the table's size plus 100 bytes of overhead for each item.
#pragma once

#include <cstdint>

#include "engine/queueing/level.hpp"
#include "models/dynamodb/capacity.hpp"

namespace nephoscope::dynamodb {

class Storage final {
 public:
  // A replica's items carry `overhead` bytes more than others.
  Storage(std::int64_t bytes, std::int64_t items, std::int64_t overhead = 0)
      : overhead_(kStoredOverhead + overhead), billed_(bytes + items * overhead_) {}
  void change(Time now, std::int64_t bytes, int items) { billed_.change(now, bytes + items * overhead_); }
  std::int64_t billed_bytes() const { return billed_.value(); }
  // Rounded down. Source: models/pricing: the price's base unit.
  std::int64_t mebibyte_seconds(Time now) const {
    constexpr WideInt unit = WideInt{1'000'000'000} << 20;  // byte nanoseconds
    return static_cast<std::int64_t>(billed_.integral(now) / unit);
  }

 private:
  std::int64_t overhead_;
  Level billed_;
};

}  // namespace nephoscope::dynamodb
