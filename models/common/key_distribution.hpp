// Which of many items a request is about: `{dist: zipf, exponent: 1.1, count: 100000}`.
#pragma once

#include <cstdint>

#include "engine/config/field_table.hpp"
#include "engine/random/keys.hpp"

namespace nephoscope {

enum class KeyLaw : std::uint8_t { uniform, zipf };

// Keys 1 .. count, 1 being the hottest; under zipf key k has a share proportional to 1 / k^exponent.
struct KeyDistribution {
  KeyLaw dist = KeyLaw::uniform;
  double exponent = 1;
  std::uint64_t count = 1;

  static const FieldTable<KeyDistribution>& fields();
  // Draws ranks from 0: key k has rank k - 1.
  ZipfKeys ranks() const { return {count, dist == KeyLaw::zipf ? exponent : 0}; }
};

template <>
inline constexpr auto kEnumNames<KeyLaw> = enum_names<KeyLaw>({{"uniform", KeyLaw::uniform},
                                                               {"zipf", KeyLaw::zipf}});

}  // namespace nephoscope
