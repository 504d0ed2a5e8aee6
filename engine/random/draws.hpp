// Addressed randomness: a draw is a pure function of its address, not of what was drawn before.
//
// A request's draws are named by (seed, replication, purpose, request number, attempt, step), an entity's
// (boot, failure) by (seed, replication, purpose, entity, count). So a new component shifts nobody's draws,
// and variants of a scenario see the same luck even where they route differently (common random numbers).
//
// The bits are those of Philox4x32-10: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random
// numbers: as easy as 1, 2, 3", SC'11, as implemented by Random123. An address is packed thus:
//
//   key (64 bits)     key(seed, replication) XOR purpose
//   counter, words 0-1 (64 bits)   request number, or an entity's count
//   counter, words 2-3 (64 bits), from the top
//     of a request:   0 | attempt (24 bits) | step (24 bits) | block (15 bits)
//     of an entity:   1 | entity (48 bits)                   | block (15 bits)
//
// key(seed, replication) is the first half of a Philox block of its own, so that neighbouring seeds have
// unrelated keys. Within one replication different addresses give different (key, counter) pairs, always,
// given different purposes; across replications or seeds two keys agree with probability 2^-64 a pair. One
// block holds two 64-bit values; a Draws goes through at most 2^15 blocks.
#pragma once

#include <Random123/philox.h>

#include <compare>
#include <cstdint>
#include <string_view>

#include "engine/base/check.hpp"
#include "engine/random/elementary.hpp"

namespace nephoscope {

// Selects one of 2^64 unrelated sets of draws.
struct Seed {
  std::uint64_t value = 0;
  constexpr auto operator<=>(const Seed&) const = default;
};

// What a draw is for: "client.arrival", "station.service". Made of a name by a hash of 64 bits, at compile
// time for literals, so that it needs no registry and does not depend on the order in which components
// register. 64 bits, because a big scenario has one purpose per component and use: among 10^5 names two
// collide with probability 3e-10 (with 32 bits: 0.7).
class Purpose final {
 public:
  constexpr explicit Purpose(std::string_view name) : Purpose(kOffset, name) {}

  // The same purpose of one component among several: Purpose("client.arrival").of("shoppers").
  constexpr Purpose of(std::string_view component) const { return Purpose(value_ ^ kOffset, component); }

  constexpr std::uint64_t value() const { return value_; }
  constexpr auto operator<=>(const Purpose&) const = default;

 private:
  // FNV-1a (G. Fowler, L. C. Noll, K.-P. Vo) with a last mix by MurmurHash3's fmix64 (A. Appleby), because
  // the top bits of FNV-1a hardly depend on the last letters.
  static constexpr std::uint64_t kOffset = 0xcbf29ce484222325U;
  static constexpr std::uint64_t kPrime = 0x100000001b3U;

  constexpr Purpose(std::uint64_t state, std::string_view text) : value_(mix(hash(state, text))) {}

  static constexpr std::uint64_t hash(std::uint64_t state, std::string_view text) {
    for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * kPrime;
    return state;
  }
  static constexpr std::uint64_t mix(std::uint64_t x) {
    x = (x ^ (x >> 33)) * 0xff51afd7ed558ccdU;
    x = (x ^ (x >> 33)) * 0xc4ceb9fe1a85ec53U;
    return x ^ (x >> 33);
  }

  std::uint64_t value_;
};

// The values at one address, in order: a small value, cheap to make and to copy.
class Draws final {
 public:
  // Uniform over all 64-bit values.
  std::uint64_t next_bits() {
    if (has_second_) {
      has_second_ = false;
      return second_;
    }
    return next_block();
  }

  // Uniform on the open interval (0, 1): the odd multiples of 2^-53, so neither 0 nor 1, and symmetric about
  // 1/2.
  double next_uniform() {
    return static_cast<double>(static_cast<std::int64_t>(next_bits() >> 11 | 1)) * 0x1p-53;
  }

  // Exponential with mean 1, by inversion: in (1e-16, 36.8). Rises with the uniform behind it, as everything
  // here does, so that two distributions sampled at one address move together. (1 - u is exact.)
  double next_exponential() { return -elementary::log(1.0 - next_uniform()); }

  // Standard normal, by inversion; within +-8.3.
  double next_normal() { return elementary::normal_quantile(next_uniform()); }

  // Uniform on 0 .. n - 1, without bias: D. Lemire, "Fast random integer generation in an interval", ACM
  // Transactions on Modeling and Computer Simulation 29(1), 2019, algorithm 5.
  // REQUIRES: n > 0.
  std::uint64_t next_below(std::uint64_t n) {
    check(n > 0, "random", "next_below(0)");
    Wide product = static_cast<Wide>(next_bits()) * n;
    if (static_cast<std::uint64_t>(product) < n) [[unlikely]] {
      const std::uint64_t threshold = (0 - n) % n;
      while (static_cast<std::uint64_t>(product) < threshold) product = static_cast<Wide>(next_bits()) * n;
    }
    return static_cast<std::uint64_t>(product >> 64);
  }

 private:
  friend class RandomSource;
  __extension__ using Wide = unsigned __int128;
  static constexpr int kBlockBits = 15;
  static constexpr std::uint64_t kBlockMask = (std::uint64_t{1} << kBlockBits) - 1;

  Draws(std::uint64_t key, std::uint64_t low, std::uint64_t high) : key_(key), low_(low), high_(high) {}

  struct Block {
    std::uint64_t first;
    std::uint64_t second;
  };
  static Block philox(std::uint64_t key, std::uint64_t low, std::uint64_t high) {
    const philox4x32_ctr_t counter = {{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32),
                                       static_cast<std::uint32_t>(high),
                                       static_cast<std::uint32_t>(high >> 32)}};
    const philox4x32_key_t words = {{static_cast<std::uint32_t>(key), static_cast<std::uint32_t>(key >> 32)}};
    const philox4x32_ctr_t out = philox4x32_R(10, counter, words);
    return {out.v[0] | std::uint64_t{out.v[1]} << 32, out.v[2] | std::uint64_t{out.v[3]} << 32};
  }

  std::uint64_t next_block() {
    check(high_ != kExhausted, "random", "more than 65536 values drawn at one address");
    const Block block = philox(key_, low_, high_);
    high_ = (high_ & kBlockMask) == kBlockMask ? kExhausted : high_ + 1;
    second_ = block.second;
    has_second_ = true;
    return block.first;
  }

  // No address has it: it would be an entity's last block, and entity 2^48 - 1 is refused.
  static constexpr std::uint64_t kExhausted = ~std::uint64_t{0};

  std::uint64_t key_;
  std::uint64_t low_;
  std::uint64_t high_;
  std::uint64_t second_ = 0;
  bool has_second_ = false;
};

// Gives out the draws of one replication.
class RandomSource final {
 public:
  static constexpr std::uint32_t kMaxAttempt = (1U << 24) - 1;
  static constexpr std::uint32_t kMaxStep = (1U << 24) - 1;
  static constexpr std::uint64_t kMaxEntity = (std::uint64_t{1} << 48) - 2;

  RandomSource(Seed seed, std::uint32_t replication)
      : key_(Draws::philox(seed.value, replication, kKeyDomain).first) {}

  // The draws of a request. REQUIRES: attempt <= kMaxAttempt, step <= kMaxStep.
  Draws request(Purpose purpose, std::uint64_t number, std::uint32_t attempt = 0,
                std::uint32_t step = 0) const {
    check((attempt | step) <= kMaxAttempt, "random", "attempt {} or step {} is past 2^24", attempt, step);
    const std::uint64_t high = std::uint64_t{attempt} << 39 | std::uint64_t{step} << Draws::kBlockBits;
    return Draws(key_ ^ purpose.value(), number, high);
  }

  // The draws of an entity's `count`-th event of this purpose. REQUIRES: entity <= kMaxEntity.
  Draws entity(Purpose purpose, std::uint64_t entity, std::uint64_t count) const {
    check(entity <= kMaxEntity, "random", "entity {} is past 2^48 - 2", entity);
    const std::uint64_t high = std::uint64_t{1} << 63 | entity << Draws::kBlockBits;
    return Draws(key_ ^ purpose.value(), count, high);
  }

 private:
  // Sets the blocks that make keys apart from those that make draws: an entity's last block, never reached.
  static constexpr std::uint64_t kKeyDomain = ~std::uint64_t{0};

  std::uint64_t key_;
};

}  // namespace nephoscope
