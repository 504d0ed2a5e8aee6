#include "engine/random/draws.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "engine/base/check.hpp"

using namespace nephoscope;

namespace {

constexpr Purpose kTestDraws("test.draws");

philox4x32_ctr_t philox(philox4x32_ctr_t counter, philox4x32_key_t key) {
  return philox4x32_R(10, counter, key);
}

}  // namespace

TEST_CASE("draws: Philox4x32-10 gives Random123's published answers") {
  // Known-answer vectors of Random123's distribution: counter, key, result.
  const philox4x32_ctr_t zeros = philox({{0, 0, 0, 0}}, {{0, 0}});
  CHECK(zeros.v[0] == 0x6627e8d5U);
  CHECK(zeros.v[1] == 0xe169c58dU);
  CHECK(zeros.v[2] == 0xbc57ac4cU);
  CHECK(zeros.v[3] == 0x9b00dbd8U);
  constexpr std::uint32_t all = 0xffffffffU;
  const philox4x32_ctr_t ones = philox({{all, all, all, all}}, {{all, all}});
  CHECK(ones.v[0] == 0x408f276dU);
  CHECK(ones.v[1] == 0x41c83b0eU);
  CHECK(ones.v[2] == 0xa20bc7c6U);
  CHECK(ones.v[3] == 0x6d5451fdU);
  const philox4x32_ctr_t pi =
      philox({{0x243f6a88U, 0x85a308d3U, 0x13198a2eU, 0x03707344U}}, {{0xa4093822U, 0x299f31d0U}});
  CHECK(pi.v[0] == 0xd16cfe09U);
  CHECK(pi.v[1] == 0x94fdccebU);
  CHECK(pi.v[2] == 0x5001e420U);
  CHECK(pi.v[3] == 0x24126ea1U);
}

TEST_CASE("draws: an address always gives the same values, whatever was drawn before") {
  const RandomSource source(Seed{42}, 3);
  Draws first = source.request(kTestDraws, 1000, 2, 5);
  const std::uint64_t a = first.next_bits();
  const std::uint64_t b = first.next_bits();
  const std::uint64_t c = first.next_bits();
  source.request(kTestDraws, 999).next_bits();
  Draws again = RandomSource(Seed{42}, 3).request(kTestDraws, 1000, 2, 5);
  CHECK(again.next_bits() == a);
  CHECK(again.next_bits() == b);
  CHECK(again.next_bits() == c);
}

TEST_CASE("draws: the bits at an address are the packing that the header states") {
  // key(seed, replication) = first half of Philox(counter = {replication, 0, ~0, ~0}, key = seed); the draw's
  // counter = {number, attempt << 39 | step << 15 | block}.
  const philox4x32_ctr_t key_block = philox({{7, 0, 0xffffffffU, 0xffffffffU}}, {{42, 0}});
  const std::uint64_t key = (key_block.v[0] | std::uint64_t{key_block.v[1]} << 32) ^ kTestDraws.value();
  const std::uint64_t high = std::uint64_t{2} << 39 | std::uint64_t{5} << 15 | 1;  // second block
  const philox4x32_ctr_t block =
      philox({{1000, 0, static_cast<std::uint32_t>(high), static_cast<std::uint32_t>(high >> 32)}},
             {{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}});
  Draws draws = RandomSource(Seed{42}, 7).request(kTestDraws, 1000, 2, 5);
  draws.next_bits();
  draws.next_bits();
  CHECK(draws.next_bits() == (block.v[0] | std::uint64_t{block.v[1]} << 32));
  CHECK(draws.next_bits() == (block.v[2] | std::uint64_t{block.v[3]} << 32));
}

TEST_CASE("draws: changing any one coordinate changes the value, and the two domains are apart") {
  std::set<std::uint64_t> seen;
  const RandomSource source(Seed{1}, 0);
  const std::vector<Draws> draws = {source.request(kTestDraws, 0),
                                    source.request(kTestDraws, 1),
                                    source.request(kTestDraws, 0, 1),
                                    source.request(kTestDraws, 0, 0, 1),
                                    source.request(Purpose("other"), 0),
                                    source.entity(kTestDraws, 0, 0),
                                    source.entity(kTestDraws, 1, 0),
                                    source.entity(kTestDraws, 0, 1),
                                    RandomSource(Seed{2}, 0).request(kTestDraws, 0),
                                    RandomSource(Seed{1}, 1).request(kTestDraws, 0)};
  for (Draws draw : draws) seen.insert(draw.next_bits());
  CHECK(seen.size() == draws.size());
}

TEST_CASE("draws: a purpose of a component differs from the purpose and from other components'") {
  constexpr Purpose base("client.arrival");
  static_assert(base.of("shoppers") != base);
  static_assert(base.of("shoppers") != base.of("bots"));
  static_assert(base.of("shoppers") == Purpose("client.arrival").of("shoppers"));
  CHECK(base.of("") != base);
}

TEST_CASE("draws: purposes of 200,000 plausible names do not collide") {
  std::set<std::uint64_t> seen;
  std::size_t names = 0;
  for (const char* use :
       {"arrival", "service", "latency", "retry", "boot", "fail", "key", "size", "route", "health"})
    for (int component = 0; component < 10'000; ++component, names += 2) {
      seen.insert(Purpose(std::string(use) + "." + std::to_string(component)).value());
      seen.insert(Purpose(use).of(std::to_string(component)).value());
    }
  CHECK(seen.size() == names);
}

TEST_CASE("draws: out-of-range coordinates and exhausted addresses are a programmer's error") {
  const RandomSource source(Seed{1}, 0);
  CHECK_THROWS_AS(source.request(kTestDraws, 0, RandomSource::kMaxAttempt + 1), CheckFailure);
  CHECK_THROWS_AS(source.request(kTestDraws, 0, 0, RandomSource::kMaxStep + 1), CheckFailure);
  CHECK_THROWS_AS(source.entity(kTestDraws, RandomSource::kMaxEntity + 1, 0), CheckFailure);
  CHECK_THROWS_AS(source.request(kTestDraws, 0).next_below(0), CheckFailure);
  Draws draws = source.request(kTestDraws, 0);
  for (int i = 0; i < 65'536; ++i) draws.next_bits();
  CHECK_THROWS_AS(draws.next_bits(), CheckFailure);
}

TEST_CASE("draws: next_below covers every value evenly") {
  // 60,000 draws of 6 faces: chi-square with 5 degrees of freedom is under 20.5 with probability 0.999.
  const RandomSource source(Seed{9}, 0);
  std::vector<double> counts(6);
  for (std::uint64_t i = 0; i < 60'000; ++i) ++counts.at(source.request(kTestDraws, i).next_below(6));
  double chi_square = 0;
  for (const double count : counts) chi_square += (count - 10'000) * (count - 10'000) / 10'000;
  CHECK(chi_square < 20.5);
  CHECK(source.request(kTestDraws, 1).next_below(1) == 0);
}

TEST_CASE("draws: next_below is unbiased where 2^64 is far from a multiple of n") {
  // n = 3 * 2^62: plain multiplication would give multiples of 3 twice as often as others (1/2 instead of
  // 1/3).
  const RandomSource source(Seed{9}, 0);
  const std::uint64_t n = std::uint64_t{3} << 62;
  int thirds = 0;
  for (std::uint64_t i = 0; i < 30'000; ++i)
    thirds += source.request(kTestDraws, i).next_below(n) % 3 == 0 ? 1 : 0;
  // 10,000 +- 4 standard deviations of sqrt(30,000 * 1/3 * 2/3) = 82.
  CHECK(thirds > 10'000 - 328);
  CHECK(thirds < 10'000 + 328);
}
