// Locks by name and key: one holder each, the others wait first come first served.
//
// A lock exists while somebody holds it or waits for it, so any number of keys costs nothing when idle.
#pragma once

#include <cstdint>
#include <memory>
#include <unordered_map>

#include "engine/queueing/station.hpp"
#include "models/common/request.hpp"

namespace nephoscope::application {

struct LockId {
  std::uint32_t name = 0;
  std::uint64_t key = 0;
  bool operator==(const LockId&) const = default;
};

class LockTable final {
 public:
  explicit LockTable(Simulation& simulation) : simulation_(simulation) {}

  // The lock, for one acquire() on it. Whoever calls this owes one leave(), got or not.
  Station& enter(LockId id) {
    Lock& lock = locks_.try_emplace(id, simulation_).first->second;
    ++lock.users;
    return lock.station;
  }
  // Gives the lock back if it was `held`; forgets it when nobody is left.
  void leave(LockId id, bool held) {
    const auto place = locks_.find(id);
    if (held) place->second.station.release();
    if (--place->second.users == 0) locks_.erase(place);
  }
  std::size_t size() const { return locks_.size(); }

 private:
  struct Lock {
    explicit Lock(Simulation& simulation) : station(simulation, {.servers = 1}) {}
    Station station;
    std::uint64_t users = 0;
  };
  struct Hash {
    std::size_t operator()(const LockId& id) const { return mix64(id.key ^ mix64(id.name)); }
  };

  Simulation& simulation_;
  std::unordered_map<LockId, Lock, Hash> locks_;  // nodes stay where they are; never iterated
};

}  // namespace nephoscope::application
