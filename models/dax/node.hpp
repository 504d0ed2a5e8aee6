// One node of a DAX cluster: its caches, its CPUs, and what is on its way to it from the primary.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>

#include "engine/core/process.hpp"
#include "engine/queueing/station.hpp"
#include "models/common/call.hpp"
#include "models/common/lru_cache.hpp"
#include "models/common/request.hpp"
#include "models/dax/dax.hpp"

namespace nephoscope::dax {

// Which cache an entry belongs to.
enum class CacheKind : std::uint8_t { item, query };

struct Entry {
  CacheKind kind = CacheKind::item;
  std::uint64_t key = 0;
  Cached cached;  // the version, and bytes of memory
};

class Node {
 public:
  // REQUIRES: config outlives it.
  Node(Simulation& simulation, const ClusterConfig& config, std::uint32_t index, ZoneId zone);

  // What is in the cache at `now`, what has arrived from the primary included; null if nothing serves.
  const Cached* find(CacheKind kind, std::uint64_t key, Time now) {
    if (!inbox_.empty()) [[unlikely]]
      take_in(now);
    return cache(kind).find(key, now);
  }
  void enter(const Entry& entry, Time since) { cache(entry.kind).enter(entry.key, since, entry.cached); }
  // When what is sent by `delay` from now arrives: not before what was sent earlier.
  Time arrival(Time now, Duration delay);
  // An entry made at `since` arrives at `arrives`. REQUIRES: arrives does not go back.
  void expect(const Entry& entry, Time since, Time arrives, Time now);
  // What has not arrived yet never will: its sender is gone.
  void forget_expected(Time now);
  // The caches' contents are lost.
  void clear();

  // The time that a vCPU needs for so many normalised requests.
  Duration work(std::int64_t normalised) const { return Duration(normalised * unit_); }
  std::uint64_t bytes() const { return items_.weight() + queries_.weight(); }
  std::uint64_t evictions() const { return items_.evictions() + queries_.evictions(); }

  const std::uint32_t index;
  const ZoneId zone;
  PlaceId place;
  Station cpu;
  ProcessGroup processes;
  std::unique_ptr<Caller> table;
  bool powered = true;
  bool up = true;
  std::uint64_t lives = 0;  // counts losses, so that an old restart is told from the present one

 private:
  struct Update {
    Entry entry;
    Time since{};
    Time arrives{};
  };
  LruCache& cache(CacheKind kind) { return kind == CacheKind::item ? items_ : queries_; }
  void take_in(Time now);

  std::int64_t unit_;  // ns of a vCPU for one normalised request
  LruCache items_;
  LruCache queries_;
  std::deque<Update> inbox_;  // by arrival
  Time last_arrival_{};
};

}  // namespace nephoscope::dax
