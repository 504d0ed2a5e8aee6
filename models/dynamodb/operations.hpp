// The operations that callers name, and which items each request is about.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/random/keys.hpp"
#include "models/common/dynamodb.hpp"
#include "models/common/world.hpp"
#include "models/dynamodb/access_pattern.hpp"
#include "models/dynamodb/dynamodb.hpp"
#include "models/dynamodb/items.hpp"

namespace nephoscope::dynamodb {

using ItemKey = DynamoDbTable::ItemKey;

inline constexpr std::size_t kMostItems = 100;  // of a batch or transaction

enum class WriteKind : std::uint8_t { put, update, remove, check };

// One operation, ready to be served.
struct Operation {
  DynamoDbAction action = DynamoDbAction::get_item;
  Consistency consistency = Consistency::eventual;
  std::uint32_t items = 1;   // of a batch or transaction
  std::uint32_t number = 0;  // among the table's operations
  const AccessPattern* pattern = nullptr;
};

class Operations final {
 public:
  // REQUIRES: all outlive it.
  Operations(World& world, const std::string& id, const TableConfig& config, const Items& items);

  // Null if the table has no such operation.
  const Operation* find(OperationId id) const {
    const std::uint32_t place = id.value < places_.size() ? places_[id.value] : kNone;
    return place == kNone ? nullptr : &operations_[place];
  }
  // The `index`-th item of a request: its own key first, further ones drawn like those of requests without a
  // key. All items of a request differ, as the API demands, as far as the table has so many keys.
  ItemKey item_of(const Request& request, const Operation& operation, std::uint32_t index) const {
    if (index > 0) [[unlikely]]
      return further_item(request, operation, index);
    return {.key = key_of(request), .sort = sorted_ ? sort_of(request, operation, key_of(request), 0) : 0};
  }
  // The first `items.size()` of them. REQUIRES: at most kMostItems.
  void items_of(const Request& request, const Operation& operation, std::span<ItemKey> items) const;
  // What a batch or transaction does to its `index`-th item.
  WriteKind kind_of(const Request& request, const Operation& operation, std::uint32_t index) const;
  // The partition key of a request.
  std::uint64_t key_of(const Request& request) const {
    if (request.key != 0) return request.key;
    Draws draws = world_.random.request(key_purpose_, request.number);
    return 1 + keys_.sample(draws);
  }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;

  void add(std::string_view name, const AccessPattern& pattern);
  std::uint64_t sort_of(const Request& request, const Operation& operation, std::uint64_t key,
                        std::uint32_t index) const;
  ItemKey further_item(const Request& request, const Operation& operation, std::uint32_t index) const;

  World& world_;
  const Items& items_;
  bool sorted_;
  Purpose key_purpose_, sort_purpose_, kind_purpose_;
  ZipfKeys keys_;
  std::vector<AccessPattern> own_;  // the API's operations
  std::vector<Operation> operations_;
  std::vector<std::uint32_t> places_;  // by OperationId
};

}  // namespace nephoscope::dynamodb
