// A table of keys with a bounded weight and a bounded age: least recently used out first.
//
// An entry serves for `ttl` after it was entered; being used makes it young for eviction but not for expiry.
// An expired entry is found out when it is looked up, and counts against the capacity until then, as in
// memcached. Users: caches in programs (models/application), whose entries weigh 1 each, and DAX
// (models/dax), whose entries weigh their bytes.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/base/time.hpp"

namespace nephoscope {

struct LruCacheOptions {
  std::uint64_t capacity = 1;  // of all entries' weights
  Duration ttl = kMaxDuration;
};

// What an entry holds, besides its key.
struct Cached {
  std::uint64_t value = 0;  // whatever the user likes
  std::uint64_t weight = 1;
};

class LruCache final {
 public:
  // REQUIRES: capacity >= 1, ttl > 0.
  explicit LruCache(const LruCacheOptions& options);

  // What is under `key`, if it is there and has not expired at `now`; it is then the most recently used. The
  // pointer holds until the next call. Counts a hit or a miss.
  const Cached* find(std::uint64_t key, Time now);
  bool look_up(std::uint64_t key, Time now) { return find(key, now) != nullptr; }
  // Enters `key` as of `since`, or renews it; the least recently used entries make room. What weighs more
  // than the whole cache is not entered. REQUIRES: weight >= 1.
  void enter(std::uint64_t key, Time since, const Cached& cached = {});
  void clear();

  std::uint64_t size() const { return places_.size(); }
  std::uint64_t weight() const { return weight_; }
  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }
  std::uint64_t evictions() const { return evictions_; }  // to make room, expired entries included

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  struct Entry {
    std::uint64_t key = 0;
    Cached cached;
    Time expires{};
    std::uint32_t older = kNone;
    std::uint32_t younger = kNone;
  };

  void unlink(std::uint32_t place);
  void link_youngest(std::uint32_t place);
  void drop(std::uint32_t place);
  void make_room(std::uint64_t weight);
  std::uint32_t free_place();

  LruCacheOptions options_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<std::uint64_t, std::uint32_t> places_;  // never iterated: its order decides nothing
  std::uint64_t weight_ = 0;
  std::uint32_t oldest_ = kNone;
  std::uint32_t youngest_ = kNone;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t evictions_ = 0;
};

}  // namespace nephoscope
