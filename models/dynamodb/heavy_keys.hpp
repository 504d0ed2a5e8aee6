// The keys that weigh most in a stream of weighted keys, in bounded memory.
//
// The Space-Saving summary (A. Metwally, D. Agrawal, A. El Abbadi, "Efficient computation of frequent and
// top-k elements in data streams", ICDT 2005), kept in small sets of counters by the key's hash, so that an
// update looks at one set only. A key whose weight is over 1/4 of its set's is never lost; weights may be
// overestimated by the lightest counter of the set, and `surplus` says by how much at most.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "models/common/request.hpp"

namespace nephoscope::dynamodb {

struct HeavyKey {
  std::uint64_t key = 0;
  double weight = 0;
  double surplus = 0;  // at most so much of the weight is other keys'
};

class HeavyKeys final {
 public:
  void add(std::uint64_t key, double weight) {
    total_ += weight;
    auto& set = sets_[mix64(key) % kSets];
    HeavyKey* lightest = &set[0];
    for (HeavyKey& counter : set) {
      if (counter.weight > 0 && counter.key == key) {
        counter.weight += weight;
        return;
      }
      if (counter.weight < lightest->weight) lightest = &counter;
    }
    *lightest = {.key = key, .weight = lightest->weight + weight, .surplus = lightest->weight};
  }
  double total() const { return total_; }
  // The heaviest for certain: by weight less surplus; weight 0 if nothing was added.
  HeavyKey heaviest() const {
    HeavyKey best;
    for (const auto& set : sets_)
      for (const HeavyKey& counter : set)
        if (counter.weight - counter.surplus > best.weight - best.surplus) best = counter;
    return best;
  }

 private:
  static constexpr std::size_t kSets = 64, kWays = 4;
  std::array<std::array<HeavyKey, kWays>, kSets> sets_{};
  double total_ = 0;
};

}  // namespace nephoscope::dynamodb
