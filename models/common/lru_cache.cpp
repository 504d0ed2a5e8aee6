#include "models/common/lru_cache.hpp"

#include "engine/base/check.hpp"

namespace nephoscope {

LruCache::LruCache(const LruCacheOptions& options) : options_(options) {
  check(options.capacity >= 1 && options.ttl > Duration{}, "cache", "a cache of {} for {} s",
        options.capacity, to_seconds(options.ttl));
}

const Cached* LruCache::find(std::uint64_t key, Time now) {
  const auto found = places_.find(key);
  if (found == places_.end()) return ++misses_, nullptr;
  const std::uint32_t place = found->second;
  if (entries_[place].expires <= now) {
    drop(place);
    return ++misses_, nullptr;
  }
  unlink(place);
  link_youngest(place);
  ++hits_;
  return &entries_[place].cached;
}

void LruCache::enter(std::uint64_t key, Time since, const Cached& cached) {
  const auto found = places_.find(key);
  if (found != places_.end()) drop(found->second);
  if (cached.weight > options_.capacity) return;
  make_room(cached.weight);
  const std::uint32_t place = free_place();
  entries_[place].key = key;
  entries_[place].cached = cached;
  entries_[place].expires = since + options_.ttl;
  places_.emplace(key, place);
  weight_ += cached.weight;
  link_youngest(place);
}

void LruCache::make_room(std::uint64_t weight) {
  while (weight_ + weight > options_.capacity) {
    drop(oldest_);
    ++evictions_;
  }
}

void LruCache::clear() {
  entries_.clear();
  free_.clear();
  places_.clear();
  weight_ = 0;
  oldest_ = youngest_ = kNone;
}

std::uint32_t LruCache::free_place() {
  if (free_.empty()) {
    entries_.emplace_back();
    return static_cast<std::uint32_t>(entries_.size() - 1);
  }
  const std::uint32_t place = free_.back();
  free_.pop_back();
  return place;
}

void LruCache::drop(std::uint32_t place) {
  unlink(place);
  places_.erase(entries_[place].key);
  weight_ -= entries_[place].cached.weight;
  free_.push_back(place);
}

void LruCache::unlink(std::uint32_t place) {
  const Entry& entry = entries_[place];
  (entry.older == kNone ? oldest_ : entries_[entry.older].younger) = entry.younger;
  (entry.younger == kNone ? youngest_ : entries_[entry.younger].older) = entry.older;
}

void LruCache::link_youngest(std::uint32_t place) {
  Entry& entry = entries_[place];
  entry.older = youngest_;
  entry.younger = kNone;
  (youngest_ == kNone ? oldest_ : entries_[youngest_].younger) = place;
  youngest_ = place;
}

}  // namespace nephoscope
