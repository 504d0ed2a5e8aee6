// Evenly spaced values: `2..10`, `10ms..50ms:10ms`, `10%..50%:5%`, `128MiB..1GiB:128MiB`.
//
// From, to and step are of one kind: durations, sizes, money, or numbers that share whatever stands behind
// them ("%", "/s", nothing). Whole numbers have step 1 unless it is given; all else needs a step. `to` is the
// last value if the steps reach it, else the last one is below it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "engine/config/units.hpp"

namespace nephoscope {

struct RangeEnds {
  std::string_view from;
  std::string_view to;
  std::string_view step = {};  // empty: not given
};

class ValueRange final {
 public:
  // Whether a text is meant as a range: it holds "..".
  static bool is_range(std::string_view text) { return text.find("..") != std::string_view::npos; }
  // "from..to" or "from..to:step".
  static Parsed<ValueRange> parse(std::string_view text);
  static Parsed<ValueRange> between(const RangeEnds& ends);

  std::size_t count() const { return static_cast<std::size_t>((to_ - from_) / step_) + 1; }
  // As a scenario writes it. REQUIRES: index < count().
  std::string text(std::size_t index) const;

 private:
  enum class Kind : std::uint8_t { duration, size, money, number };
  struct Quantity {
    Kind kind = Kind::number;
    std::int64_t value = 0;   // ns, bytes, nano-dollars, 10^-9
    std::string suffix = {};  // of numbers
  };
  static Parsed<Quantity> quantity(std::string_view text);
  static Parsed<Quantity> number(std::string_view text);
  static Parsed<Quantity> step_of(const RangeEnds& ends, const Quantity& from, const Quantity& to);

  Kind kind_ = Kind::number;
  std::string suffix_;
  std::int64_t from_ = 0;
  std::int64_t to_ = 0;
  std::int64_t step_ = 1;
};

}  // namespace nephoscope
