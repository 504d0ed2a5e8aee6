#include "models/dynamodb/items.hpp"

#include <algorithm>
#include <limits>

#include "engine/base/check.hpp"

namespace nephoscope::dynamodb {
namespace {

std::int64_t within_limits(std::int64_t bytes) { return std::clamp<std::int64_t>(bytes, 1, kMaxItemBytes); }

std::int64_t mean_of(const SizeDistribution& size) {
  const double mean = std::min(size.mean(), static_cast<double>(kMaxItemBytes));
  return within_limits(static_cast<std::int64_t>(mean + 0.5));
}

}  // namespace

Items::Items(const ItemsOptions& options, const RandomSource& random, const SizeDistribution& size)
    : options_(options),
      random_(random),
      size_(size),
      purpose_(Purpose("dynamodb.item_size").of(options.id)),
      keys_(static_cast<std::uint64_t>((options.items + options.per_key - 1) / options.per_key)),
      mean_(mean_of(size)),
      constant_(size.plain().kind() == Distribution::Kind::constant),
      bytes_(mean_ * options.items),
      count_(options.items) {
  check(options.items >= 0 && options.per_key >= 1, "dynamodb", "{} items, {} a key", options.items,
        options.per_key);
}

std::uint64_t Items::initial_count(std::uint64_t key) const {
  if (key < 1 || key > keys_) return 0;
  const auto each = static_cast<std::uint64_t>(options_.per_key);
  const auto all = static_cast<std::uint64_t>(options_.items);
  return key < keys_ ? each : all - (keys_ - 1) * each;
}

std::int64_t Items::initial_bytes(std::uint64_t key, std::uint64_t sort) const {
  if (constant_) return mean_;
  Draws draws = random_.request(purpose_, sort == 0 ? key : mix64(key) ^ sort);
  return within_limits(size_.sample(draws).count);
}

void Items::put(const ItemChange& change) {
  check(change.new_bytes >= 0 && change.new_bytes <= kMaxItemBytes, "dynamodb", "an item of {} bytes",
        change.new_bytes);
  bytes_ += change.new_bytes - change.old_bytes;
  count_ += static_cast<int>(change.new_bytes > 0) - static_cast<int>(change.old_bytes > 0);
  if (options_.sorted) change_collection(change);
  Item& item = touched_.insert(change.key, change.sort);
  item.committed = change.at;
  item.packed = change.version << kBytesBits | static_cast<std::uint64_t>(change.new_bytes);
}

// --- collections -------------------------------------------------------------------------------------------

Collection Items::initial_collection(std::uint64_t key) const {
  const std::uint64_t count = initial_count(key);
  Collection result{.newest = count, .items = static_cast<std::int64_t>(count), .bytes = 0};
  if (!options_.collections || constant_) {
    result.bytes = mean_ * result.items;
    return result;
  }
  for (std::uint64_t sort = 1; sort <= count; ++sort) result.bytes += initial_bytes(key, sort);
  return result;
}

Collection Items::collection(std::uint64_t key) const {
  if (!options_.sorted) {
    const ItemState item = find(key, 0);
    return {.newest = 0, .items = item.exists() ? 1 : 0, .bytes = item.bytes};
  }
  const Written* written = collections_.find(key, 0);
  if (written == nullptr) return initial_collection(key);
  return {
      .newest = written->newest, .items = written->items, .bytes = std::max<std::int64_t>(written->bytes, 0)};
}

std::int64_t Items::bytes_of(std::uint64_t key, std::int64_t count, bool backwards) const {
  constexpr std::uint64_t most = 1024;  // sort keys that are looked at: collections may be full of holes
  const std::uint64_t last = newest(key);
  std::int64_t bytes = 0;
  for (std::uint64_t i = 0; i < std::min(last, most) && count > 0; ++i) {
    const ItemState item = find(key, backwards ? last - i : 1 + i);
    if (!item.exists()) continue;
    bytes += item.bytes;
    --count;
  }
  return bytes + count * collection(key).mean_bytes();
}

void Items::change_collection(const ItemChange& change) {
  const bool is_new = collections_.find(change.key, 0) == nullptr;
  Written& written = collections_.insert(change.key, 0);
  if (is_new) {
    const Collection initial = initial_collection(change.key);
    written = {.key = change.key,
               .sort = 0,
               .newest = initial.newest,
               .items = static_cast<std::int32_t>(initial.items),
               .bytes = initial.bytes,
               .set = true};
  }
  written.newest = std::max(written.newest, change.sort);
  written.items += static_cast<int>(change.new_bytes > 0) - static_cast<int>(change.old_bytes > 0);
  written.bytes += change.new_bytes - change.old_bytes;
}

}  // namespace nephoscope::dynamodb
