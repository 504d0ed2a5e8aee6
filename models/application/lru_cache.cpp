#include "models/application/lru_cache.hpp"

#include "engine/base/check.hpp"

namespace nephoscope::application {

LruCache::LruCache(const LruCacheOptions& options) : options_(options) {
  check(options.capacity >= 1 && options.ttl > Duration{}, "application", "a cache of {} entries for {} s",
        options.capacity, to_seconds(options.ttl));
}

bool LruCache::look_up(std::uint64_t key, Time now) {
  const auto found = places_.find(key);
  if (found == places_.end()) return ++misses_, false;
  const std::uint32_t place = found->second;
  if (entries_[place].expires <= now) {
    drop(place);
    return ++misses_, false;
  }
  unlink(place);
  link_youngest(place);
  return ++hits_, true;
}

void LruCache::enter(std::uint64_t key, Time now) {
  const auto found = places_.find(key);
  if (found != places_.end()) {
    unlink(found->second);
    link_youngest(found->second);
    entries_[found->second].expires = now + options_.ttl;
    return;
  }
  if (places_.size() >= options_.capacity) drop(oldest_);
  const std::uint32_t place = free_place();
  entries_[place].key = key;
  entries_[place].expires = now + options_.ttl;
  places_.emplace(key, place);
  link_youngest(place);
}

void LruCache::clear() {
  entries_.clear();
  free_.clear();
  places_.clear();
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

}  // namespace nephoscope::application
