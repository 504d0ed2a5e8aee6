// A table of keys with a bounded number of entries and a bounded age: least recently used out first.
//
// An entry serves for `ttl` after it was entered; being used makes it young for eviction but not for expiry.
// An expired entry is found out when it is looked up, and counts against the capacity until then, as in
// memcached.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/base/time.hpp"

namespace nephoscope::application {

struct LruCacheOptions {
  std::uint64_t capacity = 1;  // entries
  Duration ttl = kMaxDuration;
};

class LruCache final {
 public:
  // REQUIRES: capacity >= 1, ttl > 0.
  explicit LruCache(const LruCacheOptions& options);

  // Whether `key` is there and has not expired at `now`; it is then the most recently used.
  bool look_up(std::uint64_t key, Time now);
  // Enters `key`, or renews it; the least recently used entry makes room.
  void enter(std::uint64_t key, Time now);
  void clear();

  std::uint64_t size() const { return places_.size(); }
  std::uint64_t hits() const { return hits_; }
  std::uint64_t misses() const { return misses_; }

 private:
  static constexpr std::uint32_t kNone = 0xffffffffU;
  struct Entry {
    std::uint64_t key = 0;
    Time expires{};
    std::uint32_t older = kNone;
    std::uint32_t younger = kNone;
  };

  void unlink(std::uint32_t place);
  void link_youngest(std::uint32_t place);
  void drop(std::uint32_t place);
  std::uint32_t free_place();

  LruCacheOptions options_;
  std::vector<Entry> entries_;
  std::vector<std::uint32_t> free_;
  std::unordered_map<std::uint64_t, std::uint32_t> places_;  // never iterated: its order decides nothing
  std::uint32_t oldest_ = kNone;
  std::uint32_t youngest_ = kNone;
  std::uint64_t hits_ = 0;
  std::uint64_t misses_ = 0;
};

}  // namespace nephoscope::application
