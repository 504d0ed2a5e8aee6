#include "engine/config/units.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <limits>
#include <string>

namespace nephoscope {
namespace {

// "E020 '30' has no unit (30 what? write 30s)"
template <class T>
std::string problem(const Parsed<T>& parsed) {
  if (parsed) return "none";
  const Problem& p = parsed.problem;
  return fmt::format("{} {}{}", info(p.code).text, p.message,
                     p.hint.empty() ? "" : fmt::format(" ({})", p.hint));
}

std::int64_t nanos(std::string_view text) { return parse_duration(text).value.value().count(); }
std::int64_t bytes(std::string_view text) { return parse_bytes(text).value.value().count; }
double rate(std::string_view text) { return parse_rate(text).value.value().per_second; }
double flow(std::string_view text) { return parse_bytes_per_second(text).value.value().value; }
double share(std::string_view text) { return parse_probability(text).value.value().value; }
std::int64_t dollars(std::string_view text) { return parse_usd(text).value.value().nanos; }

TEST_CASE("units: durations are exact nanoseconds") {
  CHECK(nanos("30s") == 30'000'000'000);
  CHECK(nanos("250ms") == 250'000'000);
  CHECK(nanos("5us") == 5'000);
  CHECK(nanos("5µs") == 5'000);
  CHECK(nanos("7ns") == 7);
  CHECK(nanos("0.1s") == 100'000'000);  // no double in between
  CHECK(nanos("1h30m") == 5'400'000'000'000);
  CHECK(nanos("1h30min15.5s") == 5'415'500'000'000);
  CHECK(nanos("2d") == 172'800'000'000'000);
  CHECK(nanos("1w") == 604'800'000'000'000);
  CHECK(nanos("1.5h") == 5'400'000'000'000);
  CHECK(nanos("1e3ms") == 1'000'000'000);
  CHECK(nanos("0s") == 0);
  CHECK(nanos("36500d") == kMaxDuration.count());
}

TEST_CASE("units: durations may be written as ISO 8601") {
  CHECK(nanos("PT5M") == 300'000'000'000);
  CHECK(nanos("P1DT2H") == (24 + 2) * 3'600'000'000'000);
  CHECK(nanos("PT1.5S") == 1'500'000'000);
  CHECK(nanos("P1W") == 604'800'000'000'000);
  CHECK(nanos("PT0S") == 0);
  for (const char* text :
       {"P", "PT", "P1H", "PT1D", "PT5", "PT5M1H", "PT-5M", "P1Y", "PT5m", "P1DT", "PTT5M", "P1D5M"}) {
    CAPTURE(text);
    CHECK(problem(parse_duration(text)) ==
          fmt::format("E022 '{}' is not an ISO 8601 duration (write PT5M or 5m)", text));
  }
}

TEST_CASE("units: a duration without unit, with an unknown one or out of order is an error with a hint") {
  CHECK(problem(parse_duration("30")) == "E020 '30' has no unit (30 what? write 30s)");
  CHECK(problem(parse_duration("0")) == "E020 '0' has no unit (0 what? write 0s)");
  CHECK(problem(parse_duration("1h30")) == "E020 '1h30' has no unit (1h30 what? write 1h30s)");
  CHECK(problem(parse_duration("30sec")) ==
        "E021 '30sec' has the unknown unit 'sec' (units: ns, us, ms, s, m, h, d, w)");
  CHECK(problem(parse_duration("30 s")) == "E021 '30 s' has a blank before its unit (write 30s)");
  CHECK(problem(parse_duration("30m1h")) ==
        "E022 the units of '30m1h' are not in falling order (write 1h30m)");
  CHECK(problem(parse_duration("1s1s")) == "E022 the units of '1s1s' are not in falling order (write 1h30m)");
  CHECK(problem(parse_duration("")) == "E022 '' is not a number");
  CHECK(problem(parse_duration("soon")) == "E022 'soon' is not a number");
}

TEST_CASE("units: a duration that is negative, too long or finer than a nanosecond is an error") {
  CHECK(problem(parse_duration("-5s")) == "E023 '-5s' is negative");
  CHECK(problem(parse_duration("36501d")) == "E026 '36501d' is too long (at most 100 years (36500d))");
  CHECK(problem(parse_duration("36500d1ns")) == "E026 '36500d1ns' is too long (at most 100 years (36500d))");
  CHECK(problem(parse_duration("1e300s")) == "E026 '1e300s' is too long (at most 100 years (36500d))");
  CHECK(problem(parse_duration("0.5ns")) == "E025 '0.5ns' is not a whole number of nanoseconds");
  CHECK(problem(parse_duration("1e-300s")) == "E025 '1e-300s' is not a whole number of nanoseconds");
}

TEST_CASE("units: infinity and NaN are errors of their own") {
  for (const char* text : {"inf", ".inf", "nan", ".NaN", "-.inf"}) {
    CAPTURE(text);
    CHECK(problem(parse_duration(text)) == fmt::format("E024 '{}' is not a finite number", text));
    CHECK(problem(parse_number(text)) == fmt::format("E024 '{}' is not a finite number", text));
  }
}

TEST_CASE("units: numbers that other languages read in their own ways are errors") {
  CHECK(problem(parse_integer("017")) == "E022 '017' is not a number (remove the leading zeros)");
  CHECK(problem(parse_integer("0x1F")) == "E022 '0x1F' is not a number (write a decimal number)");
  CHECK(problem(parse_integer("0b1")) == "E022 '0b1' is not a number (write a decimal number)");
  CHECK(problem(parse_integer("1_000")) == "E022 '1_000' is not a number (write 1000)");
  CHECK(problem(parse_number("00.5")) == "E022 '00.5' is not a number (remove the leading zeros)");
  CHECK(problem(parse_number(".5")) == "E022 '.5' is not a number (write a digit before the point)");
  CHECK(problem(parse_number("5.")) == "E022 '5.' is not a number (a digit must follow the point)");
  CHECK(problem(parse_number("1,5")) == "E022 '1,5' is not a number (a number without unit)");
  CHECK(problem(parse_bytes("010KiB")) == "E022 '010KiB' is not a number (remove the leading zeros)");
}

TEST_CASE("units: integers are whole, signed and exact to 63 bits") {
  CHECK(parse_integer("0").value == 0);
  CHECK(parse_integer("-12").value == -12);
  CHECK(parse_integer("+3").value == 3);
  CHECK(parse_integer("1e6").value == 1'000'000);
  CHECK(parse_integer("9223372036854775807").value == std::numeric_limits<std::int64_t>::max());
  CHECK(problem(parse_integer("9223372036854775808")) == "E026 '9223372036854775808' is too large");
  CHECK(problem(parse_integer("1e99999999999")) == "E026 the exponent of '1e99999999999' is too large");
  CHECK(problem(parse_integer("1.5")) == "E022 '1.5' is not a whole number");
  CHECK(problem(parse_integer("5s")) == "E022 '5s' is not a whole number (a number without unit)");
}

TEST_CASE("units: plain numbers are the nearest doubles") {
  CHECK(parse_number("0.1").value == 0.1);
  CHECK(parse_number("-2.5e-3").value == -0.0025);
  CHECK(parse_number("1e-400").value == 0.0);
  CHECK(problem(parse_number("1e400")) == "E026 '1e400' is too large");
}

TEST_CASE("units: KB is 1000 bytes and KiB 1024") {
  CHECK(bytes("256KiB") == 262'144);
  CHECK(bytes("5MB") == 5'000'000);
  CHECK(bytes("1kB") == 1'000);
  CHECK(bytes("1KB") == 1'000);
  CHECK(bytes("0.5KiB") == 512);
  CHECK(bytes("7B") == 7);
  CHECK(bytes("8PiB") == 9'007'199'254'740'992);
  CHECK(problem(parse_bytes("1")) == "E020 '1' has no unit (1 what? write 1KiB)");
  CHECK(problem(parse_bytes("1K")) ==
        "E021 '1K' has the unknown unit 'K' (units: B, KB, KiB, MB, MiB, GB, GiB, TB, TiB, PB, PiB)");
  CHECK(problem(parse_bytes("0.3KiB")) == "E025 '0.3KiB' is not a whole number of bytes");
  CHECK(problem(parse_bytes("-1KiB")) == "E023 '-1KiB' is negative");
  CHECK(problem(parse_bytes("9000PiB")) == "E026 '9000PiB' is too large");
}

TEST_CASE("units: bandwidths are bytes per time, or bits with bps") {
  CHECK(flow("1MiB/s") == 1'048'576.0);
  CHECK(flow("10Gbps") == 1.25e9);  // 10^10 / 8
  CHECK(flow("60KB/min") == 1'000.0);
  CHECK(problem(parse_bytes_per_second("5")) == "E020 '5' has no unit (5 what? write 5MiB/s)");
  CHECK(
      problem(parse_bytes_per_second("5MB")) ==
      "E021 '5MB' has the unknown unit 'MB' (units: B/s, KB/s, KiB/s, MB/s, MiB/s, GB/s, GiB/s, Mbps, Gbps)");
  CHECK(problem(parse_bytes_per_second("-5MB/s")) == "E023 '-5MB/s' is negative");
  CHECK(problem(parse_bytes_per_second("1e308GB/s")) == "E026 '1e308GB/s' is too large");
}

TEST_CASE("units: rates are per second, minute, hour or day") {
  CHECK(rate("200/s") == 200.0);
  CHECK(rate("6000/min") == 100.0);
  CHECK(rate("7200/h") == 2.0);
  CHECK(rate("86400/d") == 1.0);
  CHECK(problem(parse_rate("200")) == "E020 '200' has no unit (200 what? write 200/s)");
  CHECK(problem(parse_rate("200rps")) ==
        "E021 '200rps' has the unknown unit 'rps' (units: /s, /min, /h, /d)");
  CHECK(problem(parse_rate("-1/s")) == "E023 '-1/s' is negative");
}

TEST_CASE("units: shares are percentages or numbers up to 1, the nearest double of what is written") {
  CHECK(share("80%") == 0.8);
  CHECK(share("0.8") == 0.8);
  CHECK(share("99.9%") == 0.999);  // 99.9 / 100 in double would be another number
  CHECK(share("0") == 0.0);
  CHECK(share("100%") == 1.0);
  CHECK(problem(parse_probability("80")) == "E023 '80' is not within 0% to 100% (did you mean 80%?)");
  CHECK(problem(parse_probability("101%")) == "E023 '101%' is not within 0% to 100%");
  CHECK(problem(parse_probability("-1%")) == "E023 '-1%' is not within 0% to 100%");
  CHECK(problem(parse_probability("5x")) == "E021 '5x' has the unknown unit 'x' (units: % (or none: 0.8))");
}

TEST_CASE("units: dollars are exact to the nano-dollar") {
  CHECK(dollars("$5") == 5'000'000'000);
  CHECK(dollars("$0.0104") == 10'400'000);
  CHECK(dollars("$0.000000001") == 1);
  CHECK(problem(parse_usd("5")) == "E020 '5' has no currency (write $5)");
  CHECK(problem(parse_usd("$0.0000000001")) == "E025 '$0.0000000001' is not a whole number of nano-dollars");
  CHECK(problem(parse_usd("$-5")) == "E023 '$-5' is negative");
  CHECK(problem(parse_usd("$1e10")) == "E026 '$1e10' is too large");
  CHECK(problem(parse_usd("5EUR")) == "E021 '5EUR' has the unknown unit 'EUR' (units: $ in front ($5))");
}

TEST_CASE("units: instants are UTC") {
  // date -u -d 2026-03-02T17:00Z +%s
  CHECK(parse_utc("2026-03-02T17:00Z").value->seconds == 1'772'470'800);
  CHECK(parse_utc("2026-03-02T17:00:09Z").value->seconds == 1'772'470'809);
  CHECK(parse_utc("1970-01-01T00:00Z").value->seconds == 0);
  CHECK(parse_utc("2024-02-29T00:00Z").value->seconds == 1'709'164'800);
  for (const char* text : {"2026-03-02", "2026-03-02T17:00", "2026-03-02T17:00+01:00", "2026-3-2T17:00Z",
                           "now", "", "2026-03-02T17:00:00.5Z", "2026-03-02t17:00Z", "20x6-03-02T17:00Z"}) {
    CAPTURE(text);
    CHECK(problem(parse_utc(text)) ==
          fmt::format("E027 '{}' is not a UTC time (write 2026-03-02T17:00Z)", text));
  }
  for (const char* text :
       {"2025-02-29T00:00Z", "2026-13-01T00:00Z", "2026-03-02T24:00Z", "2026-03-02T17:60Z"}) {
    CAPTURE(text);
    CHECK(problem(parse_utc(text)) == fmt::format("E027 '{}' is not in the calendar", text));
  }
}

TEST_CASE("units: the shortest text of a quantity is how one would write it") {
  CHECK(show(Duration(90min)) == "1h30m");
  CHECK(show(Duration(36h)) == "1d12h");
  CHECK(show(Duration(250ms)) == "250ms");
  CHECK(show(Duration(1500us)) == "1.5ms");
  CHECK(show(Duration(90'500ms)) == "1m30.5s");
  CHECK(show(Duration(0)) == "0s");
  CHECK(show(Duration(-30s)) == "-30s");
  CHECK(show(Bytes(262'144)) == "256KiB");
  CHECK(show(Bytes(5'000'000)) == "5MB");
  CHECK(show(Bytes(1'001)) == "1001B");
  CHECK(show(Bytes(0)) == "0B");
  CHECK(show(BytesPerSecond(1.25e9)) == "1.25GB/s");
  CHECK(show(BytesPerSecond(1'048'576)) == "1MiB/s");
  CHECK(show(Rate(200)) == "200/s");
  CHECK(show(Rate(0.5)) == "0.5/s");
  CHECK(show(Rate(5000.0 / 60)) == "5000/min");
  CHECK(show(Probability(0.8)) == "80%");
  CHECK(show(Probability(0.999)) == "99.9%");
  CHECK(show(Probability(0)) == "0%");
  CHECK(show(Probability(1e-15)) == "1e-15");
  CHECK(show(Usd(10'400'000)) == "$0.0104");
  CHECK(show(Usd(5'000'000'000)) == "$5");
  CHECK(show(Usd(-1)) == "-$0.000000001");
  CHECK(show(UtcTime{1'772'470'800}) == "2026-03-02T17:00Z");
  CHECK(show(UtcTime{1'772'470'809}) == "2026-03-02T17:00:09Z");
  CHECK(show(0.1) == "0.1");
}

TEST_CASE("units: what is shown parses back to the same value") {
  // A walk through the magnitudes with awkward digits: n -> 7 n + 3.
  for (std::int64_t n = 0; n < 1'000'000'000'000'000'000 / 7; n = 7 * n + 3) {
    CAPTURE(n);
    CHECK(parse_bytes(show(Bytes(n))).value == Bytes(n));
    CHECK(parse_usd(show(Usd(n))).value == Usd(n));
    CHECK(parse_integer(show(n)).value == n);
    CHECK(parse_duration(show(Duration(n))).value == Duration(n));
    const double x = static_cast<double>(n) / 977.0;
    CHECK(parse_rate(show(Rate(x))).value == Rate(x));
    CHECK(parse_bytes_per_second(show(BytesPerSecond(x))).value == BytesPerSecond(x));
    CHECK(parse_number(show(x)).value == x);
    const Probability p(1.0 / (1.0 + x));
    CHECK(parse_probability(show(p)).value == p);
    const UtcTime t{n % 4'000'000'000};
    CHECK(parse_utc(show(t)).value == t);
  }
}

}  // namespace
}  // namespace nephoscope
