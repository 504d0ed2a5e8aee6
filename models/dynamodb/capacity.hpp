// How many capacity units an operation consumes: pure arithmetic.
//
// Source: DynamoDB Developer Guide, "Provisioned throughput: item sizes and capacity unit consumption",
// "Capacity unit consumption for reads / writes", "Transactions: capacity management".
#pragma once

#include <algorithm>
#include <cstdint>

#include "models/dynamodb/units.hpp"

namespace nephoscope::dynamodb {

enum class Consistency : std::uint8_t { eventual, strong, transactional };

inline constexpr std::int64_t kReadBlock = 4096;   // bytes that one read unit covers
inline constexpr std::int64_t kWriteBlock = 1024;  // bytes that one write unit covers
inline constexpr std::int64_t kMaxItemBytes = 400 << 10;
inline constexpr std::int64_t kPageBytes = 1 << 20;  // of one answer to Query or Scan
inline constexpr std::int64_t kMaxBatchBytes = 16 << 20;
inline constexpr std::int64_t kMaxTransactionBytes = 4 << 20;
inline constexpr std::int64_t kStoredOverhead = 100;  // bytes an item, in storage only

// Half units that one block costs.
constexpr std::int64_t halves_of(Consistency consistency) {
  return consistency == Consistency::eventual ? 1 : consistency == Consistency::strong ? 2 : 4;
}
constexpr std::int64_t blocks(std::int64_t bytes, std::int64_t block) {
  return std::max<std::int64_t>((bytes + block - 1) / block, 1);
}

// One item (GetItem, an item of BatchGetItem or TransactGetItems), or all that one page of Query or Scan
// evaluates: sizes are summed, then rounded up once. A missing item, and a page without items, costs as much
// as one of a single byte. REQUIRES: bytes >= 0.
constexpr CapacityUnits read_units(std::int64_t bytes, Consistency consistency) {
  return {blocks(bytes, kReadBlock) * halves_of(consistency)};
}

// One item. `before` and `after` are its sizes, 0 where there is no item: a put or update costs the larger, a
// delete the old size, a write to nothing one unit. A failed condition costs the same as if it had held.
// REQUIRES: >= 0.
constexpr CapacityUnits write_units(std::int64_t before, std::int64_t after, bool transactional = false) {
  return CapacityUnits::of(blocks(std::max(before, after), kWriteBlock) * (transactional ? 2 : 1));
}

// An entry of a local secondary index, whose writes the table pays beside its own: `before` and `after` are
// its sizes, 0 where the item is not in the index. One that enters, leaves or changes is one write; one that
// stays as it is, none.
constexpr CapacityUnits local_index_units(std::int64_t before, std::int64_t after, bool changed) {
  if (before == 0 && after == 0) return {};
  if (before > 0 && after > 0 && !changed) return {};
  return write_units(before, after);
}

}  // namespace nephoscope::dynamodb
