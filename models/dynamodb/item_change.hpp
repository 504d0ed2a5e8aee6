// What a committed write did to an item: what streams, replicas, indexes and TTL follow.
#pragma once

#include <cstdint>

#include "engine/base/time.hpp"

namespace nephoscope::dynamodb {

enum class ChangeOrigin : std::uint8_t { client, time_to_live, replication };

struct ItemChange {
  Time at{};                   // of the commit
  std::uint64_t key = 0;       // partition key
  std::uint64_t sort = 0;      // sort key; 0 in a table without
  std::int64_t old_bytes = 0;  // 0: there was no item
  std::int64_t new_bytes = 0;  // 0: the item is deleted
  ChangeOrigin origin = ChangeOrigin::client;
  std::uint64_t number = 0;   // of the request, which draws about the change are addressed by
  std::uint64_t before = 0;   // the version that it replaces; 0: none
  std::uint64_t version = 0;  // of the new item: grows with each write to the table
  bool inserts() const { return old_bytes == 0 && new_bytes > 0; }
  bool removes() const { return old_bytes > 0 && new_bytes == 0; }
};

// Hears of every committed change, at the instant of the commit. REQUIRES: outlives the table.
class ChangeListener {
 public:
  virtual ~ChangeListener() = default;
  virtual void item_changed(const ItemChange& change) = 0;
};

}  // namespace nephoscope::dynamodb
