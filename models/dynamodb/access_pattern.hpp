// What callers do with a table: the operations that scenarios name.
//
//   access_patterns:
//     latest:   {operation: Query, sort: newest, items: 20}
//     checkout: {operation: TransactWriteItems, items: 3, updates: 100%}
//
// The API's own names (GetItem, PutItem, ...) are always there, each as the pattern that has only
// `operation`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/base/units.hpp"
#include "engine/config/field_table.hpp"
#include "models/common/distribution_field.hpp"
#include "models/common/dynamodb.hpp"

namespace nephoscope::dynamodb {

// Which item of a partition key's collection a request is about.
enum class SortChoice : std::uint8_t {
  any,     // one of those that the collection has had so far
  newest,  // that with the highest sort key
  next,    // one behind the newest: it is not there yet
};

// Most items of one request (DynamoDB API reference; Developer Guide, "Service, account, and table quotas").
inline constexpr std::int64_t kMaxBatchGet = 100;
inline constexpr std::int64_t kMaxBatchWrite = 25;
inline constexpr std::int64_t kMaxTransaction = 100;
// TotalSegments of a parallel scan: 1 to 1,000,000 (API reference, Scan). Each is a process here, so fewer.
inline constexpr std::int64_t kMaxSegments = 4096;

struct AccessPattern {
  DynamoDbAction operation = DynamoDbAction::get_item;
  bool consistent_read = false;
  std::optional<std::int64_t> items;
  std::optional<std::string> index;
  Probability condition;
  Probability filter{1};
  std::int64_t segments = 1;
  std::optional<std::int64_t> pages;
  SortChoice sort = SortChoice::any;
  std::optional<SizeDistribution> size;
  Probability updates;
  Probability deletes;
  Probability condition_checks;

  static const FieldTable<AccessPattern>& fields();
  // How many items a batch or transaction is about, or one; of a query or scan see `items`.
  std::int64_t request_items() const;
};

constexpr bool is_batch(DynamoDbAction action) {
  return action == DynamoDbAction::batch_get_item || action == DynamoDbAction::batch_write_item;
}
constexpr bool is_transaction(DynamoDbAction action) {
  return action == DynamoDbAction::transact_get_items || action == DynamoDbAction::transact_write_items;
}
constexpr bool is_search(DynamoDbAction action) {
  return action == DynamoDbAction::query || action == DynamoDbAction::scan;
}
inline constexpr int kActions = 10;
constexpr std::size_t index_of(DynamoDbAction action) { return static_cast<std::size_t>(action); }

}  // namespace nephoscope::dynamodb

namespace nephoscope {
template <>
inline constexpr auto kEnumNames<DynamoDbAction> = enum_names<DynamoDbAction>({
    {"GetItem", DynamoDbAction::get_item},
    {"PutItem", DynamoDbAction::put_item},
    {"UpdateItem", DynamoDbAction::update_item},
    {"DeleteItem", DynamoDbAction::delete_item},
    {"Query", DynamoDbAction::query},
    {"Scan", DynamoDbAction::scan},
    {"BatchGetItem", DynamoDbAction::batch_get_item},
    {"BatchWriteItem", DynamoDbAction::batch_write_item},
    {"TransactGetItems", DynamoDbAction::transact_get_items},
    {"TransactWriteItems", DynamoDbAction::transact_write_items},
});
template <>
inline constexpr auto kEnumNames<dynamodb::SortChoice> = enum_names<dynamodb::SortChoice>({
    {"any", dynamodb::SortChoice::any},
    {"newest", dynamodb::SortChoice::newest},
    {"next", dynamodb::SortChoice::next},
});
}  // namespace nephoscope
