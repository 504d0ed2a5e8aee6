// Elementary and special functions for this folder, in + - * / and square root only, so that every machine
// computes the same bits. Private to engine/stats; about 1e-13 relative.
#pragma once

#include <bit>
#include <cstdint>

#include "engine/base/check.hpp"

namespace nephoscope::special {

inline constexpr double kPi = 3.14159265358979323846;

// REQUIRES: 0 < x < infinity.
double log(double x);
// 0 below -745.2, infinity above 709.8.
double exp(double x);

// The regularised incomplete beta function I_x(a, b), by continued fraction. The complement comes separately
// so that no digits are lost when x is near 1. REQUIRES: a, b > 0; 0 <= x <= 1; complement == 1 - x.
double incomplete_beta(double a, double b, double x, double complement);

// Phi(-x), the standard normal distribution's upper tail. REQUIRES: x >= 0.
double normal_tail(double x);

// The smallest double in [low, high] for which `holds` is true, by bisection over the doubles themselves: at
// most 64 steps and no tolerance. `high` if it never holds.
// REQUIRES: 0 <= low <= high; `holds` is false up to some point and true from there.
template <typename Predicate>
double first_where(double low, double high, Predicate holds) {
  check(low >= 0 && low <= high, "stats", "no search in [{}, {}]", low, high);
  auto below = std::bit_cast<std::uint64_t>(low);
  auto above = std::bit_cast<std::uint64_t>(high);
  while (below < above) {
    const std::uint64_t middle = below + (above - below) / 2;
    if (holds(std::bit_cast<double>(middle)))
      above = middle;
    else
      below = middle + 1;
  }
  return std::bit_cast<double>(above);
}

}  // namespace nephoscope::special
