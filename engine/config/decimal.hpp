// Decimal numbers as written, before they become integers or doubles; internal to engine/config.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/config/units.hpp"

namespace nephoscope {

// `digits` x 10^`exponent`; digits without leading or trailing zeros, "" for zero.
struct Decimal {
  bool negative = false;
  std::string digits;
  int exponent = 0;

  bool is_zero() const { return digits.empty(); }
};

// A number at the front of a text, and what follows it.
struct NumberPrefix {
  Decimal number;
  std::string_view rest;
};

// Reads the number at the front of `text`; a problem names the whole text `shown`.
Parsed<NumberPrefix> parse_prefix(std::string_view text, std::string_view shown);

enum class ScaleError { none, too_precise, too_large };
struct Scaled {
  std::int64_t value = 0;
  ScaleError error = ScaleError::none;
};
// number x unit as an exact integer within [-limit, limit]. REQUIRES: 0 < unit < 10^18.
Scaled scale(const Decimal& number, std::int64_t unit, std::int64_t limit);

// The double nearest to number x 10^shift; nothing when it overflows.
std::optional<double> to_double(const Decimal& number, int shift = 0);

// Plain digits ("0.0104", "1200"), without an exponent.
std::string to_text(const Decimal& number);
// The shortest decimal that reads back as `value`. REQUIRES: finite.
Decimal shortest_decimal(double value);

}  // namespace nephoscope
