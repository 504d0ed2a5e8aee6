#include "engine/random/modulated.hpp"

#include <algorithm>
#include <limits>

#include "engine/base/check.hpp"

namespace nephoscope {

namespace {

bool is_non_negative(double x) { return x >= 0 && x < std::numeric_limits<double>::infinity(); }

}  // namespace

ModulatedArrivals::ModulatedArrivals(std::span<const State> states, std::span<const double> jumps, Time start)
    : state_start_(start) {
  const std::size_t n = states.size();
  check(n >= 2 && n <= kMaxStates, "random", "a modulated process of {} states", n);
  check(jumps.empty() || jumps.size() == n * n, "random", "{} jump weights for {} states", jumps.size(), n);
  for (const State& state : states) {
    check(is_non_negative(state.rate.per_second), "random", "a state's rate is {}", state.rate.per_second);
    check(state.mean_sojourn > Duration{} && state.mean_sojourn <= kMaxDuration, "random",
          "a state's mean sojourn is {} ns", state.mean_sojourn.count());
    states_.push_back({state.rate.per_second * 1e-9, static_cast<double>(state.mean_sojourn.count())});
  }
  jumps_.assign(jumps.begin(), jumps.end());
  if (jumps.empty()) jumps_.assign(n * n, 1.0);
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<double> row = std::span(jumps_).subspan(i * n, n);
    check(std::all_of(row.begin(), row.end(), is_non_negative), "random", "a negative jump weight");
    row[i] = 0;
    double sum = 0;
    for (const double weight : row) sum += weight;
    check(sum > 0, "random", "state {} is never left", i);
    for (double& weight : row) weight /= sum;
  }
  solve_equilibrium();
  for (std::size_t i = 0; i < n; ++i) mean_rate_ += equilibrium_[i] * states_[i].rate;
}

ModulatedArrivals ModulatedArrivals::from_generator(std::span<const Rate> rates,
                                                    std::span<const double> generator, Time start) {
  const std::size_t n = rates.size();
  check(generator.size() == n * n, "random", "a generator of {} entries for {} states", generator.size(), n);
  std::vector<double> jumps(generator.begin(), generator.end());
  std::vector<State> states;
  for (std::size_t i = 0; i < n; ++i) {
    jumps[i * n + i] = 0;
    double leaving = 0;
    for (std::size_t j = 0; j < n; ++j) leaving += jumps[i * n + j];
    check(leaving > 0, "random", "state {} is never left", i);
    states.push_back({rates[i], from_seconds(1 / leaving)});
  }
  return ModulatedArrivals(states, jumps, start);
}

// W. K. Grassmann, M. I. Taksar, D. P. Heyman, "Regenerative analysis and steady state distributions for
// Markov chains", Operations Research 33(5), 1985, 1107-1116: elimination without subtractions, on the jump
// chain, whose shares are then weighted by the sojourns.
void ModulatedArrivals::solve_equilibrium() {
  const std::size_t n = states_.size();
  std::vector<double> q = jumps_;
  for (std::size_t last = n - 1; last >= 1; --last) {
    double leaving = 0;
    for (std::size_t j = 0; j < last; ++j) leaving += q[last * n + j];
    check(leaving > 0, "random", "states above {} are never left", last);
    for (std::size_t i = 0; i < last; ++i) {
      q[i * n + last] /= leaving;
      for (std::size_t j = 0; j < last; ++j) q[i * n + j] += q[i * n + last] * q[last * n + j];
    }
  }
  equilibrium_.assign(n, 1.0);
  for (std::size_t j = 1; j < n; ++j) {
    equilibrium_[j] = 0;
    for (std::size_t i = 0; i < j; ++i) equilibrium_[j] += equilibrium_[i] * q[i * n + j];
    check(equilibrium_[j] > 0, "random", "state {} is never reached", j);
  }
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += equilibrium_[i] *= states_[i].sojourn;
  for (double& share : equilibrium_) share /= sum;
}

std::optional<Time> ModulatedArrivals::next(const RandomSource& source, Purpose purpose,
                                            std::uint64_t number) {
  double expected = source.request(purpose, number).next_exponential();
  if (sojourns_ == 0) enter_next_state(source, purpose);
  if (!(mean_rate_ > 0)) return std::nullopt;
  for (;;) {
    const double rate = states_[state_].rate;
    const double due = rate * (sojourn_ - offset_);
    if (expected < due) {
      offset_ = std::min(offset_ + expected / rate, sojourn_);
      ArrivalClock clock = state_start_;
      if (!clock.advance(offset_)) return std::nullopt;
      return clock.now();
    }
    expected = std::max(0.0, expected - due);
    if (!state_start_.advance(sojourn_)) return std::nullopt;
    enter_next_state(source, purpose);
  }
}

// The n-th sojourn's draw: a uniform that chooses the state, then its length.
void ModulatedArrivals::enter_next_state(const RandomSource& source, Purpose purpose) {
  const std::size_t n = states_.size();
  Draws draws = source.entity(purpose.of("state"), 0, sojourns_);
  const std::span<const double> weights = sojourns_ == 0
                                              ? std::span<const double>(equilibrium_)
                                              : std::span<const double>(jumps_).subspan(state_ * n, n);
  state_ = choose(weights, draws.next_uniform());
  sojourn_ = states_[state_].sojourn * draws.next_exponential();
  offset_ = 0;
  ++sojourns_;
}

// Weights that sum to 1; a last weight of zero is never chosen by rounding.
std::size_t ModulatedArrivals::choose(std::span<const double> weights, double u) const {
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    chosen = i;
    if (u < weights[i]) break;
    u -= weights[i];
  }
  return chosen;
}

}  // namespace nephoscope
