#include "engine/random/arrivals.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "engine/base/check.hpp"
#include "tests/engine/random/statistics.hpp"

using namespace nephoscope;
using doctest::Approx;

namespace {

constexpr Purpose kArrivals("test.arrivals");
const RandomSource kSource(Seed{77}, 2);

std::vector<Time> take(ArrivalProcess::Pattern pattern, std::size_t count) {
  ArrivalProcess process(kArrivals, std::move(pattern));
  std::vector<Time> times;
  while (times.size() < count) {
    const std::optional<Time> time = process.next(kSource);
    if (!time) break;
    times.push_back(*time);
  }
  return times;
}

// How many arrivals fall into each of `windows` windows.
std::vector<double> counts(ArrivalProcess::Pattern pattern, Duration window, std::size_t windows) {
  ArrivalProcess process(kArrivals, std::move(pattern));
  std::vector<double> result(windows);
  for (;;) {
    const std::optional<Time> time = process.next(kSource);
    if (!time) return result;
    const auto index = static_cast<std::size_t>(time->time_since_epoch() / window);
    if (index >= windows) return result;
    ++result[index];
  }
}

bool never_decreases(const std::vector<Time>& times) { return std::is_sorted(times.begin(), times.end()); }

}  // namespace

TEST_CASE("arrivals: Poisson counts have mean and variance rate x window") {
  // 2000 windows of 100 ms at 1000/s: mean 100 +- 4 x 10 / sqrt(2000) = 0.9; variance 100 +- 4 x 100
  // sqrt(2/2000).
  const testing::Moments m = testing::moments(counts(PoissonArrivals(Rate(1000)), 100ms, 2000));
  CHECK(std::abs(m.mean - 100) < 0.9);
  CHECK(std::abs(m.variance - 100) < 12.7);
}

TEST_CASE("arrivals: Poisson gaps are exponential") {
  const std::vector<Time> times = take(PoissonArrivals(Rate(10)), 20'000);
  std::vector<double> gaps;
  for (std::size_t i = 1; i < times.size(); ++i) gaps.push_back(to_seconds(times[i] - times[i - 1]));
  CHECK(testing::kolmogorov_smirnov(gaps, [](double x) { return -std::expm1(-10 * x); }) <
        testing::kKolmogorov999);
}

TEST_CASE("arrivals: whole nanoseconds do not bias the rate, even at one arrival a nanosecond") {
  // A million gaps of mean 1 ns: 1e6 +- 4 x 1000 ns. Rounding each gap to the nearest would lose 4 %.
  const std::vector<Time> times = take(PoissonArrivals(Rate(1e9)), 1'000'000);
  CHECK(never_decreases(times));
  CHECK(std::abs(static_cast<double>(times.back().time_since_epoch().count()) - 1e6) < 4000);
}

TEST_CASE("arrivals: the n-th arrival keeps its luck when the rate changes") {
  // Twice the rate: each arrival at half its time.
  const std::vector<Time> slow = take(PoissonArrivals(Rate(10)), 1000);
  const std::vector<Time> fast = take(PoissonArrivals(Rate(20)), 1000);
  for (std::size_t i = 0; i < slow.size(); ++i)
    CHECK_FALSE(std::abs((slow[i].time_since_epoch() - 2 * fast[i].time_since_epoch()).count()) > 4);
}

TEST_CASE("arrivals: a profile of one constant rate gives the Poisson process of that rate") {
  const std::array rates = {Rate(10)};
  const std::vector<Time> poisson = take(PoissonArrivals(Rate(10)), 1000);
  const std::vector<Time> profile =
      take(ProfileArrivals(RateProfile::steps(7s, rates, RateProfile::End::repeat)), 1000);
  for (std::size_t i = 0; i < poisson.size(); ++i)
    CHECK_FALSE(std::abs((poisson[i] - profile[i]).count()) > 1000);
}

TEST_CASE("arrivals: a rate of zero, or below one in a hundred years, yields nothing for ever") {
  ArrivalProcess never(kArrivals, PoissonArrivals(Rate(0)));
  ArrivalProcess rarely(kArrivals, PoissonArrivals(Rate(1e-30)));
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(never.next(kSource).has_value());
    CHECK_FALSE(rarely.next(kSource).has_value());
  }
  CHECK(take(EvenArrivals(Rate(0)), 10).empty());
}

TEST_CASE("arrivals: a process that once ended does not come back") {
  // About ten arrivals in the hundred years.
  ArrivalProcess process(kArrivals, PoissonArrivals(Rate(10 / to_seconds(kMaxDuration))));
  int given = 0;
  while (process.next(kSource)) ++given;
  CHECK(given > 0);
  CHECK(given < 40);
  for (int i = 0; i < 100; ++i) CHECK_FALSE(process.next(kSource).has_value());
}

TEST_CASE("arrivals: evenly spaced ones do not drift by rounding") {
  // Three a second: 1/3 s, 2/3 s, 1 s ... the 3,000,000th after exactly 10^6 s.
  const std::vector<Time> times = take(EvenArrivals(Rate(3), Time(10s)), 3'000'000);
  CHECK(times[0] == Time(10s + 333'333'333ns));
  CHECK(times[1] == Time(10s + 666'666'667ns));
  CHECK(times[2] == Time(11s));
  CHECK(times.back() == Time(10s + 1'000'000s));
}

TEST_CASE("arrivals: a profile's arrivals, seen on the scale of its integrated rate, are uniform") {
  // Ramp 0 to 200/s over 100 s, then 50/s for 100 s: L(t) = t^2, then 10^4 + 50 (t - 100); 15,000 in all,
  // standard deviation sqrt(15000) = 122.
  const std::array pieces = {RateProfile::Piece{100s, Rate(0), Rate(200)},
                             RateProfile::Piece{100s, Rate(50), Rate(50)}};
  std::vector<double> shares;
  for (const Time time : take(ProfileArrivals(RateProfile(pieces, RateProfile::End::stop)), 100'000)) {
    const double t = to_seconds(time);
    shares.push_back((t < 100 ? t * t : 1e4 + 50 * (t - 100)) / 15'000);
  }
  CHECK(std::abs(static_cast<double>(shares.size()) - 15'000) < 4 * 122);
  CHECK(testing::kolmogorov_smirnov(shares, [](double x) { return x; }) < testing::kKolmogorov999);
}

TEST_CASE("arrivals: a daily profile repeats, from the phase at which the run begins") {
  // 12 h silent, 12 h at 1/min, entered at 06:00: nothing in hours 0-6, 720 +- 4 x 27 in hours 6-18, nothing
  // in 18-30.
  const std::array rates = {Rate(0), Rate(1.0 / 60)};
  const std::vector<double> by_six_hours =
      counts(ProfileArrivals(RateProfile::steps(12h, rates, RateProfile::End::repeat), Time{}, 6h), 6h, 9);
  CHECK(by_six_hours[0] == 0);
  CHECK(std::abs(by_six_hours[1] + by_six_hours[2] - 720) < 108);
  CHECK(by_six_hours[3] + by_six_hours[4] == 0);
  CHECK(std::abs(by_six_hours[5] + by_six_hours[6] - 720) < 108);
  CHECK(by_six_hours[7] + by_six_hours[8] == 0);
}

TEST_CASE("arrivals: a renewal process with a constant gap is a clock") {
  const std::vector<Time> times = take(RenewalArrivals(Distribution::constant(0.25), Time(1s)), 3);
  CHECK(times == std::vector<Time>{Time(1250ms), Time(1500ms), Time(1750ms)});
}

TEST_CASE("arrivals: renewal counts have the renewal theorem's rate and dispersion") {
  // Gaps of mean 10 ms, cv 2 over long windows: mean window / 10 ms, variance / mean -> cv^2 = 4.
  // 1000 windows of 10 s: mean 1000 +- 4 sqrt(4000 / 1000) = 8; the ratio 4 +- 4 x 4 sqrt(2 / 1000) = 0.72.
  const testing::Moments m = testing::moments(
      counts(RenewalArrivals(Distribution::gamma_from_mean({.mean = 0.01, .cv = 2})), 10s, 1000));
  CHECK(std::abs(m.mean - 1000) < 8);
  CHECK(std::abs(m.variance / m.mean - 4) < 0.72);
}

TEST_CASE("arrivals: a renewal process whose gaps have no mean still goes on") {
  const Distribution pareto = Distribution::pareto({.shape = 0.9, .scale = 0.001});
  const std::vector<Time> times = take(RenewalArrivals(pareto), 1000);
  CHECK(times.size() == 1000);
  CHECK(never_decreases(times));
  CHECK_THROWS_AS(RenewalArrivals(Distribution::constant(0)), CheckFailure);
}

TEST_CASE("arrivals: counted ones keep every interval's total exactly") {
  const std::vector<std::uint64_t> totals = {3, 0, 0, 7, 1, 1000};
  const std::vector<Time> times = take(CountedArrivals(totals, 1min, Time(2min)), 2000);
  CHECK(times.size() == 1011);
  CHECK(never_decreases(times));
  std::vector<std::uint64_t> seen(totals.size());
  for (const Time time : times) ++seen.at(static_cast<std::size_t>((time - Time(2min)) / Duration(1min)));
  CHECK(seen == totals);
}

TEST_CASE("arrivals: counted ones lie uniformly within their interval") {
  std::vector<double> places;
  for (const Time time : take(CountedArrivals(std::vector<std::uint64_t>(4000, 5), 1s), 20'000))
    places.push_back(std::fmod(to_seconds(time), 1.0));
  CHECK(testing::kolmogorov_smirnov(places, [](double x) { return x; }) < testing::kKolmogorov999);
  // The first of five lies before x with probability 1 - (1 - x)^5.
  std::vector<double> firsts;
  for (std::size_t i = 0; i < places.size(); i += 5) firsts.push_back(places[i]);
  CHECK(testing::kolmogorov_smirnov(firsts, [](double x) { return 1 - std::pow(1 - x, 5); }) <
        testing::kKolmogorov999);
}

TEST_CASE("arrivals: more counted arrivals than nanoseconds still fit their interval") {
  const std::vector<Time> times = take(CountedArrivals({100'000, 1}, 1us), 200'000);
  CHECK(times.size() == 100'001);
  CHECK(never_decreases(times));
  CHECK(times[99'999] < Time(1us));
  CHECK(times[100'000] >= Time(1us));
}

TEST_CASE("arrivals: listed ones come as listed") {
  const std::vector<Time> list = {Time(1s), Time(1s), Time(5s)};
  CHECK(take(ListedArrivals(list), 10) == list);
  CHECK_THROWS_AS(ListedArrivals({Time(2s), Time(1s)}), CheckFailure);
}

TEST_CASE("arrivals: a copy goes on by itself, from the same place") {
  ArrivalProcess process(kArrivals, PoissonArrivals(Rate(10)));
  process.next(kSource);
  ArrivalProcess copy = process;
  const std::optional<Time> second = process.next(kSource);
  process.next(kSource);
  CHECK(copy.next(kSource) == second);
  CHECK(process.given() == 3);
  CHECK(copy.given() == 2);
}

TEST_CASE("arrivals: invalid parameters are a programmer's error") {
  CHECK_THROWS_AS(PoissonArrivals(Rate(-1)), CheckFailure);
  CHECK_THROWS_AS(PoissonArrivals(Rate(std::numeric_limits<double>::infinity())), CheckFailure);
  CHECK_THROWS_AS(EvenArrivals(Rate(std::nan(""))), CheckFailure);
  CHECK_THROWS_AS(PoissonArrivals(Rate(1), Time(2 * kMaxDuration)), CheckFailure);
  CHECK_THROWS_AS(CountedArrivals({1}, 0s), CheckFailure);
  CHECK_THROWS_AS(CountedArrivals({1, 1}, kMaxDuration), CheckFailure);
}
