// The rounds of a tightly coupled program: each takes as long as the slowest worker and the slowest path.
#pragma once

#include <cstdint>
#include <vector>

#include "models/common/world.hpp"
#include "models/job/job.hpp"
#include "models/job/workers.hpp"

namespace nephoscope::job {

class Exchange final {
 public:
  // REQUIRES: world and workers outlive it.
  Exchange(World& world, Workers& workers, std::string_view id)
      : world_(world), workers_(workers), compute_(Purpose("job.exchange").of(id)) {}

  // Runs all rounds on the workers that are alive; `identity` addresses their draws. False if one of them
  // died meanwhile. REQUIRES: config outlives the run.
  Task<bool> run(const ExchangeConfig& config, std::uint64_t identity);

  std::uint64_t rounds() const { return rounds_; }

 private:
  struct Pair {
    std::size_t a, b;  // in lives_
  };
  void gather(const ExchangeConfig& config);
  bool all_live() const;
  PlaceId place(std::size_t member) const { return workers_[lives_[member].worker].instance.place(); }
  Duration computing(const ExchangeConfig& config, std::uint64_t number) const;
  // Way::kNever if a path is cut.
  Duration messages(std::uint64_t number) const;
  Duration sending(Bytes size) const;
  void meter(Bytes size, std::int64_t rounds) const;

  World& world_;
  Workers& workers_;
  Purpose compute_;
  std::vector<Life> lives_;
  std::vector<Pair> pairs_;
  std::uint64_t rounds_ = 0;
};

}  // namespace nephoscope::job
