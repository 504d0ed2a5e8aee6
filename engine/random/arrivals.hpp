// Arrival processes: when the requests of a workload come.
//
// Each pattern yields instants that never decrease, from its start on; nothing, now and ever after, once it
// has ended (or would pass kMaxDuration after Time{}). The n-th arrival (from 0) draws at
// source.request(purpose, n) only, and rates act on unit exponentials by exact inversion of the integrated
// rate, never by thinning: scaling a rate moves the n-th arrival, and never renumbers the luck of those
// behind it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "engine/base/time.hpp"
#include "engine/base/units.hpp"
#include "engine/random/arrival_clock.hpp"
#include "engine/random/distribution.hpp"
#include "engine/random/draws.hpp"
#include "engine/random/modulated.hpp"
#include "engine/random/rate_profile.hpp"

namespace nephoscope {

// Poisson at a constant rate; at rate 0 nothing ever comes.
class PoissonArrivals final {
 public:
  // REQUIRES: rate finite and >= 0; start within +-kMaxDuration.
  explicit PoissonArrivals(Rate rate, Time start = {});

  std::optional<Time> next(const RandomSource& source, Purpose purpose, std::uint64_t number) {
    if (!clock_.advance(mean_gap_ * source.request(purpose, number).next_exponential())) return std::nullopt;
    return clock_.now();
  }

 private:
  double mean_gap_;  // ns
  ArrivalClock clock_;
};

// Evenly spaced: the first one spacing after the start. No draws. Each instant is rounded by itself, so a
// spacing of a third of a second does not drift.
class EvenArrivals final {
 public:
  // REQUIRES: as Poisson.
  explicit EvenArrivals(Rate rate, Time start = {});
  std::optional<Time> next(const RandomSource& source, Purpose purpose, std::uint64_t number);

 private:
  double gap_;  // ns
  Time start_;
};

// Poisson with a rate that follows a profile.
class ProfileArrivals final {
 public:
  // The profile's first `phase` is over at the start (a day's curve that is entered at 17:00).
  explicit ProfileArrivals(RateProfile profile, Time start = {}, Duration phase = {})
      : cursor_(std::move(profile), start, phase) {}
  std::optional<Time> next(const RandomSource& source, Purpose purpose, std::uint64_t number);

 private:
  ProfileCursor cursor_;
};

// Independent gaps from one distribution, in seconds; the first gap begins at the start.
class RenewalArrivals final {
 public:
  // REQUIRES: a mean gap above 0: else time would stand still.
  explicit RenewalArrivals(const Distribution& gap_seconds, Time start = {});
  std::optional<Time> next(const RandomSource& source, Purpose purpose, std::uint64_t number);

 private:
  Distribution gap_;
  ArrivalClock clock_;
};

// So many arrivals in each interval, exactly, as a trace counted them: placed uniformly within it, as a
// Poisson process is when its count is known. One draw an arrival, in order and in constant memory: of m left
// in the rest of the interval, the first is at 1 - U^(1/m) of it.
class CountedArrivals final {
 public:
  // REQUIRES: interval > 0; start >= -kMaxDuration and the last interval ends by kMaxDuration.
  CountedArrivals(std::vector<std::uint64_t> counts, Duration interval, Time start = {});
  std::optional<Time> next(const RandomSource& source, Purpose purpose, std::uint64_t number);

 private:
  std::vector<std::uint64_t> counts_;
  Duration interval_;
  Time interval_start_;
  std::size_t index_ = 0;
  std::uint64_t placed_ = 0;  // in this interval
  double rest_ = 1;           // the share of this interval that is left
};

// At the instants of a list. No draws.
class ListedArrivals final {
 public:
  // REQUIRES: `times` do not decrease.
  explicit ListedArrivals(std::vector<Time> times);
  std::optional<Time> next(const RandomSource& source, Purpose purpose, std::uint64_t number);

 private:
  std::vector<Time> times_;
};

// A pattern and where it stands. A value; copies go on independently.
class ArrivalProcess final {
 public:
  using Pattern = std::variant<PoissonArrivals, EvenArrivals, ProfileArrivals, RenewalArrivals,
                               ModulatedArrivals, CountedArrivals, ListedArrivals>;

  // Two processes with one purpose arrive in step.
  ArrivalProcess(Purpose purpose, Pattern pattern) : purpose_(purpose), pattern_(std::move(pattern)) {}

  // The next arrival. REQUIRES: the same `source` at every call.
  std::optional<Time> next(const RandomSource& source) {
    const std::uint64_t number = given_++;
    if (auto* poisson = std::get_if<PoissonArrivals>(&pattern_))
      return poisson->next(source, purpose_, number);
    return next_other(source, number);
  }

  // Calls of next() so far: the last arrival's number is one less.
  std::uint64_t given() const { return given_; }

 private:
  std::optional<Time> next_other(const RandomSource& source, std::uint64_t number);

  Purpose purpose_;
  std::uint64_t given_ = 0;
  Pattern pattern_;
};

}  // namespace nephoscope
