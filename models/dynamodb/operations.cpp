#include "models/dynamodb/operations.hpp"

#include <algorithm>
#include <array>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {
namespace {

// Draws that are tried for an item that differs from those before it.
constexpr int kTries = 32;

ZipfKeys keys_of(const TableConfig& config, const Items& items) {
  if (config.keys) return config.keys->ranks();
  return {std::max<std::uint64_t>(items.keys(), 1), 0};
}

Consistency consistency_of(const AccessPattern& pattern) {
  if (pattern.operation == DynamoDbAction::transact_get_items) return Consistency::transactional;
  return pattern.consistent_read ? Consistency::strong : Consistency::eventual;
}

}  // namespace

Operations::Operations(World& world, const std::string& id, const TableConfig& config, const Items& items)
    : world_(world),
      items_(items),
      sorted_(config.sorted()),
      key_purpose_(Purpose("dynamodb.key").of(id)),
      sort_purpose_(Purpose("dynamodb.sort").of(id)),
      kind_purpose_(Purpose("dynamodb.write_kind").of(id)),
      keys_(keys_of(config, items)),
      own_(kEnumNames<DynamoDbAction>.size()) {
  std::size_t next = 0;
  for (const auto& [name, action] : kEnumNames<DynamoDbAction>) {
    own_[next].operation = action;
    add(name, own_[next++]);
  }
  for (const auto& pattern : config.access_patterns) add(pattern.id, pattern.value);
}

void Operations::add(std::string_view name, const AccessPattern& pattern) {
  const OperationId id = world_.operations.intern(name);
  if (id.value >= places_.size()) places_.resize(id.value + 1, kNone);
  places_[id.value] = static_cast<std::uint32_t>(operations_.size());
  operations_.push_back({.action = pattern.operation,
                         .consistency = consistency_of(pattern),
                         .items = static_cast<std::uint32_t>(pattern.request_items()),
                         .number = static_cast<std::uint32_t>(operations_.size()),
                         .pattern = &pattern});
}

std::uint64_t Operations::sort_of(const Request& request, const Operation& operation, std::uint64_t key,
                                  std::uint32_t index) const {
  const std::uint64_t newest = items_.newest(key);
  switch (operation.pattern->sort) {
    case SortChoice::newest:
      return std::max<std::uint64_t>(newest, 1);
    case SortChoice::next:
      return newest + 1;
    case SortChoice::any:
      break;
  }
  if (newest <= 1) return 1;
  Draws draws = world_.random.request(sort_purpose_, request.number, 0, index);
  return 1 + draws.next_below(newest);
}

void Operations::items_of(const Request& request, const Operation& operation,
                          std::span<ItemKey> items) const {
  for (std::uint32_t i = 0; i < items.size(); ++i) {
    if (i == 0) {
      items[0] = item_of(request, operation, 0);
      continue;
    }
    const auto before = items.first(i);
    const auto taken = [&](const ItemKey& item) {
      return std::any_of(before.begin(), before.end(), [&](const ItemKey& other) {
        return other.key == item.key && other.sort == item.sort;
      });
    };
    Draws draws = world_.random.request(key_purpose_, request.number, 0, i);
    for (int tries = 0; tries < kTries; ++tries) {
      const std::uint64_t key = 1 + keys_.sample(draws);
      items[i] = {.key = key, .sort = sorted_ ? sort_of(request, operation, key, i) : 0};
      if (!taken(items[i])) break;
    }
    // Keys are few, or one is very hot: its neighbours.
    while (taken(items[i])) sorted_ ? ++items[i].sort : ++items[i].key;
  }
}

ItemKey Operations::further_item(const Request& request, const Operation& operation,
                                 std::uint32_t index) const {
  check(index < kMostItems, "dynamodb", "item {} of a request", index);
  std::array<ItemKey, kMostItems> items{};
  items_of(request, operation, std::span(items).first(index + 1));
  return items[index];
}

WriteKind Operations::kind_of(const Request& request, const Operation& operation, std::uint32_t index) const {
  const AccessPattern& pattern = *operation.pattern;
  const double updates = pattern.updates.value;
  const double deletes = updates + pattern.deletes.value;
  const double checks = deletes + pattern.condition_checks.value;
  if (checks == 0) return WriteKind::put;
  Draws draws = world_.random.request(kind_purpose_, request.number, 0, index);
  const double drawn = draws.next_uniform();
  if (drawn < updates) return WriteKind::update;
  if (drawn < deletes) return WriteKind::remove;
  return drawn < checks ? WriteKind::check : WriteKind::put;
}

}  // namespace nephoscope::dynamodb
