#include "engine/random/modulated.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "engine/base/check.hpp"
#include "tests/engine/random/statistics.hpp"

using namespace nephoscope;
using doctest::Approx;

namespace {

constexpr Purpose kModulatedDraws("test.modulated");
const RandomSource kSource(Seed{31}, 0);

using State = ModulatedArrivals::State;

std::vector<Time> until(ModulatedArrivals process, Time end) {
  std::vector<Time> times;
  for (std::uint64_t n = 0;; ++n) {
    const std::optional<Time> time = process.next(kSource, kModulatedDraws, n);
    if (!time || *time >= end) return times;
    times.push_back(*time);
  }
}

}  // namespace

TEST_CASE("modulated: two states share the time as their sojourns do") {
  // Sojourns 2 s and 1 s: 2/3 and 1/3; mean rate (2 x 10 + 100) / 3 = 40/s.
  const std::array states = {State{Rate(10), 2s}, State{Rate(100), 1s}};
  const ModulatedArrivals process(states);
  CHECK(process.equilibrium()[0] == Approx(2.0 / 3));
  CHECK(process.equilibrium()[1] == Approx(1.0 / 3));
  CHECK(process.mean_rate().per_second == Approx(40));
}

TEST_CASE("modulated: the equilibrium of a generator solves its balance equations") {
  // A cycle 1 -> 2 -> 3 -> 1 at rates 1, 2, 4 per second: shares in proportion to 1, 1/2, 1/4.
  const std::array rates = {Rate(1), Rate(2), Rate(3)};
  const std::array<double, 9> cycle = {-1, 1, 0, 0, -2, 2, 4, 0, -4};
  const ModulatedArrivals process = ModulatedArrivals::from_generator(rates, cycle);
  CHECK(process.equilibrium()[0] == Approx(4.0 / 7));
  CHECK(process.equilibrium()[1] == Approx(2.0 / 7));
  CHECK(process.equilibrium()[2] == Approx(1.0 / 7));
  // A dense one, its balance checked: sum over i of share_i q_ij = share_j leaving_j.
  const std::array<double, 9> dense = {0, 1, 3, 2, 0, 5, 0.5, 7, 0};
  const ModulatedArrivals other = ModulatedArrivals::from_generator(rates, dense);
  const auto share = other.equilibrium();
  CHECK(share[1] * 2 + share[2] * 0.5 == Approx(share[0] * 4));
  CHECK(share[0] * 1 + share[2] * 7 == Approx(share[1] * 7));
  CHECK(share[0] + share[1] + share[2] == Approx(1));
}

TEST_CASE("modulated: counts have the mean and the index of dispersion of theory") {
  // Leaving rates r1 = 1/2, r2 = 1; rates l1 = 10, l2 = 100 (Fischer and Meier-Hellstern, section 2):
  // variance / mean of the count in t is 1 + 2 r1 r2 (l1 - l2)^2 / ((r1 + r2)^2 (l1 r2 + l2 r1)) (1 - (1 -
  // e^-rt) / (r t)), r = r1 + r2: 1 + 60 (1 - 1/30) = 59 at t = 20 s. Over 2000 windows the mean is 800 +- 4
  // sqrt(59 x 800 / 2000) = 19.4, and the ratio 59 +- 4 x 59 sqrt(2 / 2000) = 7.5.
  const std::array states = {State{Rate(10), 2s}, State{Rate(100), 1s}};
  std::vector<double> counts(2000);
  for (const Time time : until(ModulatedArrivals(states), Time(40'000s)))
    ++counts[static_cast<std::size_t>(time.time_since_epoch() / Duration(20s))];
  const testing::Moments m = testing::moments(counts);
  CHECK(std::abs(m.mean - 800) < 19.4);
  CHECK(std::abs(m.variance / m.mean - 59) < 7.5);
}

TEST_CASE("modulated: equal rates in all states make a Poisson process, equal to the unmodulated one") {
  const std::array states = {State{Rate(50), 1s}, State{Rate(50), 300ms}};
  double sum = 0;
  std::uint64_t n = 0;
  double worst = 0;
  for (const Time time : until(ModulatedArrivals(states), Time(100s))) {
    sum += kSource.request(kModulatedDraws, n++).next_exponential() / 50;
    worst = std::max(worst, std::abs(to_seconds(time) - sum));
  }
  CHECK(n > 4000);
  CHECK(worst < 1e-6);
}

TEST_CASE("modulated: scaling the rates leaves the bursts where they are") {
  // Silent for 10 s, then busy for 5 s on average: the silences seen in a dense process hold no arrival of a
  // sparse one.
  const auto on_off = [](double rate) {
    const std::array states = {State{Rate(0), 10s}, State{Rate(rate), 5s}};
    return until(ModulatedArrivals(states), Time(1000s));
  };
  const std::vector<Time> dense = on_off(10'000);
  const std::vector<Time> sparse = on_off(100);
  std::size_t silences = 0;
  for (std::size_t i = 1; i < dense.size(); ++i) {
    if (dense[i] - dense[i - 1] < 100ms) continue;
    ++silences;
    const auto next = std::upper_bound(sparse.begin(), sparse.end(), dense[i - 1]);
    CHECK((next == sparse.end() || *next >= dense[i] - 1ns));
  }
  CHECK(silences > 30);
}

TEST_CASE("modulated: it starts in equilibrium") {
  // Over 4000 replications the first instant is in the busy state (share 1/3, an arrival within 1 ms all but
  // surely) 1333 +- 4 x 29.8 times.
  const std::array states = {State{Rate(0), 20s}, State{Rate(100'000), 10s}};
  int busy = 0;
  for (std::uint32_t replication = 0; replication < 4000; ++replication) {
    ModulatedArrivals process(states);
    const auto first = process.next(RandomSource(Seed{8}, replication), kModulatedDraws, 0);
    busy += first && *first < Time(1ms) ? 1 : 0;
  }
  CHECK(std::abs(busy - 1333) < 120);
}

TEST_CASE("modulated: rates of zero yield nothing") {
  const std::array states = {State{Rate(0), 1s}, State{Rate(0), 1s}};
  CHECK(until(ModulatedArrivals(states), Time(1s)).empty());
}

TEST_CASE("modulated: a chain that cannot go everywhere, or has too few states, is a programmer's error") {
  const std::array one = {State{Rate(1), 1s}};
  CHECK_THROWS_AS(ModulatedArrivals{one}, CheckFailure);
  const std::array three = {State{Rate(1), 1s}, State{Rate(1), 1s}, State{Rate(1), 1s}};
  const std::array<double, 9> trap = {0, 1, 0, 1, 0, 0, 1, 0, 0};  // nothing leads to the third
  CHECK_THROWS_AS(ModulatedArrivals(three, trap), CheckFailure);
  const std::array<double, 9> stuck = {0, 1, 0, 0, 0, 1, 0, 0, 0};  // the third has no way out
  CHECK_THROWS_AS(ModulatedArrivals(three, stuck), CheckFailure);
  const std::array no_time = {State{Rate(1), 1s}, State{Rate(1), 0s}};
  CHECK_THROWS_AS(ModulatedArrivals{no_time}, CheckFailure);
}
