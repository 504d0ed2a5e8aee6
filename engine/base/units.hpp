// Quantities that are not durations: one-field types with only the operators that mean something.
#pragma once

#include <compare>
#include <cstdint>

#include "engine/base/time.hpp"

namespace nephoscope {

// A size or volume of data, in bytes; never negative.
struct Bytes {
  std::int64_t count = 0;
  constexpr Bytes() = default;
  constexpr explicit Bytes(std::int64_t bytes) : count(bytes) {}
  constexpr auto operator<=>(const Bytes&) const = default;
  constexpr Bytes& operator+=(Bytes other) { return count += other.count, *this; }
};
constexpr Bytes operator+(Bytes a, Bytes b) { return Bytes(a.count + b.count); }
constexpr Bytes operator-(Bytes a, Bytes b) { return Bytes(a.count - b.count); }
constexpr Bytes operator*(Bytes a, std::int64_t n) { return Bytes(a.count * n); }

// A flow of data, in bytes per second; never negative.
struct BytesPerSecond {
  double value = 0;
  constexpr BytesPerSecond() = default;
  constexpr explicit BytesPerSecond(double bytes_per_second) : value(bytes_per_second) {}
  constexpr auto operator<=>(const BytesPerSecond&) const = default;
};

// Occurrences per second; never negative.
struct Rate {
  double per_second = 0;
  constexpr Rate() = default;
  constexpr explicit Rate(double per_second_) : per_second(per_second_) {}
  constexpr auto operator<=>(const Rate&) const = default;
};
constexpr Rate operator*(Rate rate, double factor) { return Rate(rate.per_second * factor); }

// A probability or share, in [0, 1].
struct Probability {
  double value = 0;
  constexpr Probability() = default;
  constexpr explicit Probability(double share) : value(share) {}
  constexpr auto operator<=>(const Probability&) const = default;
};

// Money: US dollars as whole nano-dollars (10^-9 $), exact to +-9.2 billion dollars.
struct Usd {
  std::int64_t nanos = 0;
  constexpr Usd() = default;
  constexpr explicit Usd(std::int64_t nano_dollars) : nanos(nano_dollars) {}
  constexpr auto operator<=>(const Usd&) const = default;
  constexpr Usd& operator+=(Usd other) { return nanos += other.nanos, *this; }
};
constexpr Usd operator+(Usd a, Usd b) { return Usd(a.nanos + b.nanos); }
constexpr Usd operator-(Usd a, Usd b) { return Usd(a.nanos - b.nanos); }
constexpr double to_dollars(Usd amount) { return static_cast<double>(amount.nanos) * 1e-9; }

}  // namespace nephoscope
