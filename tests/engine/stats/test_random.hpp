// Random numbers for the tests of the statistics, which may not lean on the engine's own generator.
#pragma once

#include <cmath>
#include <cstdint>

#include "engine/base/bytes_io.hpp"

namespace nephoscope::test {

// Steele, Lea and Flood's SplitMix64 (OOPSLA 2014).
class SplitMix final {
 public:
  explicit SplitMix(std::uint64_t seed) : state_(seed) {}
  std::uint64_t bits() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  // In (0, 1).
  double uniform() { return (static_cast<double>(bits() >> 11) + 0.5) * 0x1p-53; }
  double exponential() { return -std::log(uniform()); }
  // Box and Muller.
  double normal() {
    const double radius = std::sqrt(-2 * std::log(uniform()));
    return radius * std::cos(6.283185307179586 * uniform());
  }

 private:
  std::uint64_t state_;
};

// |a / b - 1|, for numbers near 0, where doctest's Approx (absolute below 1) would accept anything.
inline double relative_error(double a, double b) { return std::fabs(a / b - 1); }

// `value` after a journey through a byte record.
template <typename T>
T through_bytes(const T& value) {
  ByteWriter out;
  value.save(out);
  ByteReader in(out.bytes());
  T loaded = T::load(in);
  check(in.remaining() == 0, "test", "{} bytes were not read back", in.remaining());
  return loaded;
}

template <typename T>
std::vector<std::byte> bytes_of(const T& value) {
  ByteWriter out;
  value.save(out);
  return out.take();
}

}  // namespace nephoscope::test
