// Bursty arrivals: a Poisson process whose rate follows a hidden Markov chain (MMPP).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/random/arrival_clock.hpp"
#include "engine/random/draws.hpp"

namespace nephoscope {

// The Markov-modulated Poisson process: states with a rate each; sojourns are exponential.
// W. Fischer, K. Meier-Hellstern, "The Markov-modulated Poisson process (MMPP) cookbook", Performance
// Evaluation 18(2), 1993, 149-171.
//
// The chain starts in equilibrium at `start`. Its path has draws of its own, entity(purpose.of("state"), 0,
// n) for the n-th sojourn, so variants that scale the rates see the same bursts. A step costs time in
// proportion to the sojourns that it passes: rates far below one arrival in a thousand sojourns are slow.
class ModulatedArrivals final {
 public:
  static constexpr std::size_t kMaxStates = 16;

  struct State {
    Rate rate;
    Duration mean_sojourn;
  };

  // `jumps`: row by row, the relative weights of the states that follow each state; diagonal zero. Empty: all
  // others equally likely (two states alternate).
  // REQUIRES: 2 to 16 states; sojourns in (0, kMaxDuration]; rates finite and >= 0; weights >= 0; every state
  // can be reached from every other.
  ModulatedArrivals(std::span<const State> states, std::span<const double> jumps, Time start = {});
  explicit ModulatedArrivals(std::span<const State> states, Time start = {})
      : ModulatedArrivals(states, {}, start) {}

  // `generator`: row by row, the chain's transition rates per second; the diagonal is ignored.
  // REQUIRES: as above, and at least one positive rate in each row.
  static ModulatedArrivals from_generator(std::span<const Rate> rates, std::span<const double> generator,
                                          Time start = {});

  // Nothing if every rate is zero.
  std::optional<Time> next(const RandomSource& source, Purpose purpose, std::uint64_t number);

  // In equilibrium: the share of time in each state, and the mean rate of arrivals.
  std::span<const double> equilibrium() const { return equilibrium_; }
  Rate mean_rate() const { return Rate(mean_rate_ * 1e9); }

 private:
  struct Hidden {
    double rate;     // per ns
    double sojourn;  // mean, ns
  };

  void solve_equilibrium();
  std::size_t choose(std::span<const double> weights, double u) const;
  void enter_next_state(const RandomSource& source, Purpose purpose);

  std::vector<Hidden> states_;
  std::vector<double> jumps_;  // rows that sum to 1
  std::vector<double> equilibrium_;
  double mean_rate_ = 0;  // per ns
  ArrivalClock state_start_;
  std::size_t state_ = 0;
  double sojourn_ = 0;  // length of the present stay, ns
  double offset_ = 0;   // ns into it
  std::uint64_t sojourns_ = 0;
};

}  // namespace nephoscope
