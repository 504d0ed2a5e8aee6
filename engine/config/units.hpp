// Quantities as text: "1h30m", "256KiB", "200/s", "80%", "$0.0104". Parsing and the shortest text back.
//
// Numbers are decimal: an optional sign, digits without needless leading zeros, an optional fraction, an
// optional exponent (1e6). Octal-looking (017), hexadecimal and 1_000 are errors, as are infinity and NaN.
// Whatever is stored as an integer (durations, bytes, dollars, counts) is exact or an error; nothing is
// rounded silently.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/diagnostics.hpp"
#include "engine/base/time.hpp"
#include "engine/base/units.hpp"

namespace nephoscope {

// Why a text is no quantity. `message` reads as a whole sentence part: "'30' has no unit".
struct Problem {
  Code code = Code::bad_number;
  std::string message;
  std::string hint;
};

template <class T>
struct Parsed {
  std::optional<T> value;
  Problem problem;  // meaningful when there is no value
  explicit operator bool() const { return value.has_value(); }
};

// Seconds since 1970-01-01T00:00Z, leap seconds not counted.
struct UtcTime {
  std::int64_t seconds = 0;
  constexpr auto operator<=>(const UtcTime&) const = default;
};

// ns us ms s m (min) h d w, combined from large to small ("1h30m"), or ISO 8601 ("PT5M", "P1DT2H").
// Never negative, at most kMaxDuration, exact to the nanosecond.
Parsed<Duration> parse_duration(std::string_view text);
// B, kB or KB (1000), KiB (1024), and so on to PB and PiB. A whole number of bytes.
Parsed<Bytes> parse_bytes(std::string_view text);
// A unit of bytes per s, min or h ("1MiB/s"), or bits per second: bps, kbps, Mbps, Gbps, Tbps (powers of
// 1000).
Parsed<BytesPerSecond> parse_bytes_per_second(std::string_view text);
// Per s, min, h or d: "200/s".
Parsed<Rate> parse_rate(std::string_view text);
// "80%" or "0.8"; within [0, 1].
Parsed<Probability> parse_probability(std::string_view text);
// "$5", "$0.0104"; never negative, exact to 10^-9 $.
Parsed<Usd> parse_usd(std::string_view text);
// "2026-03-02T17:00Z", seconds optional.
Parsed<UtcTime> parse_utc(std::string_view text);
// A whole number, sign allowed.
Parsed<std::int64_t> parse_integer(std::string_view text);
// A plain number without unit, sign allowed; the nearest double.
Parsed<double> parse_number(std::string_view text);

// The shortest text that parses back to the same value ("1h30m", "256KiB", "5MB", "80%", "$0.0104").
// REQUIRES: finite values.
std::string show(Duration span);
std::string show(Bytes size);
std::string show(BytesPerSecond flow);
std::string show(Rate rate);
std::string show(Probability share);
std::string show(Usd amount);
std::string show(UtcTime instant);
std::string show(std::int64_t number);
std::string show(double number);

}  // namespace nephoscope
