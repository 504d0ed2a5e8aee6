// When has a study run enough? `run.precision`: until intervals are as narrow as asked, whatever they say.
//
// Replications are added in blocks and judged at the end of each, in replication order, so that the number of
// workers cannot change where a study stops. It stops on precision alone, never on a verdict, which would
// favour whatever looks good by chance. Stopping on a width that is small by chance costs coverage, most of
// it in the first few replications: so the first block has at least 10, and the width must be small enough at
// the ends of two blocks in a row (measured with normal values: 93.8 % with one, 94.5 % with two). A share,
// such as availability, of which fewer than 5 replications differ from the rest has no precision yet: what
// few replications suffered says little about how often it comes, and with none at all a study would stop at
// once.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "models/scenario.hpp"
#include "models/study/pooling.hpp"

namespace nephoscope {

inline constexpr std::uint32_t kPrecisionBlock = 10;

// How wide a metric's interval came to be.
struct PrecisionResult {
  std::string metric;              // as the scenario names it
  double target = 0;               // half-width over |mean|
  double relative_half_width = 0;  // NaN without a Student-t interval, infinite for a mean of 0
  bool reached() const { return relative_half_width <= target; }
};

// Replications to begin with, and to end with at the latest. Equal where no precision is asked for.
struct ReplicationRange {
  std::uint32_t first = 0;
  std::uint32_t most = 0;
};
ReplicationRange replication_range(const RunConfig& run);

// Whether to stop, at the end of block after block.
class StoppingRule final {
 public:
  // The next block has ended, with everything precise enough or not.
  bool enough(bool precise) { return std::exchange(before_, precise) && precise; }

 private:
  bool before_ = false;
};

// What run.precision names, as far as the replications have it.
std::vector<PrecisionResult> precision_of(const RunConfig& run, const Pooling& pooling);

}  // namespace nephoscope
