// What other services know of a DynamoDB table: what its operations do (DAX), and what its items were last.
//
// The implementation is models/dynamodb.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/time.hpp"
#include "models/common/request.hpp"

namespace nephoscope {

// Source: DynamoDB API Reference, Actions.
enum class DynamoDbAction : std::uint8_t {
  get_item,
  put_item,
  update_item,
  delete_item,
  query,
  scan,
  batch_get_item,
  batch_write_item,
  transact_get_items,
  transact_write_items,
};

constexpr bool is_write(DynamoDbAction action) {
  return action == DynamoDbAction::put_item || action == DynamoDbAction::update_item ||
         action == DynamoDbAction::delete_item || action == DynamoDbAction::batch_write_item ||
         action == DynamoDbAction::transact_write_items;
}

// One operation that callers can name, as far as those in front of a table need to know.
struct DynamoDbOperation {
  DynamoDbAction action = DynamoDbAction::get_item;
  bool consistent_read = false;
  std::uint32_t items = 1;  // that it is about (batch, transaction) or that it returns (query, scan)
  std::uint32_t pattern =
      0;  // which of the table's access patterns: queries of other patterns are other queries
};

class DynamoDbTable {
 public:
  virtual ~DynamoDbTable() = default;
  // REQUIRES: one of the operations that the table understands.
  virtual DynamoDbOperation describe(OperationId operation) const = 0;
  // The key and sort key of the `index`-th item that a request is about, as the table itself draws them.
  struct ItemKey {
    std::uint64_t key = 0;
    std::uint64_t sort = 0;
  };
  virtual ItemKey item_of(const Request& request, std::uint32_t index) const = 0;
  // The version of an item now, 0 if there is none: the simulator's truth, for measuring stale reads only.
  virtual std::uint64_t version_of(ItemKey item) const = 0;
};

}  // namespace nephoscope
