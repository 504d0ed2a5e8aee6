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
  Storage(std::int64_t bytes, std::int64_t items) : billed_(bytes + items * kStoredOverhead) {}
  void change(Time now, std::int64_t bytes, int items) {
    billed_.change(now, bytes + items * kStoredOverhead);
  }
  std::int64_t billed_bytes() const { return billed_.value(); }
  // Rounded down. Source: models/pricing: the price's base unit.
  std::int64_t mebibyte_seconds(Time now) const {
    constexpr WideInt unit = WideInt{1'000'000'000} << 20;  // byte nanoseconds
    return static_cast<std::int64_t>(billed_.integral(now) / unit);
  }

 private:
  Level billed_;
};

}  // namespace nephoscope::dynamodb
