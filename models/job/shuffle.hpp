// All-to-all traffic at the end of a stage: each worker fetches its share of every worker's output.
//
// Worker j fetches from j + 1, j + 2, ... in a ring, from so many peers at once, so that no two workers begin
// at one peer. What it has itself it does not move.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/queueing/gate.hpp"
#include "models/common/world.hpp"
#include "models/job/workers.hpp"

namespace nephoscope::job {

// Bytes since the start: asked = moved + broken + those under way.
struct ShuffleCounts {
  std::int64_t asked = 0, moved = 0, broken = 0;
};

class Shuffle final {
 public:
  // REQUIRES: world and workers outlive it.
  Shuffle(World& world, Workers& workers, std::int64_t parallelism)
      : world_(world), workers_(workers), parallelism_(parallelism), changed_(world.simulation) {}

  // `size` bytes lie with the workers in proportion to `outputs` (by worker; empty = evenly), and go in equal
  // parts to all that are alive.
  void begin(Bytes size, const std::vector<std::int64_t>& outputs);
  // Moves them. False if a worker was lost meanwhile or a transfer broke.
  Task<bool> finish();

  const ShuffleCounts& counts() const { return counts_; }
  std::int64_t under_way() const { return under_way_; }

 private:
  struct Member {
    Life life;
    std::int64_t part = 0;  // bytes that each of the others fetches from it
    std::size_t next = 1;   // the next peer that it fetches from, counted from itself
  };

  // Whom `member` fetches from next; none if it has been to all.
  const Member* next_peer(std::size_t member);
  Process fetch(std::size_t member);
  Task<bool> move(Life from, Life to, std::int64_t bytes);

  World& world_;
  Workers& workers_;
  std::int64_t parallelism_;
  Gate changed_;
  std::vector<Member> members_;
  std::int64_t fetching_ = 0;  // processes
  bool whole_ = true;
  std::int64_t under_way_ = 0;  // bytes
  ShuffleCounts counts_;
};

}  // namespace nephoscope::job
