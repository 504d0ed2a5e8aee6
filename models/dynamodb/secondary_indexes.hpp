// Global secondary indexes as the table's own operations see them.
//
// A write to the table is admitted by the table and by every index that it touches, or by none; so the table
// asks here before it takes anything.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/base/ids.hpp"
#include "models/dynamodb/index_map.hpp"
#include "models/dynamodb/item_change.hpp"
#include "models/dynamodb/items.hpp"
#include "models/dynamodb/partition_set.hpp"

namespace nephoscope::dynamodb {

using IndexId = Id<struct IndexTag>;

class SecondaryIndexes {
 public:
  virtual ~SecondaryIndexes() = default;

  // Writes. `planned` is the change as it will be committed; `version` is that of the new item already.
  // Whether every index that it touches would admit it now: the first refusal, or an admission. Takes
  // nothing.
  virtual Admission judge(const ItemChange& planned) = 0;
  // REQUIRES: judged as admitted at this instant, nothing taken in between.
  virtual void take(const ItemChange& planned) = 0;
  // Counts the write where it was turned away. REQUIRES: judged as not admitted at this instant.
  virtual void refuse(const ItemChange& planned) = 0;
  // A write that is not turned away: one that was applied although it was answered by an error.
  virtual void take_anyway(const ItemChange& planned) = 0;
  // One that costs nothing: a deletion by TTL.
  virtual void take_free(const ItemChange& planned) = 0;

  // Reads: they are eventually consistent, and pay the index's own capacity.
  // None if there is no such index.
  virtual IndexId find(std::string_view name) const = 0;
  // Which of the index's own partition keys a query asks for; `item`: what a query of the table would be
  // about.
  virtual std::uint64_t query_key(IndexId index, const Request& request, const ItemId& item) const = 0;
  // Takes what a page reads from the index's partitions, or counts a refusal.
  virtual Admission read(IndexId index, const Demand& demand) = 0;
  // The entries that a query about `key`, one of the index's own partition keys, finds, and those of the
  // index as a whole.
  virtual Collection collection(IndexId index, std::uint64_t key) const = 0;
  virtual Collection all(IndexId index) const = 0;
};

}  // namespace nephoscope::dynamodb
