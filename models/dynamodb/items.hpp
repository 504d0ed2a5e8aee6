// The items of a table, sparsely: those that nobody has written are what the configuration says, without
// memory; a written one takes some 45 bytes.
//
// At the start the keys 1 .. K exist, each with its collection of sort keys 1 .. n (in a table without sort
// key one item, of sort key 0). An item's size is drawn by its key: the same whoever asks, and whenever.
#pragma once

#include <cstdint>
#include <string>

#include "engine/base/time.hpp"
#include "engine/random/draws.hpp"
#include "models/common/distribution_field.hpp"
#include "models/dynamodb/capacity.hpp"
#include "models/dynamodb/item_change.hpp"
#include "models/dynamodb/touched.hpp"

namespace nephoscope::dynamodb {

struct ItemsOptions {
  std::string id;            // of the table: draws are the table's own
  std::int64_t items = 0;    // at the start
  std::int64_t per_key = 1;  // sort keys of each partition key; the last one has what is left
  bool sorted = false;       // whether the table has a sort key
  bool collections = false;  // whether sizes of collections are to be known exactly (LSI)
};

struct ItemState {
  std::int64_t bytes = 0;     // 0: there is no such item
  std::uint64_t version = 0;  // of the last write, deletes included; 0: never written
  Time committed{};           // when that was; nothing lags behind an item that was there at the start
  bool exists() const { return bytes > 0; }
};

// All items with one partition key.
struct Collection {
  std::uint64_t newest = 0;  // the highest sort key so far
  std::int64_t items = 0;    // that exist
  std::int64_t bytes = 0;
  std::int64_t mean_bytes() const { return items > 0 ? bytes / items : 0; }
};

class Items final {
 public:
  // Of items that were there at the start.
  static constexpr std::uint64_t kInitialVersion = 1;

  // REQUIRES: `random` and `size` outlive it.
  Items(const ItemsOptions& options, const RandomSource& random, const SizeDistribution& size);

  ItemState find(std::uint64_t key, std::uint64_t sort) const {
    if (const Item* item = touched_.find(key, sort))
      return {.bytes = item->bytes(), .version = item->version(), .committed = item->committed};
    if (!initially(key, sort)) return {};
    return {.bytes = initial_bytes(key, sort), .version = kInitialVersion, .committed = kLongAgo};
  }
  // REQUIRES: versions of an item grow; `now` does not go back.
  void put(const ItemChange& change);

  // Exact where collections are followed, else with the mean size for items that nobody has written.
  Collection collection(std::uint64_t key) const;
  // The bytes of the first `count` items of a partition key, from the highest sort key down if `backwards`.
  // REQUIRES: it has so many.
  std::int64_t bytes_of(std::uint64_t key, std::int64_t count, bool backwards) const;
  // The highest sort key of a partition key so far.
  std::uint64_t newest(std::uint64_t key) const {
    const Written* written = collections_.find(key, 0);
    return written != nullptr ? written->newest : initial_count(key);
  }
  // The size that the table gives an item unless told otherwise. In [1, 400 KB]: no larger item can be.
  std::int64_t initial_bytes(std::uint64_t key, std::uint64_t sort) const;
  bool initially(std::uint64_t key, std::uint64_t sort) const {
    return options_.sorted ? sort >= 1 && sort <= initial_count(key) : key >= 1 && key <= keys_ && sort == 0;
  }
  // Partition keys that exist at the start.
  std::uint64_t keys() const { return keys_; }

  // Exact sums of changes, on top of the mean sizes at the start.
  std::int64_t bytes() const { return bytes_; }
  std::int64_t count() const { return count_; }
  std::int64_t mean_bytes() const { return mean_; }
  std::uint64_t touched() const { return touched_.size(); }
  std::size_t memory() const { return touched_.memory() + collections_.memory(); }

 private:
  static constexpr Time kLongAgo = Time{} - kMaxDuration;
  static constexpr int kBytesBits = 20;
  static_assert(kMaxItemBytes < (1 << kBytesBits));
  struct Item {
    std::uint64_t key = 0;
    std::uint64_t sort = 0;
    Time committed{};
    std::uint64_t packed = 0;  // version, bytes; 0: empty
    bool empty() const { return packed == 0; }
    std::int64_t bytes() const { return static_cast<std::int64_t>(packed & ((1U << kBytesBits) - 1)); }
    std::uint64_t version() const { return packed >> kBytesBits; }
  };
  struct Written {  // a collection
    std::uint64_t key = 0;
    std::uint64_t sort = 0;
    std::uint64_t newest = 0;
    std::int32_t items = 0;
    std::int64_t bytes = 0;
    bool set = false;
    bool empty() const { return !set; }
  };

  std::uint64_t initial_count(std::uint64_t key) const;
  Collection initial_collection(std::uint64_t key) const;
  void change_collection(const ItemChange& change);

  ItemsOptions options_;
  const RandomSource& random_;
  const SizeDistribution& size_;
  Purpose purpose_;
  std::uint64_t keys_;
  std::int64_t mean_;
  bool constant_;
  std::int64_t bytes_;
  std::int64_t count_;
  TouchedTable<Item> touched_;
  TouchedTable<Written> collections_;
};

}  // namespace nephoscope::dynamodb
