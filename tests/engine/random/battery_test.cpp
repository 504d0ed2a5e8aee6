// A statistical battery over addresses: are the first values at neighbouring addresses independent and
// uniform?
//
// Every walk goes along one coordinate, all others fixed. Scores are standard normal under the hypothesis;
// with fixed seeds the tests are deterministic, and |score| < 4.5 (7e-6 two-sided) leaves room for a hundred
// of them. NEPHOSCOPE_LONG=1 makes the walks 64 times as long.
#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "engine/random/draws.hpp"
#include "tests/engine/random/statistics.hpp"

using namespace nephoscope;

namespace {

constexpr double kScoreLimit = 4.5;

std::size_t walk_length() {
  constexpr std::size_t short_form = 1U << 16;
  return std::getenv("NEPHOSCOPE_LONG") != nullptr ? 64 * short_form : short_form;
}

struct Walk {
  std::string along;
  std::function<Draws(std::uint64_t)> at;
};

std::vector<Walk> walks() {
  static constexpr Purpose purpose("battery");
  const RandomSource source(Seed{12345}, 6);
  const auto narrow = [](std::uint64_t i) { return static_cast<std::uint32_t>(i); };
  return {
      {"request number", [=](std::uint64_t i) { return source.request(purpose, i); }},
      {"request number, high bits", [=](std::uint64_t i) { return source.request(purpose, i << 40); }},
      {"attempt", [=](std::uint64_t i) { return source.request(purpose, 77, narrow(i)); }},
      {"step", [=](std::uint64_t i) { return source.request(purpose, 77, 1, narrow(i)); }},
      {"replication", [=](std::uint64_t i) { return RandomSource(Seed{5}, narrow(i)).request(purpose, 77); }},
      {"seed", [=](std::uint64_t i) { return RandomSource(Seed{i}, 0).request(purpose, 77); }},
      {"purpose", [=](std::uint64_t i) { return source.request(purpose.of(std::to_string(i)), 77); }},
      {"entity", [=](std::uint64_t i) { return source.entity(purpose, i, 3); }},
      {"count", [=](std::uint64_t i) { return source.entity(purpose, 3, i); }},
  };
}

std::vector<std::uint64_t> take(const Walk& walk) {
  std::vector<std::uint64_t> bits(walk_length());
  for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = walk.at(i).next_bits();
  return bits;
}

double uniform(std::uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

// Pairs of neighbours over a grid of 32 x 32 cells, by the 5 bits from `shift` up: lattices and serial
// dependence.
double serial_score(const std::vector<std::uint64_t>& bits, int shift) {
  std::vector<double> cells(1024);
  for (std::size_t i = 0; i + 1 < bits.size(); i += 2)
    ++cells[(bits[i] >> shift & 31) * 32 + (bits[i + 1] >> shift & 31)];
  const double expected = static_cast<double>(bits.size() / 2) / 1024;
  double chi_square = 0;
  for (const double cell : cells) chi_square += (cell - expected) * (cell - expected) / expected;
  return testing::chi_square_score(chi_square, 1023);
}

// Correlation of values `lag` apart: sqrt(n) r is standard normal.
double correlation_score(const std::vector<std::uint64_t>& bits, std::size_t lag) {
  const std::size_t n = bits.size() - lag;
  double sum = 0;
  for (std::size_t i = 0; i < n; ++i) sum += (uniform(bits[i]) - 0.5) * (uniform(bits[i + lag]) - 0.5);
  return 12 * sum / std::sqrt(static_cast<double>(n));
}

// Runs above and below 1/2 (A. Wald, J. Wolfowitz, 1940): n - 1 fair chances of a change.
double runs_score(const std::vector<std::uint64_t>& bits) {
  double changes = 0;
  for (std::size_t i = 0; i + 1 < bits.size(); ++i)
    changes += static_cast<double>((bits[i] ^ bits[i + 1]) >> 63);
  const auto chances = static_cast<double>(bits.size() - 1);
  return (changes - chances / 2) / std::sqrt(chances / 4);
}

// Neighbours differ in 32 bits of 64 on average, variance 16 (avalanche).
double avalanche_score(const std::vector<std::uint64_t>& bits) {
  double sum = 0;
  for (std::size_t i = 0; i + 1 < bits.size(); i += 2) sum += std::popcount(bits[i] ^ bits[i + 1]) - 32;
  return sum / std::sqrt(16.0 * static_cast<double>(bits.size() / 2));
}

// G. Marsaglia's birthday spacings: m birthdays in a year of n days have Poisson many equal spacings, mean
// m^3 / (4 n). Groups of 1024 with n = 2^26, by the 26 bits from `shift` up: mean 4 a group.
double birthday_score(const std::vector<std::uint64_t>& bits, int shift) {
  constexpr std::size_t group = 1024;
  double repeats = 0;
  double groups = 0;
  for (std::size_t start = 0; start + group <= bits.size(); start += group, ++groups) {
    std::vector<std::uint64_t> days;
    for (std::size_t i = 0; i < group; ++i) days.push_back(bits[start + i] >> shift & 0x3ffffffU);
    std::sort(days.begin(), days.end());
    for (std::size_t i = group - 1; i > 0; --i) days[i] -= days[i - 1];
    std::sort(days.begin(), days.end());
    for (std::size_t i = 1; i < group; ++i) repeats += days[i] == days[i - 1] ? 1 : 0;
  }
  return (repeats - 4 * groups) / std::sqrt(4 * groups);
}

void check_score(const std::string& along, const char* test, double score) {
  CAPTURE(along);
  CAPTURE(test);
  CHECK(std::abs(score) < kScoreLimit);
}

}  // namespace

TEST_CASE("battery: values at neighbouring addresses are uniform and unrelated along every coordinate") {
  for (const Walk& walk : walks()) {
    const std::vector<std::uint64_t> bits = take(walk);
    check_score(walk.along, "serial pairs, high bits", serial_score(bits, 59));
    check_score(walk.along, "serial pairs, middle bits", serial_score(bits, 30));
    check_score(walk.along, "serial pairs, low bits", serial_score(bits, 0));
    for (const std::size_t lag : {1, 2, 3, 16, 256})
      check_score(walk.along, "correlation", correlation_score(bits, lag));
    check_score(walk.along, "runs", runs_score(bits));
    check_score(walk.along, "avalanche", avalanche_score(bits));
    check_score(walk.along, "birthday spacings, high bits", birthday_score(bits, 38));
    check_score(walk.along, "birthday spacings, low bits", birthday_score(bits, 0));
  }
}

TEST_CASE("battery: the values within one address are unrelated") {
  static constexpr Purpose purpose("battery");
  const RandomSource source(Seed{12345}, 6);
  std::vector<std::uint64_t> bits;
  for (std::uint64_t number = 0; bits.size() < walk_length(); ++number) {
    Draws draws = source.request(purpose, number);
    for (int i = 0; i < 8; ++i) bits.push_back(draws.next_bits());
  }
  check_score("index", "serial pairs, high bits", serial_score(bits, 59));
  check_score("index", "serial pairs, low bits", serial_score(bits, 0));
  for (const std::size_t lag : {1, 2, 4, 8})
    check_score("index", "correlation", correlation_score(bits, lag));
  check_score("index", "birthday spacings", birthday_score(bits, 38));
}

TEST_CASE("battery: it rejects a linear congruential generator and a plain counter") {
  // Knuth's MMIX multiplier: its lowest 5 bits have period 32, and equal steps in the high bits of a counter
  // have equal spacings. A battery that passed these would show nothing.
  std::vector<std::uint64_t> congruential(walk_length());
  std::vector<std::uint64_t> counter(walk_length());
  for (std::size_t i = 1; i < congruential.size(); ++i) {
    congruential[i] = congruential[i - 1] * 6364136223846793005U + 1442695040888963407U;
    counter[i] = counter[i - 1] + 0x9e3779b97f4a7c15U;
  }
  CHECK(std::abs(serial_score(congruential, 0)) > kScoreLimit);
  CHECK(std::abs(birthday_score(counter, 38)) > kScoreLimit);
  CHECK(std::abs(correlation_score(counter, 1)) > kScoreLimit);
  CHECK(std::abs(runs_score(counter)) > kScoreLimit);
}

TEST_CASE("battery: uniforms are never 0 or 1, symmetric, and have all 53 bits") {
  // All-ones and all-zeros bits are the extremes; here the lattice: odd multiples of 2^-53.
  const RandomSource source(Seed{7}, 0);
  std::vector<double> sample;
  for (std::uint64_t i = 0; i < 50'000; ++i) {
    const double u = source.request(Purpose("lattice"), i).next_uniform();
    CHECK_FALSE((u <= 0 || u >= 1 || std::fmod(u * 0x1p53, 2.0) != 1.0));
    sample.push_back(u);
  }
  CHECK(testing::kolmogorov_smirnov(sample, [](double x) { return x; }) < testing::kKolmogorov999);
}
