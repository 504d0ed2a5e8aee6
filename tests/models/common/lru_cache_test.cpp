#include <doctest/doctest.h>

#include "models/common/lru_cache.hpp"

namespace nephoscope {

TEST_CASE("lru cache: the least recently used entries make room for the weight of a new one") {
  LruCache cache({.capacity = 10, .ttl = 1h});
  cache.enter(1, Time{}, {.value = 11, .weight = 4});
  cache.enter(2, Time{}, {.value = 22, .weight = 4});
  CHECK(cache.look_up(1, Time{}));
  cache.enter(3, Time{}, {.value = 33, .weight = 5});  // 2 goes, and 4 + 5 remain
  CHECK(cache.weight() == 9);
  CHECK_FALSE(cache.look_up(2, Time{}));
  REQUIRE(cache.find(3, Time{}) != nullptr);
  CHECK(cache.find(3, Time{})->value == 33);
  CHECK(cache.evictions() == 1);
  cache.enter(4, Time{}, {.value = 44, .weight = 10});  // takes all
  CHECK(cache.size() == 1);
  CHECK(cache.evictions() == 3);
}

TEST_CASE("lru cache: renewing an entry replaces its weight and evicts nothing") {
  LruCache cache({.capacity = 10, .ttl = 1h});
  cache.enter(1, Time{}, {.value = 1, .weight = 9});
  cache.enter(1, Time{}, {.value = 2, .weight = 10});
  CHECK(cache.weight() == 10);
  CHECK(cache.evictions() == 0);
  CHECK(cache.find(1, Time{})->value == 2);
}

TEST_CASE("lru cache: what is too heavy is not entered, and what it was to replace is gone") {
  LruCache cache({.capacity = 10, .ttl = 1h});
  cache.enter(1, Time{}, {.value = 1, .weight = 9});
  cache.enter(2, Time{}, {.value = 2, .weight = 11});
  CHECK(cache.size() == 1);
  cache.enter(1, Time{}, {.value = 1, .weight = 11});
  CHECK(cache.size() == 0);
  CHECK(cache.weight() == 0);
}

TEST_CASE("lru cache: use makes an entry young for eviction but not for expiry") {
  LruCache cache({.capacity = 2, .ttl = 60s});
  cache.enter(1, Time{});
  CHECK(cache.look_up(1, Time{} + 59s));
  CHECK_FALSE(cache.look_up(1, Time{} + 60s));
  CHECK(cache.hits() == 1);
  CHECK(cache.misses() == 1);
  CHECK(cache.size() == 0);
}

}  // namespace nephoscope
